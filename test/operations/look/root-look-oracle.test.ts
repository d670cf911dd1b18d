import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Area } from '#core/area/area.ts';
import { foldersAbove } from '#core/area/folders-above.ts';
import { ObjectTable } from '#core/inventory/object-table.ts';
import { compareKeys } from '#core/key-order.ts';
import { HeldDirectories } from '#operations/look/held-directories.ts';
import { type ListedRoot, listBelow, listRoots } from '#operations/look/root-listing.ts';
import { listRootsAgain } from '#operations/look/root-look.ts';
import { MovingStore } from '#test/support/moving-store.ts';
import { JOB, NOW, OTHER_JOB, uuid } from '#test/support/played-job.ts';

/** What a look in few requests finds, held against a walk through all folders. */

const FOLDERS = [
  ...[JOB, OTHER_JOB, 'a', 'chk-1', 'chk-10', 'chk-9', 'chk-9.5', 'chk--1', 'shared', 'taskowned'],
  ...['savepoint-946894-0c236dd65946', '', '-', '_metadata', 'é', '\uffee', '\u{1f600}'],
];
const NAMES = [
  ...['_metadata', '_metadata.bak', uuid(1), uuid(2), 'Z', 'part-1', 'chk-8-metadata', 'chk-7', 'chk.'],
  ...['', '\uffee', '\u{1f600}'],
];
// Of a few folders and names, so that many keys share them.
const keysOfBucket = fc
  .tuple(fc.subarray(FOLDERS, { minLength: 1, maxLength: 3 }), fc.subarray(NAMES, { minLength: 3, maxLength: 6 }))
  .chain(([folders, names]) => {
    const above = fc.array(fc.constantFrom(...folders), { maxLength: 2 });
    const key = fc.tuple(above, fc.constantFrom('_metadata', ...names)).map((parts) => parts.flat().join('/'));
    return fc.uniqueArray(key, { maxLength: 30 });
  });
const buckets = fc.record({
  keys: keysOfBucket,
  prefix: fc.constantFrom('in/', 'in/ck/'),
  keysPerRequest: fc.integer({ min: 1, max: 6 }),
  checkpoint: fc.constantFrom('chk-0', 'chk-3', 'chk-99'),
  fresh: fc.constantFrom('!', '0', 'chk-4x', 'nn', '~', '\u{1f601}'),
});

function keysOf(roots: readonly ListedRoot[]): ReadonlySet<string> {
  return new Set(roots.map((root) => root.key));
}

function tableOf(keys: readonly string[]): ObjectTable {
  const objects = new ObjectTable();
  for (const key of keys) objects.add({ location: 0, key, bytes: 1, modified: NOW, etag: 'e' });
  objects.seal();
  return objects;
}

/** The keys after one and up to another. */
interface Bounds {
  readonly after?: string;
  readonly until?: string;
}

function partsOf(cuts: readonly string[]): readonly Bounds[] {
  const sorted = [...new Set(cuts)].sort(compareKeys);
  return [undefined, ...sorted].map((after, at) => {
    const until = sorted[at];
    return { ...(after === undefined ? {} : { after }), ...(until === undefined ? {} : { until }) };
  });
}

function isWithin(key: string, { after, until }: Bounds): boolean {
  return (after === undefined || compareKeys(key, after) > 0) && (until === undefined || compareKeys(key, until) <= 0);
}

function childrenOf(path: string, keys: readonly string[]): ReadonlySet<string> {
  const below = keys.filter((each) => each.startsWith(path));
  return new Set(below.map((each) => each.slice(0, each.indexOf('/', path.length) + 1 || each.length)));
}

it('A look finds every root that a walk finds, and those that come to be where the documentation says', async () => {
  await fc.assert(
    fc.asyncProperty(buckets, async ({ keys, prefix, keysPerRequest, checkpoint, fresh }) => {
      // Prepare: a location between two others of the same bucket.
      const store = new MovingStore({ now: NOW, keysPerRequest, objectsPerPage: 3 });
      const own = keys.map((each) => prefix + each);
      for (const each of [...own, 'a/_metadata', 'z/_metadata']) store.put(each, 'x');
      const area = new Area([{ name: store.name, store: store.name, prefix, hidden: 0 }]);
      const place = { location: 0, store };
      const objects = tableOf(own);
      const held = new HeldDirectories([]);
      for (const root of await listBelow(area, place, prefix)) held.add(root);
      const look = { area, objects, held: held.in(0), first: { lately: NOW, requests: 3 } };

      // Act
      const before = { walked: await listRoots(area, place), found: await listRootsAgain(place, look) };
      const above = new Set([
        prefix,
        ...[...look.held].flatMap(foldersAbove).filter((path) => path.startsWith(prefix)),
      ]);
      const small = [...above].filter((path) => childrenOf(path, own).size < keysPerRequest);
      const added = [
        ...[...look.held].flatMap((path) => [`${path}_metadata`, `${path}${checkpoint}/_metadata`]),
        ...small.map((path) => `${path}${fresh}/${OTHER_JOB}/chk-1/_metadata`),
      ];
      for (const each of added) store.put(each, 'x');
      const after = keysOf(await listRootsAgain(place, look));

      // Assess
      expect([...keysOf(before.walked)].filter((each) => !keysOf(before.found).has(each))).toEqual([]);
      expect(added.filter((each) => !after.has(each))).toEqual([]);
    }),
    { numRuns: 300, seed: 20_261_130 },
  );
});

it('Looks at the parts of a location find all that one look at the whole finds', async () => {
  const cut = fc.oneof(fc.integer({ min: 0, max: 29 }), fc.constantFrom('in/', 'in/a/', `in/${JOB}/chk-1/`, 'in/ck/~'));
  await fc.assert(
    fc.asyncProperty(buckets, fc.array(cut, { maxLength: 2 }), async (bucket, places) => {
      // Prepare
      const { keys, prefix, keysPerRequest, checkpoint, fresh } = bucket;
      const store = new MovingStore({ now: NOW, keysPerRequest, objectsPerPage: 3 });
      const own = keys.map((each) => prefix + each);
      for (const each of own) store.put(each, 'x');
      const area = new Area([{ name: store.name, store: store.name, prefix, hidden: 0 }]);
      const place = { location: 0, store };
      const held = new HeldDirectories([]);
      for (const root of await listBelow(area, place, prefix)) held.add(root);
      const look = { area, held: held.in(0), first: { lately: NOW, requests: 3 } };
      const above = new Set([
        prefix,
        ...[...look.held].flatMap(foldersAbove).filter((each) => each.startsWith(prefix)),
      ]);
      const small = [...above].filter((path) => childrenOf(path, own).size < keysPerRequest);
      const added = [
        ...[...look.held].flatMap((path) => [`${path}_metadata`, `${path}${checkpoint}/_metadata`]),
        ...small.map((path) => `${path}${fresh}/${OTHER_JOB}/chk-1/_metadata`),
      ];
      for (const each of added) store.put(each, 'x');
      const cuts = places.flatMap((each) => (typeof each === 'string' ? [each] : (own[each] ?? [])));

      // Act
      const whole = keysOf(await listRootsAgain(place, { ...look, objects: tableOf(own) }));
      const found = new Set<string>();
      for (const within of partsOf(cuts)) {
        const objects = tableOf(own.filter((key) => isWithin(key, within)));
        for (const key of keysOf(await listRootsAgain(place, { ...look, objects, within }))) found.add(key);
      }

      // Assess
      expect([...whole, ...added].filter((key) => !found.has(key))).toEqual([]);
    }),
    { numRuns: 1_000, seed: 20_261_201 },
  );
});
