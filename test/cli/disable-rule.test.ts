import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { disablingCommand } from '#core/lifecycle/disable-rule.ts';

const CONFIGURATION = {
  Rules: [
    { ID: "it's", Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 7 } },
    { ID: 'other', Status: 'Enabled', Filter: { Prefix: 'x/' }, Expiration: { Days: 9 } },
  ],
};

/** What the command would write, by running its `jq` on what S3 prints. */
function written(rule: { id: string | null; position: number }, configuration: object): object {
  const command = disablingCommand({ bucket: 's3://my-bucket', from: null, ...rule }, null);
  const [, program = ''] = /\| (jq .*) > disabled\.json/.exec(command) ?? [];
  return JSON.parse(execFileSync('sh', ['-c', program], { input: JSON.stringify(configuration), encoding: 'utf8' }));
}

function hasJq(): boolean {
  try {
    execFileSync('jq', ['--version']);
    return true;
  } catch {
    return false;
  }
}

describe('The jq program of the command that disables a rule', () => {
  it.runIf(hasJq()).each([
    ["it's", 1],
    [null, 1],
  ])('leaves all other rules as they are: rule %s', (id, position) => {
    const [first, ...others] = CONFIGURATION.Rules;
    const Rules = [{ ...first, Status: 'Disabled' }, ...others];
    expect(written({ id, position }, CONFIGURATION)).toEqual({
      Bucket: 'my-bucket',
      LifecycleConfiguration: { Rules },
    });
    const size = { TransitionDefaultMinimumObjectSize: 'varies_by_storage_class' };
    expect(written({ id, position }, { ...CONFIGURATION, ...size })).toEqual({
      Bucket: 'my-bucket',
      LifecycleConfiguration: { Rules },
      ...size,
    });
  });
});
