import { describe, expect, it } from 'vitest';
import { startingJobs } from '#core/retention/starting-jobs.ts';
import { DAY, DIRECTORY, HOUR, JOB, OTHER_DIRECTORY, uuid, type WorldSpec, world } from '#test/support/world.ts';

/** A job that ended before another was started from its files, and one that only looks like it. */

const FILE = `${DIRECTORY}/shared/${uuid(1)}`;
const TRIED = `${DIRECTORY}/shared/${uuid(2)}`;
const OWN = `${OTHER_DIRECTORY}/shared/${uuid(3)}`;
const SUCCESSOR = `${OTHER_DIRECTORY}/chk-14`;
const NEW = `${OTHER_DIRECTORY}/`;
const KNOWN = { [`${DIRECTORY}/`]: [], [NEW]: [] };

/** The directories of starting jobs, where one job has written two days ago and another has taken its file since. */
function starting(change: WorldSpec = {}): readonly string[] {
  const evidence = world({
    remembered: KNOWN,
    began: { [NEW]: DAY + HOUR },
    absent: { [NEW]: 3 * DAY },
    ...change,
    objects: { [FILE]: 9 * DAY, [TRIED]: 2 * DAY, [OWN]: DAY + HOUR, ...change.objects },
    roots: { [SUCCESSOR]: { age: DAY, names: [FILE, OWN] }, ...change.roots },
  });
  return startingJobs(evidence).map(({ directory }) => directory);
}

/** The same with a checkpoint that the job has left, much older than its last upload. */
const LEFT: WorldSpec = { roots: { [`${DIRECTORY}/chk-13`]: { age: 8 * DAY, names: [FILE] } } };

describe.each([
  ['without a checkpoint', {} satisfies WorldSpec],
  ['with a checkpoint of its own', LEFT],
])('A directory %s', (_, left) => {
  const also = (change: WorldSpec): WorldSpec => ({
    ...left,
    ...change,
    roots: { ...left.roots, ...change.roots },
  });
  const STARTS = [`${DIRECTORY}/`];

  it('is no starting job’s after another was started from its files', () => {
    expect(starting(left)).toEqual([]);
  });

  it('is one where the other references no file of it', () => {
    expect(starting(also({ roots: { [SUCCESSOR]: { age: DAY, names: [OWN] } } }))).toEqual(STARTS);
  });

  it('is one where the other had written before its last write, or at that moment', () => {
    expect(starting(also({ objects: { [`${OTHER_DIRECTORY}/shared/${uuid(4)}`]: 2 * DAY } }))).toEqual(STARTS);
    expect(starting(also({ objects: { [`${OTHER_DIRECTORY}/shared/${uuid(4)}`]: 2 * DAY - 1 } }))).toEqual([]);
    expect(starting(also({ objects: { [`${OTHER_DIRECTORY}/taskowned/`]: 3 * DAY } }))).toEqual(STARTS);
    expect(starting(also({ roots: { [`${OTHER_DIRECTORY}/chk-2`]: { age: 3 * DAY } } }))).toEqual(STARTS);
  });

  it('is one where the ledger remembers that the other is older, or not how old it is', () => {
    const began = (age: number) => also({ began: { [NEW]: age } });

    expect(starting(began(2 * DAY - 1))).toEqual([]);
    expect(starting(began(2 * DAY))).toEqual(STARTS);
    expect(starting(also({ began: {} }))).toEqual(STARTS);
  });

  it('is one where no run has looked shortly before the other was seen: all its files may be young', () => {
    const absent = (age: number) => also({ absent: { [NEW]: age } });

    expect(starting(absent(3 * DAY + HOUR))).toEqual([]);
    expect(starting(absent(3 * DAY + HOUR + 1))).toEqual(STARTS);
    expect(starting(also({ absent: {} }))).toEqual(STARTS);
    expect(starting(also({ remembered: { [`${DIRECTORY}/`]: [] } }))).toEqual(STARTS);
  });

  it('is none where a run after its last write has not seen the other yet', () => {
    const long = { objects: { [TRIED]: 5 * DAY }, began: { [NEW]: DAY + HOUR } };

    expect(starting(also({ ...long, absent: { [NEW]: 5 * DAY } }))).toEqual([]);
    expect(starting(also({ ...long, absent: { [NEW]: 5 * DAY + 1 } }))).toEqual(STARTS);
  });

  it('is one where no run has seen it before: the other may be of any age', () => {
    expect(starting(also({ remembered: { [NEW]: [] } }))).toEqual(STARTS);
  });

  it('is one while it was written to within minAge', () => {
    expect(starting(also({ settings: { minAge: 2 * DAY + 1 } }))).toEqual(STARTS);
    expect(starting(also({ settings: { minAge: 2 * DAY } }))).toEqual([]);
  });

  it('is none where the content of the other is known, and nobody else has it', () => {
    const second = `cp/${'c'.repeat(32)}/chk-14`;
    const evidence = world({
      ...left,
      remembered: KNOWN,
      began: { [NEW]: DAY + HOUR },
      absent: { [NEW]: 3 * DAY },
      objects: { [FILE]: 9 * DAY, [TRIED]: 2 * DAY, [OWN]: DAY + HOUR },
      roots: { ...left.roots, [SUCCESSOR]: { age: DAY, names: [FILE, OWN] }, [second]: { age: HOUR } },
    });
    evidence.root(SUCCESSOR).content = 'its own';
    evidence.root(second).content = 'another';

    expect(startingJobs(evidence)).toEqual([]);
  });

  it('is one where the other has a second directory of which nobody remembers when it began', () => {
    const roots = { [`eu/${OTHER_DIRECTORY}/chk-1`]: { age: HOUR } };

    expect(starting(also({ roots }))).toEqual(STARTS);
  });

  it('is one where the checkpoint that references its files was not read to its end', () => {
    const roots: WorldSpec['roots'] = { [SUCCESSOR]: { age: DAY, names: [FILE, OWN], outcome: 'unreadable' } };

    expect(starting(also({ roots }))).toEqual(STARTS);
  });

  it('is one where a savepoint alone references its files', () => {
    const savepoint = 'sp/savepoint-bbbbbb-000000000001';
    const file = `${savepoint}/${uuid(7)}`;
    const change = also({
      remembered: { ...KNOWN, 'sp/': [], [`${savepoint}/`]: [] },
      began: { [NEW]: DAY, 'sp/': DAY, [`${savepoint}/`]: DAY },
      absent: { [NEW]: 2 * DAY, 'sp/': 2 * DAY, [`${savepoint}/`]: 2 * DAY },
      objects: { [file]: DAY },
      roots: {
        [SUCCESSOR]: { age: DAY, names: [OWN] },
        [savepoint]: { age: DAY, kind: 'savepoint-native', names: [FILE, file] },
      },
    });

    expect(starting(change)).toEqual(STARTS);
  });

  it('is one where a declared copy references its files', () => {
    expect(starting(also({ copies: { 's3://far/b': `s3://bucket/${OTHER_DIRECTORY}` } }))).toEqual(STARTS);
  });

  it('is one where the other holds a copy of a `_metadata`, and no file of its own', () => {
    const roots = { [SUCCESSOR]: { age: DAY, names: [FILE] } };

    expect(starting(also({ roots, objects: { [OWN]: DAY } }))).toEqual(STARTS);
  });

  it('is one where two checkpoints of one content reference its files: which is the copy nobody knows', () => {
    const second = `cp/${'c'.repeat(32)}/chk-14`;
    const names = [FILE, OWN, `cp/${'c'.repeat(32)}/shared/${uuid(5)}`];
    const evidence = world({
      ...left,
      remembered: { ...KNOWN, [`cp/${'c'.repeat(32)}/`]: [] },
      began: { [NEW]: DAY, [`cp/${'c'.repeat(32)}/`]: DAY },
      absent: { [NEW]: 3 * DAY, [`cp/${'c'.repeat(32)}/`]: 3 * DAY },
      objects: { [FILE]: 9 * DAY, [TRIED]: 2 * DAY, [OWN]: DAY, [`${names[2]}`]: DAY },
      roots: { ...left.roots, [SUCCESSOR]: { age: DAY, names }, [second]: { age: HOUR, names } },
    });
    for (const at of [SUCCESSOR, second]) evidence.root(at).content = 'same';

    expect(startingJobs(evidence).map(({ directory }) => directory)).toEqual(STARTS);
  });
});

describe('One of two directories of a job id', () => {
  it('starts although another job was started from files of the other', () => {
    const objects = { [`eu/${JOB}/shared/${uuid(6)}`]: 2 * DAY };

    expect(starting({ objects })).toEqual([`${DIRECTORY}/`]);
    expect(starting({ ...LEFT, objects, remembered: { ...KNOWN, [`eu/${JOB}/`]: [] } })).toEqual([`eu/${JOB}/`]);
  });
});
