import { describe, expect, it } from 'vitest';
import { MARKER_NAME } from '#core/collect/marker-name.ts';
import { jobIds, recordedBucket, SHORT_RULES } from '#test/support/corpus.ts';
import { eventually } from './eventually.ts';
import {
  expiredEvent,
  expiredNotification,
  knownLosses,
  liveFileOf,
  tellTheQueue,
  tellThroughTheBus,
  toldOfLosses,
} from './losses.ts';
import { ACCOUNT, REGION } from './ministack.ts';
import { garbageFree, keysOf, rootsOf } from './recordings.ts';
import { useSlack } from './slack.ts';
import { useTeam } from './team.ts';

/** What a team does that has a bucket with versions, a key and notifications of its own, and later a second one. */
describe('A bucket that a team has', async () => {
  const team = useTeam('adopted', 'Orders');
  const slack = useSlack();
  const flink = await recordedBucket('seed-bucket');
  const later = await recordedBucket('f120-filemerging');
  const { bucket } = flink;
  const all = [MARKER_NAME, ...keysOf(flink)].sort();
  const collect = { ...SHORT_RULES, deletesPerSecond: 2 };
  const retain = [{ path: '**', endedJobs: { keepLast: 1 }, savepoints: 'all' }];
  /** A person's copy of a root, which belongs to no job. */
  const copy = 'flink/copy/_metadata';
  let first: object;
  let both: object;

  it('stays as it is when it is adopted', async () => {
    // Prepare
    const { KeyMetadata } = await team.aws.call('kms', 'create_key');
    await team.buckets.create(bucket);
    await team.buckets.encrypt(bucket, KeyMetadata.Arn);
    await team.buckets.keepVersions(bucket);
    await team.buckets.tellEventBridge(bucket);
    first = { bucket: `s3://${bucket}`, kmsKey: KeyMetadata.Arn, owner: ACCOUNT, region: REGION };

    // Act
    await team.deploy({ area: [first], collect, retain, deploy: { schedules: 'off' } });

    // Assess
    const settings = await team.aws.call('s3', 'get_bucket_notification_configuration', { Bucket: bucket });
    expect(settings).toMatchObject({ EventBridgeConfiguration: {} });
    expect(settings).not.toHaveProperty('QueueConfigurations');
    await expect(team.aws.call('s3', 'get_bucket_lifecycle_configuration', { Bucket: bucket })).rejects.toThrow(
      'NoSuchLifecycleConfiguration',
    );
  });

  it('tells of its checkpoints through EventBridge', async () => {
    // Act
    await team.buckets.fill(bucket, flink);

    // Assess
    const observed = await eventually(
      () => team.stack.observed(team.outputs.LedgerBucketName ?? ''),
      (urls) => urls.length >= flink.roots.length,
    );
    expect(observed).toEqual(rootsOf(flink).map((key) => `s3://${bucket}/${key}`));
  });

  it('loses its garbage in parts, where one invocation is too short for all', async () => {
    // Prepare: a minute before its time is over a function begins nothing new.
    await team.stack.shorten('StewardSweep', 100);
    for (const job of jobIds(flink)) await team.manual({ action: 'declare-dead', job, execute: true });
    const { plan } = await eventually(
      () => team.manual({ action: 'plan' }),
      ({ objects }) => objects === flink.may_delete.length,
    );

    // Act
    await team.manual({ action: 'apply', plan, execute: true });
    const { status, output } = await team.stack.lastExecution();

    // Assess
    expect([status, output.result, output.deleted.objects]).toEqual(['SUCCEEDED', 'done', flink.may_delete.length]);
    expect(output.parts).toBeGreaterThan(1);
    const parts = (await team.runs()).filter(({ command }) => command === 'apply');
    expect(parts.map(({ run }) => run)).toEqual(output.runs);
    expect(await team.buckets.keys(bucket)).toEqual([MARKER_NAME, ...garbageFree(flink)].sort());
  });

  it('has all of it back when each part is undone, from its versions', async () => {
    // Act
    const parts = (await team.runs()).filter(({ command }) => command === 'apply');
    for (const [at, { run }] of parts.reverse().entries()) {
      await team.manual({ action: 'undo', run, execute: true });
      await eventually(
        async () => (await team.runs()).filter(({ command }) => command === 'undo').length,
        (undone) => undone > at,
      );
    }

    // Assess
    expect(await team.buckets.keys(bucket)).toEqual(all);
  });

  it('loses the older checkpoints of ended jobs by policy, and has them back', async () => {
    // Act
    const asked = await team.manual({ action: 'retire' });
    await team.manual({ action: 'retire', execute: true });
    const run = await team.ended('retire', ({ retired }) => retired > 0);

    // Assess
    const retired = asked.roots.map(
      ({ path }: { path: string }) => `${path.slice(`s3://${bucket}/`.length)}/_metadata`,
    );
    expect(retired).toHaveLength(3);
    expect(run).toMatchObject({ result: 'done', retired: 3 });
    expect(await team.buckets.keys(bucket)).toEqual(all.filter((key) => !retired.includes(key)));
    await team.manual({ action: 'undo', run: run.run, execute: true });
    await eventually(
      () => team.buckets.keys(bucket),
      (keys) => keys.length === all.length,
    );
    expect(await team.buckets.keys(bucket)).toEqual(all);
  });

  it('is joined by another one, whose notifications the deployment merges', async () => {
    // Prepare
    await team.buckets.create(later.bucket);
    const { TopicArn } = await team.aws.call('sns', 'create_topic', { Name: 'of-others' });
    const others = { Id: 'of-others', TopicArn, Events: ['s3:ObjectRemoved:*' as const] };
    await team.buckets.notify(later.bucket, { TopicConfigurations: [others] });
    await team.buckets.fill(later.bucket, later);
    await team.aws.call('secretsmanager', 'create_secret', { Name: 'orders/slack', SecretString: slack.webhook });
    // What was put back ended the word that the jobs of the first are over.
    const deadJobs = [...jobIds(flink), ...jobIds(later)];
    both = { area: [first, `s3://${later.bucket}`], collect, deadJobs, guard: { heal: true } };

    // Act
    await team.deploy({
      ...both,
      mode: 'collect',
      signals: { slack: { secretName: 'orders/slack' } },
      deploy: { collect: 'rate(1 minute)', notifications: 'merge' },
    });
    await team.buckets.put(later.bucket, copy, await team.buckets.content(later.bucket, rootsOf(later)[0] ?? ''));

    // Assess
    const settings = await team.aws.call('s3', 'get_bucket_notification_configuration', { Bucket: later.bucket });
    expect(settings.TopicConfigurations).toMatchObject([others]);
    // Of completed checkpoints, and of deletions.
    expect(settings.QueueConfigurations).toHaveLength(2);
    await eventually(
      () => team.stack.observed(team.outputs.LedgerBucketName ?? ''),
      (urls) => urls.includes(`s3://${later.bucket}/${copy}`),
    );
  });

  it('is collected with it every night', async () => {
    // Act
    await eventually(
      async () => [...(await team.buckets.keys(bucket)), ...(await team.buckets.keys(later.bucket))],
      (keys) => keys.length <= flink.keep.length + later.keep.length + 3,
    );

    // Assess
    expect(await team.buckets.keys(bucket)).toEqual([MARKER_NAME, ...garbageFree(flink)].sort());
    expect(await team.buckets.keys(later.bucket)).toEqual([MARKER_NAME, copy, ...garbageFree(later)].sort());
  });

  it('has its alarms told in Slack, and their end', async () => {
    // Act
    const alarm = await team.stack.alarm('paused');
    for (const StateValue of ['ALARM', 'OK']) {
      await team.aws.call('cloudwatch', 'set_alarm_state', { AlarmName: alarm, StateValue, StateReason: 'A test.' });
      const posts = StateValue === 'ALARM' ? 1 : 2;
      await eventually(
        async () => slack.posted.length,
        (length) => length >= posts,
      );
    }

    // Assess
    expect(slack.posted.map(({ text }) => text)).toEqual([
      expect.stringMatching(/paused/i),
      expect.stringMatching(/paused/i),
    ]);
  });

  it('is told within two minutes of a live file that a lifecycle rule has deleted, and has it back', async () => {
    // Prepare
    const lost = liveFileOf(flink);
    await team.buckets.expireAll(bucket, 'too-short');

    // Act
    await team.buckets.remove(bucket, lost);
    await tellThroughTheBus(team, expiredEvent(bucket, lost));

    // Assess
    await eventually(
      () => team.buckets.keys(bucket),
      (keys) => keys.includes(lost),
    );
    await team.buckets.expireNothing(bucket);
    await knownLosses(team, lost, '"restored": 1');
    const told = await toldOfLosses(team, slack);
    expect(told).toContain('Lifecycle rule \\"too-short\\"');
    expect(told).toContain(lost);
    expect(told).toMatch(/restore points? (?:is|are) broken/);
    expect(await team.ended('heal')).toMatchObject({ result: 'done' });
  });

  it('hears the same of a bucket that tells the queue itself', async () => {
    // Prepare
    const lost = liveFileOf(later);

    // Act
    await team.buckets.remove(later.bucket, lost);
    await tellTheQueue(team, expiredNotification(later.bucket, lost));

    // Assess
    await knownLosses(team, lost, '"objects": 2');
  });

  it('has had no function fail, and no message left', async () => {
    await team.stack.drained();
    expect(await team.stack.failing()).toEqual([]);
  });

  it('is left alone by Slack when the team says so', async () => {
    // Act
    await team.deploy({ ...both, deploy: { schedules: 'off', notifications: 'merge' } });

    // Assess
    const { Subscriptions } = await team.aws.call('sns', 'list_subscriptions_by_topic', {
      TopicArn: team.outputs.AlarmTopicArn,
    });
    expect(Subscriptions).toEqual([]);
    await expect(team.stack.nameOf('AWS::Lambda::Function', 'StewardNotifySlack')).rejects.toThrow('has no');
  });

  it('has its notifications and its objects as they were when the stack goes', async () => {
    // Prepare
    const kept = await team.buckets.keys(bucket);

    // Act
    await team.destroy();

    // Assess
    const Bucket = later.bucket;
    const settings = await team.aws.call('s3', 'get_bucket_notification_configuration', { Bucket });
    expect(settings.TopicConfigurations).toMatchObject([{ Id: 'of-others' }]);
    expect(settings.QueueConfigurations).toBeUndefined();
    expect(await team.buckets.keys(bucket)).toEqual(kept);
  });
});
