import { describe, expect, it } from 'vitest';
import { JUDGEMENTS } from '#core/collect/judge.ts';
import {
  DAY,
  DIRECTORY,
  fate,
  HOUR,
  JOB,
  OTHER_DIRECTORY,
  OTHER_JOB,
  uuid,
  type WorldSpec,
  world,
} from '#test/support/world.ts';

/** Folders of 32 hexadecimal digits in which nobody has written for long: is it a job's? */

const CACHE = `cache/${OTHER_JOB}`;
const THIRD = 'c'.repeat(32);
const FILE = `${CACHE}/shared/${uuid(1)}`;
const RUNNING = { [`${DIRECTORY}/chk-9`]: { age: HOUR } };
const KEPT = 'keep-unknown (foreign-directory)';
const GOES = 'delete (garbage)';

/** What becomes of an old file in the folder. */
function old(more: WorldSpec = {}, file = FILE): string {
  const objects = { [file]: 60 * DAY, ...more.objects };
  return fate(world({ roots: RUNNING, ...more, objects }), file);
}

describe('A folder of 32 hexadecimal digits', () => {
  it('is kept where nothing shows that it is a job directory, though a rule less would delete it', () => {
    const evidence = world({ objects: { [FILE]: 60 * DAY }, roots: RUNNING });
    const without = JUDGEMENTS.filter(({ rule }) => rule !== 'foreign-directory');

    expect(fate(evidence, FILE)).toBe(KEPT);
    expect(fate(evidence, FILE, without)).toBe(GOES);
  });

  it('is kept whatever else lies in it, and however many UUIDs', () => {
    const others = [
      `${CACHE}/${uuid(2)}`,
      `${CACHE}/objects/ab/cd`,
      `${CACHE}/shared/a.bin`,
      `${CACHE}/x/taskowned/${uuid(3)}`,
    ];

    expect(old({ objects: Object.fromEntries(others.map((key) => [key, 60 * DAY])) })).toBe(KEPT);
    expect(old({}, `${CACHE}/chk-1/${uuid(1)}`)).toBe(KEPT);
  });

  it.each<[string, WorldSpec]>([
    [
      'a root bears its id, wherever it lies',
      { roots: { ...RUNNING, [`elsewhere/${OTHER_JOB}/chk-1`]: { age: 50 * DAY } } },
    ],
    [
      'a root that has vanished bears its id',
      { roots: { ...RUNNING, [`${CACHE}/chk-1`]: { age: 50 * DAY, outcome: 'vanished' } } },
    ],
    ['an earlier run saw a sign', { showedFlink: [OTHER_JOB] }],
    [
      'a root names a file below it',
      {
        objects: { [`${CACHE}/shared/${uuid(2)}`]: 60 * DAY },
        roots: { [`${DIRECTORY}/chk-9`]: { age: HOUR, names: [`${CACHE}/shared/${uuid(2)}`] } },
      },
    ],
    [
      'a renamed root names a file below it',
      {
        objects: { [`${CACHE}/shared/${uuid(2)}`]: 60 * DAY, 'kept/metadata': 60 * DAY },
        renamed: { 'kept/metadata': { names: [`${CACHE}/shared/${uuid(2)}`] } },
      },
    ],
    ['a directory beside it holds a root', { roots: { ...RUNNING, [`cache/${JOB}/chk-1`]: { age: HOUR } } }],
    ['a savepoint lies beside it', { roots: { ...RUNNING, 'cache/savepoint-aaaaaa-000000000000': { age: HOUR } } }],
    ['a checkpoint without a job id lies beside it', { roots: { ...RUNNING, 'cache/chk-7': { age: HOUR } } }],
    ['a directory beside it held a root', { heldRootsIn: ['cache/'] }],
    ['it holds shared/ and taskowned/', { objects: { [`${CACHE}/taskowned/`]: 60 * DAY } }],
    ['it holds shared/ and a chk-N/', { objects: { [`${CACHE}/chk-3/${uuid(3)}`]: 60 * DAY } }],
    ['it holds merged files', { objects: { [`${CACHE}/shared/job_${OTHER_JOB}_op_${JOB}_1_2/${uuid(3)}`]: 60 * DAY } }],
    [
      'another directory of its id holds the other folder',
      { objects: { [`ab12/${OTHER_JOB}/chk-3/${uuid(3)}`]: 60 * DAY } },
    ],
    ['its id has a changelog', { objects: { [`changelog/${OTHER_JOB}/dstl/${uuid(3)}`]: 60 * DAY } }],
    [
      'beside it lies the changelog of a job',
      {
        objects: { [`cache/${JOB}/dstl/${uuid(3)}`]: 60 * DAY },
        roots: { ...RUNNING },
      },
    ],
    ['it holds a ForSt database', { objects: { [`${CACHE}/op_Map_attempt_0/db/${uuid(3)}`]: 60 * DAY } }],
    [
      'beside it lies the directory of a job of which an earlier run saw a sign',
      { objects: { [`cache/${THIRD}/shared/${uuid(3)}`]: 60 * DAY }, showedFlink: [THIRD] },
    ],
    [
      'a root beside it appeared after the listing, and has gone',
      { roots: { ...RUNNING, [`cache/${THIRD}/chk-1`]: { age: HOUR, listed: false, outcome: 'vanished' } } },
    ],
    [
      'a root names a file below it, and a file of another job before that',
      {
        objects: { [`a/${JOB}/shared/${uuid(2)}`]: 60 * DAY, [`${CACHE}/shared/${uuid(2)}`]: 60 * DAY },
        roots: {
          [`${DIRECTORY}/chk-9`]: {
            age: HOUR,
            names: [`a/${JOB}/shared/${uuid(2)}`, `${CACHE}/shared/${uuid(2)}`],
          },
        },
      },
    ],
    ['it was declared dead', { deadJobs: { [OTHER_JOB]: DAY } }],
    ['it was declared dead, and written to since', { deadJobs: { [OTHER_JOB]: 61 * DAY } }],
  ])('is a job directory where %s', (_, spec) => {
    expect(old({ settings: { deadAfter: DAY, abandonedAfter: 2 * DAY }, ...spec })).toBe(GOES);
  });

  it('is none by a root in a folder above or below that beside it', () => {
    expect(old({ roots: { [`cache/deep/${JOB}/chk-1`]: { age: HOUR } } })).toBe(KEPT);
    expect(old({ roots: { [`${JOB}/chk-1`]: { age: HOUR } } })).toBe(KEPT);
  });

  it('is one beside others where only the random folder differs that Flink puts into its path', () => {
    const entropy = {
      objects: { [`x/ab12/y/${JOB}/shared/${uuid(5)}`]: 60 * DAY },
      roots: { [`x/y/${JOB}/chk-1`]: { age: HOUR } },
    };

    expect(old(entropy, `x/cd34/y/${OTHER_JOB}/shared/${uuid(1)}`)).toBe(GOES);
    expect(old(entropy, `x/cd345/y/${OTHER_JOB}/shared/${uuid(1)}`)).toBe(KEPT);
    expect(old(entropy, `x/y/cd34/${OTHER_JOB}/shared/${uuid(1)}`)).toBe(KEPT);
    expect(old({ roots: entropy.roots }, `x/cd34/y/${OTHER_JOB}/shared/${uuid(1)}`)).toBe(KEPT);
  });

  it('is none beside the files of a job in a folder that is as little random', () => {
    const elsewhere = `my-files/${JOB}/shared/${uuid(9)}`;

    expect(old({ objects: { [elsewhere]: 60 * DAY } }, `other_files/${OTHER_JOB}/shared/${uuid(1)}`)).toBe(KEPT);
  });

  it.each<[string, string, WorldSpec]>([
    ['a job directory lies in a folder with a name of that length', `ab/${OTHER_JOB}`, {}],
    ['another folder lies beside it', CACHE, { objects: { 'cache/notes/readme.txt': 60 * DAY } }],
    [
      'another folder lies beside a folder with a name of that length, and savepoints somewhere',
      CACHE,
      {
        objects: { 'other/notes/readme.txt': 60 * DAY },
        roots: { ...RUNNING, 'sp/savepoint-aaaaaa-000000000000': { age: HOUR, kind: 'savepoint-native' } },
      },
    ],
    [
      'files of a job lie in a path of the same letters',
      `a/a/wxyz/${OTHER_JOB}`,
      { objects: { [`aa/bcde/${JOB}/shared/${uuid(9)}`]: 60 * DAY } },
    ],
  ])('is none where %s', (_, directory, spec) => {
    expect(old(spec, `${directory}/shared/${uuid(1)}`)).toBe(KEPT);
  });

  it('is known by its id: that of a job that runs is none, nor is what no id names', () => {
    const objects = { [FILE]: 60 * DAY, [`flat/shared/${uuid(2)}`]: 60 * DAY };

    expect(world({ objects, roots: RUNNING }).foreignJobs).toEqual(new Set([OTHER_JOB]));
    expect(world({ objects, roots: RUNNING, running: [{ jobId: OTHER_JOB }] }).foreignJobs).toEqual(new Set());
  });

  it('is none by a changelog alone, as by any one of its folders', () => {
    expect(old({}, `cache/${OTHER_JOB}/dstl/${uuid(1)}`)).toBe(KEPT);
    expect(old({}, `cache/${OTHER_JOB}/chk-1/${uuid(1)}`)).toBe(KEPT);
  });

  it('is judged by the other rules first, as long as they keep it', () => {
    expect(fate(world({ objects: { [FILE]: HOUR }, roots: RUNNING }), FILE)).toBe('keep-young (min-age)');
    expect(fate(world({ objects: { [FILE]: 3 * DAY }, roots: RUNNING }), FILE)).toBe(
      'keep-in-progress (rootless-directory)',
    );
    expect(old({}, `${OTHER_DIRECTORY}/shared/${uuid(1)}`)).toBe(GOES);
  });
});
