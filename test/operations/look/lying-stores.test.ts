import { describe, expect, it } from 'vitest';
import type { ObjectStore, ReadOutcome } from '#ports/object-store.ts';
import { bucket, judge } from '#test/support/judged.ts';
import { callOf, MovingStore } from '#test/support/moving-store.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob } from '#test/support/played-job.ts';

const ALWAYS = Number.POSITIVE_INFINITY;

/** Checkpoints 9 and 10 of one job; a file that only the older one names, and one that nobody names. */
function play(): { store: MovingStore; job: PlayedJob; older: string; garbage: string } {
  const store = new MovingStore({ now: NOW });
  const job = new PlayedJob(store);
  const older = job.upload(1);
  job.complete(9, [older, job.upload(2)], NOW - 3 * DAY);
  job.complete(10, [job.file(2)]);
  return { store, job, older, garbage: job.upload(3) };
}

/** Judges, and tells how long it waited before which calls. */
async function judgeWaiting(store: ObjectStore) {
  const waits: number[] = [];
  const judged = await judge(store, { wait: async (milliseconds) => void waits.push(milliseconds) });
  return { ...judged, waits };
}

function states({ survey }: Awaited<ReturnType<typeof judge>>): readonly string[] {
  return survey.reachability.roots.map(({ key, state }) => `${key.split('/').at(-2)} ${state}`);
}

describe('A root that the store lists and denies', () => {
  it('can not be had, and makes the area undecidable, though a later one was read', async () => {
    // Prepare
    const { store, job } = play();
    store.lie(job.root(9), ALWAYS, null);

    // Act
    const { codes, garbage, survey, waits, verdicts } = await judgeWaiting(store);

    // Assess
    expect(codes).toEqual(['unreadable-root']);
    expect(garbage).toEqual([]);
    expect(survey.undecidable[0]).toMatchObject({
      object: `s3://bucket/${job.root(9)}`,
      sentence: `s3://bucket/${job.root(9)} can't be read: the store lists it, but answers that it does not exist. What it references is unknown, so nothing in this area is deleted; fix that, then run again`,
    });
    expect(verdicts[job.root(9)]).toBe('keep-undecidable');
    expect(waits).toEqual([1_000, 2_000, 4_000]);
    expect(store.calls.filter((call) => call === `read ${job.root(9)}`).length).toBe(5);
  });

  it('is read where it is given before the last round, after as many waits as it took', async () => {
    // Prepare
    const { store, job, garbage: unnamed } = play();
    store.lie(job.root(9), 4, null);

    // Act
    const judged = await judgeWaiting(store);

    // Assess
    expect(judged.codes).toEqual([]);
    expect(judged.garbage).toEqual([unnamed]);
    expect(judged.waits).toEqual([1_000, 2_000, 4_000]);
    expect(states(judged).at(-1)).toBe('chk-9 read');
  });

  it('is waited for only where a listing has contradicted the store', async () => {
    const { store, job, garbage: unnamed } = play();
    store.lie(job.root(9), 1, null);

    const { codes, garbage, waits } = await judgeWaiting(store);

    expect({ codes, garbage, waits }).toEqual({ codes: [], garbage: [unnamed], waits: [] });
  });

  it('is not waited for where it has really gone', async () => {
    const { store, job, older, garbage: unnamed } = play();
    store.once(callOf('read', job.root(9)), () => job.subsume(9));

    const { codes, garbage, waits } = await judgeWaiting(store);

    expect({ codes, garbage, waits }).toEqual({ codes: [], garbage: [older, unnamed].sort(), waits: [] });
  });

  it('stops what is deleted where it is seen only in the last look before', async () => {
    const { store, job } = play();
    const { survey, codes } = await judge(store);
    job.complete(11, [job.file(2)], NOW);
    store.lie(job.root(11), ALWAYS, null);

    const doubts = await survey.readAgain();

    expect(codes).toEqual([]);
    expect(doubts.map(({ code, object }) => [code, object])).toEqual([
      ['unreadable-root', `s3://bucket/${job.root(11)}`],
    ]);
  });

  it('ends the waiting when it is stopped', async () => {
    const { store, job } = play();
    store.lie(job.root(9), ALWAYS, null);
    const abort = new AbortController();

    const judged = judge(store, { signal: abort.signal, wait: async () => abort.abort(new Error('enough')) });

    await expect(judged).rejects.toThrow('enough');
  });
});

describe('A root that is given with another ETag than it is listed with', () => {
  /** Checkpoint 9 was overwritten, and a cache may give what was there before. */
  function playStale(): ReturnType<typeof play> & { stale: { content: Buffer; modified: number }; fresh: string } {
    const played = play();
    const { job, older } = played;
    const stale = { content: job.metadata(9, [older]), modified: NOW - 4 * DAY };
    const fresh = job.upload(4);
    job.complete(9, [fresh], NOW - 3 * DAY);
    return { ...played, stale, fresh };
  }

  it('counts as unread after five rounds, and what was read in its place protects what it names', async () => {
    // Prepare
    const { store, job, older, fresh, stale } = playStale();
    store.lie(job.root(9), ALWAYS, stale);

    // Act
    const { codes, garbage, verdicts, survey, waits } = await judgeWaiting(store);

    // Assess
    expect(codes).toEqual(['unreadable-root']);
    expect(garbage).toEqual([]);
    expect([verdicts[older], verdicts[fresh]]).toEqual(['keep-live', 'keep-undecidable']);
    expect(survey.undecidable[0]?.sentence).toMatch(
      /^s3:\/\/bucket\/\S+\/chk-9\/_metadata can't be read: it is listed with the ETag \w{40}, but the store returned content with the ETag \w{40}\. What it references is unknown, so nothing in this area is deleted; fix that, then run again$/,
    );
    expect(waits).toEqual([1_000, 2_000, 4_000]);
    // Its content was read once.
    expect(store.calls.filter((call) => call === `chunk ${job.root(9)}`).length).toBe(1);
  });

  it('counts with both contents where the listed one is given after all', async () => {
    const { store, job, stale, garbage: unnamed } = playStale();
    store.lie(job.root(9), 3, stale);

    const judged = await judgeWaiting(store);

    expect(judged.codes).toEqual([]);
    expect(judged.garbage).toEqual([unnamed]);
    expect(states(judged)).toEqual(['chk-10 read', 'chk-9 read', 'chk-9 read']);
  });

  it('counts as unread too where it is listed in the last round only', async () => {
    // Prepare
    const store = new MovingStore({ now: NOW });
    const job = new PlayedJob(store);
    job.complete(1, [job.upload(1)]);
    for (const checkpoint of [1, 2, 3, 4]) {
      store.once(callOf('read', job.root(checkpoint)), () => void job.complete(checkpoint + 1, [job.file(1)], NOW));
    }
    store.lie(job.root(5), ALWAYS, { content: job.metadata(5, []), modified: NOW - DAY });

    // Act
    const { codes, waits } = await judgeWaiting(store);

    // Assess
    expect({ codes, waits }).toEqual({ codes: ['unreadable-root'], waits: [] });
  });

  it('is settled by a listing that shows what was read, which is not read again', async () => {
    const { store, job, older, garbage: unnamed } = play();
    const next = job.upload(5);
    store.once(callOf('read', job.root(9)), () => void job.complete(9, [next], NOW - 2.5 * DAY));

    const { codes, garbage, waits } = await judgeWaiting(store);

    expect({ codes, waits }).toEqual({ codes: [], waits: [] });
    expect(garbage).toEqual([older, unnamed].sort());
    expect(store.calls.filter((call) => call === `read ${job.root(9)}`).length).toBe(1);
  });

  it('is the fault of the store where no root is given as it is listed', async () => {
    // Prepare
    const { store, job } = play();
    const other = new MovingStore({ name: 's3://other', now: NOW });
    const theirs = new PlayedJob(other, `flink/${OTHER_JOB}/`, 's3a://other');
    theirs.complete(1, [theirs.upload(9)]);
    for (const key of [job.root(9), job.root(10)]) {
      store.lie(key, ALWAYS, { content: job.metadata(1, [job.file(2)]), modified: NOW - DAY });
    }

    // Act
    const { survey } = await judge([bucket(store), bucket(other)]);

    // Assess
    expect(survey.undecidable.length).toBe(2);
    for (const { sentence } of survey.undecidable) {
      expect(sentence).toContain(
        '. s3://bucket does so for every root: perhaps a cache or a gateway is in front of it, or the ETags in its listings are not real. What it references',
      );
    }
  });

  it('is the fault of nobody else where it is the only root', async () => {
    const store = new MovingStore({ now: NOW });
    const job = new PlayedJob(store);
    job.complete(1, [job.upload(1)]);
    store.lie(job.root(1), ALWAYS, { content: job.metadata(1, []), modified: NOW - DAY });

    const { survey } = await judge(store);

    expect(survey.undecidable.length).toBe(1);
    expect(survey.undecidable[0]?.sentence).not.toContain('every root');
  });

  it.each([
    ['quotes', (etag: string) => `"${etag}"`],
    ['the mark of a weak one', (etag: string) => `W/"${etag}"`],
    ['capital letters', (etag: string) => etag.toUpperCase()],
  ])('is the same with %s', async (_what, change) => {
    // Prepare
    const { store, job, garbage: unnamed } = play();
    const read = store.read.bind(store);
    store.read = async (key, options): Promise<ReadOutcome> => {
      const outcome = await read(key, options);
      return outcome.found ? { ...outcome, etag: change(outcome.etag) } : outcome;
    };

    // Act
    const { codes, garbage } = await judge(store);

    // Assess
    expect({ codes, garbage }).toEqual({ codes: [], garbage: [unnamed] });
    expect(store.calls.filter((call) => call === `read ${job.root(9)}`).length).toBe(1);
    expect(job.directory).toBe(`flink/${JOB}/`);
  });
});
