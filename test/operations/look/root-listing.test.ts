import { describe, expect, it } from 'vitest';
import { Area } from '#core/area/area.ts';
import { isRootKey, listRoots, listRootsOfDirectory } from '#operations/look/root-listing.ts';
import { bucket } from '#test/support/judged.ts';
import { MovingStore } from '#test/support/moving-store.ts';
import { failureOf } from '#test/support/object-store-contract.ts';
import { JOB, OTHER_JOB, uuid } from '#test/support/played-job.ts';

const OPERATOR = 'op_WindowOperator_20ba6b65f97481d5570070de90e4e791__1_2__attempt_0';

async function rootsOf(keys: readonly string[], prefix = ''): Promise<{ roots: string[]; calls: readonly string[] }> {
  const store = new MovingStore({ objectsPerPage: 2 });
  for (const key of keys) {
    store.put(key, '');
  }
  const roots = await listRoots(new Area([bucket(store, prefix).area]), { location: 0, store });
  return { roots: roots.map(({ key }) => key).sort(), calls: store.calls };
}

describe('listRoots', () => {
  it.each([
    ['a job directory at the top', `${JOB}/chk-7/_metadata`],
    ['a job directory below regions', `flink/checkpoints/euw1/${JOB}/chk-7/_metadata`],
    ['a checkpoint directory that jobs share', 'flink/chk-7/_metadata'],
    ['a savepoint', 'flink/savepoints/savepoint-946894-0c236dd65946/_metadata'],
    ['a savepoint under a name of its own', 'flink/before the upgrade/_metadata'],
    ['a savepoint in the job directory', `flink/${JOB}/savepoint-946894-0c236dd65946/_metadata`],
    ['a savepoint among checkpoint directories', 'flink/my-savepoints/deep/er/_metadata'],
    ['a savepoint at the top', '_metadata'],
    ["a user's folder called shared above the checkpoints", `shared/${JOB}/chk-7/_metadata`],
    ["a user's folder called taskowned", 'flink/taskowned/savepoint-946894-0c236dd65946/_metadata'],
    ["a user's folder called dstl", 'dstl/_metadata'],
    ['a folder whose name begins as that of a checkpoint', 'flink/chk-old/deep/_metadata'],
    ['a folder within a checkpoint', `${JOB}/chk-7/copy/_metadata`],
    ['a folder with an empty name', `flink//${JOB}/chk-7/_metadata`],
  ])('finds %s', async (_, key) => {
    const others = [
      `flink/${OTHER_JOB}/chk-1/_metadata`,
      `flink/${OTHER_JOB}/chk-10/_metadata`,
      `flink/${OTHER_JOB}/chk-9/_metadata`,
      'file',
    ];

    const { roots } = await rootsOf([key, ...others]);

    expect(roots).toEqual([key, ...others.slice(0, 3)].sort());
  });

  it.each(['shared', 'taskowned', 'dstl'])("does not walk a job's %s directory", async (name) => {
    const { calls } = await rootsOf([
      `flink/${JOB}/chk-7/_metadata`,
      `flink/${JOB}/${name}/${uuid(1)}`,
      `flink/${JOB}/${name}/${OPERATOR}/db/${uuid(2)}`,
      `flink/${OTHER_JOB}/${name}/${uuid(1)}`,
    ]);

    expect(calls.filter((call) => call.includes(name))).toEqual([]);
  });

  it('lists the checkpoints of a job in one sweep over chk-, not one by one', async () => {
    const { calls } = await rootsOf([`${JOB}/chk-10/_metadata`, `${JOB}/chk-9/_metadata`, `${JOB}/chk-9/${uuid(1)}`]);

    expect(new Set(calls)).toEqual(new Set(['children ', `children ${JOB}/`, `list ${JOB}/chk-`]));
  });

  it('stays below the prefix of the location', async () => {
    const { roots, calls } = await rootsOf(['in/chk-1/_metadata', 'in-between/chk-1/_metadata', '_metadata'], 'in/');

    expect(roots).toEqual(['in/chk-1/_metadata']);
    expect(calls[0]).toBe('children in/');
  });

  it('asks a directory by the keys it knows, and tells whole ones', async () => {
    // Prepare
    const store = new MovingStore().put(`${JOB}/chk-1/_metadata`, 'root', 7);
    const area = new Area([{ name: './copy', store: 's3://b', prefix: 'flink/cp/', hidden: 9 }]);

    // Act
    const roots = await listRoots(area, { location: 0, store });

    // Assess
    expect(roots).toMatchObject([{ location: 0, key: `flink/cp/${JOB}/chk-1/_metadata`, bytes: 4, modified: 7 }]);
    expect(store.calls).toEqual(['children ', `children ${JOB}/`, `list ${JOB}/chk-`]);
  });

  it('takes no special entry for a root', async () => {
    const store = new MovingStore().put('chk-1/_metadata', '', 0, { what: 'a symbolic link', mayHideRoots: true });

    expect(await listRoots(new Area([bucket(store).area]), { location: 0, store })).toEqual([]);
  });

  it('stops at once when it is aborted', async () => {
    const store = new MovingStore().put('chk-1/_metadata', '');
    const signal = AbortSignal.abort(new Error('enough'));

    const failure = await failureOf(() => listRoots(new Area([bucket(store).area]), { location: 0, store }, signal));

    expect(failure).toMatchObject({ message: 'enough' });
    expect(store.calls).toEqual([]);
  });
});

describe('listRootsOfDirectory', () => {
  it.each([
    [`${JOB}/`, true, [`${JOB}/chk-10/_metadata`, `${JOB}/chk-9/_metadata`]],
    ['sp/', false, ['sp/_metadata']],
  ])('lists what is new in %s', async (directory, isCheckpoints, expected) => {
    // Prepare
    const store = new MovingStore();
    for (const key of [
      `${JOB}/chk-10/_metadata`,
      `${JOB}/chk-9/_metadata`,
      `${JOB}/chk-9/${uuid(1)}`,
      'sp/_metadata',
    ]) {
      store.put(key, '');
    }

    // Act
    const roots = await listRootsOfDirectory(new Area([bucket(store).area]), {
      location: { location: 0, store },
      path: directory,
      holdsCheckpoints: isCheckpoints,
    });

    // Assess
    expect(roots.map(({ key }) => key)).toEqual(expected);
  });
});

describe('isRootKey', () => {
  it.each([
    ['_metadata', true],
    ['chk-1/_metadata', true],
    ['chk-1/my_metadata', false],
    ['chk-1/_metadata/', false],
    ['chk-1/_metadata.inprogress', false],
  ])('says of %s: %s', (key, expected) => {
    expect(isRootKey(key)).toBe(expected);
  });
});
