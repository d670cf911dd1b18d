import { describe, expect, it } from 'vitest';
import {
  classifyDirectory,
  classifyObject,
  type DirectoryClass,
  type DirectoryRole,
  type ObjectKind,
} from '#core/flink/layout.ts';

const JOB = '9468946f38e9d60efc7468a374aec04f';
const ZEROS = '0'.repeat(32);
const VERTEX = 'bc764cd8ddf7a0cff126f51c16239658';
const FILE = '0a1b2c3d-4e5f-4a6b-8c7d-9e8f7a6b5c4d';
const WORKER = '11111111-2222-4333-8444-555555555555';
const MERGED_SHARED = `job_${JOB}_op_${VERTEX}_0_2`;
const MERGED_EXCLUSIVE = `job_${JOB}_tm_${WORKER}`;
const FORST = 'op_AsyncMap_20ba6b65f97481d5570070de90e4e791__1_2__attempt_0';

/** Folders before a checkpoint directory, some of them with names of Flink's own. */
const PARENTS = [
  '',
  'flink/checkpoints/eu/',
  'Ab3x/flink/cp/',
  'a b/%41/é/',
  'shared/',
  'taskowned/x/',
  'chk-1/',
  'savepoint-e8281d-0c236dd65946/',
  `${FORST}/`,
  `${ZEROS}/archive/`,
];

/** Tail of a key below the checkpoint directory of one job. */
const OF_A_JOB: readonly (readonly [tail: string, role: DirectoryRole, kind: ObjectKind])[] = [
  ['chk-14/_metadata', 'checkpoint', 'metadata'],
  [`chk-14/${FILE}`, 'checkpoint', 'exclusive'],
  [`shared/${FILE}`, 'shared', 'shared'],
  [`taskowned/${FILE}`, 'taskowned', 'taskowned'],
  [`shared/${MERGED_SHARED}/${FILE}`, 'merged', 'merged'],
  [`taskowned/${MERGED_EXCLUSIVE}/${FILE}`, 'merged', 'merged'],
  [`shared/${FORST}/db/${FILE}`, 'forst', 'forst'],
  [`shared/${FORST}/db/CURRENT`, 'forst', 'forst'],
  [`shared/${FORST}/db/MANIFEST-000004`, 'forst', 'forst'],
  [`shared/${FORST}/${FILE}`, 'forst', 'forst'],
  [`shared/${FORST}/db/deep/000012.sst`, 'forst', 'forst'],
];

/** Places that always have the job's folder, whatever `create-subdir` says. */
const BELOW_A_JOB_ID: typeof OF_A_JOB = [
  [`dstl/${FILE}`, 'changelog', 'changelog'],
  [`${FORST}/db/${FILE}`, 'forst', 'forst'],
];

function split(key: string): { readonly path: string; readonly name: string } {
  const at = key.lastIndexOf('/') + 1;
  return { path: key.slice(0, at), name: key.slice(at) };
}

function kindOf(key: string, { bytes = 1, holdsRoot = false } = {}): ObjectKind {
  const { path, name } = split(key);
  return classifyObject({ path, class: classifyDirectory(path), holdsRoot }, name, bytes);
}

function classOf(key: string): DirectoryClass {
  return classifyDirectory(split(key).path);
}

describe('the layout of a checkpoint directory', () => {
  const cases = [JOB, ZEROS].flatMap((job) => [...OF_A_JOB, ...BELOW_A_JOB_ID].map((row) => [job, ...row] as const));

  it.each(cases)('knows D/%s/%s as %s and %s, under any folders', (job, tail, role, kind) => {
    for (const parent of PARENTS) {
      const key = `${parent}${job}/${tail}`;
      expect({ key, ...classOf(key) }).toEqual({
        key,
        role,
        job,
        base: `${parent}${job}/`,
        checkpoint: role === 'checkpoint' ? 14n : null,
        savepointOf: null,
      });
      expect(kindOf(key)).toBe(kind);
      // A root beside them (a copied savepoint) doesn't change what files in Flink's own directories are.
      expect(kindOf(key, { holdsRoot: true })).toBe(kind);
    }
  });

  it.each(OF_A_JOB)('knows D/%s as %s and %s without a job directory, and names no job', (tail, role, kind) => {
    for (const parent of PARENTS) {
      const key = `${parent}${tail}`;
      expect({ key, ...classOf(key) }).toEqual({
        key,
        role,
        job: null,
        base: parent,
        checkpoint: role === 'checkpoint' ? 14n : null,
        savepointOf: null,
      });
      expect(kindOf(key)).toBe(kind);
    }
  });

  it('keeps an entropy-injected file together with the job in its path', () => {
    expect(classOf(`q7Zk/flink/cp/${JOB}/shared/${FILE}`)).toMatchObject({
      job: JOB,
      base: `q7Zk/flink/cp/${JOB}/`,
    });
    expect(classOf(`flink/cp/${JOB}/chk-3/_metadata`)).toMatchObject({ job: JOB, base: `flink/cp/${JOB}/` });
  });

  it('calls changelog only what lies in the folder of a job', () => {
    expect(kindOf(`flink/dstl/${FILE}`)).toBe('unknown');
    expect(classOf(`flink/dstl/${FILE}`).role).toBe('plain');
    expect(kindOf(`flink/${JOB}/dstl/old/${FILE}`)).toBe('unknown');
  });

  it('knows the job directory itself, whose own files are not Flink’s', () => {
    expect(classOf(`flink/${JOB}/x`)).toEqual({
      role: 'job',
      job: JOB,
      base: `flink/${JOB}/`,
      checkpoint: null,
      savepointOf: null,
    });
    expect(kindOf(`flink/${JOB}/${FILE}`)).toBe('unknown');
    expect(kindOf(`flink/${JOB}/${FILE}`, { holdsRoot: true })).toBe('savepoint');
  });
});

describe('savepoints', () => {
  const BY_NAME = `flink/savepoints/savepoint-e8281d-0c236dd65946/`;

  it('knows a savepoint by its name, with or without a root', () => {
    expect(classifyDirectory(BY_NAME)).toEqual({
      role: 'savepoint',
      job: null,
      base: BY_NAME,
      checkpoint: null,
      savepointOf: 'e8281d',
    });
    expect(kindOf(`${BY_NAME}${FILE}`)).toBe('savepoint');
    expect(kindOf(`${BY_NAME}${FILE}`, { holdsRoot: true })).toBe('savepoint');
    expect(kindOf(`${BY_NAME}_metadata`)).toBe('metadata');
  });

  it('knows a savepoint below a job directory as its own', () => {
    expect(classOf(`cp/${JOB}/savepoint-946894-0c236dd65946/${FILE}`)).toMatchObject({
      role: 'savepoint',
      job: null,
      base: `cp/${JOB}/savepoint-946894-0c236dd65946/`,
    });
  });

  it.each(['', 'before the upgrade/', 'savepoint-0c236dd65946/', 'savepoint-1/', 'chk-/', 'copies/2024-05-01/'])(
    'knows a savepoint in %j by its root only',
    (path) => {
      expect(classifyDirectory(path)).toEqual({
        role: 'plain',
        job: null,
        base: path,
        checkpoint: null,
        savepointOf: null,
      });
      expect(kindOf(`${path}${FILE}`)).toBe('unknown');
      expect(kindOf(`${path}${FILE}`, { holdsRoot: true })).toBe('savepoint');
      expect(kindOf(`${path}notes.txt`, { holdsRoot: true })).toBe('unknown');
    },
  );
});

describe('what is not state', () => {
  it('knows objects of the high-availability storage wherever they lie', () => {
    expect(kindOf('ha/my-cluster/completedCheckpoint0a1b2c3d4e5f')).toBe('ha');
    expect(kindOf(`ha/my-cluster/blob/job_${JOB}/blob_p-0123-4567`)).toBe('ha');
    expect(kindOf(`ha/job-result-store/my-cluster/${JOB}_DIRTY.json`)).toBe('ha');
    expect(kindOf(`cp/${JOB}/submittedJobGraph0a1b2c3d4e5f`)).toBe('ha');
  });

  it.each(['', `cp/${JOB}/`, `cp/${JOB}/shared/`, `cp/${JOB}/chk-18/`, `cp/${JOB}/shared/${FORST}/`, 'x/'])(
    'tells a marker %j from a key that ends in a slash and has content',
    (key) => {
      expect(kindOf(key, { bytes: 0 })).toBe('marker');
      expect(kindOf(key, { bytes: 1 })).toBe('unknown');
    },
  );

  it('knows an empty _metadata and an empty state file by their names', () => {
    expect(kindOf(`cp/${JOB}/chk-1/_metadata`, { bytes: 0 })).toBe('metadata');
    expect(kindOf(`cp/${JOB}/chk-1/${FILE}`, { bytes: 0 })).toBe('exclusive');
  });

  it.each([
    `chk-/${FILE}`,
    `chk-x/${FILE}`,
    `CHK-1/${FILE}`,
    `chk-01/${FILE}`,
    `shared2/${FILE}`,
    `Shared/${FILE}`,
    `shared/old/${FILE}`,
    `taskowned/old/${FILE}`,
    `chk-1/old/${FILE}`,
    `dstl2/${FILE}`,
    `shared/job_${JOB}_op_backup_0_1/${FILE}`,
    `shared/${MERGED_EXCLUSIVE}/${FILE}`,
    `taskowned/${MERGED_SHARED}/${FILE}`,
    `shared/${MERGED_SHARED}/old/${FILE}`,
    `chk-1/${FILE.toUpperCase()}`,
    `shared/${FILE}.sst`,
    `shared/${FILE} `,
    `shared/_${FILE}_tmp_${WORKER}`,
    `shared/_part-0-0_tmp_${FILE}`,
    'shared/_metadata2',
    'chk-1/_METADATA',
    'chk-1/metadata',
    `chk-1_$folder$`,
    'shared/notes.txt',
  ])('leaves %s in a job directory alone: Flink writes no such name', (tail) => {
    expect(kindOf(`flink/checkpoints/${JOB}/${tail}`)).toBe('unknown');
  });

  it('takes no upper-case job id for one', () => {
    const upper = JOB.toUpperCase();
    expect(classOf(`cp/${upper}/chk-1/${FILE}`)).toMatchObject({ job: null, base: `cp/${upper}/` });
    expect(classOf(`cp/${upper}/dstl/${FILE}`)).toMatchObject({ role: 'plain', job: null });
  });

  it.each([
    `cp//${JOB}/shared/${FILE}`,
    `/cp/${JOB}/shared/${FILE}`,
    `cp/${JOB}/shared//${FILE}`,
    `cp/./${JOB}/shared/${FILE}`,
    `cp/${JOB}/chk-1/../shared/${FILE}`,
    `cp\\x/${JOB}/shared/${FILE}`,
    `cp//${JOB}/dstl/${FILE}`,
    `cp//savepoint-e8281d-0c236dd65946/${FILE}`,
  ])('leaves %s alone: Flink normalises its paths, so it can neither write nor name such a key', (key) => {
    const { path } = split(key);
    expect(kindOf(key)).toBe('unknown');
    expect(classOf(key)).toEqual({ role: 'plain', job: null, base: path, checkpoint: null, savepointOf: null });
  });

  it('still sees a root under such a key, and what lies beside it as a savepoint', () => {
    expect(kindOf(`cp//${JOB}/chk-1/_metadata`)).toBe('metadata');
    expect(kindOf(`cp//${JOB}/chk-1/${FILE}`, { holdsRoot: true })).toBe('savepoint');
  });
});

describe('key shapes of buckets that real Flink wrote', () => {
  it.each<readonly [string, number, ObjectKind]>([
    [`flink/checkpoints/eu/${JOB}/chk-7/_metadata`, 9_120, 'metadata'],
    [`flink/checkpoints/eu/${JOB}/chk-7/${FILE}`, 1_024, 'exclusive'],
    [`flink/checkpoints/eu/${JOB}/chk-18/`, 0, 'marker'],
    [`flink/checkpoints/eu/${JOB}/shared/`, 0, 'marker'],
    [`flink/checkpoints/eu/${JOB}/taskowned/`, 0, 'marker'],
    [`flink/checkpoints/eu/${JOB}/shared/${FILE}`, 30_000, 'shared'],
    [`flink/checkpoints/eu/${JOB}/taskowned/${FILE}`, 30_000, 'taskowned'],
    [`flink/checkpoints/eu/${JOB}/dstl/${FILE}`, 30_000, 'changelog'],
    [`flink/checkpoints/eu/${JOB}/shared/${MERGED_SHARED}/${FILE}`, 30_000, 'merged'],
    [`flink/checkpoints/eu/${JOB}/shared/job_${JOB}_op_${VERTEX}_0_1/`, 0, 'marker'],
    [`flink/checkpoints/eu/${JOB}/taskowned/${MERGED_EXCLUSIVE}/${FILE}`, 30_000, 'merged'],
    [`_entropy_/flink/checkpoints/${JOB}/shared/`, 0, 'marker'],
    [`flink/savepoints/savepoint-387712-808f38af5322/${FILE}`, 30_000, 'savepoint'],
    [`flink/savepoints/savepoint-387712-808f38af5322/_metadata`, 30_000, 'metadata'],
  ])('knows %s', (key, bytes, kind) => {
    expect(kindOf(key, { bytes })).toBe(kind);
  });

  it('judges the markers of merged directories with their job', () => {
    expect(classOf(`cp/${JOB}/shared/${MERGED_SHARED}/`)).toMatchObject({ job: JOB, base: `cp/${JOB}/` });
  });
});
