import { describe, expect, it } from 'vitest';
import { Area } from '#core/area/area.ts';
import { parseFlinkPath } from '#core/flink/state-path.ts';
import { ObjectTable } from '#core/inventory/object-table.ts';
import { askedPlaces } from '#core/shards/asked-places.ts';
import { addSums, type DirectorySums, sumDirectories } from '#core/shards/directory-sums.ts';
import { type NamedRow, NamedRows, partitionOf } from '#core/shards/named-rows.ts';
import { batchRoots, ownerOfRoot } from '#core/shards/root-batches.ts';
import { BUCKET, uuid } from '#test/support/world.ts';

const [A, B] = ['a', 'b'].map((digit) => digit.repeat(32)) as [string, string];
const path = (url: string) => parseFlinkPath(url) ?? { scheme: null, authority: null, path: url };

describe('The places that a reference may lead to', () => {
  const root = { location: 0, directory: `copy/${A}/chk-1/`, key: `copy/${A}/chk-1/_metadata` };
  const area = new Area([BUCKET], [], [], [{ from: path('s3://origin/'), to: path('s3://bucket/copy') }]);

  it.each([
    ['a file of the area', { path: 's3://bucket/x', relative: false }, ['x']],
    ['a file beside the root', { path: 'x', relative: true }, [`copy/${A}/chk-1/x`]],
    ['a file of the original of a copy', { path: 's3://origin/x', relative: false }, ['copy/x']],
    ['a file elsewhere', { path: 's3://elsewhere/x', relative: false }, []],
    ['a path that Flink refuses', { path: '', relative: false }, []],
  ])('are asked for: %s', (_, reference, keys) => {
    expect(askedPlaces(area, root, reference).map(({ key }) => key)).toEqual(keys);
  });
});

describe('What a listing tells of directories', () => {
  function sums(objects: Readonly<Record<string, number>>): readonly DirectorySums[] {
    const table = new ObjectTable();
    for (const [key, modified] of Object.entries(objects)) {
      table.add({ location: 0, key, bytes: key.endsWith('/') ? 0 : 1, modified, etag: 'e' });
    }
    return [...sumDirectories(table).values()];
  }

  it('is whose files it holds, whether a root, and anything else', () => {
    const facts = sums({ 'a/_metadata': 1, 'b/': 1, 'c/data': 1, [`d/${uuid(1)}`]: 1, [`d/${uuid(2)}`]: 1 });

    expect(
      facts.map(({ directory, holdsFlinkFiles, holdsMetadata, holdsOthers }) => [
        directory.path,
        holdsFlinkFiles,
        holdsMetadata,
        holdsOthers,
      ]),
    ).toEqual([
      ['a/', true, true, false],
      ['b/', false, false, false],
      ['c/', false, false, true],
      ['d/', true, false, true],
    ]);
  });

  it('adds up over shards, whichever of them knows more', () => {
    const [whole] = sums({ 'a/_metadata': 3, 'a/x': 1, [`a/${uuid(1)}`]: 5 });
    const [first] = sums({ 'a/_metadata': 3 });
    const [second] = sums({ [`a/${uuid(1)}`]: 5 });
    const [third] = sums({ 'a/x': 1 });
    if (first === undefined || second === undefined || third === undefined) throw new Error('There is no directory.');

    expect(addSums(addSums(first, second), third)).toEqual(whole);
    expect(addSums(third, addSums(second, first))).toEqual(whole);
  });
});

describe('Objects of all shards with names of one part', () => {
  it('are kept as copies of live ones, but for what Flink itself has duplicated', () => {
    const row = (changes: Partial<NamedRow>): NamedRow => ({
      name: uuid(1),
      location: 0,
      path: `cp/${A}/shared/`,
      bytes: 100,
      modified: 2_000,
      isWanted: false,
      shard: 0,
      object: 0,
      ...changes,
    });
    const rows = new NamedRows();
    rows.add(row({ isWanted: true }));
    rows.add(row({ path: 'backup/', shard: 3, object: 7 }));
    rows.add(row({ path: 'backup/', name: uuid(2), shard: 3, object: 8 }));
    // Older, of the same size, in the directory of another job beside it: the original of a duplicate by NO_CLAIM.
    rows.add(row({ path: `cp/${B}/shared/`, modified: 1_000, shard: 4, object: 9 }));
    const found: unknown[] = [];

    rows.forEachNamesake(({ shard, object, isKept, of }) => found.push({ shard, object, isKept, of: of() }));

    const live = { location: 0, key: `cp/${A}/shared/${uuid(1)}`, bytes: 100, modified: 2_000 };
    expect(found).toEqual([
      { shard: 3, object: 7, isKept: true, of: live },
      { shard: 4, object: 9, isKept: false, of: live },
    ]);
  });

  it('are as many in each part, whatever the number of parts', () => {
    expect(['00000000', '7fffffff', '80000000', 'ffffffff'].map((name) => partitionOf(name, 2))).toEqual([0, 0, 1, 1]);
  });
});

describe('Batches of roots', () => {
  const root = (directory: string, bytes = 1) => ({ location: 0, key: `${directory}/_metadata`, bytes });

  it('hold all roots of an owner, and no more than so many of several', () => {
    const roots = [root(`x/${A}/chk-1`), root('saved'), root(`y/${A}/chk-2`), root(`x/${B}/chk-1`)];

    const batches = batchRoots(roots, { roots: 3, bytes: 100 });

    expect(batches.map(({ owners }) => [...owners])).toEqual([[A, '0:saved/'], [B]]);
    expect(batches.map(({ roots: its }) => its.length)).toEqual([3, 1]);
    expect(ownerOfRoot(root('saved'))).toBe('0:saved/');
  });

  it('hold no more than so many bytes, unless one owner has more', () => {
    const batches = batchRoots([root('a', 60), root('b', 30), root('c', 20), root('d', 200)], { roots: 9, bytes: 100 });

    expect(batches.map(({ roots }) => roots.map(({ key }) => key[0]))).toEqual([['a', 'b'], ['c'], ['d']]);
  });
});
