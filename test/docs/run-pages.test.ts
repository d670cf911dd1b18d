import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { queueConfiguration, WHOLE_BUCKET } from '#adapters/s3/notification-entry.ts';
import { useFakeAws } from '#test/cli/stack/fake-aws.ts';
import { alarmPayload, contributorId, reasonOf, snsEvent } from '#test/functions/alarm-payload.ts';
import { useDeployments } from '#test/functions/deployed.ts';
import { recordedBucket } from '#test/support/corpus.ts';
import { BUCKET } from '#test/support/embedded-s3.ts';
import { setMachineClock } from '#test/support/machine-clock.ts';
import { DAY, JOB, NOW, uuid } from '#test/support/played-job.ts';
import { readExposition } from '#test/support/read-exposition.ts';
import { LEDGER_BUCKET, putScaled } from '#tools/demo/served-bucket.ts';
import { stretched } from '#tools/demo/stretched-bucket.ts';
import { askedDeployment } from './asked-deployment.ts';
import { blocksOf, ROOT } from './doc-script.ts';
import { MY_JOB, useDocWorld } from './doc-world.ts';
import { runPage } from './run-page.ts';

/** All pages in one file: what takes its time is to load what they run. */

const openWorld = useDocWorld();
const deploy = useDeployments();
const aws = useFakeAws();

const DEMO = new URL('tools/demo/', ROOT);
/** The time of the demo whose output docs/cli.md shows. */
const SHOWN_AT = Date.UTC(2026, 10, 22, 12);
/** As it is typed in the folder of the demo. */
const FIRST_LOOK = 'steward audit';
/** As the pages show them. */
const PLAN = '20270301T093000000Z-3f9c1';
const RUN = '20270301T093100000Z-81b2e';
const COLLECT = 'steward collect s3://my-bucket/flink --ledger s3://my-ledger/flink';

describe('README.md', () => {
  it('has commands that do what it says, in the order in which they stand', async () => {
    // Prepare
    const world = await openWorld();
    const before = world.s3.keys('my-bucket');
    const garbage = world.garbage();

    // Act
    const { ran, complaints } = await runPage(
      { page: 'README.md', before: { 'steward collect': () => setMachineClock(NOW + DAY) } },
      { world },
    );

    // Assess
    expect(complaints).toEqual([]);
    expect(ran).toContain('steward collect --execute');
    const left = world.s3.keys('my-bucket');
    expect(before.filter((key) => !left.includes(key))).toEqual(garbage);
  });
});

describe('docs/lint.md', () => {
  it('has commands that do what it says, in the order in which they stand', async () => {
    const template = await readFile(new URL('examples/lint/template.yaml', ROOT), 'utf8');
    const rules = { Rules: [{ ID: 'week', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 7 } }] };
    const world = await openWorld({ 'template.yaml': template, 'rules.json': JSON.stringify(rules) });
    const statuses = {
      'steward rules lint template.yaml': 1,
      'steward rules lint template.yaml rules.json --flink s3://my-bucket/flink': 1,
    } as const;

    const { complaints } = await runPage({ page: 'docs/lint.md', statuses }, { world });

    expect(complaints).toEqual([]);
  });
});

describe('docs/cli.md', () => {
  it('has commands that do what it says, in the order in which they stand', async () => {
    // Prepare
    const page = 'docs/cli.md';
    const world = await openWorld();
    const recording = await recordedBucket('seed-bucket');
    await putScaled(world.s3, recording, stretched(recording, SHOWN_AT));
    world.s3.createBucket(LEDGER_BUCKET);
    const expiring = await readFile(new URL('expire-after-a-week.json', DEMO), 'utf8');
    await world.putRules(recording.bucket, JSON.parse(expiring));
    await world.putRules('my-bucket', {
      Rules: [
        { ID: 'uploads', Status: 'Enabled', Filter: {}, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } },
      ],
    });
    const before = world.s3.keys('my-bucket');
    const garbage = world.garbage();
    const orders = recording.objects.find(({ key }) => /\/9468946f[^/]*\/shared\/426c7245[^/]*$/.test(key))?.key ?? '';

    // Act
    const { ran, complaints } = await runPage(
      {
        page,
        statuses: { [FIRST_LOOK]: 1 },
        filledIn: {
          'flink/checkpoints/euw1/9468946f…/shared/426c7245…': () => orders,
          'FlinkSteward explain s3://my-bucket/': () => `FlinkSteward explain s3://${BUCKET}/`,
        },
        before: {
          [FIRST_LOOK]: () => setMachineClock(SHOWN_AT),
          'steward audit s3://my-bucket/flink/checkpoints': () => setMachineClock(NOW),
          [COLLECT]: () => setMachineClock(NOW + DAY),
        },
        folderOf: (command) =>
          command === FIRST_LOOK || command.includes(recording.bucket) ? fileURLToPath(DEMO) : undefined,
      },
      { world, deployment: askedDeployment(deploy, aws()) },
    );

    // Assess
    expect(complaints).toEqual([]);
    expect(ran).toContain(`${COLLECT} --execute`);
    const left = world.s3.keys('my-bucket');
    expect(before.filter((key) => !left.includes(key))).toEqual(garbage);
  });
});

describe('docs/prometheus.md', () => {
  it('has a command that writes the file it names', async () => {
    const world = await openWorld();

    const { complaints } = await runPage({ page: 'docs/prometheus.md' }, { world });

    expect(complaints).toEqual([]);
    const written = await readFile(join(world.cwd, 'flink-steward.prom'), 'utf8');
    expect(readExposition(written).length).toBeGreaterThan(20);
  });
});

describe('docs/runbook.md', () => {
  it('has commands that do what it says, in the order in which they stand', async () => {
    // Prepare: a run has deleted something, and somebody has made a rule that expires everything.
    const page = 'docs/runbook.md';
    const retain = [{ path: '**', endedJobs: { keepLast: 1 } }];
    const settings = { area: ['s3://my-bucket/flink'], ledger: 's3://my-ledger/flink', retain };
    const world = await openWorld({ 'steward.json': JSON.stringify(settings) });
    const deployment = askedDeployment(deploy, aws());
    setMachineClock(NOW - DAY);
    expect(await world.steward(COLLECT)).toMatchObject({ status: 0 });
    setMachineClock(NOW);
    expect(await world.steward(`${COLLECT} --execute`)).toMatchObject({ status: 0 });
    expect(world.garbage()).toEqual([]);
    await world.putRules('my-bucket', {
      Rules: [{ ID: 'week', Status: 'Enabled', Filter: { Prefix: 'flink/' }, Expiration: { Days: 7 } }],
    });

    // Act
    const { ran, complaints } = await runPage(
      {
        page,
        statuses: {
          'steward audit': 1,
          'steward audit --job "$JOB"': 1,
          'steward rules check': 1,
        },
        filledIn: { '"$JOB"': () => MY_JOB.id },
      },
      { world, deployment },
    );

    // Assess
    expect(complaints).toEqual([]);
    expect(ran).toContain('steward resume --execute');
  });
});

describe('SECURITY.md', () => {
  it('has commands that do what it says, in the order in which they stand', async () => {
    // Prepare: by each of the two ways, a run has deleted something that may have been needed.
    const page = 'SECURITY.md';
    const settings = { area: ['s3://my-bucket/flink'], ledger: 's3://my-ledger/flink' };
    const world = await openWorld({ 'steward.json': JSON.stringify(settings) });
    const VersioningConfiguration = { Status: 'Enabled' as const };
    await world.client.send(new PutBucketVersioningCommand({ Bucket: 'my-bucket', VersioningConfiguration }));
    const garbage = world.garbage();
    const [deleted = ''] = garbage;
    setMachineClock(NOW - DAY);
    expect(await world.steward('steward collect')).toMatchObject({ status: 0 });
    setMachineClock(NOW);
    const { out } = await world.steward('steward collect --execute --json');
    expect(world.garbage()).toEqual([]);
    const { run }: { run: string } = JSON.parse(out);
    const deployment = askedDeployment(deploy, aws());
    await deployment.steward('steward --stack FlinkSteward plan', 100);
    await deployment.steward(`steward --stack FlinkSteward apply ${deployment.plan()} --execute`, 100);
    await deployment.steward('steward --stack FlinkSteward history', 100);

    // Act
    const { ran, complaints } = await runPage(
      {
        page,
        filledIn: {
          'FlinkSteward history --object s3://my-bucket/flink/JOB/shared/FILE': () =>
            `FlinkSteward history --object s3://${BUCKET}/flink/${JOB}/shared/${uuid(101)}`,
          'flink/JOB/shared/FILE': () => deleted,
          'FlinkSteward undo RUN': () => `FlinkSteward undo ${deployment.run()}`,
          RUN: () => run,
        },
        before: {
          // What the pause has come to.
          'steward history': async () => {
            expect(await world.steward('steward collect --execute')).toMatchObject({ status: 1 });
          },
        },
      },
      { world, deployment },
    );

    // Assess
    expect(complaints).toEqual([]);
    expect(ran).toContain('steward undo RUN --execute');
    expect(world.garbage()).toEqual(garbage);
  });
});

describe('docs/deploying.md', () => {
  it('has commands that do what it says, in the order in which they stand', async () => {
    // Prepare
    const page = 'docs/deploying.md';
    const world = await openWorld();
    const deployment = askedDeployment(deploy, aws());

    // Act
    const entry = queueConfiguration('arn:aws:sqs:eu-central-1:123456789012:checkpoints', WHOLE_BUCKET);
    const filledIn = { [PLAN]: deployment.plan, [RUN]: deployment.run };
    const { ran, complaints } = await runPage({ page, filledIn }, { world, deployment });

    // Assess
    expect(complaints).toEqual([]);
    expect(ran).toContain(`steward --stack FlinkSteward undo ${RUN} --execute`);
    const notified = await world.aws('aws s3api get-bucket-notification-configuration --bucket my-bucket');
    expect(JSON.parse(notified.out)).toEqual({ QueueConfigurations: [entry] });
  });
});

describe('docs/signals.md', () => {
  it('has a command that prints what it shows of the history that it shows', async () => {
    // Prepare
    const page = 'docs/signals.md';
    const history = blocksOf(page).find(({ language }) => language === 'ndjson')?.lines ?? [];
    const world = await openWorld({ 'orders.ndjson': history.map((line) => `${line}\n`).join('') });

    // Act
    const statuses = { 'steward signals --history orders.ndjson': 1 } as const;
    const { ran, complaints } = await runPage({ page, statuses, columns: 80 }, { world });

    // Assess
    expect(complaints).toEqual([]);
    expect(ran).toEqual(Object.keys(statuses));
  });
});

describe('docs/slack.md', () => {
  it('has commands that print messages', async () => {
    // Prepare
    const alarm = alarmPayload('budget', { at: NOW, job: 'orders' });
    const contributor = {
      ContributorId: contributorId('orders'),
      ContributorAttributes: { Job: 'orders' },
      StateReason: reasonOf(7),
      StateTransitionedTimestamp: '2026-11-22T06:00:00.000000+00:00',
    };
    const world = await openWorld({
      'event.json': JSON.stringify(snsEvent(alarm)),
      'alarm.json': JSON.stringify(alarm),
      'contributors.json': JSON.stringify({ AlarmContributors: [contributor] }),
    });

    // Act
    const { ran, complaints } = await runPage({ page: 'docs/slack.md' }, { world });

    // Assess
    expect(complaints).toEqual([]);
    expect(ran).toContain('steward slack-preview event.json');
  });
});
