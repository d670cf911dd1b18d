import { describe, expect, it } from 'vitest';
import { DEFAULT_COLLECT_SETTINGS } from '#core/collect/settings.ts';
import { type LoggedDeletion, loggedDeletions } from '#operations/ledger/audit-log.ts';
import type { DeleteOutcome, GuardedDeleter, GuardedKey } from '#ports/guarded-deleter.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob } from '#test/support/played-job.ts';
import { KINDS, playJob, type Stewarded, useStewarded } from '#test/support/stewarded.ts';

const open = useStewarded();
const SETTINGS = { ...DEFAULT_COLLECT_SETTINGS, maxDeleteFraction: 1 };

async function logOf({ ledger }: Stewarded): Promise<LoggedDeletion[]> {
  const all = [];
  for await (const deletion of loggedDeletions(ledger)) all.push(deletion);
  return all;
}

/** A job with as many files that are garbage, beside its live one. */
function playGarbage(area: Stewarded, directory: string, count: number): PlayedJob {
  const job = new PlayedJob(area, directory, area.url);
  job.complete(1, [job.upload(0)]);
  for (let n = 1; n <= count; n++) job.upload(n);
  return job;
}

/** What was asked of the deleters, batch by batch; something may happen before each. */
function watched(
  { deleters }: Stewarded,
  before: (batch: number) => void = () => {},
): { readonly deleters: readonly GuardedDeleter[]; readonly batches: (readonly GuardedKey[])[] } {
  const batches: (readonly GuardedKey[])[] = [];
  return {
    batches,
    deleters: deleters.map((deleter) => ({
      delete: async (batch, signal) => {
        batches.push(batch);
        before(batches.length);
        return await deleter.delete(batch, signal);
      },
    })),
  };
}

describe('Deleting', () => {
  it('goes in batches of 1,000 of one location each, and tells of its progress', async () => {
    // Prepare
    const area = await open('bucket', { prefixes: ['a/', 'b/'] });
    const jobs = [playGarbage(area, `a/${JOB}/`, 1_100), playGarbage(area, `b/${OTHER_JOB}/`, 150)];
    await area.run();
    area.time = NOW + DAY;
    const { deleters, batches } = watched(area);
    const told: string[] = [];
    const expected = new Set<number | null>();

    // Act
    const { record } = await area.run({
      deleters,
      survey: { settings: SETTINGS, onProgress: (progress) => expected.add(progress.expected) },
      onDeleted: (deleted, all) => told.push(`${deleted.objects} of ${all.objects}, ${all.bytes} B`),
    });

    // Assess
    expect(record.deleted).toEqual({ objects: 1_250, bytes: 125_000 });
    expect(batches.map((batch) => [batch.length, new Set(batch.map(({ key }) => key.slice(0, 2)))])).toEqual([
      [1_000, new Set(['a/'])],
      [100, new Set(['a/'])],
      [150, new Set(['b/'])],
    ]);
    expect(told).toEqual([1_000, 1_100, 1_250].map((objects) => `${objects} of 1250, 125000 B`));
    expect(expected).toEqual(new Set([1_256]));
    expect(area.keys()).toEqual(jobs.flatMap((job) => [job.file(0), job.root(1)]).sort());
    expect(await logOf(area)).toHaveLength(1_250);
  });

  it('goes in smaller batches where it is to be slow, so that none keeps it waiting for long', async () => {
    // Prepare
    const area = await open('directory');
    playGarbage(area, `flink/${JOB}/`, 25);
    await area.run();
    area.time = NOW + DAY;
    const { deleters, batches } = watched(area);
    const waits: number[] = [];

    // Act
    await area.run({
      deleters,
      survey: { settings: SETTINGS },
      deletesPerSecond: 1,
      wait: async (milliseconds) => void waits.push(milliseconds),
    });

    // Assess
    expect(batches.map((batch) => batch.length)).toEqual([10, 10, 5]);
    expect(waits).toEqual([10_000, 20_000]);
  });

  it('leaves what was not chosen', async () => {
    const area = await open('directory');
    const job = playGarbage(area, `flink/${JOB}/`, 3);
    await area.run();
    area.time = NOW + DAY;

    const { record } = await area.run({
      survey: { settings: SETTINGS },
      sweep: async ({ objects }) => {
        const only = objects.find(0, job.file(2));
        return (object) => object === only;
      },
    });

    expect(record).toMatchObject({ deletable: { objects: 1 }, deleted: { objects: 1 } });
    expect(area.keys()).toEqual([job.file(0), job.file(1), job.file(3), job.root(1)].sort());
  });

  it('is none where a run only retires', async () => {
    const area = await open('directory');
    const job = playJob(area);
    await area.run();
    area.time = NOW + DAY;

    const { applied, record } = await area.run({ sweep: null });

    expect(applied).toBeNull();
    expect(record.result).toBe('nothing-to-do');
    expect(area.keys()).toContain(job.file(2));
  });
});

describe.each(KINDS)('A checkpoint that completes in a %s between the look and the deletion', (kind) => {
  it('spares what it names', async () => {
    // Prepare
    const area = await open(kind);
    const job = playGarbage(area, `flink/${JOB}/`, 2);
    await area.run();
    area.time = NOW + DAY;

    // Act
    const { applied, record } = await area.run({
      survey: { settings: SETTINGS },
      beforeActing: async () => {
        job.complete(2, [job.file(0), job.file(2)], NOW + DAY);
        job.subsume(1);
      },
    });

    // Assess
    expect(applied).toMatchObject({ deleted: { objects: 1 }, spared: 1, stopped: null });
    expect(record).toMatchObject({ result: 'done', kept: 1 });
    expect(area.keys()).toEqual([job.file(0), job.file(2), job.root(2)].sort());
  });

  it('stops everything where it can’t be read', async () => {
    const area = await open(kind);
    const job = playGarbage(area, `flink/${JOB}/`, 2);
    await area.run();
    area.time = NOW + DAY;

    const { record } = await area.run({
      survey: { settings: SETTINGS },
      beforeActing: async () => area.put(job.root(2), 'no metadata', NOW + DAY),
    });

    expect(record).toMatchObject({ result: 'stopped', deleted: { objects: 0 } });
    expect(record.why).toMatch(
      /^The area became undecidable while this run deleted: s3:\/\/bucket\/.*chk-2\/_metadata can't be read:/,
    );
    expect(area.keys()).toContain(job.file(1));
  });
});

describe('Between two batches', () => {
  async function twoBatches(pause: number) {
    const area = await open('directory', { prefixes: ['a/', 'b/'] });
    const jobs = [playGarbage(area, `a/${JOB}/`, 1), playGarbage(area, `b/${OTHER_JOB}/`, 1)] as const;
    await area.run();
    area.time = NOW + DAY;
    const { deleters, batches } = watched(area, () => {
      area.time += pause;
      jobs[1].complete(2, [jobs[1].file(0), jobs[1].file(1)], area.time);
    });
    // The jobs have files of the same name, as no two of Flink's have, and the second takes one into use late.
    const { applied } = await area.runUnverified({ deleters, survey: { settings: SETTINGS } });
    return { area, jobs, batches, applied };
  }

  it('the roots are read again when the last reading is half a minute old', async () => {
    const { area, jobs, batches, applied } = await twoBatches(30_000);

    expect(batches.map((batch) => batch.map(({ key }) => key))).toEqual([[jobs[0].file(1).slice('a/'.length)]]);
    expect(applied).toMatchObject({ deleted: { objects: 1 }, spared: 1 });
    expect(area.keys()).toContain(jobs[1].file(1));
  });

  it('the roots are not read again before, because each reading is a listing', async () => {
    // What the new root takes up again no job of Flink would: its job has completed a checkpoint since without it.
    const { batches } = await twoBatches(29_000);

    expect(batches).toHaveLength(2);
  });

  it('the roots are read again where the clock was set back', async () => {
    const { batches } = await twoBatches(-1_000);

    expect(batches).toHaveLength(1);
  });

  it('the pace is kept before the roots are looked at, and not between the look and the deletion', async () => {
    // Prepare: after the first batch the pace makes the run wait; what completes meanwhile must be seen.
    const area = await open('directory', { prefixes: ['a/', 'b/'] });
    const jobs = [playGarbage(area, `a/${JOB}/`, 5), playGarbage(area, `b/${OTHER_JOB}/`, 1)] as const;
    await area.run();
    area.time = NOW + DAY;
    const waits: number[] = [];
    const wait = async (milliseconds: number) => {
      waits.push(milliseconds);
      area.time += 60_000;
      jobs[1].complete(2, [jobs[1].file(0), jobs[1].file(1)], area.time);
    };

    // Act
    const { applied } = await area.runUnverified({ survey: { settings: SETTINGS }, deletesPerSecond: 50, wait });

    // Assess: five deletions take 100 ms at this pace.
    expect(waits).toEqual([100]);
    expect(applied).toMatchObject({ deleted: { objects: 5 }, spared: 1 });
    expect(area.keys()).toContain(jobs[1].file(1));
  });
});

describe('What becomes of each object', () => {
  it('is told apart and written down: deleted, gone, changed, refused', async () => {
    // Prepare
    const area = await open('directory');
    const job = playGarbage(area, `flink/${JOB}/`, 4);
    await area.run();
    area.time = NOW + DAY;
    const { deleters } = watched(area, () => {
      area.remove(job.file(2));
      area.put(job.file(3), 'another content', NOW);
    });
    const refusing = deleters.map((deleter) => ({
      delete: async (batch: readonly GuardedKey[], signal?: AbortSignal): Promise<readonly DeleteOutcome[]> => {
        const outcomes = await deleter.delete(
          batch.filter(({ key }) => key !== job.file(4)),
          signal,
        );
        return [...outcomes, { key: job.file(4), outcome: 'refused', why: 'The object is locked.' }];
      },
    }));

    // Act
    const { applied, record } = await area.run({ deleters: refusing, survey: { settings: SETTINGS } });

    // Assess
    expect(applied).toEqual({
      deleted: { objects: 1, bytes: 100 },
      versioned: 0,
      gone: 1,
      changed: 1,
      refused: 1,
      refusal: 'The object is locked.',
      spared: 0,
      stopped: null,
    });
    expect(record).toMatchObject({ result: 'done', kept: 2 });
    const outcomes = (await logOf(area)).map(({ url, outcome, why }) => [
      url.slice('s3://bucket/'.length),
      outcome,
      why,
    ]);
    expect(outcomes).toEqual([
      [job.file(1), 'deleted', null],
      [job.file(2), 'gone', null],
      [job.file(3), 'changed', null],
      [job.file(4), 'refused', 'The object is locked.'],
    ]);
    expect(area.content(job.file(3)).toString()).toBe('another content');
  });

  it('is on record with all that "why is it gone" asks for', async () => {
    const area = await open('versioned bucket');
    const job = playJob(area);
    const { survey } = await area.run();
    area.time = NOW + DAY;

    const { record } = await area.run();

    expect(await logOf(area)).toEqual([
      {
        url: `s3://bucket/${job.file(2)}`,
        bytes: 100,
        etag: survey.objects.etag(survey.objects.find(0, job.file(2))),
        modified: '2027-02-24T00:00:00.000Z',
        rule: 'garbage',
        garbageSince: '2027-03-01T00:00:00.000Z',
        garbageRuns: 2,
        run: record.run,
        outcome: 'deleted',
        versionId: expect.stringMatching(/^[0-9a-f]{32}$/),
        why: null,
      },
    ]);
  });

  it('is refused for all of a batch whose request fails, and the next run goes on', async () => {
    // Prepare
    const area = await open('bucket');
    const job = playJob(area);
    await area.run();
    area.time = NOW + DAY;
    const heal = area.s3?.faults.add({
      match: { operation: 'DeleteObjects' },
      do: { kind: 'answer', code: 'SlowDown' },
    });

    // Act
    const throttled = await area.run();
    heal?.();
    area.time += 60_000;
    const next = await area.run();

    // Assess
    expect(throttled.applied).toMatchObject({ deleted: { objects: 0 }, refused: 1 });
    expect(throttled.record).toMatchObject({ result: 'stopped', kept: 1 });
    expect(next.record).toMatchObject({ result: 'done', deleted: { objects: 1 } });
    expect(area.keys()).not.toContain(job.file(2));
  });

  it('is known to the next run though the answer was lost: what has gone is no trouble', async () => {
    const area = await open('bucket');
    const job = playJob(area);
    await area.run();
    area.time = NOW + DAY;
    area.s3?.faults.add({ match: { operation: 'DeleteObjects', nth: 1 }, do: { kind: 'lose-answer' } });

    const first = await area.run();
    area.time += 60_000;
    const next = await area.run();

    expect(first.applied).toMatchObject({ deleted: { objects: 0 }, refused: 1 });
    expect(next.record).toMatchObject({ result: 'nothing-to-do', breakers: [] });
    expect(area.keys()).toEqual([job.file(1), job.file(3), job.root(1)].sort());
  });

  it('is known of objects that some store refuses one by one', async () => {
    const area = await open('bucket');
    const job = playGarbage(area, `flink/${JOB}/`, 3);
    await area.run();
    area.time = NOW + DAY;
    area.s3?.faults.add({
      match: { operation: 'DeleteObjects' },
      do: { kind: 'refuse-keys', keys: new RegExp(`${job.file(2)}$`), code: 'AccessDenied', message: 'locked' },
    });

    const { applied } = await area.run({ survey: { settings: SETTINGS } });

    expect(applied).toMatchObject({
      deleted: { objects: 2 },
      refused: 1,
      refusal: 'The store did not delete it: AccessDenied (locked).',
    });
    expect(area.keys()).toContain(job.file(2));
  });
});

describe('A run that dies while it deletes', () => {
  it.each(['planned', 'done'])('has everything on record when it dies at the writing of what is %s', async (what) => {
    // Prepare
    const area = await open('directory');
    const job = playGarbage(area, `flink/${JOB}/`, 2);
    await area.run();
    area.time = NOW + DAY;
    area.onLedgerCall = (call) => {
      if (call.includes(`write file runs/`) && call.includes(what)) throw new Error('killed');
    };

    // Act
    await expect(area.run({ survey: { settings: SETTINGS } })).rejects.toThrow('killed');
    area.onLedgerCall = () => {};

    // Assess: either nothing has gone, or all that has gone is named.
    const logged = (await logOf(area)).map(({ url, outcome }) => [url.slice('s3://bucket/'.length), outcome]);
    const gone = [job.file(1), job.file(2)].filter((key) => !area.keys().includes(key));
    expect(gone).toEqual(what === 'planned' ? [] : [job.file(1), job.file(2)]);
    expect(logged).toEqual(gone.map((key) => [key, 'unknown']));
  });

  it('is followed by one that converges', async () => {
    const area = await open('directory');
    const job = playGarbage(area, `flink/${JOB}/`, 4);
    await area.run();
    area.time = NOW + DAY;
    const [deleter] = area.deleters;
    const dying: GuardedDeleter = {
      delete: async (batch, signal) => {
        await deleter?.delete(batch.slice(0, 2), signal);
        throw new Error('killed');
      },
    };
    await expect(area.run({ survey: { settings: SETTINGS }, deleters: [dying] })).rejects.toThrow('killed');

    area.time += 60_000;
    const { record } = await area.run({ survey: { settings: SETTINGS } });

    expect(record).toMatchObject({ result: 'done', deleted: { objects: 2 } });
    expect(area.keys()).toEqual([job.file(0), job.root(1)].sort());
  });
});
