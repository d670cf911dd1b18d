import { describe, expect, it } from 'vitest';
import { MARKER_NAME } from '#core/collect/marker-name.ts';
import { jobIds, recordedBucket, SHORT_RULES } from '#test/support/corpus.ts';
import { eventually } from './eventually.ts';
import { Packaged } from './packaged.ts';
import { garbageFree, keysOf, rootsOf } from './recordings.ts';
import { useSlack } from './slack.ts';
import { useTeam } from './team.ts';

/** What a team does that has no CDK: it deploys the template of the archive, observes, and has it collect. */
describe('A stack of the packaged template', async () => {
  let packaged: Packaged;
  const team = useTeam('packaged', 'Packaged', {
    by: (means) => {
      packaged = new Packaged(means);
      return packaged;
    },
  });
  const slack = useSlack();
  const flink = await recordedBucket('f23-crash');
  const { bucket } = flink;
  const prefix = 'flink/checkpoints';

  it('is not made where a parameter is wrong, and says what it must be', async () => {
    // Prepare
    await packaged.upload();

    // Assess
    await expect(team.deploy({ Bucket: `s3://${bucket}` })).rejects.toThrow(
      "Parameter 'Bucket' must be only the name of a bucket, such as my-flink-state",
    );
    await expect(team.deploy({ Bucket: bucket, Prefix: `${prefix}/` })).rejects.toThrow(
      "Parameter 'Prefix' must be empty or a folder such as flink/checkpoints",
    );
    await expect(team.deploy({ Bucket: bucket, Mode: 'delete' })).rejects.toThrow("'Mode'");
  });

  it('looks after a folder, and answers people', async () => {
    // Prepare
    const { KeyMetadata } = await team.aws.call('kms', 'create_key');
    await team.buckets.create(bucket);
    await team.buckets.encrypt(bucket, KeyMetadata.Arn);
    await team.buckets.keepVersions(bucket);

    // Act
    const { Area, CheckpointNotification1 = '' } = await team.deploy({
      Bucket: bucket,
      Prefix: prefix,
      BucketKmsKey: KeyMetadata.Arn,
      BucketVersioned: 'true',
    });
    await team.buckets.notify(bucket, { QueueConfigurations: [JSON.parse(CheckpointNotification1)] });
    await team.buckets.fill(bucket, flink);
    const audit = await team.manual({ action: 'audit' });

    // Assess
    expect(Area).toBe(`s3://${bucket}/${prefix}`);
    expect(audit.total.objects).toBe(flink.objects.length);
    expect(audit.groups.live.objects).toBe(flink.keep.length);
    const observed = await eventually(
      () => team.stack.observed(team.outputs.LedgerBucketName ?? ''),
      (urls) => urls.length >= flink.roots.length,
    );
    expect(observed).toEqual(rootsOf(flink).map((key) => `s3://${bucket}/${key}`));
  });

  it('is asked by the command line as any other', async () => {
    // Act
    const { status, stdout } = await team.steward('--stack', 'Packaged', 'audit', '--json');

    // Assess
    expect(status).toBe(0);
    expect(JSON.parse(stdout).total.objects).toBe(flink.objects.length);
    expect(await team.buckets.keys(bucket)).toEqual(keysOf(flink));
  });

  it('tells of alarms by mail and in Slack, once it has been told whom', async () => {
    // Prepare
    await team.aws.call('secretsmanager', 'create_secret', { Name: 'packaged/slack', SecretString: slack.webhook });

    // Act
    await team.deploy({ Mode: 'collect', AlarmMail: 'flink@example.org', SlackSecretName: 'packaged/slack' });
    const AlarmName = await team.stack.alarm('paused');
    await team.aws.call('cloudwatch', 'set_alarm_state', { AlarmName, StateValue: 'ALARM', StateReason: 'A test.' });

    // Assess
    await eventually(
      async () => slack.posted.length,
      (length) => length > 0,
    );
    expect(slack.posted[0]?.text).toMatch(/paused/i);
    const { Subscriptions } = await team.aws.call('sns', 'list_subscriptions_by_topic', {
      TopicArn: team.outputs.AlarmTopicArn,
    });
    const mails = Subscriptions.filter(({ Protocol }: { Protocol: string }) => Protocol === 'email');
    expect(mails).toMatchObject([{ Endpoint: 'flink@example.org' }]);
  });

  it('deletes garbage alone, every night, once it collects', async () => {
    // Prepare
    for (const job of jobIds(flink)) await team.manual({ action: 'declare-dead', job, execute: true });
    // No parameter says this, and the clock of the emulator does not run ahead.
    for (const id of ['StewardManual', 'StewardCollect', 'StewardSweep']) {
      await team.stack.reconfigure(id, { collect: SHORT_RULES });
    }
    await eventually(
      () => team.manual({ action: 'plan' }),
      ({ objects }) => objects === flink.may_delete.length,
    );

    // Act
    await team.stack.reschedule('StewardSchedulesCollect', 'rate(1 minute)');
    const run = await team.ended('collect', ({ deleted }) => deleted.objects > 0);

    // Assess
    expect(run).toMatchObject({ result: 'done', deleted: { objects: flink.may_delete.length } });
    expect(await team.buckets.keys(bucket)).toEqual([`${prefix}/${MARKER_NAME}`, ...garbageFree(flink)].sort());
  });

  it('has all of it back when that is undone', async () => {
    // Prepare: it would begin anew every minute.
    await team.stack.reschedule('StewardSchedulesCollect', 'rate(1 day)');
    const { run } = await team.ended('collect', ({ deleted }) => deleted.objects > 0);

    // Act
    await eventually(
      () => team.manual({ action: 'undo', run, execute: true }),
      ({ error }) => error === undefined,
    );

    // Assess
    const all = [`${prefix}/${MARKER_NAME}`, ...keysOf(flink)].sort();
    const keys = await eventually(
      () => team.buckets.keys(bucket),
      ({ length }) => length === all.length,
    );
    expect(keys).toEqual(all);
  });

  it('has had no function fail, and no message left', async () => {
    await team.stack.drained();
    expect(await team.stack.failing()).toEqual([]);
  });

  it('fails an update that would look after another folder, and says by which parameter it would not', async () => {
    await expect(team.deploy({ Prefix: 'elsewhere' })).rejects.toThrow(/would leave out s3:.*DropArea=true/s);
  });

  it('is gone with all but the buckets when it is deleted', async () => {
    // Prepare
    const kept = await team.buckets.keys(bucket);

    // Act
    await team.destroy();

    // Assess
    expect(await team.buckets.keys(bucket)).toEqual(kept);
    const { Functions } = await team.aws.call('lambda', 'list_functions');
    const own = Functions.filter(({ FunctionName }: { FunctionName: string }) => FunctionName.startsWith('Packaged'));
    expect(own).toEqual([]);
  });
});
