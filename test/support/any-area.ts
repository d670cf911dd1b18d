import fc from 'fast-check';
import { parseFlinkPath } from '#core/flink/state-path.ts';
import type { ShardCut } from '#core/shards/key-ranges.ts';
import type { SurveyInput } from '#operations/look/survey.ts';
import { type RunningJobs, RunningJobsError } from '#ports/running-jobs.ts';
import { incrementalCheckpoint } from '#test/support/metadata-writer.ts';
import { callOf, failWith, MovingStore } from '#test/support/moving-store.ts';
import { DAY, NOW, uuid } from '#test/support/played-job.ts';

/**
 * Areas of two buckets in which anything may lie anywhere: few names, so that the same file is referenced, missing, copied
 * and doubled; few ids, so that jobs share them.
 */

const HOUR = DAY / 24;
const [A, B, C, D] = ['a', 'b', 'c', 'd'].map((digit) => digit.repeat(32)) as [string, string, string, string];
const MERGED = `job_${A}_op_${B}_1_2`;

/** Folders in which files lie. */
const FOLDERS = [
  `cp/${A}/shared/`,
  `cp/${A}/chk-1/`,
  `cp/${A}/chk-10/`,
  `cp/${A}/chk-9/`,
  `cp/${A}/taskowned/`,
  `cp/${A}/`,
  `eu/cp/${A}/shared/`,
  `eu/cp/${A}/chk-3/`,
  `cp/${B}/shared/`,
  `cp/${B}/chk-2/`,
  `cp/${B}/shared/${MERGED}/`,
  `cp/${B}/shared/op_x_1_2__attempt_1/db/`,
  `dstl/${A}/dstl/`,
  `dstl/${B}/dstl/`,
  `e/ab12/cp/${C}/shared/`,
  `e/cd34/cp/${C}/shared/`,
  `e/ef56/cp/${C}/chk-4/`,
  `e/cp/${C}/shared/`,
  `e/cp/${C}/chk-4/`,
  `cache/${D}/shared/`,
  `cache/${D}/`,
  `savepoint-aaaaaa-0123456789ab/`,
  `saved/`,
  `cp/`,
  '',
  'chk-7/',
  'shared/',
  'table/data/',
  `old/cp/${A}/chk-1/`,
] as const;
/** Folders in which roots lie. */
const ROOT_FOLDERS = [
  `cp/${A}/chk-1/`,
  `cp/${A}/chk-9/`,
  `cp/${A}/chk-10/`,
  `eu/cp/${A}/chk-3/`,
  `cp/${B}/chk-2/`,
  `e/cp/${C}/chk-4/`,
  `e/cp/${C}/chk-5/`,
  `savepoint-aaaaaa-0123456789ab/`,
  'saved/',
  'chk-7/',
  '',
  `old/cp/${A}/chk-1/`,
  'table/',
] as const;
const NAMES = [
  ...Array.from({ length: 16 }, (_, number) => uuid(number * 0x0fff_ffff)),
  '00000000-0000-1000-8000-000000000001',
  '',
  'data.parquet',
  'my_metadata.bak',
  'completedCheckpoint0011',
  '.steward-marker',
  'CURRENT',
] as const;
const STORES = ['s3://bucket', 's3://second'] as const;
/** What references may call the two buckets, or places outside. */
const CALLED = [
  's3a://bucket',
  's3://second/deep',
  's3://alias',
  's3://origin',
  's3://elsewhere',
  's3://known',
] as const;

interface AnyFile {
  readonly store: 0 | 1;
  readonly folder: number;
  readonly name: number;
  /** Hours before the run. */
  readonly age: number;
  readonly bytes: number;
  readonly special: boolean;
}

interface AnyReference {
  /** By number the file that it leads to; null for one that may be nowhere. */
  readonly file: number | null;
  readonly called: number;
  readonly folder: number;
  readonly name: number;
  readonly bytes: number;
}

interface AnyRoot {
  readonly store: 0 | 1;
  readonly folder: number;
  readonly age: number;
  readonly references: readonly AnyReference[];
  readonly savepoint: boolean;
  readonly fate: 'read' | 'denied' | 'cut' | 'gone' | 'denies' | 'other' | 'parquet' | 'broken';
}

/** A part of an area, as of one time. */
export interface AnyContent {
  readonly files: readonly AnyFile[];
  readonly roots: readonly AnyRoot[];
  readonly renamed: readonly (Omit<AnyRoot, 'fate'> & { readonly cut: boolean; readonly named: boolean })[];
}

const anyStore = fc.constantFrom<0 | 1>(0, 0, 0, 1);
const anyAge = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 60 * 24 }) },
  fc.integer({ min: 0, max: 30 }),
);
const anyReference = fc.record({
  file: fc.option(fc.nat(49), { freq: 12 }),
  called: fc.oneof({ weight: 6, arbitrary: fc.nat(1) }, fc.nat(CALLED.length - 1)),
  folder: fc.nat(FOLDERS.length - 1),
  name: fc.oneof({ weight: 9, arbitrary: fc.nat(15) }, fc.nat(NAMES.length - 1)),
  bytes: fc.constantFrom(100, 100, 100, 100, 50, -1),
});
const anyReferences = fc.array(anyReference, { maxLength: 8 });

const anyContent: fc.Arbitrary<AnyContent> = fc.record({
  files: fc.array(
    fc.record({
      store: anyStore,
      folder: fc.nat(FOLDERS.length - 1),
      name: fc.oneof({ weight: 9, arbitrary: fc.nat(15) }, fc.nat(NAMES.length - 1)),
      age: anyAge,
      bytes: fc.constantFrom(100, 100, 100, 50),
      special: fc.oneof({ weight: 300, arbitrary: fc.constant(false) }, fc.constant(true)),
    }),
    { maxLength: 50, minLength: 5 },
  ),
  roots: fc.array(
    fc.record({
      store: anyStore,
      folder: fc.nat(ROOT_FOLDERS.length - 1),
      age: anyAge,
      references: anyReferences,
      savepoint: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
      fate: fc.oneof(
        { weight: 60, arbitrary: fc.constant('read' as const) },
        fc.constantFrom<AnyRoot['fate']>('denied', 'cut', 'gone', 'denies', 'other', 'parquet', 'broken'),
      ),
    }),
    { maxLength: 8 },
  ),
  renamed: fc.array(
    fc.record({
      store: anyStore,
      folder: fc.nat(FOLDERS.length - 1),
      age: anyAge,
      references: anyReferences,
      savepoint: fc.constant(false),
      cut: fc.boolean(),
      /** Whether its own name tells that it is metadata. */
      named: fc.boolean(),
    }),
    { maxLength: 2 },
  ),
});

const NOTHING: AnyContent = { files: [], roots: [], renamed: [] };

/** An area with how it is surveyed. */
export const anyArea = fc.record({
  content: anyContent,
  /** What was there besides in earlier runs. */
  earlier: fc.oneof(
    { weight: 3, arbitrary: fc.constant(NOTHING) },
    { weight: 2, arbitrary: anyContent.map(({ files }) => ({ ...NOTHING, files })) },
    anyContent,
  ),
  remembers: fc.boolean(),
  /** A savepoint that was retired, with what it referenced; its root may be there again. */
  retired: fc.option(fc.record({ folder: fc.constantFrom(7, 8, 9), references: anyReferences }), { freq: 2 }),
  pinned: fc.array(fc.nat(ROOT_FOLDERS.length - 1), { maxLength: 2 }),
  aliased: fc.boolean(),
  copied: fc.boolean(),
  known: fc.boolean(),
  dead: fc.subarray([A, B, C, D]),
  running: fc.option(
    fc.record({
      job: fc.constantFrom(A, B, C, 'f'.repeat(32)),
      folder: fc.nat(ROOT_FOLDERS.length - 1),
      silent: fc.boolean(),
    }),
    { freq: 2 },
  ),
  protect: fc.boolean(),
  looksAhead: fc.boolean(),
});
/** One of them. */
export type AnyArea = typeof anyArea extends fc.Arbitrary<infer T> ? T : never;

/** Cuts in the middle of folders and between them, several at one place among them. */
export const anyCuts: fc.Arbitrary<readonly ShardCut[]> = fc.array(
  fc.record({
    location: fc.nat(1),
    key: fc.option(
      fc.oneof(
        fc.tuple(fc.nat(FOLDERS.length - 1), fc.nat(NAMES.length - 1)).map(([folder, name]) => keyOf(folder, name)),
        // Between the files of a folder, and between these and its root.
        fc.constantFrom(...FOLDERS.map((folder) => `${folder}8`), ...ROOT_FOLDERS.map((folder) => `${folder}_`)),
        fc.constantFrom(...FOLDERS, ...ROOT_FOLDERS.map((folder) => `${folder}_metadata`), `cp/${A}/chk-1~`, '~'),
      ),
      { freq: 6 },
    ),
  }),
  { maxLength: 6 },
);

function keyOf(folder: number, name: number): string {
  return `${FOLDERS[folder]}${NAMES[name]}`;
}

/** The two buckets as they are now; as new for each who surveys them, so that both see the same happen. */
export function storesOf(
  contents: readonly AnyContent[],
  now: number,
  keysPerRequest?: number,
): readonly [MovingStore, MovingStore] {
  const stores = STORES.map((name) => new MovingStore({ name, now, keysPerRequest })) as [MovingStore, MovingStore];
  for (const content of contents) fill(stores, content);
  return stores;
}

function fill(stores: readonly [MovingStore, MovingStore], content: AnyContent): void {
  const { files, roots, renamed } = content;
  for (const { store, folder, name, age, bytes, special } of files) {
    const key = `${store === 1 ? 'deep/' : ''}${keyOf(folder, name)}`;
    const content = 'x'.repeat(key.endsWith('/') ? 0 : bytes);
    const what = { what: 'a symbolic link to /elsewhere', mayHideRoots: bytes === 50 };
    if (key !== '') stores[store].put(key, content, NOW - age * HOUR, special ? what : undefined);
  }
  for (const { store, folder, references, age, savepoint, cut, named } of renamed) {
    const key = `${store === 1 ? 'deep/' : ''}${FOLDERS[folder]}${named ? 'kept_metadata' : 'kept'}`;
    const content = metadataOf({ references, savepoint }, 1, files);
    stores[store].put(key, cut ? content.subarray(0, content.length - 200) : content, NOW - age * HOUR);
  }
  for (const [at, root] of roots.entries()) placeRoot(stores[root.store], root, at, files);
}

function placeRoot(store: MovingStore, root: AnyRoot, at: number, files: readonly AnyFile[]): void {
  const key = `${root.store === 1 ? 'deep/' : ''}${ROOT_FOLDERS[root.folder]}_metadata`;
  const number = Number(/chk-(\d+)\/$/.exec(ROOT_FOLDERS[root.folder] ?? '')?.[1] ?? at);
  const content = metadataOf(root, number, files);
  store.put(key, content, NOW - root.age * HOUR);
  switch (root.fate) {
    case 'denied':
      store.always(callOf('read', key), failWith('denied'));
      break;
    case 'cut':
      store.always(callOf('chunk', key, 1), failWith('unavailable'));
      break;
    case 'gone':
      store.once(callOf('read', key), (it) => it.remove(key));
      break;
    case 'denies':
      store.lie(key, Number.POSITIVE_INFINITY, null);
      break;
    case 'other':
      store.lie(key, Number.POSITIVE_INFINITY, {
        content: metadataOf({ ...root, references: [] }, 3, files),
        modified: NOW - DAY,
      });
      break;
    case 'parquet':
      store.put(key, 'PAR1 and some rows PAR1', NOW - root.age * HOUR);
      break;
    case 'broken':
      store.put(key, content.subarray(0, content.length - 100), NOW - root.age * HOUR);
      break;
  }
}

function metadataOf(
  { references, savepoint }: Pick<AnyRoot, 'references' | 'savepoint'>,
  id: number,
  files: readonly AnyFile[],
): Buffer {
  return incrementalCheckpoint({
    id,
    kind: savepoint ? 'savepoint-canonical' : 'checkpoint',
    shared: references.map(({ file, called, folder, name, bytes }) => {
      const known = file === null ? undefined : files[file % files.length];
      return known === undefined
        ? { path: `${CALLED[called]}/${keyOf(folder, name) || 'x'}`, bytes }
        : { path: `${CALLED[known.store]}/${keyOf(known.folder, known.name) || 'x'}`, bytes: known.bytes };
    }),
  });
}

/** How such an area is surveyed. */
export function surveyOf(area: AnyArea, stores: readonly [MovingStore, MovingStore], now = NOW): SurveyInput {
  const path = (url: string) => parseFlinkPath(url) ?? { scheme: null, authority: null, path: url };
  const { running, protect, looksAhead } = area;
  return {
    locations: [
      { area: { name: 'first', store: 's3://bucket', prefix: '', hidden: 0 }, store: stores[0] },
      { area: { name: 'second', store: 's3://second', prefix: 'deep/', hidden: 0 }, store: stores[1] },
    ],
    outside: area.known ? [path('s3://known/')] : [],
    aliases: area.aliased ? [{ from: path('s3://alias/'), to: path('s3://bucket/') }] : [],
    copies: area.copied ? [{ from: path('s3://origin/'), to: path('s3://second/deep') }] : [],
    settings: {
      minAge: 20 * HOUR,
      quarantine: 10 * HOUR,
      checkpointTimeout: HOUR / 6,
      deadAfter: 10 * DAY,
      abandonedAfter: 20 * DAY,
      maxDeleteFraction: 0.3,
      taskowned: area.pinned.length === 1,
      taskownedMinAge: 5 * DAY,
      failedSavepoints: area.dead.length === 1,
    },
    deadJobs: area.dead,
    protects: protect ? (key) => key.includes('chk-9/') : null,
    clock: () => now,
    wait: async () => {},
    running: running === null ? [] : [clusterOf(running)],
    assumeQuarantined: looksAhead,
  };
}

/** What the ledger knows of a root that was retired a day ago; null for none. */
export function retiredRoot({ retired, content }: AnyArea): { readonly url: string; readonly copy: Buffer } | null {
  if (retired === null) return null;
  const folder = FOLDERS.indexOf(ROOT_FOLDERS[retired.folder] as (typeof FOLDERS)[number]);
  const own = retired.references.map((reference) => ({ ...reference, file: null, called: 0, folder }));
  const copy = metadataOf({ references: own, savepoint: true }, 1, content.files);
  return { url: `s3://bucket/${ROOT_FOLDERS[retired.folder]}_metadata`, copy };
}

/** The URLs of the roots that are pinned. */
export function pinnedUrls({ pinned }: AnyArea): readonly string[] {
  return pinned.map((folder) => `s3://bucket/${ROOT_FOLDERS[folder]}_metadata`);
}

function clusterOf({ job, folder, silent }: NonNullable<AnyArea['running']>): RunningJobs {
  const directory = `s3://bucket/${ROOT_FOLDERS[folder]}`.replace(/\/$/, '');
  return {
    name: 'http://flink:8081',
    jobs: async () => {
      if (silent) throw new RunningJobsError('http://flink:8081', 'it did not answer');
      return [
        {
          jobId: job,
          name: 'job',
          state: 'RUNNING',
          checkpointTimeout: DAY / 2,
          inProgress: [9n],
          inProgressUnnamed: 0,
          restoredFrom: { path: directory, isSavepoint: false, id: 1n },
          restoreKnown: true,
          completedCheckpoints: folder % 2,
          completedPaths: folder % 3 === 0 ? [directory] : [],
        },
      ];
    },
  };
}
