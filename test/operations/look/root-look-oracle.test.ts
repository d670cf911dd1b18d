import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Area } from '#core/area/area.ts';
import { foldersAbove } from '#core/area/folders-above.ts';
import { ObjectTable } from '#core/inventory/object-table.ts';
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
      const objects = new ObjectTable();
      for (const each of own) objects.add({ location: 0, key: each, bytes: 1, modified: NOW, etag: 'e' });
      objects.seal();
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
