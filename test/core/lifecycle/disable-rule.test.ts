import { describe, expect, it } from 'vitest';
import { disablingCommand } from '#core/lifecycle/disable-rule.ts';

describe('The command that disables a rule', () => {
  it('reads the configuration of the bucket and writes it back', () => {
    const command = disablingCommand({ bucket: 's3://my-bucket', id: 'week', position: 1, from: null }, 'eu-west-1');
    expect(command).toBe(
      'aws s3api get-bucket-lifecycle-configuration --bucket my-bucket --region eu-west-1 | jq \'(.Rules[] | select(.ID == "week")).Status = "Disabled" | {Bucket: "my-bucket", LifecycleConfiguration: {Rules}} + (if .TransitionDefaultMinimumObjectSize then {TransitionDefaultMinimumObjectSize} else {} end)\' > disabled.json && aws s3api put-bucket-lifecycle-configuration --cli-input-json file://disabled.json --region eu-west-1',
    );
  });

  it('finds a rule without a name by its place', () => {
    const command = disablingCommand({ bucket: 's3://my-bucket', id: null, position: 3, from: null }, null);
    expect(command).toContain(' | jq \'.Rules[2].Status = "Disabled" | ');
  });
});
