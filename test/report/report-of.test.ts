import { describe, expect, it } from 'vitest';
import { DEFAULT_COLLECT_SETTINGS } from '#core/collect/settings.ts';
import { MovingStore } from '#test/support/moving-store.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob } from '#test/support/played-job.ts';
import { fleet } from './fleet.ts';
import { expireAfter, reportOn } from './reporting.ts';

const HOUR = DAY / 24;

/** `orders`, submitted twice: the second submission needs a file of the first. `lost` can't be restored. */
function twoJobs(): MovingStore {
  const store = new MovingStore({ now: NOW });
  const first = new PlayedJob(store);
  const claimed = first.upload(1, NOW - 40 * DAY);
  first.complete(7, [claimed], NOW - 9 * DAY);
  first.upload(2, NOW - 20 * DAY);
  const second = new PlayedJob(store, `flink/${OTHER_JOB}/`);
  second.complete(8, [claimed, second.upload(3, NOW - 4 * DAY)], NOW - 2 * DAY);
  const lost = new PlayedJob(store, `flink/${'c'.repeat(32)}/`);
  lost.complete(3, [lost.file(9)], NOW - 3 * DAY);
  return store;
}

const LABELS = [
  { jobId: JOB, job: 'orders' },
  { jobId: OTHER_JOB, job: 'orders' },
  { jobId: 'c', job: 'lost' },
];

describe('The report on a bucket', () => {
  it('counts the submissions of one label as one job', async () => {
    const { jobs, total, groups } = await reportOn(twoJobs(), { labels: LABELS });

    expect(jobs.map(({ label, submissions }) => [label, submissions.map(({ id }) => id)])).toEqual([
      ['orders', [OTHER_JOB, JOB]],
      ['lost', ['c'.repeat(32)]],
    ]);
    expect(jobs.map((job) => job.total.objects)).toEqual([5, 1]);
    expect(total.objects).toBe(6);
    expect(groups).toMatchObject({
      live: { objects: 5 },
      deletable: { objects: 0 },
      quarantined: { objects: 1, bytes: 100 },
    });
  });

  it('lists checkpoints of one time by their numbers, the highest first', async () => {
    const store = new MovingStore({ now: NOW });
    const [job, claiming] = [new PlayedJob(store), new PlayedJob(store, `flink/${OTHER_JOB}/`)];
    for (const number of [9, 10]) {
      job.complete(number, [job.upload(1)]);
    }
    claiming.complete(11, [job.file(1)]);

    const [orders] = (await reportOn(store, { labels: LABELS })).jobs;

    expect(orders?.roots.map(({ name }) => name)).toEqual(['chk-11', 'chk-10', 'chk-9']);
  });

  it('tells of each checkpoint whether it can be restored, with which command, and how far back it reaches', async () => {
    const { jobs } = await reportOn(twoJobs(), { labels: LABELS });

    const [orders, lost] = jobs;
    expect(orders?.roots).toMatchObject([
      {
        name: 'chk-8',
        submission: 0,
        condition: 'whole',
        command: `flink run -s s3a://bucket/flink/${OTHER_JOB}/chk-8 -restoreMode no_claim job.jar`,
        completed: NOW - 2 * DAY,
        oldest: NOW - 40 * DAY,
        median: NOW - 4 * DAY,
        newest: NOW - 2 * DAY,
        borrowed: 1,
        borrowedOldest: NOW - 40 * DAY,
        problem: null,
      },
      { name: 'chk-7', submission: 1, borrowed: 0, borrowedOldest: null, oldest: NOW - 40 * DAY },
    ]);
    expect(lost?.roots).toMatchObject([
      { condition: 'damaged', command: null, problem: expect.stringContaining('1 file that it references is missing') },
    ]);
    expect([orders?.restorePoints, lost?.restorePoints]).toEqual([2, 0]);
  });

  it('counts for each age what a rule of that age would break today', async () => {
    const { jobs, ages } = await reportOn(twoJobs(), { labels: LABELS });

    const at = (days: number): number | undefined => jobs[0]?.brokenAt[ages.bounds.indexOf(days * DAY)];
    expect([7, 30, 45].map(at)).toEqual([2, 2, 0]);
    expect(ages.bounds.filter((_, band) => (ages.garbage.objects[band] ?? 0) > 0)).toEqual([21 * DAY]);
  });

  it('says whose files a submission needs', async () => {
    const { needs } = await reportOn(twoJobs(), { labels: LABELS });

    expect(needs).toEqual([
      {
        from: { job: 0, submission: 0 },
        to: { job: 0, submission: 1 },
        directory: `flink/${JOB}/`,
        objects: 1,
        bytes: 100,
        oldest: NOW - 40 * DAY,
        roots: 1,
      },
    ]);
  });

  it('tells when a rule of the bucket takes the first file of a checkpoint', async () => {
    const { jobs, buckets } = await reportOn(twoJobs(), { labels: LABELS, lifecycle: expireAfter(60) });

    expect(jobs[0]?.roots.map(({ breaksAt }) => breaksAt)).toEqual([NOW + 20 * DAY, NOW + 20 * DAY]);
    expect(buckets).toMatchObject([
      { bucket: null, known: true, rules: [{ id: 'expire-after-60-days', roots: 3, dueRoots: 0, enabled: true }] },
    ]);
  });

  it('says what goes and why, for the area and for each job', async () => {
    const { reasons, jobs } = await reportOn(twoJobs(), { labels: LABELS });

    expect(reasons.find(({ rule }) => rule === 'quarantine')).toMatchObject({ objects: 1, verdict: 'quarantined' });
    expect(jobs[0]?.reasons.map(({ rule, objects }) => [rule, objects]).sort()).toEqual([
      ['named-by-root', 2],
      ['quarantine', 1],
      ['root', 2],
    ]);
  });

  it('says what has begun its quarantine', async () => {
    const never = await reportOn(twoJobs());
    const begun = await reportOn(twoJobs(), {
      assumeQuarantined: true,
      settings: { ...DEFAULT_COLLECT_SETTINGS, quarantine: 30 * HOUR },
    });

    expect(never.quarantine).toEqual({ lasts: 20 * HOUR, firstEnds: null, unremembered: 1 });
    expect(begun.groups.deletable.objects).toBe(1);
    expect(begun.quarantine).toEqual({ lasts: 30 * HOUR, firstEnds: null, unremembered: 0 });
  });

  it('holds nothing of an empty bucket', async () => {
    const report = await reportOn(new MovingStore({ now: NOW }));

    expect(report).toMatchObject({ total: { objects: 0 }, jobs: [], needs: [], reasons: [], trend: { at: [] } });
  });

  it.each([
    [[], 's3://bucket/: there are no files, so there is nothing to report.'],
    [['a.jpg'], "s3://bucket/: its only file does not have a name that Flink's state code writes"],
    [['a.jpg', 'b.jpg'], "s3://bucket/: none of the 2 files has a name that Flink's state code writes"],
  ])('says of a bucket without Flink state what the command says: %j', async (keys, begins) => {
    const store = new MovingStore({ now: NOW });
    for (const key of keys) store.put(key, 'x', NOW - 9 * DAY);

    const { empty } = await reportOn(store);

    expect(empty?.startsWith(begins)).toBe(true);
    expect((await reportOn(twoJobs())).empty).toBeNull();
  });

  it('leaves out a job of which only a marker is left', async () => {
    const store = new MovingStore({ now: NOW }).put(`flink/${JOB}/shared/`, '', NOW - 9 * DAY);

    const { jobs, total } = await reportOn(store);

    expect({ jobs, total }).toEqual({ jobs: [], total: { objects: 1, bytes: 0 } });
  });

  it('has the words of the command about money, and the state of each job', async () => {
    const store = new MovingStore({ now: NOW });
    const [ended, running] = [new PlayedJob(store, `flink/${OTHER_JOB}/`), new PlayedJob(store)];
    ended.complete(3, [ended.upload(1, NOW - 40 * DAY)], NOW - 39 * DAY);
    ended.upload(2, NOW - 40 * DAY);
    running.complete(4, [running.upload(3)], NOW - 1_000);
    const labels = [JOB, OTHER_JOB].map((jobId) => ({ jobId, job: 'orders' }));

    const { money, jobs } = await reportOn(store, { labels });
    const apart = await reportOn(store);

    expect(money).toEqual({
      answer: 'under 1 cent a month',
      contains: 'Noncurrent versions or incomplete uploads were not counted.',
      savings: [
        'Under 1 cent a month can be saved now: 100 B in 1 object that no checkpoint or savepoint references.',
        '1 ended job holds 1.1 kB.',
      ],
    });
    expect(jobs.map(({ state, stateWhy }) => [state, stateWhy])).toEqual([['running', 'last write 1 s ago']]);
    expect(apart.jobs.map(({ state }) => state).sort()).toEqual(['ended', 'running']);
  });

  it('is of a size that a page can hold, for 300 jobs over a month', async () => {
    const { store, labels, histories } = fleet(300);

    const report = await reportOn(store, { labels, histories, lifecycle: expireAfter(7) });

    expect(report.undecidable).toEqual([]);
    expect(report.jobs).toHaveLength(258);
    expect(report.jobs.every(({ trend }) => trend.at.length === 60)).toBe(true);
    expect(JSON.stringify(report).length).toBeLessThan(3_000_000);
  });

  it('grows with a thousand jobs by what is known of each, and hardly by its charts', async () => {
    const { store, labels, histories } = fleet(1_000);

    const report = await reportOn(store, { labels, histories, lifecycle: expireAfter(7) });

    expect(report.jobs).toHaveLength(858);
    expect(JSON.stringify(report).length).toBeLessThan(5_500_000);
  });

  it('has every submission as the command prints it for spreadsheets', async () => {
    const { table } = await reportOn(twoJobs(), { labels: LABELS });

    const cell = (row: number, column: string): unknown => table.rows[row]?.[table.columns.indexOf(column)];
    expect(table.columns.slice(0, 4)).toEqual(['label', 'job', 'directory', 'state']);
    expect(table.rows.map((_, row) => [cell(row, 'label'), cell(row, 'job'), cell(row, 'reclaimable_bytes')])).toEqual([
      ['orders', OTHER_JOB, 0],
      ['orders', JOB, 100],
      ['lost', 'c'.repeat(32), 0],
    ]);
  });
});
