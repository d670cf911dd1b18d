import { describe, expect, it } from 'vitest';
import { judgeAll } from '#core/collect/judge.ts';
import { tally } from '#core/collect/totals.ts';
import { type Job, jobsOf } from '#core/jobs/jobs.ts';
import { incrementOf, type Seeing, type SeenJob, seenJobs } from '#core/signals/seen-jobs.ts';
import { DAY, DIRECTORY, HOUR, JOB, OTHER_DIRECTORY, uuid, type WorldSpec, world } from '#test/support/world.ts';

const FILE = `${DIRECTORY}/shared/${uuid(1)}`;
const GARBAGE = `${DIRECTORY}/shared/${uuid(2)}`;
const OTHER_FILE = `${OTHER_DIRECTORY}/shared/${uuid(3)}`;
const NOTHING: Seeing = { costOf: () => null, newestDamaged: () => false };

/** Two submissions of one job: a file and garbage of ten days, and a file of an hour. */
const SUBMISSIONS: WorldSpec = {
  objects: {
    [FILE]: { age: 10 * DAY, bytes: 10 },
    [GARBAGE]: { age: 10 * DAY, bytes: 200 },
    [OTHER_FILE]: { age: HOUR, bytes: 3_000 },
  },
  roots: {
    [`${DIRECTORY}/chk-4`]: { age: DAY, bytes: 40_000, names: [{ path: `s3://bucket/${FILE}` }] },
    [`${OTHER_DIRECTORY}/chk-1`]: {
      age: HOUR,
      bytes: 50_000,
      names: [{ path: `s3://bucket/${FILE}` }, { path: `s3://bucket/${OTHER_FILE}` }],
    },
  },
};

function seen(spec: WorldSpec, seeing: Partial<Seeing> = {}, label?: string): readonly SeenJob[] {
  const evidence = world(spec);
  const jobs = jobsOf(
    evidence,
    tally(evidence, judgeAll(evidence)),
    label === undefined ? [] : [{ path: 'cp/{id}', job: label }],
  );
  return seenJobs(evidence, jobs, { ...NOTHING, ...seeing });
}

describe('what a survey tells of a job', () => {
  it('is told of all its submissions together', () => {
    const [job, ...others] = seen(SUBMISSIONS, { costOf: () => 2 }, 'orders');

    expect(others).toEqual([]);
    expect(job).toMatchObject({
      label: 'orders',
      ended: false,
      measure: {
        live: 93_010,
        reclaimable: 200,
        quarantined: 0,
        unknown: 0,
        total: 93_210,
        roots: 2,
        restorePoints: 2,
        damagedRoots: 0,
        newestDamaged: false,
        costPerMonth: 4,
      },
    });
    expect(job?.roots.map(({ completion: { jobId, bytes } }) => [jobId, bytes]).sort()).toEqual([
      [JOB, 10],
      [OTHER_DIRECTORY.slice(3), 3_010],
    ]);
  });

  it('has the cost that is known, of whichever submission', () => {
    const costs: readonly ((job: Job) => number | null)[] = [
      ({ job }) => (job === JOB ? 3 : null),
      ({ job }) => (job === JOB ? null : 3),
      () => null,
    ];
    expect(costs.map((costOf) => seen(SUBMISSIONS, { costOf }, 'orders')[0]?.measure.costPerMonth)).toEqual([
      3,
      3,
      null,
    ]);
  });

  it('says that nothing can be restarted from, whichever submission it is', () => {
    const damaged = (is: (job: Job) => boolean) =>
      seen(SUBMISSIONS, { newestDamaged: is }, 'orders')[0]?.measure.newestDamaged;

    expect([damaged(({ job }) => job === JOB), damaged(({ job }) => job !== JOB), damaged(() => false)]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('has no size where a root can’t be read, and counts roots that are damaged', () => {
    const [job] = seen({
      objects: { [FILE]: DAY },
      roots: {
        [`${DIRECTORY}/chk-1`]: { age: DAY, outcome: 'unreadable' },
        [`${DIRECTORY}/chk-2`]: { age: HOUR, names: [{ path: `s3://bucket/${GARBAGE}` }] },
      },
    });

    expect(job?.roots.map(({ completion: { checkpointId, bytes } }) => [checkpointId, bytes])).toEqual([
      [expect.any(String), 0],
      [null, null],
    ]);
    expect(job?.measure).toMatchObject({ damagedRoots: 1, restorePoints: 0, roots: 2 });
  });

  it('says that it has ended where each submission is declared dead, or was silent for long', () => {
    const old = { [FILE]: 40 * DAY };
    const oneRuns = { ...old, [OTHER_FILE]: HOUR };
    const bothSilent = { ...old, [OTHER_FILE]: 30 * DAY };
    const ended = (spec: WorldSpec) => seen(spec, {}, 'orders').map((job) => job.ended);

    expect(ended({ objects: oneRuns })).toEqual([false]);
    expect(ended({ objects: bothSilent })).toEqual([true]);
    expect(ended({ objects: { [FILE]: 3 * DAY } })).toEqual([false]);
    expect(ended({ objects: { [FILE]: 3 * DAY }, deadJobs: { [JOB]: DAY } })).toEqual([true]);
    expect(ended({ objects: { [FILE]: 14 * DAY } })).toEqual([true]);
    // By Flink's word it runs, however long it has written nothing.
    expect(ended({ objects: { [FILE]: 30 * DAY }, running: [{ jobId: JOB }] })).toEqual([false]);
  });
});

describe('what a checkpoint added', () => {
  it('is what it names and was written after the one before', () => {
    const evidence = world(SUBMISSIONS);
    const root = evidence.root(`${OTHER_DIRECTORY}/chk-1`);

    expect(incrementOf(root, evidence.objects, evidence.start - DAY)).toBe(3_000);
    expect(incrementOf(root, evidence.objects, evidence.start - 20 * DAY)).toBe(3_010);
    expect(incrementOf(root, evidence.objects, evidence.start - HOUR)).toBe(0);
    const unread = world({ roots: { [`${DIRECTORY}/chk-1`]: { age: DAY, outcome: 'unreadable' } } });
    expect(incrementOf(unread.root(`${DIRECTORY}/chk-1`), unread.objects, 0)).toBe(0);
  });
});
