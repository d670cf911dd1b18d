import { describe, expect, it } from 'vitest';
import { judgeAll } from '#core/collect/judge.ts';
import { tally } from '#core/collect/totals.ts';
import { type DamageMemory, damageFindings, damageOf } from '#core/jobs/damage.ts';
import { jobsOf } from '#core/jobs/jobs.ts';
import { repairOf } from '#core/jobs/repair.ts';
import {
  DAY,
  DIRECTORY,
  HOUR,
  JOB,
  MINUTE,
  OTHER_DIRECTORY,
  type ReferenceSpec,
  type RootSpec,
  uuid,
  type WorldSpec,
  world,
} from '#test/support/world.ts';

const FILE = `${DIRECTORY}/shared/${uuid(1)}`;
const NEWEST = `${DIRECTORY}/chk-9`;
const SUCCESSOR = `${OTHER_DIRECTORY}/chk-10`;
const SAVEPOINT = 'sp/savepoint-aaaaaa-000000000001';
const GONE = `${DIRECTORY}/shared/${uuid(66)}`;

/** What is to be thought of the damaged root in a directory. */
function standing(spec: WorldSpec, directory: string, memory?: DamageMemory): string {
  const evidence = world(spec);
  const jobs = jobsOf(evidence, tally(evidence, judgeAll(evidence)), []);
  const root = evidence.root(directory);
  const job = jobs.find(({ roots }) => roots.includes(root));
  if (job === undefined) throw new Error(`No job has ${directory}.`);
  return damageOf(root, job, evidence, memory).standing;
}

function find(spec: WorldSpec, memory?: DamageMemory) {
  const evidence = world({ ...spec, objects: { [FILE]: DAY, ...spec.objects } });
  const jobs = jobsOf(evidence, tally(evidence, judgeAll(evidence)), []);
  const findings = damageFindings(evidence, jobs, memory);
  return findings.map(({ job, root, missing, fallback }) => ({
    job: job.job,
    root: root.key,
    missing,
    fallback: fallback?.key ?? null,
  }));
}

const DAMAGED: RootSpec = { age: HOUR, names: [GONE, FILE] };
const FINDING = { job: JOB, root: `${NEWEST}/_metadata`, missing: 1, fallback: null };

describe('a damaged newest checkpoint', () => {
  it('is a finding where nothing else of the job can be restored', () => {
    expect(find({ roots: { [NEWEST]: DAMAGED } })).toEqual([FINDING]);
  });

  it('is a finding that names a file which may be the missing one', () => {
    const moved = `moved/shared/${uuid(66)}`;
    const evidence = world({ objects: { [FILE]: DAY, [moved]: DAY }, roots: { [NEWEST]: DAMAGED } });
    const jobs = jobsOf(evidence, tally(evidence, judgeAll(evidence)), []);

    expect(damageFindings(evidence, jobs).map(({ foundElsewhere }) => foundElsewhere)).toEqual([moved]);
  });

  it('is a finding that names what can be restored', () => {
    const older = {
      [`${DIRECTORY}/chk-8`]: { age: 2 * HOUR, names: [FILE] },
      [`${DIRECTORY}/chk-7`]: { age: 3 * HOUR },
    };

    expect(find({ roots: { [NEWEST]: DAMAGED, ...older } })).toEqual([
      { ...FINDING, fallback: `${DIRECTORY}/chk-8/_metadata` },
    ]);
    expect(find({ roots: { [NEWEST]: DAMAGED, ...older, [SAVEPOINT]: { age: MINUTE } } })).toEqual([
      { ...FINDING, fallback: `${SAVEPOINT}/_metadata` },
    ]);
  });

  it('is none where a newer checkpoint is whole', () => {
    expect(find({ roots: { [NEWEST]: DAMAGED, [`${DIRECTORY}/chk-10`]: { age: MINUTE } } })).toEqual([]);
  });

  it('is none where it is a savepoint, or the job has no checkpoint at all', () => {
    expect(find({ roots: { [SAVEPOINT]: DAMAGED } })).toEqual([]);
    expect(find({})).toEqual([]);
  });
});

describe('a successor', () => {
  const followedBy = (successor: RootSpec, directory = SUCCESSOR, further: WorldSpec['roots'] = {}) =>
    find({ roots: { [NEWEST]: DAMAGED, [directory]: successor, ...further } });

  it('that names files of the job makes the damage everyday: the job was claimed', () => {
    expect(followedBy({ age: HOUR - 1, names: [FILE] })).toEqual([]);
  });

  it('must be later, must be there, and must name its files', () => {
    expect(followedBy({ age: HOUR + 1, names: [FILE] })).toEqual([FINDING]);
    expect(followedBy({ age: MINUTE, names: [FILE], outcome: 'vanished' })).toEqual([FINDING]);
    expect(followedBy({ age: MINUTE, names: [] })).toEqual([FINDING]);
  });

  it('of the same time is later where its number is higher', () => {
    expect(followedBy({ age: HOUR, names: [FILE] }, `${OTHER_DIRECTORY}/chk-10`)).toEqual([]);
    expect(followedBy({ age: HOUR, names: [FILE] }, `${OTHER_DIRECTORY}/chk-9`)).toEqual([FINDING]);
  });

  it('is no other checkpoint of the job itself, and no savepoint of it', () => {
    expect(followedBy({ age: MINUTE, names: [FILE] }, SAVEPOINT)).toEqual([
      { ...FINDING, fallback: `${SAVEPOINT}/_metadata` },
    ]);
    expect(followedBy({ age: 30 * MINUTE, names: [GONE, FILE] }, `eu/${JOB}/chk-8`)).toEqual([
      { ...FINDING, root: `eu/${JOB}/chk-8/_metadata` },
    ]);
  });

  it('may go on from a savepoint of the job', () => {
    const file = `${SAVEPOINT}/${uuid(7)}`;

    expect(
      find({
        objects: { [file]: DAY },
        roots: { [NEWEST]: DAMAGED, [SAVEPOINT]: { age: 2 * HOUR }, [SUCCESSOR]: { age: MINUTE, names: [file] } },
      }),
    ).toEqual([]);
  });
});

describe('damage', () => {
  it('is settled when the root is older than twice the timeout, without a memory', () => {
    const aged = (age: number) => find({ roots: { [NEWEST]: { ...DAMAGED, age } } });

    expect(aged(20 * MINUTE)).toEqual([]);
    expect(aged(20 * MINUTE + 1)).toEqual([FINDING]);
  });

  it('is settled when it was there in the last survey too', () => {
    const young = { roots: { [NEWEST]: { ...DAMAGED, age: 0 } } };

    expect(find(young, { damagedBefore: () => true })).toEqual([FINDING]);
    expect(find({ roots: { [NEWEST]: { ...DAMAGED, age: 20 * MINUTE } } }, { damagedBefore: () => false })).toEqual([]);
  });

  it('is a finding at once where the root is old, though the last survey saw it whole', () => {
    expect(find({ roots: { [NEWEST]: DAMAGED } }, { damagedBefore: () => false })).toEqual([FINDING]);
  });

  it.each([
    [HOUR, null, 'old'],
    [HOUR, false, 'old-and-new-to-us'],
    [HOUR, true, 'seen-twice'],
    [0, true, 'seen-twice'],
  ])('of a root that is %s ms old, and was damaged before: %s, lasts because it is %s', (age, before, lasting) => {
    const evidence = world({ objects: { [FILE]: DAY }, roots: { [NEWEST]: { ...DAMAGED, age } } });
    const jobs = jobsOf(evidence, tally(evidence, judgeAll(evidence)), []);

    expect(damageFindings(evidence, jobs, { damagedBefore: () => before }).map((finding) => finding.lasting)).toEqual([
      lasting,
    ]);
  });

  it('does not count segments while their file may be open', () => {
    const segment: ReferenceSpec = { path: `s3://bucket/${GONE}`, segment: true };
    const aged = (age: number, names: readonly ReferenceSpec[]) =>
      find({ roots: { [NEWEST]: { age, names } } }, { damagedBefore: () => true });

    expect(aged(10 * MINUTE - 1, [segment])).toEqual([]);
    expect(aged(10 * MINUTE, [segment])).toEqual([FINDING]);
    expect(aged(0, [segment, `${DIRECTORY}/shared/${uuid(67)}`])).toEqual([FINDING]);
  });

  it('counts each missing file once, and those of a wrong size', () => {
    const short = { path: `s3://bucket/${FILE}`, bytes: 99n };

    expect(find({ roots: { [NEWEST]: { age: HOUR, names: [GONE, GONE, short, short] } } })).toEqual([
      { ...FINDING, missing: 2 },
    ]);
  });
});

describe('The standing of a damaged root', () => {
  const GONE_TOO = `${DIRECTORY}/shared/${uuid(67)}`;

  it.each([
    ['first-seen', { [NEWEST]: { ...DAMAGED, age: MINUTE } }],
    ['lasting', { [NEWEST]: DAMAGED }],
    ['continued', { [NEWEST]: DAMAGED, [SUCCESSOR]: { age: MINUTE, names: [FILE] } }],
    ['open-files', { [NEWEST]: { age: MINUTE, names: [FILE, { path: `s3://bucket/${GONE}`, segment: true }] } }],
  ] as const)('is %s', (expected, roots) => {
    expect(standing({ objects: { [FILE]: DAY }, roots }, NEWEST)).toBe(expected);
  });

  it('is that of a _metadata copied alone, where nothing of it exists and nothing is beside it', () => {
    const roots = { 'backup/x': { age: HOUR, names: [GONE, GONE_TOO] } };

    expect(standing({ roots }, 'backup/x')).toBe('alone');
    expect(standing({ roots, objects: { 'backup/x/': HOUR } }, 'backup/x')).toBe('alone');
    expect(standing({ roots, objects: { 'backup/x/notes.txt': HOUR } }, 'backup/x')).toBe('lasting');
    expect(standing({ roots, objects: { [GONE]: DAY } }, 'backup/x')).toBe('lasting');
  });

  it('in a job directory is that of a copy only where the same content lies elsewhere, and is older', () => {
    const copy = `backup/${JOB}/chk-9`;
    const names = [GONE, GONE_TOO];
    const alone = { [copy]: { age: HOUR, names, content: 'c' } };
    const older = { [NEWEST]: { age: DAY, names, content: 'c' } };
    const objects = { [FILE]: DAY };

    expect(standing({ objects, roots: alone }, copy)).toBe('lasting');
    expect(standing({ objects, roots: { ...alone, ...older } }, copy)).toBe('alone');
    expect(standing({ objects, roots: { ...alone, ...older } }, NEWEST)).toBe('lasting');
    expect(find({ roots: { ...alone, ...older } })).toEqual([{ ...FINDING, missing: 2 }]);
  });
});

describe('What could mend a damaged root', () => {
  const CLAIMED = `${DIRECTORY}/chk-9/${uuid(66)}`;
  const repair = (objects: WorldSpec['objects'], ...names: readonly ReferenceSpec[]) => {
    const evidence = world({ objects: { [FILE]: DAY, ...objects }, roots: { [NEWEST]: { age: HOUR, names } } });
    const found = repairOf(evidence.root(NEWEST), evidence);
    return found === null
      ? null
      : {
          ...found,
          replacements: found.replacements.map(({ missing, object }) => [missing.url, evidence.objects.key(object)]),
        };
  };

  it('is the file that a claimed native savepoint has kept (FLINK-39964)', () => {
    expect(repair({ [`${SAVEPOINT}/${uuid(66)}`]: DAY }, FILE, CLAIMED)).toEqual({
      replacements: [[`s3://bucket/${CLAIMED}`, `${SAVEPOINT}/${uuid(66)}`]],
      isWhole: true,
      isMisplacedClaim: true,
    });
  });

  it('is any file of that name, and is told where it does not mend all', () => {
    const found = repair({ [`moved/shared/${uuid(66)}`]: DAY }, FILE, GONE, `${DIRECTORY}/shared/${uuid(67)}`);

    expect(found).toEqual({
      replacements: [[`s3://bucket/${GONE}`, `moved/shared/${uuid(66)}`]],
      isWhole: false,
      isMisplacedClaim: false,
    });
  });

  it('is no file of another size, and none where there is none', () => {
    const objects = { [`${SAVEPOINT}/${uuid(66)}`]: { age: DAY, bytes: 7 } };

    expect(repair(objects, FILE, { path: `s3://bucket/${CLAIMED}`, bytes: 100n })).toBeNull();
    expect(repair(objects, FILE, { path: `s3://bucket/${CLAIMED}`, bytes: 7n })).not.toBeNull();
    expect(repair({}, FILE, GONE)).toBeNull();
  });
});
