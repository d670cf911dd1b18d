import { describe, expect, it } from 'vitest';
import { disordered } from '#core/collect/job-times.ts';
import {
  DAY,
  DIRECTORY,
  HOUR,
  JOB,
  MINUTE,
  NOW,
  OTHER_JOB,
  type RootSpec,
  unreadRoot,
  uuid,
  type WorldSpec,
  world,
} from '#test/support/world.ts';

const FILE = `${DIRECTORY}/shared/${uuid(1)}`;
const EXCLUSIVE = `${DIRECTORY}/chk-9/${uuid(2)}`;
const CHECKPOINT = `${DIRECTORY}/chk-9`;
const SAVEPOINT = 'sp/savepoint-aaaaaa-000000000000';

function ownerOf(key: string, spec: WorldSpec = {}) {
  return world({ ...spec, objects: { ...spec.objects, [key]: DAY } }).owner(key);
}

describe('an owner', () => {
  it('is the job id, over all its directories', () => {
    const keys = [
      FILE,
      `eu/${JOB}/chk-1/${uuid(1)}`,
      `changelog/${JOB}/dstl/${uuid(1)}`,
      `ab12/cp/${JOB}/shared/${uuid(1)}`,
    ];
    const evidence = world({ objects: Object.fromEntries(keys.map((key) => [key, DAY])) });

    expect(new Set(keys.map((key) => evidence.owner(key).id))).toEqual(new Set([JOB]));
    expect(evidence.owners.all).toHaveLength(1);
    expect(evidence.owner(FILE).job).toBe(JOB);
  });

  it('is the directory where no path tells the job', () => {
    expect(ownerOf(`flat/shared/${uuid(1)}`)).toMatchObject({ id: '0:flat/', job: null, base: 'flat/' });
    expect(ownerOf(`flat/chk-3/${uuid(1)}`).id).toBe('0:flat/');
    expect(ownerOf(`${SAVEPOINT}/${uuid(1)}`).id).toBe(`0:${SAVEPOINT}/`);
  });

  it('lies where its roots lie, whatever was listed first', () => {
    const objects = { [`ab12/cp/${JOB}/shared/${uuid(1)}`]: DAY };

    expect(ownerOf(FILE, { objects }).base).toBe(`ab12/cp/${JOB}/`);
    expect(ownerOf(FILE, { objects, roots: { [CHECKPOINT]: { age: HOUR } } }).base).toBe(`${DIRECTORY}/`);
    expect(
      ownerOf(FILE, {
        locations: [{}, { store: 's3://other' }],
        roots: { [CHECKPOINT]: { age: HOUR, location: 1 } },
      }).location,
    ).toBe(1);
  });

  it('has the roots of its own directories, and not its savepoints', () => {
    const evidence = world({
      objects: { [FILE]: DAY },
      roots: {
        [CHECKPOINT]: { age: HOUR },
        [SAVEPOINT]: { age: HOUR },
        [`eu/${JOB}/chk-2`]: { age: HOUR, listed: false },
      },
    });

    expect(evidence.owner(FILE).roots).toEqual([evidence.root(CHECKPOINT), evidence.root(`eu/${JOB}/chk-2`)]);
    expect(evidence.owners.ofRoot(evidence.root(SAVEPOINT))?.roots).toEqual([evidence.root(SAVEPOINT)]);
    expect(evidence.owners.ofRoot(evidence.root(CHECKPOINT))).toBe(evidence.owner(FILE));
    expect(evidence.owners.ofRoot(unreadRoot({ key: 'unknown/chk-1/_metadata' }))).toBe(undefined);
  });

  it('was last written to when its youngest object was, or its youngest root', () => {
    const lastWrite = (spec: WorldSpec): number => NOW - ownerOf(FILE, spec).lastWrite;

    expect(lastWrite({})).toBe(DAY);
    expect(lastWrite({ objects: { [`changelog/${JOB}/dstl/${uuid(3)}`]: HOUR } })).toBe(HOUR);
    expect(lastWrite({ objects: { [`${DIRECTORY}/shared/${uuid(3)}`]: HOUR } })).toBe(HOUR);
    expect(lastWrite({ objects: { [`cp/${OTHER_JOB}/shared/${uuid(3)}`]: HOUR } })).toBe(DAY);
    expect(lastWrite({ roots: { [CHECKPOINT]: { age: MINUTE, listed: false } } })).toBe(MINUTE);
  });

  it('is written to by empty objects that stand for folders, and not by the marker of the steward', () => {
    const marker = ownerOf(`flat/shared/${uuid(1)}`, {
      objects: {
        [`flat/shared/${uuid(1)}`]: DAY,
        'flat/.flink-steward.json': MINUTE,
        'flat/.flink-steward-probe-0a-B': MINUTE,
        'flat/chk-1/': HOUR,
      },
    });
    const bare = ownerOf(`${DIRECTORY}/shared/`, {
      objects: { [`${DIRECTORY}/shared/`]: HOUR, [`${DIRECTORY}/taskowned/`]: MINUTE },
    });

    expect(NOW - marker.lastWrite).toBe(HOUR);
    expect([...marker.markersAlone]).toEqual([]);
    expect(NOW - bare.lastWrite).toBe(MINUTE);
    expect([...bare.markersAlone]).toEqual([[`0:${DIRECTORY}/`, NOW - MINUTE]]);
  });

  it('has directories without any root where none has one', () => {
    const roots = { [CHECKPOINT]: { age: HOUR } };

    expect(ownerOf(FILE).directoriesWithoutAnyRoot).toEqual(new Set([`0:${DIRECTORY}/`]));
    expect(ownerOf(FILE, { roots }).directoriesWithoutAnyRoot).toEqual(new Set());
    expect(ownerOf(`${DIRECTORY}/shared/`).directoriesWithoutAnyRoot).toEqual(new Set());
  });

  it('is asked for by the directories that hold objects, and by no others', () => {
    const { owners } = world({ objects: { [FILE]: DAY }, roots: { 'late/mine': { age: HOUR, listed: false } } });

    expect(() => owners.ofDirectory(1)).toThrow(new RangeError('No owner is known for directory 1.'));
    expect(() => owners.ofDirectory(9)).toThrow(new RangeError('No owner is known for directory 9.'));
  });
});

describe('a declaration of death', () => {
  const declared = (lastWrite: number, age: number, key = FILE): [boolean, boolean] => {
    const { declaredDead, declarationLapsed } = world({
      objects: { [key]: lastWrite },
      deadJobs: { [JOB]: age },
    }).owner(key);
    return [declaredDead, declarationLapsed];
  };

  it('holds while nothing has been written since', () => {
    expect(declared(DAY, DAY - 1)).toEqual([true, false]);
    expect(declared(DAY, DAY)).toEqual([true, false]);
  });

  it('holds although a successor’s deletions have left an empty folder since, and lapses where a job has started', () => {
    const since = (...folders: readonly string[]) =>
      world({
        objects: { [FILE]: DAY, ...Object.fromEntries(folders.map((folder) => [`${DIRECTORY}/${folder}/`, MINUTE])) },
        deadJobs: { [JOB]: HOUR },
      }).owner(FILE);
    const holds = { declaredDead: true, declarationLapsed: false };
    const lapsed = { declaredDead: false, declarationLapsed: true };

    expect(since('dstl')).toMatchObject(holds);
    expect(since('shared')).toMatchObject(holds);
    expect(since('shared', 'taskowned')).toMatchObject(lapsed);
    expect(since('chk-7')).toMatchObject(lapsed);
  });

  it('lapses when anything of the job is newer', () => {
    expect(declared(DAY, DAY + 1)).toEqual([false, true]);
    expect(declared(Number.NaN, 0)).toEqual([false, true]);
  });

  it('concerns the job that it names', () => {
    expect(declared(DAY, 0, `cp/${OTHER_JOB}/shared/${uuid(1)}`)).toEqual([false, false]);
    expect(declared(DAY, 0, `flat/shared/${uuid(1)}`)).toEqual([false, false]);
  });
});

describe('the checkpoint timeout of a job', () => {
  const timeout = (objects: WorldSpec['objects'], roots: WorldSpec['roots'], key = FILE): number =>
    ownerOf(key, { ...(objects && { objects }), ...(roots && { roots }) }).checkpointTimeout;
  const taking = (age: number, root: Partial<RootSpec> = {}) => ({
    [CHECKPOINT]: { age, names: [EXCLUSIVE], ...root },
  });

  it('is the configured one, or the longest gap from an exclusive file to its root', () => {
    expect(timeout({ [EXCLUSIVE]: DAY }, taking(DAY - 10 * MINUTE))).toBe(10 * MINUTE);
    expect(timeout({ [EXCLUSIVE]: DAY }, taking(DAY - 10 * MINUTE - 1))).toBe(10 * MINUTE + 1);
    expect(timeout({ [EXCLUSIVE]: DAY }, {})).toBe(10 * MINUTE);
  });

  it('is told by every root that names files of its own checkpoint, read to the end or not', () => {
    expect(timeout({ [EXCLUSIVE]: DAY }, taking(HOUR, { outcome: 'unreadable' }))).toBe(23 * HOUR);
  });

  it('is not told by files of other checkpoints, shared files or other jobs', () => {
    const older = `${DIRECTORY}/chk-3/${uuid(4)}`;
    const foreign = `cp/${OTHER_JOB}/chk-9/${uuid(5)}`;

    expect(
      timeout({ [older]: 9 * DAY, [foreign]: 9 * DAY }, { [CHECKPOINT]: { age: HOUR, names: [older, foreign, FILE] } }),
    ).toBe(10 * MINUTE);
  });

  it('is not told by the shared files of a savepoint in the directory of the job', () => {
    expect(timeout({}, { [DIRECTORY]: { age: HOUR, names: [FILE], kind: 'savepoint-native' } })).toBe(10 * MINUTE);
  });

  it('is told by entropy-injected files of the same job and number', () => {
    const injected = `ab12/cp/${JOB}/chk-9/${uuid(4)}`;

    expect(timeout({ [injected]: 2 * DAY }, { [CHECKPOINT]: { age: DAY, names: [injected] } })).toBe(DAY);
  });

  it('is told by the same directory only where no path tells the job', () => {
    const own = `flat/chk-9/${uuid(4)}`;
    const other = `other/chk-9/${uuid(5)}`;
    const roots = { 'flat/chk-9': { age: DAY, names: [own, other] } };

    expect(timeout({ [own]: 2 * DAY, [other]: 9 * DAY }, roots, `flat/shared/${uuid(1)}`)).toBe(DAY);
  });
});

describe('the times of a job', () => {
  const distrusted = (spec: WorldSpec): string | null => ownerOf(FILE, spec).timesDistrusted;
  const pair = (older: number, newer: number, directory = DIRECTORY) => ({
    [`${directory}/chk-10`]: { age: newer },
    [`${directory}/chk-9`]: { age: older },
  });

  it('are trusted where the order by number is the order by time', () => {
    expect(distrusted({ roots: pair(HOUR, HOUR - 1) })).toBe(null);
    expect(distrusted({ roots: pair(HOUR, HOUR) })).toBe(null);
    expect(distrusted({})).toBe(null);
  });

  it('are not where a later checkpoint is older', () => {
    expect(distrusted({ roots: pair(HOUR, HOUR + 1) })).toBe(
      'chk-10 is older than chk-9, so the times of the objects are not those of the checkpoints (a copied bucket, or a job id that was used again)',
    );
    expect(distrusted({ roots: { ...pair(HOUR, HOUR - 1), [`${DIRECTORY}/chk-2`]: { age: MINUTE } } })).toContain(
      'chk-9 is older than chk-2',
    );
  });

  it('are compared within one directory only, and without savepoints', () => {
    const roots = {
      [CHECKPOINT]: { age: HOUR },
      [`eu/${JOB}/chk-10`]: { age: DAY },
      [`${DIRECTORY}/chk-11`]: { age: DAY, location: 1 },
      [DIRECTORY]: { age: MINUTE, kind: 'savepoint-native' as const },
    };

    expect(distrusted({ roots, locations: [{}, { store: 's3://other' }] })).toBe(null);
    expect(distrusted({ roots: pair(HOUR, HOUR + 1, `eu/${JOB}`) })).toContain('chk-10 is older');
  });

  it('are trusted where a root was overwritten while it was read', () => {
    const twice = [NOW - 1, NOW].map((completed) => unreadRoot({ key: `${CHECKPOINT}/_metadata`, completed }));

    expect(disordered(twice)).toBe(null);
    expect(disordered([...twice].reverse())).toContain('chk-9 is older than chk-9');
  });

  it('are not trusted where a root names a file that is much younger', () => {
    const naming = (gap: number, key = FILE, spec: WorldSpec = {}): string | null =>
      world({ ...spec, objects: { [key]: DAY }, roots: { [CHECKPOINT]: { age: DAY + gap, names: [key] } } }).owner(key)
        .timesDistrusted;

    expect(naming(20 * MINUTE)).toBe(null);
    expect(naming(20 * MINUTE + 1)).toBe(
      `${CHECKPOINT}/_metadata references ${FILE}, which is much younger, so the times of the objects are not those of the checkpoints (a copied bucket)`,
    );
    expect(naming(20 * MINUTE + 1, FILE, { settings: { checkpointTimeout: 11 * MINUTE } })).toBe(null);
    expect(naming(20 * MINUTE + 1, `${DIRECTORY}/taskowned/job_${JOB}_tm_worker/${uuid(1)}`)).toBe(null);
  });
});

describe('the last checkpoint of a job', () => {
  it('is none where no checkpoint proper was read', () => {
    expect(ownerOf(FILE).lastCheckpoint).toBe(Number.NEGATIVE_INFINITY);
    expect(ownerOf(FILE, { roots: { [CHECKPOINT]: { age: HOUR, kind: 'full-checkpoint' } } }).lastCheckpoint).toBe(
      Number.NEGATIVE_INFINITY,
    );
  });

  it('is the newest of a directory, and over several directories the oldest of those', () => {
    const roots = {
      [`${DIRECTORY}/chk-8`]: { age: 3 * HOUR },
      [CHECKPOINT]: { age: HOUR },
      [`eu/${JOB}/chk-1`]: { age: 9 * HOUR },
      [`eu/${JOB}/chk-2`]: { age: 2 * HOUR },
    };

    expect(ownerOf(FILE, { roots }).lastCheckpoint).toBe(NOW - 2 * HOUR);
  });
});

describe('when state was last written', () => {
  const states = (spec: WorldSpec) => [...ownerOf(FILE, spec).lastStateFiles].map(([id, time]) => [id, NOW - time]);

  it('is told for each directory with roots, by files of Flink’s state alone', () => {
    const objects = {
      [`${DIRECTORY}/shared/${uuid(3)}`]: HOUR,
      [`${DIRECTORY}/shared/op_Map_attempt_0/db/000012.sst`]: 50 * MINUTE,
      [`${DIRECTORY}/shared/notes.txt`]: MINUTE,
      [`${DIRECTORY}/${uuid(4)}`]: MINUTE,
      [`${DIRECTORY}/chk-10/`]: MINUTE,
      [`eu/${JOB}/chk-1/${uuid(3)}`]: 2 * HOUR,
      [`us/${JOB}/shared/${uuid(3)}`]: MINUTE,
    };
    const roots = { [CHECKPOINT]: { age: DAY }, [`eu/${JOB}/chk-1`]: { age: 2 * DAY } };

    expect(states({ objects, roots })).toEqual([
      [`0:${DIRECTORY}/`, 50 * MINUTE],
      [`0:eu/${JOB}/`, 2 * HOUR],
    ]);
  });

  it('is told of no directory where none has a root', () => {
    expect(states({})).toEqual([]);
  });

  it('counts a changelog of its own for the directory with the newest checkpoint', () => {
    const log = `log/${JOB}/dstl/${uuid(3)}`;
    const roots = { [`eu/${JOB}/chk-1`]: { age: 2 * DAY }, [CHECKPOINT]: { age: DAY, names: [log] } };

    expect(states({ objects: { [log]: HOUR }, roots })).toEqual([
      [`0:${DIRECTORY}/`, HOUR],
      [`0:eu/${JOB}/`, Number.POSITIVE_INFINITY],
    ]);
  });
});

describe('the job directories without a root', () => {
  const rootless = (spec: WorldSpec) => [...ownerOf(FILE, spec).rootlessDirectories];

  it('are none where the job has no root at all, or each directory has one', () => {
    expect(rootless({ objects: { [`eu/${JOB}/shared/${uuid(3)}`]: DAY } })).toEqual([]);
    expect(rootless({ roots: { [CHECKPOINT]: { age: HOUR } } })).toEqual([]);
  });

  it('are told with the last write into each, changelog and ForSt files included', () => {
    const objects = {
      [`eu/${JOB}/shared/${uuid(3)}`]: DAY,
      [`eu/${JOB}/chk-1/${uuid(3)}`]: 2 * DAY,
      [`us/${JOB}/shared/${uuid(3)}`]: 3 * DAY,
      [`us/${JOB}/dstl/${uuid(3)}`]: HOUR,
    };

    expect(rootless({ objects, roots: { [CHECKPOINT]: { age: MINUTE } } })).toEqual([
      [`0:eu/${JOB}/`, NOW - DAY],
      [`0:us/${JOB}/`, NOW - HOUR],
    ]);
  });

  it('are not those of a changelog that roots name, of a ForSt database, or with entropy injected', () => {
    const log = `log/${JOB}/dstl/${uuid(3)}`;
    const named = ['Zz09', '0000'].map((entropy) => `${entropy}/cp/${JOB}/chk-9/${uuid(3)}`);
    const objects = {
      ...Object.fromEntries([log, ...named].map((key) => [key, DAY])),
      [`db/${JOB}/op_Map_attempt_0/db/${uuid(3)}`]: DAY,
      [`log/${JOB}/`]: DAY,
      [`ab12/cp/${JOB}/chk-9/${uuid(3)}`]: DAY,
    };

    expect(rootless({ objects, roots: { [CHECKPOINT]: { age: HOUR, names: [log, ...named] } } })).toEqual([]);
  });

  it('are those that only look like entropy: the place of the folder is another, or the bucket', () => {
    const named = ['us', 'ap'].map((folder) => `${folder}/${JOB}/shared/${uuid(3)}`);
    const entropy = ['Zz09', '0000'].map((folder) => `${folder}/cp/${JOB}/shared/${uuid(3)}`);
    const objects = {
      ...Object.fromEntries([...named, ...entropy].map((key) => [key, DAY])),
      [`eu/${JOB}/shared/${uuid(3)}`]: DAY,
      [`ab12/cp/${JOB}/shared/${uuid(3)}`]: { age: DAY, location: 1 },
    };
    const roots = { [CHECKPOINT]: { age: HOUR, names: [...named, ...entropy] } };

    const found = rootless({ objects, roots, locations: [{}, { store: 's3://other' }] }).map(([id]) => id);

    expect(found).toContain(`0:eu/${JOB}/`);
    expect(found).toContain(`1:ab12/cp/${JOB}/`);
  });

  it('are told also where the only root appeared after the listing', () => {
    const roots = { [CHECKPOINT]: { age: HOUR, listed: false } };
    const of = (key: string) => world({ objects: { [key]: DAY }, roots }).owner(key);

    expect([...of(`eu/${JOB}/shared/${uuid(3)}`).rootlessDirectories.keys()]).toEqual([`0:eu/${JOB}/`]);
    expect([...of(`${DIRECTORY}/dstl/${uuid(3)}`).foreignChangelogs.keys()]).toEqual([`0:${DIRECTORY}/`]);
  });

  it('are those of a changelog that no root names, but not where S3A left an empty object for the folder alone', () => {
    const roots = { [CHECKPOINT]: { age: HOUR } };

    expect(rootless({ objects: { [`log/${JOB}/dstl/${uuid(3)}`]: DAY, [`log/${JOB}/dstl/`]: HOUR }, roots })).toEqual([
      [`0:log/${JOB}/`, NOW - DAY],
    ]);
    expect(rootless({ objects: { [`log/${JOB}/dstl/`]: HOUR }, roots })).toEqual([]);
    expect(rootless({ objects: { [`${DIRECTORY}/dstl/${uuid(3)}`]: HOUR }, roots })).toEqual([]);
  });
});
