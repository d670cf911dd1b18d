import { describe, expect, it } from 'vitest';
import { Area } from '#core/area/area.ts';
import { openDeployedSteward } from '#functions/shared/open-steward.ts';
import { rememberHazards } from '#operations/ledger/hazards.ts';
import { rememberMattered } from '#operations/ledger/mattered-metrics.ts';
import { type Observation, writeObservations } from '#operations/ledger/observations.ts';
import { updateState } from '#operations/ledger/state.ts';
import { MetricError, type MetricValue } from '#ports/metric-sink.ts';
import { publishSizes } from '#steward/metrics/publish-sizes.ts';
import { BUCKET } from '#test/support/embedded-s3.ts';
import { useFlinkClusters } from '#test/support/flink-cluster.ts';
import { MovingStore } from '#test/support/moving-store.ts';
import { observationOf } from '#test/support/observation.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob } from '#test/support/played-job.ts';
import { AREA, type Deployed, ledgerText, putAll, useDeployments } from './deployed.ts';
import { checkpointCompletedHandler, surveyHandler } from './handlers.ts';

const HOUR = 3_600_000;
const LABELLED = { area: [AREA], labels: [{ path: 'flink/{jobId}', job: 'orders' }] };
const deploy = useDeployments();
const serveFlink = useFlinkClusters();

function completed(...keys: readonly string[]): object {
  const body = (key: string): string =>
    JSON.stringify({
      source: 'aws.s3',
      'detail-type': 'Object Created',
      detail: { bucket: { name: BUCKET }, object: { key } },
    });
  return { Records: keys.map((key, at) => ({ messageId: `m${at}`, body: body(key) })) };
}

/** Completes a checkpoint of the job now. @returns its key. */
function complete(deployed: Deployed, checkpoint: number, bytes: number): string {
  const store = new MovingStore({ now: NOW });
  const job = new PlayedJob(store, undefined, `s3a://${BUCKET}`);
  const key = job.complete(
    checkpoint,
    Array.from({ length: bytes / 100 }, (_, at) => job.upload(at)),
    deployed.now,
  );
  putAll(deployed.s3, store);
  return key;
}

function heardOf(checkpoint: number, bytes: number, at: number): Observation {
  return observationOf(checkpoint, at, { url: `${AREA}/${JOB}/chk-${checkpoint}/_metadata`, bytes });
}

function taken(deployed: Deployed): readonly MetricValue[] {
  return deployed.published.splice(0);
}

function namesOf(values: readonly MetricValue[], job: string | null): readonly string[] {
  return values
    .filter((value) => value.job === job)
    .map(({ name }) => name)
    .toSorted();
}

function theValue(values: readonly MetricValue[], name: string, job: string | null): number | undefined {
  return values.find((value) => value.name === name && value.job === job)?.value;
}

describe('survey', () => {
  it('publishes the gauges of each job and of the fleet', async () => {
    // Prepare
    const deployed = await deploy(LABELLED);

    // Act
    await surveyHandler({}, deployed.runtime());

    // Assess
    const values = taken(deployed);
    expect(namesOf(values, 'orders')).toEqual(['CheckpointBytes', 'TotalBytes']);
    expect(namesOf(values, null)).toEqual([
      'Heartbeat',
      'Jobs',
      'LiveBytes',
      'MonthlyCost',
      'ReclaimableBytes',
      'RestorePoints',
      'TotalBytes',
    ]);
    expect(theValue(values, 'CheckpointBytes', 'orders')).toBe(164);
    expect(theValue(values, 'ReclaimableBytes', null)).toBe(100);
    expect([...new Set(values.map(({ at }) => at))]).toEqual([NOW]);
  });

  it('publishes what is wrong with a job while it is, and for three hours that it is well again', async () => {
    // Prepare: the only checkpoint lacks a file, then another one is complete.
    const deployed = await deploy(LABELLED);
    await surveyHandler({}, deployed.runtime());
    const file = deployed.s3.keys(BUCKET).find((key) => key.includes('/shared/')) ?? '';
    deployed.s3.erase(BUCKET, file);
    deployed.now += HOUR;
    taken(deployed);

    // Act
    await surveyHandler({}, deployed.runtime());
    const broken = taken(deployed);
    complete(deployed, 9, 200);
    const later: (number | undefined)[] = [];
    for (let hour = 1; hour <= 4; hour++) {
      deployed.now += HOUR;
      await surveyHandler(hour % 2 === 0 ? { only: 'metrics' } : {}, deployed.runtime());
      later.push(theValue(taken(deployed), 'RestorePoints', 'orders'));
    }

    // Assess
    const points = broken.filter(({ name, job }) => name === 'RestorePoints' && job === 'orders');
    expect(points.map(({ value }) => value)).toEqual([1, 0]);
    expect(later).toEqual([2, 2, undefined, undefined]);
    expect(JSON.parse(ledgerText(deployed, 'mattered-metrics@') ?? '').series).toEqual([]);
  });

  it('publishes of a job that has ended that it is well, and no more after three hours', async () => {
    // Prepare: the alarm on it is on, then all of it is deleted.
    const deployed = await deploy(LABELLED);
    const { ledger } = await openDeployedSteward(deployed.runtime());
    await surveyHandler({}, deployed.runtime());
    await rememberMattered(ledger, [{ name: 'Lateness', job: 'orders', at: NOW }], NOW);
    deployed.s3.erase(BUCKET, ...deployed.s3.keys(BUCKET));
    taken(deployed);

    // Act
    deployed.now += HOUR;
    await surveyHandler({}, deployed.runtime());
    const after = taken(deployed);
    deployed.now += 2 * HOUR;
    await surveyHandler({}, deployed.runtime());

    // Assess
    expect(after.filter(({ job }) => job !== null)).toEqual([
      { name: 'Lateness', job: 'orders', value: 0, at: NOW + HOUR },
    ]);
    expect(taken(deployed).filter(({ job }) => job !== null)).toEqual([]);
  });

  it('goes on with what an earlier version does not know to have mattered', async () => {
    const deployed = await deploy(LABELLED);
    const { ledger } = await openDeployedSteward(deployed.runtime());
    const series = [{ name: 'Unheard', job: 'orders', at: new Date(NOW).toISOString() }];
    await ledger.writeDocument('mattered-metrics', JSON.stringify({ series }), null);

    await surveyHandler({}, deployed.runtime());

    expect(namesOf(taken(deployed), 'orders')).toEqual(['CheckpointBytes', 'TotalBytes']);
  });

  it('publishes the totals of each location where there are several', async () => {
    // Prepare
    const deployed = await deploy({ area: [`s3://${BUCKET}/flink`, `s3://${BUCKET}/more`] });
    const store = new MovingStore({ now: NOW });
    const job = new PlayedJob(store, `more/${OTHER_JOB}/`, `s3a://${BUCKET}`);
    job.complete(1, [job.upload(101), job.upload(102)], NOW - 2 * DAY);
    putAll(deployed.s3, store);

    // Act
    await surveyHandler({}, deployed.runtime());

    // Assess
    const values = taken(deployed);
    const garbage = values.filter(({ name, area }) => name === 'ReclaimableBytes' && area !== undefined);
    expect(garbage.map(({ area, value }) => [area, value])).toEqual([
      [`s3://${BUCKET}/flink`, 100],
      [`s3://${BUCKET}/more`, 0],
    ]);
    const total = values.filter(({ name, area }) => name === 'TotalBytes' && area !== undefined);
    expect(total.reduce((sum, { value }) => sum + value, 0)).toBe(theValue(values, 'TotalBytes', null));
  });

  it('leaves a page to look at in the ledger', async () => {
    const deployed = await deploy(LABELLED);

    await surveyHandler({}, deployed.runtime());

    const page = ledgerText(deployed, 'report/report.html') ?? '';
    expect(page).toMatch(/^<!doctype html>/i);
    expect(page).toContain('"orders"');
    expect(deployed.logged.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('tells how long deleting has been paused, and what was found of lifecycle rules', async () => {
    // Prepare
    const deployed = await deploy(LABELLED);
    const { ledger } = await openDeployedSteward(deployed.runtime());
    const paused = { at: new Date(NOW - 30 * HOUR).toISOString(), why: '', by: null };
    await surveyHandler({}, deployed.runtime());
    await updateState(ledger, (state) => ({ ...state, paused }));
    await rememberHazards(ledger, { at: new Date(NOW).toISOString(), rules: 2, bytes: 77, sentences: [], takers: [] });
    taken(deployed);

    // Act
    await surveyHandler({}, deployed.runtime());

    // Assess
    const values = taken(deployed);
    const ofFleet = (name: string): number | undefined => theValue(values, name, null);
    expect(['PausedHours', 'HazardousRules', 'BytesAtRisk'].map(ofFleet)).toEqual([30, 2, 77]);
  });

  it('lets jobs share a name where there are too many, and says so', async () => {
    const play = (store: MovingStore): void => {
      for (const id of [JOB, OTHER_JOB, 'a'.repeat(32)]) {
        const job = new PlayedJob(store, `flink/${id}/`, `s3a://${BUCKET}`);
        job.complete(7, [job.upload(1)], NOW - 2 * DAY);
      }
    };
    const deployed = await deploy({ area: [AREA], signals: { maxJobs: 1 } }, play);

    await surveyHandler({}, deployed.runtime());

    const names = new Set(taken(deployed).map(({ job }) => job));
    expect([...names].toSorted()).toEqual([JOB, null, 'other'].toSorted());
    expect(deployed.logged).toContainEqual({
      level: 'warn',
      sentence: expect.stringContaining(
        'There are 3 jobs, but only 1 are published by name. The 2 smallest ones share',
      ),
    });
  });

  it('publishes nothing of a job that has ended', async () => {
    const deployed = await deploy({ ...LABELLED, deadJobs: [JOB] });

    await surveyHandler({}, deployed.runtime());

    const values = taken(deployed);
    expect(namesOf(values, 'orders')).toEqual([]);
    expect(theValue(values, 'Jobs', null)).toBe(0);
    expect(theValue(values, 'TotalBytes', null)).toBeGreaterThan(0);
  });

  it('fails where they can’t be published, after all else is done', async () => {
    const deployed = await deploy(LABELLED);
    const gauges = { publish: async () => await Promise.reject(new MetricError('Nobody takes metrics.')) };

    await expect(surveyHandler({}, deployed.runtime({ gauges }))).rejects.toThrow('Nobody takes metrics.');

    const again = await surveyHandler({}, deployed.runtime());
    expect(again).toMatchObject({ result: 'observed' });
  });

  it('publishes once more what it knows where only that is asked for, and asks the area nothing', async () => {
    // Prepare
    const deployed = await deploy(LABELLED);
    await surveyHandler({}, deployed.runtime());
    const before = taken(deployed);
    deployed.now += HOUR;
    deployed.s3.erase(BUCKET, ...deployed.s3.keys(BUCKET));

    // Act
    const answer = await surveyHandler({ only: 'metrics' }, deployed.runtime());

    // Assess
    const values = taken(deployed);
    expect(answer).toEqual({ result: 'published', surveyed: new Date(NOW).toISOString(), jobs: 1 });
    expect(values.map(({ name, job }) => `${job} ${name}`).toSorted()).toEqual(
      before.map(({ name, job }) => `${job} ${name}`).toSorted(),
    );
    expect(theValue(values, 'LiveBytes', 'orders')).toBe(theValue(before, 'LiveBytes', 'orders'));
    expect([...new Set(values.map(({ at }) => at))]).toEqual([NOW + HOUR]);
  });

  it.each([
    ['rate(1 hour)', 4],
    ['rate(6 hours)', 14],
    ['cron(0 2 * * ? *)', 27],
  ])('says no more that it looks where with %s no survey has come for %d hours', async (survey, hours) => {
    const deployed = await deploy({ ...LABELLED, deploy: { survey } });
    await surveyHandler({}, deployed.runtime());
    deployed.now += (hours - 1) * HOUR;
    taken(deployed);

    await surveyHandler({ only: 'metrics' }, deployed.runtime());
    const still = taken(deployed);
    deployed.now += HOUR;
    await surveyHandler({ only: 'metrics' }, deployed.runtime());

    expect(theValue(still, 'Heartbeat', null)).toBe(1);
    expect(theValue(taken(deployed), 'Heartbeat', null)).toBeUndefined();
  });

  it('has nothing to publish before the first look', async () => {
    const deployed = await deploy(LABELLED);
    expect(await surveyHandler({ only: 'metrics' }, deployed.runtime())).toEqual({
      result: 'no-survey-yet',
      surveyed: null,
      jobs: 0,
    });
    expect(taken(deployed)).toEqual([]);
  });
});

describe('checkpoint-completed', () => {
  it('publishes the size of a checkpoint as of its completion, once a survey has named the job', async () => {
    // Prepare
    const deployed = await deploy(LABELLED);
    const early = complete(deployed, 8, 500);
    await checkpointCompletedHandler(completed(early), deployed.runtime());
    const before = taken(deployed);
    await surveyHandler({}, deployed.runtime());
    taken(deployed);
    deployed.now += HOUR;
    const key = complete(deployed, 9, 900);

    // Act
    await checkpointCompletedHandler(completed(key), deployed.runtime());

    // Assess
    expect(before).toEqual([]);
    expect(taken(deployed)).toEqual([{ name: 'CheckpointBytes', value: 964, job: 'orders', at: NOW + HOUR }]);
  });

  it('publishes it under the name that Flink reported to the survey, and asks no cluster itself', async () => {
    // Prepare
    const cluster = await serveFlink([{ jobId: JOB, name: 'orders-cdc' }]);
    const deployed = await deploy({ area: [AREA], flinkRest: [cluster.endpoint] });
    await surveyHandler({}, deployed.runtime());
    const surveyed = taken(deployed);
    const asked = cluster.asked.length;
    deployed.now += HOUR;

    // Act
    const key = complete(deployed, 8, 300);
    await checkpointCompletedHandler(completed(key), deployed.runtime());

    // Assess
    expect(namesOf(surveyed, 'orders-cdc')).toEqual(['CheckpointBytes', 'TotalBytes']);
    expect(theValue(taken(deployed), 'CheckpointBytes', 'orders-cdc')).toBe(364);
    expect(cluster.asked).toHaveLength(asked);
  });

  it('sees a jump of two checkpoints running from their events alone', async () => {
    // Prepare: a state of two days, some 100 MB an hour, as the events told.
    const deployed = await deploy({ ...LABELLED, signals: { metrics: ['GrowthRatio'] } }, () => {});
    const steward = await openDeployedSteward(deployed.runtime());
    const area = new Area(
      steward.locations.map((location) => location.area),
      [],
      [],
    );
    const tell = async (checkpoint: number, bytes: number): Promise<Observation> => {
      const observation = heardOf(checkpoint, bytes, deployed.now);
      await writeObservations(steward.ledger, [observation]);
      return observation;
    };
    for (let hour = 0; hour < 48; hour++) {
      await tell(hour, 100_000_000);
      if (hour === 0 || hour === 47) {
        complete(deployed, 1, 100);
        await surveyHandler({}, deployed.runtime());
      }
      deployed.now += HOUR;
    }
    await tell(100, 400_000_000);
    deployed.now += 60_000;
    const second = await tell(101, 500_000_000);
    taken(deployed);

    // Act
    await publishSizes([second], area, steward, deployed.runtime());

    // Assess
    const values = taken(deployed);
    expect(theValue(values, 'GrowthRatio', 'orders')).toBe(5);
    expect(theValue(values, 'JumpRatio', 'orders')).toBe(4);
    await surveyHandler({ only: 'metrics' }, deployed.runtime());
    expect(theValue(taken(deployed), 'JumpRatio', 'orders')).toBe(1);
  });

  it('leaves the sizes to the survey where there are more jobs than names', async () => {
    const deployed = await deploy({ ...LABELLED, signals: { maxJobs: 1 } }, (store) => {
      for (const id of [OTHER_JOB, 'a'.repeat(32)]) {
        const job = new PlayedJob(store, `flink/eu/${id}/`, `s3a://${BUCKET}`);
        job.complete(7, [job.upload(1)], NOW - 2 * DAY);
      }
    });
    await surveyHandler({}, deployed.runtime());
    taken(deployed);

    const answer = await checkpointCompletedHandler(completed(complete(deployed, 9, 100)), deployed.runtime());

    expect(answer).toMatchObject({ outcomes: { observed: 1 } });
    expect(taken(deployed)).toEqual([]);
  });

  it('publishes the sizes of the jobs that have a name where there are more jobs than names', async () => {
    // Prepare
    const deployed = await deploy({ ...LABELLED, signals: { maxJobs: 1 } }, (store) => {
      for (const [id, files] of [
        [JOB, 9],
        [`eu/${OTHER_JOB}`, 1],
      ] as const) {
        const job = new PlayedJob(store, `flink/${id}/`, `s3a://${BUCKET}`);
        const uploads = Array.from({ length: files }, (_, at) => job.upload(at));
        job.complete(7, uploads, NOW - 2 * DAY);
      }
    });
    await surveyHandler({}, deployed.runtime());
    const named = new Set(taken(deployed).flatMap(({ job }) => job ?? []));

    // Act
    const store = new MovingStore({ now: NOW });
    const small = new PlayedJob(store, `flink/eu/${OTHER_JOB}/`, `s3a://${BUCKET}`);
    const key = small.complete(9, [small.upload(2)], deployed.now);
    putAll(deployed.s3, store);
    await checkpointCompletedHandler(completed(complete(deployed, 9, 100), key), deployed.runtime());

    // Assess
    expect(named).toEqual(new Set(['orders', 'other']));
    expect(new Set(taken(deployed).map(({ job }) => job))).toEqual(new Set(['orders']));
  });

  it('brings no message back where the size can’t be published, but says so', async () => {
    const deployed = await deploy(LABELLED);
    await surveyHandler({}, deployed.runtime());
    const gauges = { publish: async () => await Promise.reject(new MetricError('Nobody takes metrics.')) };

    const answer = await checkpointCompletedHandler(
      completed(complete(deployed, 9, 100)),
      deployed.runtime({ gauges }),
    );

    expect(answer.batchItemFailures).toEqual([]);
    expect(deployed.logged).toContainEqual({ level: 'error', sentence: 'Nobody takes metrics.' });
  });
});
