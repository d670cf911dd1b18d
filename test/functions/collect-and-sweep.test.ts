import { describe, expect, it } from 'vitest';
import { BadEventError } from '#functions/shared/bad-event.ts';
import { DeadlineError } from '#functions/shared/deadline.ts';
import { PlanError } from '#operations/plan/plan-file.ts';
import { BUCKET } from '#test/support/embedded-s3.ts';
import { MovingStore } from '#test/support/moving-store.ts';
import { DAY, JOB, NOW, PlayedJob, uuid } from '#test/support/played-job.ts';
import {
  AREA,
  collected,
  type Deployed,
  LEDGER,
  ledgerKeys,
  ledgerText,
  MINUTE,
  passQuarantine,
  putAll,
  swept,
  useDeployments,
} from './deployed.ts';
import { collectHandler, surveyHandler, sweepHandler } from './handlers.ts';

const deploy = useDeployments();

const HOUR = 60 * MINUTE;
const GARBAGE = `flink/${JOB}/shared/${uuid(2)}`;
const LIVE = `flink/${JOB}/shared/${uuid(1)}`;
const COLLECTING = { area: [AREA], mode: 'collect', collect: { maxDeleteFraction: 0.9 } };
const OBSERVING = { area: [AREA], collect: { maxDeleteFraction: 0.9 } };

function holdLease({ s3 }: Deployed, expires: string | null): void {
  const holder = { host: 'elsewhere', process: null };
  s3.put(LEDGER, 'lease@', JSON.stringify({ run: 'another', command: 'steward collect', holder, expires, fence: 7 }));
}

/** Surveys once, and lets the quarantine pass, so that the garbage may go. */
async function ripen(deployed: Deployed): Promise<void> {
  await surveyHandler({ by: 'schedule' }, deployed.runtime());
  passQuarantine(deployed);
}

describe('survey', () => {
  it('remembers garbage, answers in short, and changes nothing in the area', async () => {
    // Prepare
    const deployed = await deploy(OBSERVING);
    const before = deployed.s3.keys(BUCKET);

    // Act
    const answer = await surveyHandler({ by: 'schedule' }, deployed.runtime());

    // Assess
    expect(answer).toMatchObject({
      result: 'observed',
      total: { objects: 3 },
      live: { objects: 2 },
      quarantined: { objects: 1, bytes: 100 },
      deleted: { objects: 0 },
      roots: 1,
      breakers: [],
    });
    expect(deployed.s3.keys(BUCKET)).toEqual(before);
    const run = 'run' in answer ? answer.run : '';
    expect(ledgerKeys(deployed, `runs/${run}/`)).toEqual([`runs/${run}/summary.json`]);
  });

  it('refuses an event that it does not understand, before it looks at anything', async () => {
    // Prepare
    const deployed = await deploy();

    // Act
    const asked = surveyHandler({ job: 'orders' }, deployed.runtime());

    // Assess
    await expect(asked).rejects.toThrow(BadEventError);
    await expect(asked).rejects.toThrow(
      /^The event is not one that survey understands: Unrecognized key: "job"\. Nothing/,
    );
    expect(deployed.s3.log.count()).toBe(0);
  });

  it('ends by itself where its time is over, with a sentence, and gives the lease back', async () => {
    // Prepare
    const deployed = await deploy();

    // Act
    const late = surveyHandler({}, deployed.runtime({ remaining: () => MINUTE }));

    // Assess
    await expect(late).rejects.toThrow(DeadlineError);
    await expect(surveyHandler({}, deployed.runtime())).resolves.toMatchObject({ result: 'observed' });
  });

  it('answers that another run is under way, which is no error, and changes nothing', async () => {
    // Prepare
    const deployed = await deploy();
    holdLease(deployed, '2027-03-02T00:00:00.000Z');

    // Act
    const answer = await surveyHandler({}, deployed.runtime());

    // Assess
    expect(answer).toEqual({
      result: 'lease-held',
      why: expect.stringContaining('steward collect, run another, on elsewhere. Nothing was changed'),
      until: '2027-03-02T00:02:00.000Z',
    });
    expect(deployed.logged).toEqual([{ level: 'info', sentence: answer.result === 'lease-held' ? answer.why : '' }]);
    expect(ledgerKeys(deployed, 'runs/')).toEqual([]);
  });

  it('is not missed while a sweep in parts holds the lease: the sweep surveys too, and metrics go on', async () => {
    // Prepare: the last survey was four hours ago, the last part of a sweep began an hour ago.
    const deployed = await deploy(COLLECTING);
    await ripen(deployed);
    const { sweep } = await collected({}, deployed.runtime());
    deployed.now += 3 * HOUR;
    await swept(sweep, deployed.runtime());
    deployed.now += HOUR;
    holdLease(deployed, new Date(deployed.now + MINUTE).toISOString());
    deployed.published.length = 0;

    // Act
    const survey = await surveyHandler({ by: 'schedule' }, deployed.runtime());
    const metrics = await surveyHandler({ by: 'schedule', only: 'metrics' }, deployed.runtime());

    // Assess
    expect([survey.result, metrics.result]).toEqual(['lease-held', 'published']);
    expect(deployed.published).toContainEqual({ name: 'Heartbeat', value: 1, job: null, at: deployed.now });
  });
});

describe('collect', () => {
  it('plans nothing while all garbage is in quarantine', async () => {
    // Prepare
    const deployed = await deploy(COLLECTING);

    // Act
    const answer = await collected({ by: 'schedule' }, deployed.runtime());

    // Assess
    expect(answer).toMatchObject({ result: 'observed', plan: null, sweep: null, next: null });
    expect(ledgerKeys(deployed, 'plans/')).toEqual([]);
  });

  it('leaves a plan and no order in the mode "observe", but says what to type', async () => {
    // Prepare
    const deployed = await deploy(OBSERVING);
    await ripen(deployed);

    // Act
    const answer = await collected({}, deployed.runtime());

    // Assess
    expect(answer).toMatchObject({ plan: answer.run, deletable: { objects: 1 }, sweep: null });
    expect(answer.next).toBe(
      `aws lambda invoke --function-name the-manual --cli-binary-format raw-in-base64-out --cli-read-timeout 900 --payload '{"action":"apply","plan":"${answer.plan}","execute":true}' /dev/stdout`,
    );
    expect(deployed.s3.keys(BUCKET)).toContain(GARBAGE);
  });

  it('answers with the order that executes its plan in the mode "collect", and starts nothing', async () => {
    // Prepare
    const deployed = await deploy(COLLECTING);
    await ripen(deployed);

    // Act
    const answer = await collected({}, deployed.runtime());

    // Assess
    expect(answer).toMatchObject({ plan: answer.run, next: null });
    expect(answer.sweep).toEqual({ order: 'collect', plan: answer.plan, by: `collect ${answer.run}` });
    expect([deployed.started, deployed.executions]).toEqual([[], []]);
    expect(deployed.s3.log.count('DeleteObjects')).toBe(0);
  });

  it('gives no order where a breaker has tripped', async () => {
    // Prepare
    const deployed = await deploy({ area: [AREA], mode: 'collect' });
    await ripen(deployed);

    // Act
    const answer = await collected({}, deployed.runtime());

    // Assess
    expect(answer).toMatchObject({ result: 'stopped', plan: null, sweep: null });
    expect(answer.breakers).toHaveLength(1);
    expect(deployed.counted.get('StoppedRuns')).toBe(1);
  });

  it('answers that another run is under way', async () => {
    // Prepare
    const deployed = await deploy(COLLECTING);
    holdLease(deployed, '2027-03-02T00:00:00.000Z');

    // Act
    const answer = await collectHandler({ by: 'schedule' }, deployed.runtime());

    // Assess
    expect(answer).toMatchObject({ result: 'lease-held', until: '2027-03-02T00:02:00.000Z' });
    expect(ledgerKeys(deployed, 'plans/')).toEqual([]);
  });
});

describe('sweep', () => {
  it('deletes what the plan names and nothing else, each with its ETag', async () => {
    // Prepare
    const deployed = await deploy(COLLECTING);
    await ripen(deployed);
    const { sweep } = await collected({}, deployed.runtime());

    // Act
    const answer = await swept(sweep, deployed.runtime());

    // Assess
    expect(answer).toMatchObject({ result: 'done', deleted: { objects: 1, bytes: 100 } });
    expect(deployed.published.filter(({ name }) => name.startsWith('Swept'))).toEqual([
      { name: 'SweptObjects', value: 1, job: null, at: deployed.now },
      { name: 'SweptBytes', value: 100, job: null, at: deployed.now },
    ]);
    expect(deployed.s3.keys(BUCKET)).not.toContain(GARBAGE);
    expect(deployed.s3.keys(BUCKET)).toContain(LIVE);
    expect(deployed.counted.get('DeletedObjects')).toBe(1);
  });

  it('executes a plan once, however often the order comes', async () => {
    // Prepare
    const deployed = await deploy(COLLECTING);
    await ripen(deployed);
    const { sweep: order } = await collected({}, deployed.runtime());
    await swept(order, deployed.runtime());
    const deletions = deployed.s3.log.count('DeleteObjects');

    // Act
    const again = sweepHandler(order, deployed.runtime());

    // Assess
    await expect(again).rejects.toThrow(PlanError);
    await expect(again).rejects.toThrow(/ has been executed before/);
    expect(deletions).toBeGreaterThan(0);
    expect(deployed.s3.log.count('DeleteObjects')).toBe(deletions);
  });

  it('answers that another run is under way, and leaves the plan to the next attempt', async () => {
    // Prepare
    const deployed = await deploy(COLLECTING);
    await ripen(deployed);
    const { sweep } = await collected({}, deployed.runtime());
    holdLease(deployed, '2027-03-02T00:00:00.000Z');

    // Act
    const hindered = await sweepHandler(sweep, deployed.runtime());
    const left = deployed.s3.keys(BUCKET);
    holdLease(deployed, null);
    const again = await swept(sweep, deployed.runtime());

    // Assess
    expect(hindered).toMatchObject({ result: 'lease-held', why: expect.stringContaining('run another, on elsewhere') });
    expect(left).toContain(GARBAGE);
    expect(again).toMatchObject({ result: 'done', deleted: { objects: 1 }, unfinished: false, nextPart: null });
  });

  it('refuses a plan that is older than a day', async () => {
    // Prepare
    const deployed = await deploy(COLLECTING);
    await ripen(deployed);
    const { sweep } = await collected({}, deployed.runtime());
    deployed.now += DAY;

    // Act
    const late = sweepHandler(sweep, deployed.runtime());

    // Assess
    await expect(late).rejects.toThrow(/is too old/);
    expect(deployed.s3.keys(BUCKET)).toContain(GARBAGE);
  });

  it('refuses a plan that nobody made', async () => {
    // Prepare
    const deployed = await deploy(COLLECTING);

    // Act
    const asked = sweepHandler({ order: 'apply', plan: '../state' }, deployed.runtime());

    // Assess
    await expect(asked).rejects.toThrow(/^The ledger s3:\/\/steward-ledger.* has no plan \.\.\/state:/);
  });

  it('spares what a checkpoint has taken into use since the plan', async () => {
    // Prepare
    const deployed = await deploy(COLLECTING);
    await ripen(deployed);
    const { sweep } = await collected({}, deployed.runtime());
    const store = new MovingStore({ now: NOW });
    const job = new PlayedJob(store, undefined, `s3a://${BUCKET}`);
    job.complete(8, [job.file(1), job.file(2)], deployed.now - MINUTE);
    putAll(deployed.s3, store);

    // Act
    const answer = await swept(sweep, deployed.runtime());

    // Assess
    expect(answer).toMatchObject({ result: 'nothing-to-do', deleted: { objects: 0 } });
    expect(deployed.s3.keys(BUCKET)).toContain(GARBAGE);
  });

  it('spares what is another object than the one that was judged', async () => {
    // Prepare
    const deployed = await deploy(COLLECTING);
    await ripen(deployed);
    const { sweep } = await collected({}, deployed.runtime());
    deployed.s3.put(BUCKET, GARBAGE, 'something else', { lastModified: NOW - 5 * DAY });

    // Act
    const answer = await swept(sweep, deployed.runtime());

    // Assess
    expect(answer.deleted.objects).toBe(0);
    expect(deployed.s3.keys(BUCKET)).toContain(GARBAGE);
  });

  it('counts what the store refused to delete, and tells why', async () => {
    // Prepare
    const deployed = await deploy(COLLECTING);
    await ripen(deployed);
    const { sweep } = await collected({}, deployed.runtime());
    deployed.s3.faults.add({
      match: { operation: 'DeleteObjects' },
      do: { kind: 'refuse-keys', keys: /\/shared\//, code: 'AccessDenied' },
    });

    // Act
    const answer = await swept(sweep, deployed.runtime());

    // Assess
    expect(answer).toMatchObject({ result: 'stopped', refused: 1, why: expect.stringContaining('s3:DeleteObject') });
    expect(deployed.counted.get('RefusedDeletions')).toBe(1);
    expect(deployed.counted.has('StoppedRuns')).toBe(false);
    expect(deployed.s3.keys(BUCKET)).toContain(GARBAGE);
  });

  it('deletes nothing while it is paused', async () => {
    // Prepare
    const deployed = await deploy(COLLECTING);
    await ripen(deployed);
    const { sweep } = await collected({}, deployed.runtime());
    const { manualHandler } = await import('./handlers.ts');
    await manualHandler({ action: 'pause', why: 'Moving house.', execute: true }, deployed.runtime());

    // Act
    const answer = await swept(sweep, deployed.runtime());

    // Assess
    expect(answer).toMatchObject({ result: 'stopped', deleted: { objects: 0 } });
    expect(answer.why).toContain('Moving house.');
  });

  it('breaks off a deletion that hangs when its time is over, and puts what it did on record', async () => {
    // Prepare: the store never answers the deletion, and meanwhile the time ends.
    const deployed = await deploy(COLLECTING);
    await ripen(deployed);
    const { sweep } = await collected({}, deployed.runtime());
    const [soft, hard] = [new AbortController(), new AbortController()];
    const end = () => {
      soft.abort(new DeadlineError('Over.'));
      hard.abort(new DeadlineError('Over.'));
    };
    deployed.s3.faults.add({
      match: { operation: 'DeleteObjects', body: /\/shared\// },
      do: [{ kind: 'run', callback: end }, { kind: 'hang' }],
    });

    // Act
    const answer = await swept(sweep, deployed.runtime({ deadline: { soft: soft.signal, hard: hard.signal } }));

    // Assess
    expect(answer).toMatchObject({ deleted: { objects: 0 }, kept: 1 });
    expect(ledgerText(deployed, `runs/${answer.run}/summary.json`)).not.toBeNull();
    expect(JSON.parse(ledgerText(deployed, 'lease@') ?? '')).toMatchObject({ expires: null });
  });

  it('breaks off a probe that hangs when its time is over, and deletes nothing', async () => {
    // Prepare
    const deployed = await deploy(COLLECTING);
    await ripen(deployed);
    const { sweep } = await collected({}, deployed.runtime());
    const before = deployed.s3.keys(BUCKET);
    const [soft, hard] = [new AbortController(), new AbortController()];
    deployed.s3.faults.add({
      match: { operation: 'DeleteObjects' },
      do: [{ kind: 'run', callback: () => hard.abort(new DeadlineError('Over.')) }, { kind: 'hang' }],
    });

    // Act
    const swept = sweepHandler(sweep, deployed.runtime({ deadline: { soft: soft.signal, hard: hard.signal } }));

    // Assess
    await expect(swept).rejects.toThrow("honours can't be found out");
    expect(deployed.s3.keys(BUCKET)).toEqual(expect.arrayContaining([...before]));
    expect(JSON.parse(ledgerText(deployed, 'lease@') ?? '')).toMatchObject({ expires: null });
  });

  it('goes on where an earlier sweep was cut short', async () => {
    // Prepare: of two pieces of garbage the first sweep is refused one.
    const deployed = await deploy(COLLECTING, (store) => {
      const job = new PlayedJob(store, undefined, `s3a://${BUCKET}`);
      job.complete(7, [job.upload(1)], NOW - 2 * DAY);
      for (const number of [2, 3]) job.upload(number);
    });
    await ripen(deployed);
    const { sweep } = await collected({}, deployed.runtime());
    const mend = deployed.s3.faults.add({
      match: { operation: 'DeleteObjects' },
      do: { kind: 'refuse-keys', keys: new RegExp(uuid(3)), code: 'InternalError' },
    });
    const first = await swept(sweep, deployed.runtime());
    mend();

    // Act
    deployed.now += DAY;
    const { sweep: next } = await collected({}, deployed.runtime());
    const second = await swept(next, deployed.runtime());

    // Assess
    expect([first.deleted.objects, second.deleted.objects]).toEqual([1, 1]);
    expect(deployed.s3.keys(BUCKET, `flink/${JOB}/shared/`)).toEqual([LIVE]);
  });
});
