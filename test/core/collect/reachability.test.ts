import { describe, expect, it } from 'vitest';
import { REMEMBERED_ROOTS } from '#core/collect/reachability.ts';
import { isCheckpointProper, isDamaged, isRestorePoint, lacksProperties } from '#core/collect/roots.ts';
import { ObjectSet } from '#core/inventory/object-set.ts';
import {
  DAY,
  DIRECTORY,
  HOUR,
  OTHER_DIRECTORY,
  type RootSpec,
  unreadRoot,
  uuid,
  type World,
  type WorldSpec,
  world,
} from '#test/support/world.ts';

const FILE = `${DIRECTORY}/shared/${uuid(1)}`;
const SECOND_FILE = `${DIRECTORY}/shared/${uuid(2)}`;
const CHECKPOINT = `${DIRECTORY}/chk-9`;

/** One root that names these things, beside two listed files of 100 bytes. */
function naming(names: RootSpec['names'], further: WorldSpec = {}, root: Partial<RootSpec> = {}): World {
  return world({
    objects: { [FILE]: DAY, [SECOND_FILE]: DAY },
    roots: { [CHECKPOINT]: { age: HOUR, names: names ?? [], ...root } },
    ...further,
  });
}

describe('A root under another name', () => {
  const copy = `backup/${uuid(1)}`;
  const other = `other/${uuid(1)}`;
  it('keeps what it references, and its copies are those of that', () => {
    const { reachability, object } = world({
      objects: { [FILE]: DAY, [copy]: DAY, [other]: DAY, [SECOND_FILE]: DAY },
      renamed: { 'kept/metadata': { names: [copy] } },
    });

    const originals = reachability.originalsOf(object(FILE));

    expect(originals).toEqual([object(copy)]);
    expect(reachability.isCopy(object(FILE))).toBe(true);
    expect(reachability.renamedRootsOf(object(copy)).map(({ key }) => key)).toEqual(['kept/metadata']);
    expect(reachability.renamedRootsOf(object(SECOND_FILE))).toEqual([]);
  });
});

describe('A live object of which there are copies', () => {
  it('is none of its own originals', () => {
    const copy = `backup/${uuid(1)}`;
    const { reachability, object } = naming([FILE, copy], { objects: { [FILE]: DAY, [copy]: DAY } });

    expect(reachability.originalsOf(object(FILE))).toEqual([object(copy)]);
  });
});

describe('What several roots miss', () => {
  const missed = (folder: string) => ({ path: `s3://bucket/${folder}/${uuid(7)}` });

  it('is kept by each root under another name that misses it', () => {
    const { reachability, object } = world({
      objects: { [`cp/${uuid(7)}`]: DAY, 'kept/metadata': DAY, 'kept/other': DAY },
      renamed: { 'kept/metadata': { names: [missed('gone')] }, 'kept/other': { names: [missed('lost')] } },
    });

    expect(reachability.missingNames()).toEqual([uuid(7)]);
    expect(reachability.renamedRootsOf(object(`cp/${uuid(7)}`)).map(({ key }) => key)).toEqual([
      'kept/metadata',
      'kept/other',
    ]);
  });

  it('is found elsewhere at the first place, and only where the reference leads into the area', () => {
    const [first, second] = [`a/${uuid(7)}`, `b/${uuid(7)}`];
    const objects = { [first]: DAY, [second]: DAY };
    const inside = naming([missed('gone')], { objects });
    const outside = naming([{ path: `s3://far/x/${uuid(7)}` }], { objects, outside: ['s3://far/x'] });

    expect(inside.root(CHECKPOINT).foundElsewhere).toBe(inside.object(first));
    expect(outside.root(CHECKPOINT).foundElsewhere).toBe(-1);
    expect(outside.reachability.isKeptByName(outside.object(first))).toBe(true);
  });
});

describe('Files outside the area', () => {
  it('are all that roots reference there, declared or not, and none that is missing here', () => {
    const declared = { path: `s3://far/x/${uuid(7)}` };
    const { reachability, root } = world({
      objects: { [FILE]: DAY },
      outside: ['s3://far/x'],
      roots: {
        [CHECKPOINT]: { age: HOUR, names: [FILE, declared, { path: `s3://bucket/gone/${uuid(8)}` }] },
        [`${DIRECTORY}/chk-8`]: { age: 2 * HOUR, names: [{ path: `s3a://near//y/${uuid(9)}` }] },
      },
    });

    expect([...reachability.missingNames()].sort()).toEqual([uuid(7), uuid(8), uuid(9)]);
    expect([...reachability.outsideFiles()]).toEqual([
      { root: root(CHECKPOINT), place: { store: 's3://far', key: `x/${uuid(7)}` } },
      { root: root(`${DIRECTORY}/chk-8`), place: { store: 's3://near', key: `y/${uuid(9)}` } },
    ]);
  });
});

describe('A file outside the area that a root references several times', () => {
  it('is told once', () => {
    const twice = { path: `s3://far/x/${uuid(7)}` };
    const { reachability, root } = world({ roots: { [CHECKPOINT]: { age: HOUR, names: [twice, twice] } } });

    expect([...reachability.outsideFiles()]).toEqual([
      { root: root(CHECKPOINT), place: { store: 's3://far', key: `x/${uuid(7)}` } },
    ]);
  });
});

describe('A symbolic link among the files of a root', () => {
  it('is no file, also beside one that is referenced before, and the first of several is told', () => {
    const third = `${DIRECTORY}/shared/${uuid(3)}`;
    const links = { [FILE]: { age: DAY, special: 'symbolic link' }, [third]: { age: DAY, special: 'symbolic link' } };
    const { root, object } = naming([SECOND_FILE, FILE, third], { objects: { ...links, [SECOND_FILE]: DAY } });

    const above = world({
      objects: { 'a/1': { age: DAY, special: 'symbolic link' }, 'a/2': { age: DAY, special: 'symbolic link' } },
      roots: { [CHECKPOINT]: { age: HOUR, names: ['a/1', 'a/2'] } },
    });

    expect(root(CHECKPOINT).linked).toBe(object(FILE));
    expect(above.root(CHECKPOINT).linked).toBe(above.object('a/1'));
    expect(root(CHECKPOINT).missing.map(({ resolved }) => resolved)).toEqual([
      `s3://bucket/${FILE}`,
      `s3://bucket/${third}`,
    ]);
  });
});

describe('A file of the original that only a declared copy holds', () => {
  it('counts as one of the area that has to be put back', () => {
    const kept = `a/${uuid(1)}`;
    const { root, object } = world({
      objects: { [kept]: DAY },
      copies: { 's3://primary': 's3://bucket' },
      roots: { [CHECKPOINT]: { age: HOUR, names: [{ path: `s3://primary/${kept}` }] } },
    });

    expect(root(CHECKPOINT)).toMatchObject({ inArea: 1, outside: 0, toPutBack: 1, readsOriginal: true, missing: [] });
    expect([...root(CHECKPOINT).objects]).toEqual([object(kept)]);
  });
});

describe('marking', () => {
  it('tells the roots that name an object from those that do not', () => {
    const { reachability, object, root } = world({
      objects: { [FILE]: DAY, [SECOND_FILE]: DAY },
      roots: {
        [CHECKPOINT]: { age: HOUR, names: [FILE] },
        [`${DIRECTORY}/chk-8`]: { age: 2 * HOUR, names: [FILE, SECOND_FILE] },
      },
    });

    expect(reachability.rootsOf(object(SECOND_FILE))).toEqual([root(`${DIRECTORY}/chk-8`)]);
    expect(reachability.rootsOf(object(FILE))).toHaveLength(2);
  });

  it('counts every root that names an object once, however often it does', () => {
    const segment = { path: `s3://bucket/${FILE}`, bytes: 7n, segment: true };

    const evidence = naming([FILE, FILE, segment, SECOND_FILE]);
    const root = evidence.root(CHECKPOINT);

    expect(evidence.reachability.rootCount(evidence.object(FILE))).toBe(1);
    expect([...root.objects].map((object) => evidence.objects.key(object))).toEqual([FILE, SECOND_FILE]);
    expect(root.reachableBytes).toBe(200);
    expect(root.inArea).toBe(4);
  });

  it('remembers the first roots of an object and finds them all', () => {
    const many = REMEMBERED_ROOTS + 2;
    const directories = Array.from({ length: many }, (_, n) => `${DIRECTORY}/chk-${n + 1}`);
    const evidence = world({
      objects: { [FILE]: DAY, [SECOND_FILE]: DAY },
      roots: Object.fromEntries(directories.map((at) => [at, { age: HOUR, names: [FILE] }])),
    });
    const object = evidence.object(FILE);
    const { reachability } = evidence;

    expect(reachability.rootCount(object)).toBe(many);
    expect(reachability.someRootsOf(object)).toEqual(reachability.roots.slice(0, REMEMBERED_ROOTS));
    expect(reachability.rootsOf(object)).toEqual(reachability.roots);
    expect(reachability.someRootsOf(evidence.object(SECOND_FILE))).toEqual([]);
    expect(reachability.isLive(evidence.object(SECOND_FILE))).toBe(false);
  });

  it('knows no roots of an object that is not there', () => {
    const { reachability } = naming([FILE]);

    expect(reachability.rootCount(99)).toBe(0);
    expect(reachability.isLive(99)).toBe(false);
    expect(reachability.isKeptByName(99)).toBe(false);
    expect(reachability.someRootsOf(99)).toEqual([]);
  });

  it('finds the roots that miss a file of an object’s name', () => {
    const misses = [`gone/${uuid(1)}`, `gone/too/${uuid(1)}`];
    const evidence = world({
      objects: { [FILE]: DAY, [SECOND_FILE]: DAY },
      roots: {
        [CHECKPOINT]: { age: HOUR, names: misses },
        [`${OTHER_DIRECTORY}/chk-1`]: { age: HOUR, names: misses },
        [`${OTHER_DIRECTORY}/chk-2`]: { age: HOUR },
      },
    });

    expect(evidence.reachability.rootsByName(evidence.object(FILE))).toEqual([
      evidence.root(CHECKPOINT),
      evidence.root(`${OTHER_DIRECTORY}/chk-1`),
    ]);
    expect(evidence.reachability.rootsByName(evidence.object(SECOND_FILE))).toEqual([]);
    expect(evidence.reachability.isKeptByName(evidence.object(FILE))).toBe(true);
    expect(evidence.reachability.isKeptByName(evidence.object(SECOND_FILE))).toBe(false);
  });
});

describe('a reference that is not answered as it should be', () => {
  it('is missing where nothing lies, told once with the area’s own name of the place', () => {
    const gone = { path: `s3a://alias/shared/${uuid(7)}`, bytes: 70n };

    const root = naming([gone, gone], { aliases: { 's3://alias': `s3://bucket/${DIRECTORY}` } }).root(CHECKPOINT);

    expect(root.missing).toEqual([
      {
        resolved: `s3a://alias/shared/${uuid(7)}`,
        url: `s3://bucket/${DIRECTORY}/shared/${uuid(7)}`,
        problem: 'missing',
        expectedBytes: 70,
        segment: false,
      },
    ]);
    expect(isDamaged(root)).toBe(true);
    expect(isRestorePoint(root)).toBe(false);
  });

  it('says nothing of its size where it is a segment', () => {
    const path = `s3://bucket/${DIRECTORY}/shared/${uuid(7)}`;

    expect(naming([{ path, bytes: 70n, segment: true }]).root(CHECKPOINT).missing).toEqual([
      { resolved: path, url: path, problem: 'missing', expectedBytes: -1, segment: true },
    ]);
  });

  it('has the wrong size where the object has another one, told once', () => {
    const short = { path: `s3://bucket/${FILE}`, bytes: 101n };

    const evidence = naming([FILE, short, short]);

    expect(evidence.root(CHECKPOINT).missing).toEqual([
      { resolved: short.path, url: short.path, problem: 'wrong-size', expectedBytes: 101, segment: false },
    ]);
    expect(evidence.reachability.isLive(evidence.object(FILE))).toBe(true);
    expect(evidence.reachability.isKeptByName(evidence.object(FILE))).toBe(false);
  });

  it.each([
    ['of a segment, which is a part of a file', { bytes: 7n, segment: true }],
    ['that Flink does not know', { bytes: -1n }],
    ['that is right', { bytes: 100n }],
  ])('has no wrong size %s', (_, size) => {
    const root = naming([{ path: `s3://bucket/${FILE}`, ...size }]).root(CHECKPOINT);

    expect(root.missing).toEqual([]);
    expect(isRestorePoint(root)).toBe(true);
    expect(isDamaged(root)).toBe(false);
  });

  it('may be shorter than a changelog file, and not longer', () => {
    const key = `${DIRECTORY}/dstl/${uuid(1)}`;
    const problems = (bytes: bigint): number =>
      world({
        objects: { [key]: DAY },
        roots: { [CHECKPOINT]: { age: HOUR, names: [{ path: `s3://bucket/${key}`, bytes }] } },
      }).root(CHECKPOINT).missing.length;

    expect([99n, 100n, 101n].map(problems)).toEqual([0, 0, 1]);
  });

  it('is missing where a symbolic link lies', () => {
    const evidence = naming([FILE], { objects: { [FILE]: { age: DAY, special: 'a symbolic link' } } });

    expect(evidence.root(CHECKPOINT).missing.map(({ problem }) => problem)).toEqual(['missing']);
    expect(evidence.reachability.isLive(evidence.object(FILE))).toBe(true);
  });

  it('counts as outside where it leads there, which nobody can verify', () => {
    const far = { path: 's3://far/x' };

    const elsewhere = naming([FILE, far, far]).root(CHECKPOINT);
    const declared = naming([FILE, far], { outside: ['s3://far'] }).root(CHECKPOINT);

    expect([elsewhere.outside, elsewhere.declaredOutside, elsewhere.firstOutside]).toEqual([2, 0, 's3://far/x']);
    expect([declared.outside, declared.declaredOutside, declared.firstOutside]).toEqual([0, 1, null]);
    expect([elsewhere, declared].map((root) => [root.missing.length, isRestorePoint(root)])).toEqual([
      [0, false],
      [0, false],
    ]);
  });

  it('makes the root unreadable where Flink can’t build its path, and keeps what is named beside it', () => {
    const evidence = naming([{ path: '' }, { path: '//[' }, FILE]);
    const root = evidence.root(CHECKPOINT);

    expect(root.state).toBe('unreadable');
    expect(root.failure).toEqual({ sentence: "it references a path that Flink can't resolve: ", fault: 'contents' });
    expect(evidence.reachability.isLive(evidence.object(FILE))).toBe(true);
    expect(isCheckpointProper(root)).toBe(false);
    expect(isRestorePoint(root)).toBe(false);
  });
});

describe('what is remembered of a root', () => {
  it('is the S3 scheme that it writes its own files with', () => {
    const scheme = (...names: NonNullable<RootSpec['names']>): string | null =>
      naming(names, { outside: ['hdfs://nn'], aliases: { 'hdfs://old': 's3://bucket' } }).root(CHECKPOINT).scheme;

    expect(scheme({ path: 'hdfs://nn/x' }, { path: `s3a://bucket/${FILE}` }, { path: `s3://bucket/${FILE}` })).toBe(
      's3a',
    );
    expect(scheme({ path: `s3p://far/${FILE}` })).toBe(null);
    expect(scheme({ path: `hdfs://old/${FILE}` })).toBe(null);
    expect(scheme({ path: uuid(1), relative: true })).toBe(null);
  });

  it('is null for a directory that stands for no bucket', () => {
    const evidence = world({
      locations: [{ name: './cp', store: 'file://', prefix: 'data/cp/', hidden: 8 }],
      objects: { [`data/${FILE}`]: DAY },
      roots: {
        [`data/${CHECKPOINT}`]: { age: HOUR, names: [{ path: `file:/data/${FILE}` }, { path: `/data/${FILE}` }] },
      },
    });
    const root = evidence.root(`data/${CHECKPOINT}`);

    expect([root.scheme, root.inArea, root.missing.length]).toEqual([null, 2, 0]);
  });

  it('does not resolve relative references against a directory that Flink would write differently', () => {
    const odd = 'cp\\odd//chk-1';
    const evidence = world({
      objects: { [`${odd}/${uuid(1)}`]: DAY },
      roots: { [odd]: { age: HOUR, names: [{ path: uuid(1), relative: true }] } },
    });

    expect(evidence.root(odd).objects).toBe(ObjectSet.EMPTY);
    expect(evidence.reachability.isKeptByName(evidence.object(`${odd}/${uuid(1)}`))).toBe(true);
  });

  it('takes a directory that is no path at all literally', () => {
    const evidence = world({
      locations: [{ store: 's3://[bad' }],
      objects: { [`x/${uuid(1)}`]: DAY },
      roots: { x: { age: HOUR, names: [{ path: uuid(1), relative: true }] } },
    });

    expect(evidence.root('x').firstOutside).toBe(`x/${uuid(1)}`);
    expect(evidence.undecidable.map(({ code }) => code)).toEqual(['other-name']);
  });
});

describe('a root', () => {
  it('is a checkpoint proper by its kind and its place', () => {
    const proper = (directory: string, root: Partial<RootSpec> = {}): boolean =>
      isCheckpointProper(world({ roots: { [directory]: { age: HOUR, ...root } } }).root(directory));

    expect(proper(CHECKPOINT)).toBe(true);
    expect(proper('sp/savepoint-aaaaaa-000000000000')).toBe(false);
    expect(proper('mine')).toBe(false);
    expect(proper(CHECKPOINT, { kind: 'full-checkpoint' })).toBe(false);
    expect(proper(CHECKPOINT, { outcome: 'vanished' })).toBe(false);
    expect(proper(CHECKPOINT, { outcome: 'unreadable' })).toBe(false);
  });

  it('is no restore point and not damaged where it has vanished', () => {
    const root = naming([`gone/${uuid(9)}`], {}, { outcome: 'vanished' }).root(CHECKPOINT);

    expect([isRestorePoint(root), isDamaged(root)]).toEqual([false, false]);
  });

  it('of which nothing was read counts as one that has vanished, and lacks no properties', () => {
    const unread = unreadRoot({ key: `${CHECKPOINT}/_metadata` });

    expect(unread.state).toBe('vanished');
    expect(lacksProperties(unread)).toBe(false);
  });

  it('knows by which alias its references call the area, and whether they call the original of a copy', () => {
    const path = `s3a://other/${FILE}`;
    const own = naming([FILE]).root(CHECKPOINT);
    const called = naming([{ path }], { aliases: { 's3://other': 's3://bucket' } }).root(CHECKPOINT);

    expect([own.calledBy, own.readsOriginal]).toEqual([null, false]);
    expect([called.calledBy?.from.store, called.inArea, called.readsOriginal]).toEqual(['s3://other', 1, false]);
  });

  it('is damaged where a file is larger than the empty one that it references', () => {
    const { root } = naming([{ path: `s3://bucket/${FILE}`, bytes: 0n }]);

    expect(root(CHECKPOINT).missing.map(({ problem }) => problem)).toEqual(['wrong-size']);
  });

  it('is not damaged where it was completed during the listing: its files may only be missing there', () => {
    const root = naming([`gone/${uuid(9)}`], {}).root(CHECKPOINT);

    expect([isRestorePoint(root), isDamaged(root)]).toEqual([false, true]);
    expect([isRestorePoint({ ...root, late: true }), isDamaged({ ...root, late: true })]).toEqual([false, false]);
  });

  it('is damaged, whether it could be read to its end or not', () => {
    const root = naming([`gone/${uuid(9)}`], {}, { outcome: 'unreadable' }).root(CHECKPOINT);

    expect([isRestorePoint(root), isDamaged(root)]).toEqual([false, true]);
  });
});
