import { describe, expect, it } from 'vitest';
import { useTeam } from './team.ts';

/** What happens to a team whose `steward.json` is not where it deploys from. */
describe('A stack that looks after a bucket', async () => {
  const team = useTeam('left-out', 'LeftOut');
  const area = ['s3://of-a-team/flink'];

  it('fails an update that would leave it out, returns to what it was, and can be updated again', async () => {
    // Prepare
    await team.aws.call('s3', 'create_bucket', {
      Bucket: 'of-a-team',
      CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' },
    });
    const { Area } = await team.deploy({ area });

    // Act
    const refused = team.deploy({});

    // Assess
    await expect(refused).rejects.toThrow(
      'This update would leave out s3://of-a-team/flink, which this stack looks after',
    );
    const { Stacks } = await team.aws.call('cloudformation', 'describe_stacks', { StackName: 'LeftOut' });
    expect(Stacks[0].StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(Area).toBe('s3://of-a-team/flink');
    expect((await team.deploy({ area: ['s3://of-a-team'] })).Area).toBe('s3://of-a-team');
  });
});
