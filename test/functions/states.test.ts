import { describe, expect, it } from 'vitest';
import { ENV } from '#functions/shared/environment.ts';
import { rememberMattered } from '#operations/ledger/mattered-metrics.ts';
import { openLedger } from '#steward/open-ledger.ts';
import { BUCKET } from '#test/support/embedded-s3.ts';
import { DAY, JOB, NOW, OTHER_JOB, type PlayedPlace } from '#test/support/played-job.ts';
import { sst } from '#test/support/sst-writer.ts';
import { holding, type PlayedOperator, StatefulJob } from '#test/support/stateful-job.ts';
import { alarmName, alarmPayload, snsEvent } from './alarm-payload.ts';
import { AREA, type Deployed, LEDGER, ledgerKeys, ledgerText, useDeployments } from './deployed.ts';
import { manualHandler, notifySlackHandler, statesHandler, surveyHandler } from './handlers.ts';
import { useStandIns } from './stand-ins.ts';

const deploy = useDeployments();
const standIns = useStandIns();

const CONFIGURATION = { area: [AREA], states: {}, signals: { slack: { secretName: 'webhook-of-states' } } };
const DEDUPE: PlayedOperator = {
  id: 'a',
  name: 'dedupe',
  tables: [
    { file: 1, family: 'payload', data: 60_000, properties: holding(600, 0, 100) },
    { file: 2, family: 'session', data: 20_000, properties: holding(200, 0, 100) },
    { file: 3, family: 'counter', data: 9_000, properties: holding(50, 0, 20) },
    { file: 4, family: 'cleared', data: 500, properties: holding(10, 0, 0) },
  ],
};

function placeOf({ s3 }: Deployed): PlayedPlace {
  return { put: (key, content, lastModified) => s3.put(BUCKET, key, content, { lastModified }), remove: () => {} };
}

async function deployed(configuration: object = CONFIGURATION) {
  const one = await deploy(configuration, () => {});
  const job = new StatefulJob(placeOf(one), { url: `s3://${BUCKET}` });
  job.complete(7, [DEDUPE]);
  await surveyHandler({}, one.runtime());
  return { one, job };
}

function reads({ s3 }: Deployed): number {
  return s3.log.requests.filter(({ operation, key }) => operation === 'GetObject' && key.includes('/shared/')).length;
}

async function near({ s3 }: Deployed, ...jobs: readonly string[]): Promise<void> {
  const connection = { endpoint: s3.url, region: 'us-east-1', pathStyle: true };
  const ledger = await openLedger(`s3://${LEDGER}`, '/', connection);
  await rememberMattered(
    ledger,
    jobs.map((job) => ({ name: 'JumpRatio', job, at: Date.now() })),
    Date.now(),
  );
}

describe('states', () => {
  it('looks at the states of all jobs, and remembers them, so that the next look reads nothing again', async () => {
    // Prepare
    const { one } = await deployed();

    // Act
    const first = await statesHandler({ by: 'schedule' }, one.runtime());
    const second = await statesHandler({ by: 'schedule' }, one.runtime());

    // Assess
    expect(first).toEqual({
      jobs: 1,
      looked: { files: 4, remembered: 0, requests: 4, cost: expect.closeTo(0.0000016, 12), left: 0 },
      published: 0,
      notes: ['The rest of s3://checkpoints, outside the area, was last listed on 2027-03-01 00:00:00 UTC.'],
      details: null,
      refusal: null,
      empty: null,
    });
    expect([second.looked.remembered, reads(one)]).toEqual([4, 4]);
    expect(ledgerKeys(one, '').filter((key) => key.startsWith('states/'))).toHaveLength(1);
  });

  it('publishes the three largest states of a job that is near an alarm, and of no other', async () => {
    // Prepare
    const { one } = await deployed();
    new StatefulJob(placeOf(one), { url: `s3://${BUCKET}`, directory: `flink/${OTHER_JOB}/` }).complete(3, [
      { ...DEDUPE, tables: [{ file: 9, family: 'payload' }] },
    ]);
    await near(one, JOB);
    one.published.length = 0;

    // Act
    const { published } = await statesHandler({}, one.runtime());

    // Assess
    expect(published).toBe(3);
    expect(one.published.map(({ name, job, state }) => [name, job, state])).toEqual([
      ['StateBytes', JOB, 'payload of dedupe'],
      ['StateBytes', JOB, 'session of dedupe'],
      ['StateBytes', JOB, 'counter of dedupe'],
    ]);
  });

  it('publishes the states of ten jobs at most', async () => {
    // Prepare
    const { one } = await deployed();
    const ids = Array.from({ length: 12 }, (_, at) => at.toString(16).padStart(32, 'f'));
    for (const id of ids) {
      const job = new StatefulJob(placeOf(one), { url: `s3://${BUCKET}`, directory: `flink/${id}/` });
      job.complete(3, [{ ...DEDUPE, tables: [{ file: 9, family: 'payload' }] }]);
    }
    await near(one, JOB, ...ids);

    // Act
    const { published } = await statesHandler({}, one.runtime());

    // Assess
    expect(published).toBe(30);
  });

  it('is asked by "manual", which may not read state files itself', async () => {
    // Prepare
    const { one, job } = await deployed();
    const properties = { 'column.family.name': 'cleared', compression: 'Snappy', ...holding(10, 0, 0) };
    const overwritten = Buffer.alloc(sst({ properties, data: 500 }).length, 'x');
    one.s3.put(BUCKET, job.key(4), overwritten, { lastModified: NOW - 2 * DAY });

    // Act
    const states = await manualHandler({ action: 'states', job: JOB.slice(0, 6) }, one.runtime());
    const verified = await manualHandler({ action: 'verify' }, one.runtime());

    // Assess
    expect(states).toMatchObject({
      action: 'states',
      executed: false,
      jobs: [
        {
          label: JOB,
          states: [
            { operator: 'dedupe', kind: 'state', state: 'payload', hasTtl: false },
            { state: 'session', hasTtl: true },
            { state: 'counter' },
            { kind: 'database' },
            { kind: 'unread' },
          ],
          findings: [],
        },
      ],
      moreJobs: 0,
    });
    expect(verified).toMatchObject({
      summary: '1 broken state files in the restore points of 1 jobs. 1 requests were sent for state files.',
      jobs: [
        { restorePoints: 1, stateFiles: 4, looked: 4, broken: [expect.stringContaining('was cut or overwritten')] },
      ],
      next: expect.stringContaining('restore-points'),
    });
    expect(ledgerKeys(one, '')).toContainEqual(expect.stringMatching(/^results\/.*-states\.json$/));
  });

  it('publishes of several jobs with one label the newest, and answers for each', async () => {
    // Prepare
    const { one } = await deployed({
      ...CONFIGURATION,
      labels: [
        { jobId: JOB, job: 'orders' },
        { jobId: OTHER_JOB, job: 'orders' },
      ],
    });
    const newer = new StatefulJob(placeOf(one), { url: `s3://${BUCKET}`, directory: `flink/${OTHER_JOB}/` });
    newer.complete(3, [{ ...DEDUPE, name: 'newer', tables: [{ file: 9, family: 'payload' }] }], NOW - DAY);
    one.s3.put(BUCKET, `flink/${'c'.repeat(32)}/chk-1/_metadata`, 'none', { lastModified: NOW - DAY });
    await near(one, 'orders');
    one.published.length = 0;

    // Act
    await statesHandler({}, one.runtime());
    const states = await manualHandler({ action: 'states' }, one.runtime());
    const verified = await manualHandler({ action: 'verify' }, one.runtime());

    // Assess
    expect(one.published.map(({ state }) => state)).toContain('payload of newer');
    expect(one.published.map(({ state }) => state)).not.toContain('payload of dedupe');
    expect([states, verified].map((answer) => (answer.jobs as readonly object[]).length)).toEqual([3, 3]);
  });

  it('fails where the store refuses it what it may read', async () => {
    const { one } = await deployed();
    one.s3.faults.add({
      match: { operation: 'GetObject', key: /shared/ },
      do: { kind: 'answer', code: 'AccessDenied', status: 403 },
    });

    await expect(statesHandler({}, one.runtime())).rejects.toThrow('s3:GetObject');
  });

  it('says so of a job that is not there, as the command line does', async () => {
    const { one } = await deployed();

    const answer = await manualHandler({ action: 'states', job: 'nobody' }, one.runtime());
    const verified = await manualHandler({ action: 'verify', job: JOB }, one.runtime());

    expect(answer).toMatchObject({
      error: 'No job in the area is called nobody. {"action":"audit"} lists all jobs.',
    });
    expect(verified).toMatchObject({ next: null });
  });

  it('is missing where the configuration does not ask for it', async () => {
    const { one } = await deployed({ area: [AREA] });
    const environment = { ...one.environment, [ENV.statesFunction]: undefined };

    const answer = await manualHandler({ action: 'states' }, one.runtime({ environment }));

    expect(answer).toMatchObject({ error: expect.stringContaining('Add "states": {} to steward.json') });
  });

  it('leaves its result where "manual" finds it, or "manual" says that it does not', async () => {
    const { one } = await deployed();
    const details = 'results/gone.json';
    const ask = async () => ({ ...(await statesHandler({ ask: 'states' }, one.runtime())), details });

    const answer = await manualHandler({ action: 'states' }, one.runtime({ ask }));

    expect(answer).toMatchObject({ error: expect.stringContaining('results/gone.json is not in the ledger') });
  });
});

describe('The report page', () => {
  it('has the states of jobs once there was a look at them', async () => {
    const { one } = await deployed();
    const before = ledgerText(one, 'report/report.html');
    await statesHandler({}, one.runtime());
    one.now += 3_600_000;

    await surveyHandler({}, one.runtime());

    const after = ledgerText(one, 'report/report.html');
    expect(before).toContain('"states":null');
    expect(after).toContain('"name":"payload","hasTtl":false,"bytes":');
  });
});

describe('The message about growth', () => {
  it('names the state that grew, as of the last look', async () => {
    // Prepare
    const { one, job } = await deployed();
    await statesHandler({}, one.runtime());
    one.now += 3 * DAY;
    const grown = { file: 5, family: 'payload', data: 300_000, properties: holding(600, 0, 600) };
    job.complete(8, [{ ...DEDUPE, tables: [grown, ...DEDUPE.tables.slice(1)] }], one.now - 60_000);
    await surveyHandler({}, one.runtime());
    await statesHandler({}, one.runtime());
    standIns().inAlarm.set(alarmName('size-jump'), [{ job: JOB, since: one.now, value: 4.2 }]);

    // Act
    const event = snsEvent(alarmPayload('size-jump', { at: one.now, job: JOB }));
    const environment = {
      ...one.environment,
      [ENV.stack]: 'TheStack',
      [ENV.runbook]: 'https://example.org/runbook.md',
    };
    await notifySlackHandler(event, one.runtime({ environment }));

    // Assess
    const [message] = standIns().posted.map(({ body }) => JSON.stringify(body.blocks));
    expect(message).toContain('*States that grew most, as of 1 min ago*');
    expect(message).toContain('payload of dedupe: +240 kB in 4 d 23 h, now 300 kB, 90 % of the job');
    expect(message).toContain('entries +0 %, value size ×6.0');
    expect(message).toContain(`steward --stack TheStack states --job ${JOB} --region eu-central-1`);
  });
});
