import { isDeepStrictEqual } from 'node:util';
import { describe, expect, inject, it } from 'vitest';
import { MARKER_NAME } from '#core/collect/marker-name.ts';
import { jobIds, recordedBucket, SHORT_RULES } from '#test/support/corpus.ts';
import type { Anything } from './aws.ts';
import { BothWays } from './both-ways.ts';
import { eventually } from './eventually.ts';
import { garbageFree, keysOf, rootsOf } from './recordings.ts';
import { STACK } from './stack.ts';
import { useTeam } from './team.ts';

/** What a team does that has the deployment make its bucket, observes, deletes by hand, and later names its buckets. */
describe('A bucket that the deployment makes', async () => {
  const team = useTeam('owned');
  const flink = await recordedBucket('seed-bucket');
  const later = await recordedBucket('f23-forst');
  /** Short enough for a schedule to be seen. */
  const often = 'rate(1 minute)';
  let bucket: string;
  let ledger: string;
  let configuration: object;

  it('tells the queue of completed checkpoints, and has the lifecycle rule of the steward', async () => {
    // Act
    const outputs = await team.deploy({ collect: SHORT_RULES });

    // Assess
    bucket = outputs.CheckpointBucketName ?? '';
    ledger = outputs.LedgerBucketName ?? '';
    const { QueueConfigurations } = await team.aws.call('s3', 'get_bucket_notification_configuration', {
      Bucket: bucket,
    });
    expect(QueueConfigurations).toMatchObject([
      {
        Id: 'flink-steward-checkpoint-completed',
        Events: ['s3:ObjectCreated:*'],
        Filter: { Key: { FilterRules: [{ Value: '/_metadata' }] } },
      },
      { Id: 'flink-steward-guard', Events: ['s3:LifecycleExpiration:*'] },
    ]);
    // on-deploy starts lifecycle-rules, and nobody waits for it.
    const { Rules } = await eventually(
      async () =>
        await team.aws
          .call('s3', 'get_bucket_lifecycle_configuration', { Bucket: bucket })
          .catch(() => ({ Rules: [] })),
      (answer) => answer.Rules.length > 0,
    );
    expect(Rules).toMatchObject([{ ID: 'flink-steward-abort-uploads', Status: 'Enabled' }]);
  });

  it('has an observation of each checkpoint that is completed in it', async () => {
    // Prepare: it was written under another name.
    configuration = { collect: SHORT_RULES, aliases: { [`s3://${flink.bucket}`]: `s3://${bucket}` }, states: {} };
    await team.deploy({ ...configuration, deploy: { survey: often, rules: often } });
    await team.stack.reschedule('StewardSchedulesMetrics', often);

    // Act
    await team.buckets.fill(bucket, flink);

    // Assess
    const observed = await eventually(
      () => team.stack.observed(ledger),
      (urls) => urls.length >= flink.roots.length,
    );
    expect(observed).toEqual(rootsOf(flink).map((key) => `s3://${bucket}/${key}`));
  });

  it('is observed by what the schedules start, and loses nothing', async () => {
    // Act: one after the other, since a run that finds the lease held by another one leaves it at that.
    const surveyed = await team.ended('survey');
    await team.stack.reschedule('StewardSchedulesSurvey', 'rate(1 hour)');
    await team.stack.reschedule('StewardSchedulesCollect', often);
    const planned = await team.ended('collect');

    // Assess
    expect([surveyed.result, planned.result]).toEqual(['observed', 'observed']);
    expect(await team.buckets.keys(bucket)).toEqual(keysOf(flink));
    // The hourly metrics come from the same function, and each deployment has started the rules already.
    await team.stack.ends('StewardSurvey', 2);
    await team.stack.ends('StewardLifecycleRules', 3);
    expect(await team.stack.metricNames()).toContain('CheckpointBytes');
  });

  it('is explained to people', async () => {
    // Act
    const audit = await team.manual({ action: 'audit' });
    const points = await team.manual({ action: 'restore-points' });
    const rules = await team.manual({ action: 'rules' });
    const object = await team.manual({ action: 'explain', object: flink.keep[0] });
    const history = await team.manual({ action: 'history' });
    const states = await team.manual({ action: 'states' });

    // Assess
    expect(states.jobs.flatMap((job: { states: readonly unknown[] }) => job.states).length).toBeGreaterThan(0);
    expect(audit.total.objects).toBe(flink.objects.length);
    expect(audit.groups.live.objects).toBe(flink.keep.length);
    expect(audit.jobs).toHaveLength(jobIds(flink).length);
    expect(points.summary).toBe('9 of 9 jobs with checkpoints or savepoints can be restored.');
    expect(rules.buckets).toMatchObject([{ bucket: `s3://${bucket}`, result: 'in-step' }]);
    expect(object).toMatchObject({ action: 'explain', executed: false, url: `s3://${bucket}/${flink.keep[0]}` });
    expect(history).toMatchObject({ paused: null, pins: [], deadJobs: [] });
  });

  it.each([
    ['audit'],
    ['restore-points'],
    ['rules', 'check'],
    ['explain', flink.keep[0] ?? ''],
    ['history'],
    ['plan'],
    ['states'],
    ['verify'],
    ['retire'],
    ['pause', '--dry-run'],
    ['resume'],
  ])('is told by "steward --stack" as by the same command on the bucket: %s', async (...words) => {
    // Prepare
    const endpoint = team.environment.AWS_ENDPOINT_URL ?? '';
    const bothWays = new BothWays(inject('cloud'), configuration, { bucket, ledger, endpoint });

    // Act: a schedule may add a run between the two questions.
    const { local, remote } = await eventually(
      () => bothWays.documents(words),
      (documents) => isDeepStrictEqual(documents.local, documents.remote),
    );

    // Assess
    expect(remote).toEqual(local);
    expect(Object.keys(remote).length).toBeGreaterThan(1);
  });

  it('keeps what people pin, stands still while they pause, and takes back both', async () => {
    // Prepare
    const root = `s3://${bucket}/${rootsOf(flink)[0]?.replace(/\/_metadata$/, '')}`;

    // Act
    await team.manual({ action: 'pin', root, why: 'for the audit' });
    await team.manual({ action: 'pause', why: 'we look first' });
    const meanwhile = await team.manual({ action: 'history' });
    // A run that a schedule has started may hold the lease for some seconds.
    for (const event of [{ action: 'unpin', root }, { action: 'resume' }]) {
      const ask = () => team.manual({ ...event, execute: true });
      await eventually(ask, ({ error }) => error === undefined);
    }
    const after = await team.manual({ action: 'history' });

    // Assess
    expect(meanwhile).toMatchObject({ paused: { why: 'we look first' }, pins: [{ why: 'for the audit' }] });
    expect(after).toMatchObject({ paused: null, pins: [] });
  });

  it('loses its garbage, and nothing else, by a plan that a person executes', async () => {
    // Prepare
    for (const job of jobIds(flink)) await team.manual({ action: 'declare-dead', job, execute: true });

    // Act
    const plan = await eventually(
      () => team.manual({ action: 'plan' }),
      ({ objects }) => objects === flink.may_delete.length,
    );
    const asked = await team.manual({ action: 'apply', plan: plan.plan });
    const untouched = await team.buckets.keys(bucket);
    const started = await team.manual({ action: 'apply', plan: plan.plan, execute: true });
    const run = await team.ended('apply');

    // Assess
    expect(asked).toMatchObject({ executed: false, objects: flink.may_delete.length });
    expect(untouched).toEqual([MARKER_NAME, ...keysOf(flink)].sort());
    expect(started.executed).toBe(true);
    expect(run).toMatchObject({ result: 'done', deleted: { objects: flink.may_delete.length } });
    expect(await team.buckets.keys(bucket)).toEqual([MARKER_NAME, ...garbageFree(flink)].sort());
    const undo = await team.manual({ action: 'undo', run: run.run });
    expect(undo).toMatchObject({ executed: false, objects: 0, lost: flink.may_delete.length });
    const gone = await team.manual({ action: 'explain', object: flink.may_delete[0] });
    expect(gone).toMatchObject({ gone: true, deletions: [{ run: run.run, outcome: 'deleted' }] });
  });

  it('is one of two buckets that the team names, and the nightly plan deletes what is garbage in either', async () => {
    // Prepare
    await team.buckets.create(later.bucket);
    await team.buckets.fill(later.bucket, later);

    // Act
    await team.deploy({
      ...configuration,
      mode: 'collect',
      area: [`s3://${bucket}`, `s3://${later.bucket}`],
      deadJobs: jobIds(later),
      deploy: { collect: often },
    });
    await team.buckets.tellEventBridge(bucket);
    await team.buckets.put(
      bucket,
      'flink/savepoints/copy/_metadata',
      await team.buckets.content(bucket, rootsOf(flink)[0] ?? ''),
    );
    const run = await team.ended('collect', ({ deleted }) => deleted.objects > 0);

    // Assess
    expect(run).toMatchObject({ result: 'done', deleted: { objects: later.may_delete.length } });
    expect(await team.buckets.keys(later.bucket)).toEqual([MARKER_NAME, ...garbageFree(later)].sort());
    expect(await team.stack.observed(ledger)).toContain(`s3://${bucket}/flink/savepoints/copy/_metadata`);
  });

  it('has had no function fail, and no message left', async () => {
    await team.stack.drained();
    expect(await team.stack.failing()).toEqual([]);
  });

  it('is kept with its ledger when the stack goes, and looked after by the next one', async () => {
    // Prepare
    const before = await team.runs();
    const kept = await team.buckets.keys(bucket);

    // Act
    await team.destroy();
    const left = await team.buckets.keys(bucket);
    const { Functions } = await team.aws.call('lambda', 'list_functions');
    await team.deploy({
      ...configuration,
      area: [`s3://${bucket}`, `s3://${later.bucket}`],
      deploy: { schedules: 'off', ledgerBucket: ledger },
    });

    // Assess
    expect(left).toEqual(kept);
    // Stacks of other stories have names that begin alike.
    expect(Functions.filter((one: Anything) => one.FunctionName.startsWith(`${STACK}-Steward`))).toEqual([]);
    expect((await team.runs()).slice(0, before.length)).toEqual(before);
    expect(await team.manual({ action: 'plan' })).toMatchObject({ result: 'observed', breakers: [] });
  });
});
