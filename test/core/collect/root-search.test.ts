import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldersAbove } from '#core/area/folders-above.ts';
import { searchForFirstRoots } from '#core/collect/first-roots.ts';
import {
  type RootSearch,
  type RootSearchInput,
  requestsOf,
  type SearchedRange,
  searchForRoots,
} from '#core/collect/root-search.ts';
import { ObjectTable } from '#core/inventory/object-table.ts';
import { compareKeys } from '#core/key-order.ts';
import { DAY, JOB, NOW, OTHER_JOB, uuid } from '#test/support/played-job.ts';

const PER_REQUEST = 4;

function tableOf(keys: readonly string[], modified: (key: string) => number = () => NOW - 30 * DAY): ObjectTable {
  const objects = new ObjectTable();
  for (const key of keys) objects.add({ location: 0, key, bytes: 1, modified: modified(key), etag: 'e' });
  objects.seal();
  return objects;
}

function inputOf(keys: readonly string[], held: readonly string[], prefix = ''): RootSearchInput {
  return { objects: tableOf(keys), location: 0, prefix, held: new Set(held), keysPerRequest: PER_REQUEST };
}

function files(directory: string, count: number, from = 1): string[] {
  return Array.from({ length: count }, (_, at) => `${directory}${uuid(from + at)}`);
}

function isIn({ after, until }: SearchedRange, key: string): boolean {
  return (after === undefined || compareKeys(key, after) > 0) && (until === undefined || compareKeys(key, until) <= 0);
}

/** Whether a root that comes to be under this key is found. */
function finds({ ranges, folders }: RootSearch, key: string): boolean {
  const isNewBeside = folders.some(({ path, known }) => {
    const child = key.slice(0, key.indexOf('/', path.length) + 1);
    return key.startsWith(path) && (key === `${path}_metadata` || !known.has(child));
  });
  return isNewBeside || ranges.some((range) => isIn(range, key));
}

describe('The search for roots', () => {
  it('takes a small area as a whole', () => {
    const keys = [`ck/${JOB}/chk-1/_metadata`, ...files(`ck/${JOB}/shared/`, 2)];

    expect(searchForRoots(inputOf(keys, [`ck/${JOB}/`]))).toEqual({ ranges: [{ keys: 3 }], folders: [] });
  });

  it('takes a place without objects as one range', () => {
    expect(searchForRoots(inputOf([], []))).toEqual({ ranges: [{ keys: 0 }], folders: [] });
  });

  it('passes over files that would fill a request', () => {
    // Prepare
    const shared = files(`ck/${JOB}/shared/`, 5);
    const others = files(`ck/${OTHER_JOB}/shared/`, 4);
    const keys = [`ck/${JOB}/chk-1/_metadata`, ...shared, `ck/${OTHER_JOB}/chk-1/_metadata`, ...others];

    // Act
    const search = searchForRoots(inputOf(keys, [`ck/${JOB}/`, `ck/${OTHER_JOB}/`]));

    // Assess
    expect(search).toEqual({
      ranges: [
        { until: shared[0], keys: 2 },
        { after: shared[4], until: others[0], keys: 2 },
        { after: others[3], keys: 0 },
      ],
      folders: [],
    });
    expect(requestsOf(search, PER_REQUEST)).toBe(3);
  });

  it('passes over both halves of a large checkpoint, and not over its root', () => {
    // Prepare
    const before = Array.from({ length: 4 }, (_, at) => `${JOB}/chk-7/${at}`);
    const behind = Array.from({ length: 4 }, (_, at) => `${JOB}/chk-7/a${at}`);
    const keys = [...before, `${JOB}/chk-7/_metadata`, ...behind];

    // Act
    const { ranges } = searchForRoots(inputOf(keys, [`${JOB}/`]));

    // Assess
    expect(ranges).toEqual([
      { until: before[0], keys: 1 },
      { after: before[3], until: behind[0], keys: 2 },
      { after: behind[3], keys: 0 },
    ]);
  });

  it('looks for the root of a checkpoint that has none yet, and of one that has gone', () => {
    const half = Array.from({ length: 4 }, (_, at) => `${JOB}/chk-7/${at}`);
    const rest = Array.from({ length: 4 }, (_, at) => `${JOB}/chk-7/a${at}`);
    const aside = Array.from({ length: 9 }, (_, at) => `x/${at}`);

    const search = searchForRoots(inputOf([...half, ...rest, ...aside], [`${JOB}/`, 'x/gone/']));

    expect(finds(search, `${JOB}/chk-7/_metadata`)).toBe(true);
    expect(finds(search, `${JOB}/chk-8/_metadata`)).toBe(true);
    expect(finds(search, 'x/gone/_metadata')).toBe(true);
    expect(finds(search, 'x/gone/chk-1/_metadata')).toBe(true);
  });

  it('looks for the root of a directory that has gone between other files, whatever root lies behind them', () => {
    const aside = ['0', 'B', 'p'].flatMap((letter) => [1, 2, 3, 4].map((at) => `x/${letter}${at}`));
    const keys = [...aside.slice(0, 8), 'x/_metadata', ...aside.slice(8)];

    const search = searchForRoots(inputOf(keys, ['x/', 'x/AA/', 'x/gone/']));

    expect(['x/AA/', 'x/gone/', 'x/'].map((place) => finds(search, `${place}_metadata`))).toEqual([true, true, true]);
  });

  it('looks for new checkpoints between files whose names begin as theirs do', () => {
    // Prepare: somebody keeps metadata files beside the checkpoints.
    const kept = Array.from({ length: 9 }, (_, at) => `${JOB}/chk-${at}-metadata`);

    // Act
    const search = searchForRoots(inputOf([...kept, `${JOB}/part-1`, `${JOB}/part-2`], [`${JOB}/`]));

    // Assess
    expect(finds(search, `${JOB}/chk-3/_metadata`)).toBe(true);
    expect(finds(search, `${JOB}/chk-99/_metadata`)).toBe(true);
  });

  it('asks a folder for its children where it passes over keys beside a directory with roots', () => {
    // Prepare
    const keys = [`ck/${JOB}/chk-1/_metadata`, ...files('logs/', 3), ...files('sink/', 3)];

    // Act
    const search = searchForRoots(inputOf(keys, [`ck/${JOB}/`]));

    // Assess
    expect(search.folders).toEqual([{ path: '', known: new Set(['ck/', 'logs/', 'sink/']) }]);
    expect(finds(search, `new/${JOB}/chk-1/_metadata`)).toBe(true);
    expect(finds(search, `logs/new/${JOB}/chk-1/_metadata`)).toBe(false);
  });

  it('asks no folder of more children than one request shows', () => {
    const keys = [`ck/${JOB}/chk-1/_metadata`, ...['logs', 'sink', 'tmp'].flatMap((name) => files(`${name}/`, 3))];

    expect(searchForRoots(inputOf(keys, [`ck/${JOB}/`])).folders).toEqual([]);
  });

  it('counts files among the children of a folder', () => {
    const asked = (...parts: readonly string[]) => {
      const keys = [`ck/${JOB}/chk-1/_metadata`, ...files('logs/', 4), ...parts];
      return searchForRoots(inputOf(keys, [`ck/${JOB}/`])).folders.map(({ path }) => path);
    };

    expect(asked('part-1')).toEqual(['']);
    expect(asked('part-1', 'part-2')).toEqual([]);
  });

  it.each(['', 'in/'])('asks those folders alone that may hold something between the files, below %j', (prefix) => {
    const keys = [`in/x/ck/${JOB}/chk-1/_metadata`, 'in/x/z1', 'in/x/z2', 'in/y1', 'in/y2'];

    const { folders } = searchForRoots(inputOf(keys, [`in/x/ck/${JOB}/`], prefix));

    expect(folders).toEqual([
      { path: 'in/', known: new Set(['in/x/']) },
      { path: 'in/x/', known: new Set(['in/x/ck/']) },
    ]);
  });

  it('counts the objects of its own location', () => {
    const objects = new ObjectTable();
    for (const [location, key] of [
      ...files('a/', 5).map((key) => [0, key] as const),
      [1, 'b/1'],
      [1, 'b/2'],
    ] as const) {
      objects.add({ location, key, bytes: 1, modified: NOW, etag: 'e' });
    }
    objects.seal();

    expect(searchForRoots({ ...inputOf([], ['b/']), objects, location: 1 })).toEqual({
      ranges: [{ keys: 2 }],
      folders: [],
    });
  });

  it('asks no folder above the location', () => {
    const keys = [`in/ck/${JOB}/chk-1/_metadata`, ...files('in/logs/', 3), ...files('in/sink/', 3)];

    expect(searchForRoots(inputOf(keys, [`in/ck/${JOB}/`], 'in/')).folders.map(({ path }) => path)).toEqual(['in/']);
  });

  it('lists a long stretch of small directories in parts, side by side', () => {
    // Prepare: 40 jobs of three objects each, so none of them has a run that fills a request.
    const jobs = Array.from({ length: 40 }, (_, at) => `ck/${String(at).padStart(32, '0')}/`);
    const keys = jobs.flatMap((job) => [`${job}chk-1/_metadata`, ...files(`${job}shared/`, 2)]);

    // Act
    const { ranges } = searchForRoots(inputOf(keys, jobs));

    // Assess
    expect(ranges.map(({ keys: count }) => count)).toEqual([32, 32, 32, 24]);
    expect(ranges.map(({ after }) => after)).toEqual([undefined, ...ranges.slice(0, -1).map(({ until }) => until)]);
  });

  it('lists what just fills a part as one', () => {
    const jobs = Array.from({ length: 16 }, (_, at) => `ck/${String(at).padStart(32, '0')}/`);
    const keys = jobs.flatMap((job) => [`${job}chk-1/_metadata`, ...files(`${job}shared/`, 1)]);

    expect(searchForRoots(inputOf(keys, jobs)).ranges).toEqual([{ keys: 32 }]);
  });

  const segment = fc.constantFrom(
    JOB,
    OTHER_JOB,
    'a',
    'chk-1',
    'chk-2',
    'chk-10',
    'shared',
    'taskowned',
    'é',
    '\u{1f600}',
  );
  const name = fc.constantFrom(
    '_metadata',
    uuid(1),
    uuid(2),
    uuid(3),
    'Z',
    '0',
    'part-1',
    'chk-2-metadata',
    'chk.',
    '',
  );
  const key = fc
    .tuple(fc.array(segment, { maxLength: 4 }), name)
    .map(([folders, last]) => [...folders, last].join('/'))
    .filter((each) => each !== '');
  const areas = fc.record({
    keys: fc.uniqueArray(key, { maxLength: 60 }),
    more: fc.uniqueArray(key, { maxLength: 3 }),
    number: fc.integer({ min: 1, max: 12 }),
  });

  function heldIn(keys: readonly string[]): readonly string[] {
    const roots = keys.filter((each) => each === '_metadata' || each.endsWith('/_metadata'));
    return roots.map((root) => root.replace(/(chk-\d+\/)?_metadata$/, ''));
  }

  it('finds every root that appears where roots are, were, or in a new folder beside them, in few requests', () => {
    fc.assert(
      fc.property(areas, ({ keys, more, number }) => {
        // Prepare
        const held = [...new Set([...heldIn(keys), ...heldIn(more)])];
        const input = { ...inputOf(keys, held), keysPerRequest: number };

        // Act
        const search = searchForRoots(input);

        // Assess
        for (const directory of held) {
          for (const appearing of ['_metadata', 'chk-1/_metadata', 'chk-3/_metadata', 'chk-99/_metadata']) {
            expect(finds(search, directory + appearing), directory + appearing).toBe(true);
          }
        }
        const children = (folder: string): ReadonlySet<string> =>
          new Set(
            keys
              .filter((each) => each.startsWith(folder))
              .map((each) => each.slice(0, each.indexOf('/', folder.length) + 1 || each.length + 1)),
          );
        for (const folder of new Set(['', ...held.flatMap(foldersAbove)])) {
          const child = `${folder}new/`;
          if (children(folder).size < number) expect(finds(search, `${child}${JOB}/chk-1/_metadata`), child).toBe(true);
        }
        const { ranges, folders } = search;
        expect(requestsOf(search, number) - folders.length).toBeLessThanOrEqual(
          Math.min(keys.length / number + 1, keys.length) + ranges.length,
        );
        for (const [at, { after, until, keys: count }] of ranges.entries()) {
          expect(keys.filter((each) => isIn({ after, until, keys: 0 } as SearchedRange, each)).length).toBe(count);
          const next = ranges[at + 1];
          if (next !== undefined) expect(compareKeys(until ?? '', next.after ?? '')).toBeLessThanOrEqual(0);
        }
        for (const { path, known } of folders) {
          expect([...known].sort()).toEqual(
            [...children(path)].filter((child) => child.endsWith('/') && child !== path).sort(),
          );
        }
      }),
      { numRuns: 400, seed: 20_261_130 },
    );
  });

  it('takes no more than a request for each full one of the listing and one for each place that it must see', () => {
    fc.assert(
      fc.property(areas, ({ keys, number }) => {
        const held = [...new Set(heldIn(keys))];

        const search = searchForRoots({ ...inputOf(keys, held), keysPerRequest: number });

        expect(requestsOf(search, number)).toBeLessThanOrEqual(2 * (keys.length / number) + 2 + search.folders.length);
      }),
      { numRuns: 400, seed: 20_261_130 },
    );
  });
});

describe('The search for first roots', () => {
  const ROOTED = `ck/${JOB}/`;
  const rooted = [`${ROOTED}chk-1/_metadata`, ...files(`${ROOTED}shared/`, 5)];
  const rootless = (count: number): string[] =>
    Array.from({ length: count }, (_, at) => `ck/${String(at).padStart(32, '0')}/shared/`);

  it('looks at directories of jobs and of savepoints that have no root', () => {
    // Prepare
    const keys = [
      ...files(`ck/${OTHER_JOB}/shared/`, 5),
      ...rooted,
      ...files('savepoint-946894-0c236dd65946/', 5),
      ...files('sink/', 5),
    ];

    // Act
    const search = searchForFirstRoots(inputOf(keys, [ROOTED]), { lately: NOW, requests: 9 });

    // Assess
    const places = [`ck/${OTHER_JOB}/chk-1/`, 'savepoint-946894-0c236dd65946/', `sink/${uuid(2)}/`];
    expect(places.map((place) => finds(search, `${place}_metadata`))).toEqual([true, true, false]);
  });

  it('looks at no other folder, and at none of another location', () => {
    // Prepare: a root would lie between the files.
    const part = (folder: string) => [...files(folder, 5), ...[1, 2, 3, 4].map((at) => `${folder}part-${at}`)];
    const keys = [...rooted, ...part('sink/'), ...part('table/')];
    const objects = new ObjectTable();
    for (const key of keys) objects.add({ location: 0, key, bytes: 1, modified: NOW, etag: 'e' });
    objects.add({ location: 1, key: `table/shared/${uuid(1)}`, bytes: 1, modified: NOW, etag: 'e' });
    objects.seal();

    // Act
    const search = searchForFirstRoots({ ...inputOf([], [ROOTED]), objects }, { lately: 0, requests: 9 });

    // Assess
    expect(['sink/', 'table/'].map((folder) => finds(search, `${folder}_metadata`))).toEqual([false, false]);
  });

  it.each([
    ['as many as there are', 2, true],
    ['one too few', 1, false],
  ])('takes as many requests more as it may: %s', (_, requests, expected) => {
    const [first, second] = [`ck/${OTHER_JOB}/`, 'savepoint-946894-0c236dd65946/'];
    const places = (folder: string) => [...files(folder, 5), ...[1, 2, 3, 4].map((at) => `${folder}part-${at}`)];
    const input = inputOf([...places(`${first}shared/`), ...rooted, ...places(second)], [ROOTED]);

    const search = searchForFirstRoots(input, { lately: NOW, requests });

    expect(finds(search, `${second}_metadata`)).toBe(expected);
  });

  it('looks at as many directories as its requests show keys', () => {
    const directories = rootless(PER_REQUEST);

    const search = searchForFirstRoots(inputOf([...directories, ...rooted], [ROOTED]), { lately: NOW, requests: 1 });

    const roots = directories.map((directory) => directory.replace('shared/', 'chk-1/_metadata'));
    expect(roots.map((root) => finds(search, root))).toEqual([true, true, true, true]);
  });

  it('looks at those alone that were written to lately, where all would take too many requests', () => {
    // Prepare
    const directories = rootless(40);
    const objects = tableOf([...directories, ...rooted], (key) => (key === directories[7] ? NOW : NOW - 1));
    const input = { ...inputOf([], [ROOTED]), objects };

    // Act
    const few = searchForFirstRoots(input, { lately: NOW, requests: 2 });
    const all = searchForFirstRoots(input, { lately: NOW, requests: 20 });

    // Assess
    const roots = [6, 7, 8].map((at) => `${directories[at]}`.replace('shared/', 'chk-1/_metadata'));
    expect(roots.map((root) => finds(few, root))).toEqual([false, true, false]);
    expect(roots.map((root) => finds(all, root))).toEqual([true, true, true]);
  });

  it('looks at none where these are too many as well', () => {
    const directories = rootless(40);
    const input = { ...inputOf([], [ROOTED]), objects: tableOf([...directories, ...rooted], () => NOW) };

    expect(searchForFirstRoots(input, { lately: NOW, requests: 2 })).toEqual(searchForRoots(input));
    expect(searchForFirstRoots(input, { lately: NOW, requests: 20 })).not.toEqual(searchForRoots(input));
  });

  it('takes no request more where no directory is without roots', () => {
    const input = inputOf(rooted, [ROOTED]);

    expect(searchForFirstRoots(input, { lately: 0, requests: 0 })).toEqual(searchForRoots(input));
  });
});
