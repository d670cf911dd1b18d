import { describe, expect, it } from 'vitest';
import { Area } from '#core/area/area.ts';
import { judgeAll } from '#core/collect/judge.ts';
import type { ReportedJob } from '#core/collect/liveness.ts';
import { askClusters } from '#operations/look/ask-clusters.ts';
import { notes } from '#operations/report/audit-notes.ts';
import { explain } from '#operations/report/explain.ts';
import { type RunningJobs, RunningJobsError } from '#ports/running-jobs.ts';
import { judge } from '#test/support/judged.ts';
import { MovingStore } from '#test/support/moving-store.ts';
import { failureOf } from '#test/support/object-store-contract.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob } from '#test/support/played-job.ts';
import { BUCKET, runningJob } from '#test/support/world.ts';

const CLUSTER = 'http://jobmanager:8081';

function cluster(jobs: Parameters<typeof runningJob>[0][], name = CLUSTER): RunningJobs {
  return { name, jobs: async () => jobs.map(runningJob) };
}

function failing(error: unknown, name = CLUSTER): RunningJobs {
  return { name, jobs: () => Promise.reject(error) };
}

/** A job that has been quiet for so long that only a word of Flink keeps its garbage. */
function quietJob(): { store: MovingStore; job: PlayedJob } {
  const store = new MovingStore({ now: NOW });
  const job = new PlayedJob(store);
  job.complete(1, [job.upload(1, NOW - 20 * DAY)], NOW - 20 * DAY);
  job.upload(2, NOW - 20 * DAY);
  return { store, job };
}

describe('Clusters', () => {
  const area = new Area([BUCKET]);

  it('are asked all, and each job remembers which one told of it', async () => {
    const clusters = [cluster([{ jobId: JOB }], 'http://eu:8081'), cluster([{ jobId: OTHER_JOB }], 'http://us:8081')];

    const { jobs, silent } = await askClusters(area, clusters);

    expect(jobs.map(({ jobId, cluster: name }) => [jobId, name])).toEqual([
      [JOB, 'http://eu:8081'],
      [OTHER_JOB, 'http://us:8081'],
    ]);
    expect(silent).toEqual([]);
  });

  it('that do not answer are remembered, and those that do are heard', async () => {
    const error = new RunningJobsError('http://eu:8081', 'nothing listens there');

    const { jobs, silent } = await askClusters(area, [failing(error, 'http://eu:8081'), cluster([{ jobId: JOB }])]);

    expect(silent).toEqual([{ cluster: 'http://eu:8081', why: 'nothing listens there' }]);
    expect(jobs).toHaveLength(1);
  });

  it('fail a run in ways that nobody foresaw, and are asked no more when the run is given up', async () => {
    const unforeseen = new TypeError('no such thing');
    const controller = new AbortController();
    controller.abort(unforeseen);
    let given: AbortSignal | undefined;
    const watched: RunningJobs = {
      name: CLUSTER,
      jobs: async (signal) => {
        given = signal;
        return [];
      },
    };

    expect(await failureOf(() => askClusters(area, [watched, failing(unforeseen)], controller.signal))).toBe(
      unforeseen,
    );
    expect(given).toBe(controller.signal);
  });
});

describe('A survey', () => {
  it('asks after it has listed the objects, and before it looks for roots', async () => {
    // Prepare
    const { store } = quietJob();
    let before: readonly string[] = [];
    const watched: RunningJobs = {
      name: CLUSTER,
      jobs: async () => {
        before = [...store.calls];
        return [];
      },
    };

    // Act
    await judge(store, { running: [watched] });

    // Assess
    expect(before).toEqual(['now ', 'list ']);
    expect(store.calls.length).toBeGreaterThan(before.length);
  });

  it('sees the last root of a job that had ended when it was asked for', async () => {
    // Prepare
    const { store, job } = quietJob();
    const ended: RunningJobs = {
      name: CLUSTER,
      jobs: async () => {
        // The job has taken its old upload into use, and is over.
        job.complete(2, [job.file(1), job.file(2)], NOW);
        return [];
      },
    };

    // Act
    const { garbage } = await judge(store, { running: [ended] });

    // Assess
    expect(garbage).toEqual([]);
  });

  it('keeps what a running job may still take into use', async () => {
    const { store, job } = quietJob();

    const silent = await judge(store);
    const told = await judge(store, { running: [cluster([{ jobId: JOB }])] });

    expect(silent.garbage).toEqual([job.file(2)]);
    expect(told.garbage).toEqual([]);
    expect(told.verdicts[job.file(2)]).toBe('keep-in-progress');
  });

  it('deletes nothing while a cluster is silent', async () => {
    const { store } = quietJob();

    const { garbage, codes, survey } = await judge(store, {
      running: [failing(new RunningJobsError(CLUSTER, 'nothing listens there'))],
    });

    expect({ garbage, codes }).toEqual({ garbage: [], codes: ['flink-unreachable'] });
    expect((await survey.readAgain()).map(({ code }) => code)).toEqual(['flink-unreachable']);
  });

  it('tells what a job needs that it was restored from', async () => {
    const { store, job } = quietJob();
    const restoredFrom = { path: `s3a://bucket/${job.directory}chk-1`, isSavepoint: false, id: 1n };

    const { survey } = await judge(store, { running: [cluster([{ jobId: OTHER_JOB, restoredFrom }])] });

    expect([...survey.liveness.restoredFrom]).toEqual([`s3://bucket/${job.directory}chk-1/`]);
  });
});

describe('Reports', () => {
  const RUNS = `${CLUSTER} reports that "orders" is RUNNING`;

  it('say that a declaration does not hold, because the job runs', async () => {
    const { store } = quietJob();

    const { survey } = await judge(store, { deadJobs: [JOB], running: [cluster([{ jobId: JOB }])] });

    expect(notes(survey)).toEqual([
      `Job ${JOB} is declared dead, but ${CLUSTER} reports it as RUNNING ("orders"), so the declaration has no effect. Remove it from deadJobs in steward.json.`,
    ]);
  });

  it('say that a declaration does not hold, because the job writes, where no cluster knows of it', async () => {
    const { store, job } = quietJob();
    job.upload(3, NOW);

    const { survey } = await judge(store, { deadJobs: [JOB], running: [cluster([{ jobId: OTHER_JOB }])] });

    expect(notes(survey)).toEqual([
      `Job ${JOB} is declared dead, but its directory was written to at 2027-03-01T00:00:00.000Z, so the declaration is ignored. If the job is over, declare it again: steward declare-dead ${JOB} --execute`,
    ]);
  });

  it('say that what a job was restored from is no more', async () => {
    const { store } = quietJob();
    const restoredFrom = { path: 's3://bucket/sp/savepoint-1', isSavepoint: true, id: 1n };

    const { survey } = await judge(store, { running: [cluster([{ jobId: JOB, restoredFrom }])] });

    expect(notes(survey)).toEqual([expect.stringContaining('but that checkpoint or savepoint no longer exists.')]);
  });

  it.each<[string, string, Partial<ReportedJob>, (job: PlayedJob) => string]>([
    [
      'no-later-checkpoint',
      `${RUNS}, so it becomes garbage only when a checkpoint that began later completes.`,
      {},
      (job) => job.file(2),
    ],
    [
      'running-checkpoint',
      `${RUNS}, and that this checkpoint is, or may be, in progress.`,
      { inProgress: [5n] },
      (job) => job.upload(3, NOW - 20 * DAY, 'chk-5'),
    ],
    [
      'rootless-directory',
      `${RUNS}, so it does not count as abandoned.`,
      {},
      (job) => {
        job.subsume(1);
        return job.file(2);
      },
    ],
    [
      'rootless-directory',
      `a checkpoint directory of that job id has no checkpoint yet. ${RUNS}, so it is kept.`,
      {},
      (job) => job.upload(5, NOW - 40 * DAY, 'dstl'),
    ],
    [
      'no-later-checkpoint',
      `(a copied bucket). ${RUNS}, so it is kept.`,
      {},
      (job) => {
        job.complete(2, [job.upload(4, NOW - 17 * DAY)], NOW - 18 * DAY);
        return job.file(2);
      },
    ],
    [
      'no-later-checkpoint',
      `${RUNS} (and 1 more), so it becomes garbage only when a checkpoint that began later completes.`,
      { cluster: 'twice' },
      (job) => job.file(2),
    ],
  ])('explain %s: %s', async (rule, words, told, prepare) => {
    // Prepare
    const { store, job } = quietJob();
    const key = prepare(job);
    const jobs = told.cluster === 'twice' ? [{ jobId: JOB }, { jobId: JOB }] : [{ jobId: JOB, ...told }];

    // Act
    const { survey } = await judge(store, { running: [cluster(jobs)] });
    const explanation = explain(survey, judgeAll(survey), survey.objects.find(0, key));

    // Assess
    expect(explanation.rule).toBe(rule);
    expect(explanation.because[0]).toContain(words);
  });
});
