import { describe, expect, it } from 'vitest';
import { Area } from '#core/area/area.ts';
import { listRoots } from '#operations/look/root-listing.ts';
import { bucket, judge } from '#test/support/judged.ts';
import { callOf, MovingStore, nth, type StoreCall } from '#test/support/moving-store.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob } from '#test/support/played-job.ts';

/** The first listing of roots begins here, of a directory or of a bucket: all objects have been listed. */
const AFTER_THE_LISTING = ({ operation, of, expected }: StoreCall): boolean =>
  (operation === 'children' && of === '') || expected !== undefined;

function count(store: MovingStore, call: string): number {
  return store.calls.filter((each) => each === call).length;
}

describe.each([
  { what: 'a directory', keysPerRequest: undefined },
  { what: 'a bucket', keysPerRequest: 1_000 },
  { what: 'a bucket whose requests show little', keysPerRequest: 1 },
])('The order of reading in $what', ({ keysPerRequest }) => {
  it('judges no object that appears after the listing', async () => {
    // Prepare
    const store = new MovingStore({ now: NOW, keysPerRequest });
    const job = new PlayedJob(store);
    job.complete(1, [job.upload(1)]);
    store.once(AFTER_THE_LISTING, () => void job.upload(2));

    // Act
    const { verdicts, garbage } = await judge(store);

    // Assess
    expect(store.keys()).toContain(job.file(2));
    expect(verdicts).toEqual({ [job.file(1)]: 'keep-live', [job.root(1)]: 'keep-live' });
    expect(garbage).toEqual([]);
  });

  it.each([
    ['in a job directory that was listed', (job: PlayedJob) => job.complete(2, [job.file(2)])],
    [
      'in a new job directory',
      (job: PlayedJob, store: MovingStore) =>
        store.put(`flink/${OTHER_JOB}/chk-1/_metadata`, job.metadata(1, [job.file(2)]), NOW),
    ],
    [
      'as a savepoint in a strange folder',
      (job: PlayedJob, store: MovingStore) =>
        store.put('before the upgrade/_metadata', job.metadata(1, [job.file(2)], 'savepoint-native'), NOW),
    ],
  ])('counts a root that appears after the listing, %s', async (_, appear) => {
    // Prepare
    const store = new MovingStore({ now: NOW, keysPerRequest });
    const job = new PlayedJob(store);
    job.complete(1, [job.upload(1)]);
    job.upload(2);
    const before = await judge(store);
    store.once(AFTER_THE_LISTING, () => void appear(job, store));

    // Act
    const { garbage, codes } = await judge(store);

    // Assess
    expect(before.garbage).toEqual([job.file(2)]);
    expect({ garbage, codes }).toEqual({ garbage: [], codes: [] });
  });

  it('reads a root that appears only after the first listing of roots', async () => {
    // Prepare
    const store = new MovingStore({ now: NOW, keysPerRequest });
    const job = new PlayedJob(store);
    job.complete(1, [job.upload(1)]);
    job.upload(2);
    store.once(callOf('read', job.root(1)), () => void job.complete(2, [job.file(2)]));

    // Act
    const { garbage } = await judge(store);

    // Assess
    expect(garbage).toEqual([]);
  });
});

describe('The order of reading', () => {
  describe('where checkpoint 100 sorts before checkpoint 99', () => {
    /**
     * A claimed job: its files lie in the directory of the job before, whose own last checkpoint does not name them.
     * Both the listing of all objects and the first listing of roots pass the place of the new root just before it
     * appears, and the old one is gone when they reach it.
     */
    function playClaim(): { store: MovingStore; file: string; claimer: PlayedJob; list: string } {
      const store = new MovingStore({ now: NOW, objectsPerPage: 1 });
      const before = new PlayedJob(store, `flink/${JOB}/`);
      const claimer = new PlayedJob(store, `flink/${OTHER_JOB}/`);
      before.complete(5, [before.upload(1)]);
      const file = before.upload(2);
      claimer.upload(3, NOW - 5 * DAY, 'chk-2');
      claimer.complete(9, [file]);
      const list = `${claimer.directory}chk-`;
      const rollOver = (from: number, to: number) => () => {
        claimer.complete(to, [file]);
        claimer.subsume(from);
      };
      // The stray file in chk-2 is the last thing that is listed before chk-9, and after chk-10.
      store.once((call) => call.operation === 'list' && call.of === '' && call.part === 5, rollOver(9, 10));
      store.once(callOf('list', list, 1), rollOver(10, 99));
      store.once(callOf('list', list, 2), rollOver(99, 100));
      return { store, file, claimer, list };
    }

    it('finds the root in the second listing of roots', async () => {
      // Prepare
      const { store, file, claimer } = playClaim();

      // Act
      const { verdicts, survey, codes } = await judge(store);

      // Assess
      expect(survey.reachability.roots.map(({ key }) => key)).toEqual([
        `flink/${JOB}/chk-5/_metadata`,
        claimer.root(100),
      ]);
      expect(verdicts[file]).toBe('keep-live');
      expect(codes).toEqual([]);
    });

    it('misses it with one listing of roots', async () => {
      // Prepare
      const { store, claimer } = playClaim();
      const area = new Area([bucket(store).area]);
      for await (const _page of store.list({ prefix: '' })) {
        // The listing of all objects comes first, as in a survey.
      }

      // Act
      const roots = await listRoots(area, { location: 0, store });

      // Assess
      expect(roots.map(({ key }) => key)).toEqual([`flink/${JOB}/chk-5/_metadata`]);
      expect(store.keys()).toContain(claimer.root(100));
    });

    it('would lose a live file if the second listing showed no more than the first', async () => {
      // Prepare
      const { store, file, claimer } = playClaim();
      store.once(nth(2, callOf('children', '', 1)), () => claimer.subsume(100));

      // Act
      const { verdicts } = await judge(store);

      // Assess
      expect(verdicts[file]).toBe('delete');
    });
  });

  it('keeps the files of a job whose roots both listings of roots miss, by the rule on directories without roots', async () => {
    // Prepare
    const store = new MovingStore({ now: NOW });
    const job = new PlayedJob(store);
    const file = job.upload(1);

    // Act
    const { verdicts } = await judge(store);

    // Assess
    expect(verdicts[file]).toBe('keep-in-progress');
  });
});

describe('Rounds of reading', () => {
  it('ends after two listings where nothing moves', async () => {
    // Prepare
    const store = new MovingStore({ now: NOW });
    const job = new PlayedJob(store);
    job.complete(1, [job.upload(1)]);

    // Act
    await judge(store);

    // Assess
    expect(count(store, 'children ')).toBe(2);
    expect(count(store, `list ${job.directory}chk-`)).toBe(2);
    expect(count(store, `read ${job.root(1)}`)).toBe(1);
  });

  it('lists only the directories again that moved', async () => {
    // Prepare
    const store = new MovingStore({ now: NOW });
    const busy = new PlayedJob(store, `flink/${JOB}/`);
    const still = new PlayedJob(store, `flink/${OTHER_JOB}/`);
    busy.complete(1, [busy.upload(1)]);
    still.complete(1, [still.upload(2)]);
    for (const checkpoint of [1, 2]) {
      store.once(callOf('read', busy.root(checkpoint)), () => void busy.complete(checkpoint + 1, [busy.file(1)]));
    }

    // Act
    const { survey } = await judge(store);

    // Assess
    expect(survey.reachability.roots.map(({ key }) => key)).toEqual([
      busy.root(1),
      still.root(1),
      busy.root(2),
      busy.root(3),
    ]);
    expect(count(store, 'children ')).toBe(2);
    expect(count(store, `list ${busy.directory}chk-`)).toBe(4);
    expect(count(store, `list ${still.directory}chk-`)).toBe(2);
  });

  it('stops after five rounds, and cannot decide where every root went before it was read', async () => {
    // Prepare
    const store = new MovingStore({ now: NOW });
    const job = new PlayedJob(store);
    job.complete(1, [job.upload(1)]);
    let newest = 1;
    store.always(callOf('read'), () => {
      job.subsume(newest);
      newest++;
      job.complete(newest, [job.file(1)]);
    });

    // Act
    const { survey, codes } = await judge(store);

    // Assess
    expect(survey.reachability.roots.map(({ key, state }) => ({ key, state }))).toEqual(
      [1, 2, 3, 4, 5].map((checkpoint) => ({ key: job.root(checkpoint), state: 'vanished' })),
    );
    expect(count(store, 'children ')).toBe(2);
    expect(count(store, `list ${job.directory}chk-`)).toBe(5);
    expect(new Set(codes)).toEqual(new Set(['vanished-root']));
    expect(survey.undecidable[0]?.sentence).toContain('run again');
  });

  it('decides where the fifth round reads what the four before it missed', async () => {
    // Prepare
    const store = new MovingStore({ now: NOW });
    const job = new PlayedJob(store);
    job.complete(1, [job.upload(1)]);
    job.upload(2);
    let newest = 1;
    store.always(
      (call) => call.operation === 'read' && newest < 5,
      () => {
        job.subsume(newest);
        newest++;
        job.complete(newest, [job.file(1)]);
      },
    );

    // Act
    const { survey, codes, garbage } = await judge(store);

    // Assess
    expect(survey.reachability.roots.at(-1)).toMatchObject({ key: job.root(5), state: 'read' });
    expect(codes).toEqual([]);
    expect(garbage).toEqual([job.file(2)]);
  });

  it('tells of each root that was read', async () => {
    // Prepare
    const store = new MovingStore({ now: NOW });
    const job = new PlayedJob(store);
    job.complete(1, [job.upload(1)]);
    job.complete(2, [job.file(1)]);
    const told: string[] = [];

    // Act
    await judge(store, {
      onProgress: ({ objects, bytes, expected, roots, rootsRead }) =>
        told.push(`${objects} (${bytes > 0}) of ${expected}, ${rootsRead} of ${roots}`),
      expectedObjects: 5,
    });

    // Assess
    expect(told).toEqual(['3 (true) of 5, 0 of 2', '3 (true) of 5, 1 of 2', '3 (true) of 5, 2 of 2']);
  });

  it('stops at once when it is aborted', async () => {
    // Prepare
    const abort = new AbortController();
    const store = new MovingStore({ now: NOW });
    const job = new PlayedJob(store);
    job.complete(1, [job.upload(1)]);
    store.once(callOf('read'), () => abort.abort(new Error('enough')));

    // Act
    const judged = judge(store, { signal: abort.signal });

    // Assess
    await expect(judged).rejects.toThrow('enough');
    expect(count(store, 'children ')).toBe(1);
  });
});
