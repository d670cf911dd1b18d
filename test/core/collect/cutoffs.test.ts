import { describe, expect, it } from 'vitest';
import { isQuiet, minimumAge, quarantineTime } from '#core/collect/cutoffs.ts';
import { subjectOf } from '#core/collect/judge.ts';
import { rootMarks } from '#core/collect/root-marks.ts';
import { DEFAULT_COLLECT_SETTINGS } from '#core/collect/settings.ts';
import {
  DAY,
  DIRECTORY,
  fate,
  HOUR,
  JOB,
  MINUTE,
  type RootSpec,
  SECOND,
  uuid,
  type WorldSpec,
  world,
} from '#test/support/world.ts';

const FILE = `${DIRECTORY}/shared/${uuid(1)}`;
const EXCLUSIVE = `${DIRECTORY}/chk-9/${uuid(2)}`;
const LATER = `${DIRECTORY}/chk-9`;
const RUNNING = { [LATER]: { age: HOUR } };
const GOES = 'delete (garbage)';
const YOUNG = 'keep-young (min-age)';
const IN_PROGRESS = 'keep-in-progress (no-later-checkpoint)';
const ROOTLESS = 'keep-in-progress (rootless-directory)';
const QUARANTINED = 'quarantined (quarantine)';

/** What becomes of one unnamed file of that age. */
function at(age: number, spec: WorldSpec = {}, key = FILE): string {
  return fate(world({ roots: RUNNING, ...spec, objects: { ...spec.objects, [key]: age } }), key);
}

describe('the minimum age', () => {
  it('is the configured one', () => {
    expect(at(DAY - 1)).toBe(YOUNG);
    expect(at(DAY)).toBe(GOES);
    expect(at(DAY + 1)).toBe(GOES);
    expect(at(DAY - 1, { settings: { minAge: DAY - 1 } })).toBe(GOES);
  });

  it('is twice the checkpoint timeout where that is longer', () => {
    const settings = { checkpointTimeout: 20 * HOUR };

    expect(at(40 * HOUR - 1, { settings })).toBe(YOUNG);
    expect(at(40 * HOUR, { settings })).toBe(GOES);
    expect(at(40 * HOUR - 1, { settings: { checkpointTimeout: 0 } })).toBe(GOES);
  });

  it('is twice the longest checkpoint seen where that is longer', () => {
    const slow = { objects: { [EXCLUSIVE]: 21 * HOUR }, roots: { [LATER]: { age: HOUR, names: [EXCLUSIVE] } } };
    const quick = { ...slow, objects: { [EXCLUSIVE]: HOUR + MINUTE } };

    expect(at(40 * HOUR - 1, slow)).toBe(YOUNG);
    expect(at(40 * HOUR, slow)).toBe(GOES);
    expect(at(40 * HOUR - 1, quick)).toBe(GOES);
  });

  it('is longer for task-owned files where the operator releases them', () => {
    const key = `${DIRECTORY}/taskowned/${uuid(1)}`;
    const released = { settings: { taskowned: true } };

    expect(at(7 * DAY - 1, released, key)).toBe(YOUNG);
    expect(at(7 * DAY, released, key)).toBe(GOES);
    expect(at(7 * DAY - 1, { settings: { taskowned: true, taskownedMinAge: DAY } }, key)).toBe(GOES);
    expect(at(2 * DAY, released)).toBe(GOES);
    expect(at(2 * DAY, { namedBefore: [key] }, key)).toBe(GOES);
  });

  it('is never less than any of its terms', () => {
    const key = `${DIRECTORY}/taskowned/${uuid(1)}`;
    const evidence = world({ objects: { [key]: DAY }, roots: RUNNING });
    const subject = subjectOf(evidence.object(key), evidence, rootMarks(evidence));
    const rules = { ...DEFAULT_COLLECT_SETTINGS, taskowned: true, taskownedMinAge: HOUR };

    expect(minimumAge(subject, rules)).toBe(DAY);
    expect(minimumAge(subject, { ...rules, minAge: 0 })).toBe(HOUR);
    expect(minimumAge(subject, { ...rules, minAge: 0, taskownedMinAge: 0 })).toBe(20 * MINUTE);
  });

  it('keeps what comes from the future, or has no time at all', () => {
    expect(at(-DAY)).toBe(YOUNG);
    expect(at(Number.NaN)).toBe(YOUNG);
    const sinceTheEpoch = world({}).start;
    expect(at(sinceTheEpoch)).toBe(YOUNG);
    expect(at(sinceTheEpoch + DAY)).toBe(YOUNG);
    // The epoch of DOS, which zip files and FAT give, anywhere on earth.
    expect(at(sinceTheEpoch - Date.UTC(1980, 0, 1, 14))).toBe(YOUNG);
    expect(at(sinceTheEpoch - Date.UTC(1980, 0, 3))).toBe(YOUNG);
    expect(at(sinceTheEpoch - Date.UTC(1980, 0, 3) - 1)).toBe(GOES);
    expect(at(sinceTheEpoch - Date.UTC(1980, 0, 4))).toBe(GOES);
  });
});

describe('a job without a later checkpoint', () => {
  const lastCheckpoint = (age: number, root: Partial<RootSpec> = {}, spec: WorldSpec = {}): string =>
    at(10 * DAY, { ...spec, roots: { [LATER]: { age, ...root } } });

  it('keeps what may have been written while the last one ran', () => {
    expect(lastCheckpoint(10 * DAY - 10 * MINUTE + 1)).toBe(IN_PROGRESS);
    expect(lastCheckpoint(10 * DAY - 10 * MINUTE)).toBe(IN_PROGRESS);
    expect(lastCheckpoint(10 * DAY - 10 * MINUTE - 1)).toBe(GOES);
  });

  it('reckons with the configured timeout', () => {
    const last = 10 * DAY - 10 * MINUTE;

    expect(lastCheckpoint(last, {}, { settings: { checkpointTimeout: 0 } })).toBe(GOES);
    expect(lastCheckpoint(last - 1, {}, { settings: { checkpointTimeout: 10 * MINUTE + 1 } })).toBe(IN_PROGRESS);
  });

  it('reckons with the longest checkpoint seen', () => {
    const slow = (gap: number): string =>
      lastCheckpoint(
        9 * DAY,
        { names: [EXCLUSIVE] },
        { objects: { [EXCLUSIVE]: 9 * DAY + gap }, settings: { quarantine: HOUR } },
      );

    expect(slow(DAY - 1)).toBe(GOES);
    expect(slow(DAY)).toBe(IN_PROGRESS);
  });

  it.each(['full-checkpoint', 'savepoint-canonical', 'savepoint-native', 'unknown'] as const)(
    'gains nothing by a root of the kind %s',
    (kind) => {
      expect(lastCheckpoint(HOUR, { kind })).toBe(IN_PROGRESS);
    },
  );

  it('gains nothing by a root that was not read to its end', () => {
    expect(lastCheckpoint(HOUR, { outcome: 'vanished' })).toBe(IN_PROGRESS);
    expect(lastCheckpoint(HOUR, { outcome: 'unreadable' })).toBe(IN_PROGRESS);
  });

  it('gains nothing by one whose time lies in the future: that is not the time of its completion', () => {
    expect(lastCheckpoint(-HOUR)).toBe(GOES);
    expect(lastCheckpoint(-HOUR - 1)).toBe(IN_PROGRESS);
    expect(lastCheckpoint(Number.NaN)).toBe(IN_PROGRESS);
  });

  it('gains nothing by a savepoint or by a checkpoint of another job', () => {
    const roots = {
      [LATER]: { age: 11 * DAY },
      'sp/savepoint-aaaaaa-000000000000': { age: HOUR },
      [`cp/${'b'.repeat(32)}/chk-1`]: { age: HOUR },
    };

    expect(at(10 * DAY, { roots })).toBe(IN_PROGRESS);
  });

  it('counts the newest checkpoint of a directory, whatever came first', () => {
    const roots = { [`${DIRECTORY}/chk-8`]: { age: 12 * DAY }, [LATER]: { age: HOUR } };

    expect(at(10 * DAY, { roots })).toBe(GOES);
    expect(at(10 * DAY, { roots: { [LATER]: { age: HOUR }, [`${DIRECTORY}/chk-8`]: { age: 12 * DAY } } })).toBe(GOES);
  });

  it('counts the oldest of the newest checkpoints where a job id has several directories', () => {
    const both = (age: number, kind: RootSpec['kind'] = 'checkpoint'): string =>
      at(10 * DAY, { roots: { [LATER]: { age: HOUR }, [`us/${JOB}/chk-2`]: { age, kind } } });

    expect(both(10 * DAY - 10 * MINUTE)).toBe(IN_PROGRESS);
    expect(both(10 * DAY - 10 * MINUTE - 1)).toBe(GOES);
    expect(both(HOUR, 'full-checkpoint')).toBe(IN_PROGRESS);
  });

  it('counts the same directory of two buckets as two', () => {
    const roots = { [LATER]: { age: HOUR }, [`${DIRECTORY}/chk-2`]: { age: 11 * DAY, location: 1 } };

    expect(at(10 * DAY, { locations: [{}, { store: 's3://other' }], roots })).toBe(IN_PROGRESS);
  });

  it('holds for the changelog prefix of the job too', () => {
    const key = `changelog/${JOB}/dstl/${uuid(1)}`;
    const names = [`changelog/${JOB}/dstl/${uuid(2)}`];
    const objects = { [`changelog/${JOB}/dstl/${uuid(2)}`]: 12 * DAY };

    expect(at(10 * DAY, { objects, roots: { [LATER]: { age: 11 * DAY, names } } }, key)).toBe(IN_PROGRESS);
    expect(at(10 * DAY, { objects, roots: { [LATER]: { age: HOUR, names } } }, key)).toBe(GOES);
  });

  it('holds for each checkpoint directory without job ids by itself', () => {
    const key = `flat/shared/${uuid(1)}`;

    expect(at(10 * DAY, { roots: { 'flat/chk-4': { age: HOUR } } }, key)).toBe(GOES);
    expect(at(10 * DAY, { roots: { 'flat/chk-4': { age: 11 * DAY }, 'other/chk-9': { age: HOUR } } }, key)).toBe(
      IN_PROGRESS,
    );
  });

  it('is none where the operator declares the job dead', () => {
    expect(lastCheckpoint(11 * DAY, {}, { deadJobs: { [JOB]: 10 * DAY } })).toBe(GOES);
  });

  it('is one again where the declaration has lapsed', () => {
    expect(lastCheckpoint(11 * DAY, {}, { deadJobs: { [JOB]: 10 * DAY + 1 } })).toBe(IN_PROGRESS);
    expect(at(Number.NaN, { roots: { [LATER]: { age: 11 * DAY } }, deadJobs: { [JOB]: 0 } })).toBe(YOUNG);
  });

  it('needs none after a long silence', () => {
    const silent = (age: number, deadAfter = 14 * DAY): string =>
      at(60 * DAY, { roots: { [LATER]: { age: 61 * DAY } }, objects: { [EXCLUSIVE]: age }, settings: { deadAfter } });

    expect(silent(14 * DAY - 1)).toBe(IN_PROGRESS);
    expect(silent(14 * DAY)).toBe(GOES);
    expect(silent(14 * DAY, 14 * DAY + 1)).toBe(IN_PROGRESS);
  });

  it('is not silent while any directory of its id is written to, or its times are unknown', () => {
    const write = (key: string, age: number): string =>
      at(60 * DAY, { roots: { [LATER]: { age: 61 * DAY } }, objects: { [key]: age } });
    const evidence = world({ objects: { [FILE]: Number.NaN } });

    expect(write(`changelog/${JOB}/dstl/${uuid(5)}`, HOUR)).toBe(IN_PROGRESS);
    expect(write(`cp/${'b'.repeat(32)}/shared/${uuid(5)}`, HOUR)).toBe(GOES);
    expect(isQuiet(evidence.owner(FILE), evidence)).toBe(false);
  });

  it('never has one where the times can’t be trusted, until it is silent or dead', () => {
    const roots = { [`${DIRECTORY}/chk-8`]: { age: 1 * HOUR }, [LATER]: { age: 2 * HOUR } };
    const silent = { [`${DIRECTORY}/chk-8`]: { age: 20 * DAY }, [LATER]: { age: 21 * DAY } };

    expect(at(10 * DAY, { roots })).toBe(IN_PROGRESS);
    expect(at(10 * DAY, { roots, deadJobs: { [JOB]: 0 } })).toBe(GOES);
    expect(at(30 * DAY, { roots: silent })).toBe(GOES);
  });

  it('does not concern the files of a failed savepoint', () => {
    const key = `sp/savepoint-aaaaaa-000000000000/${uuid(1)}`;

    expect(at(40 * DAY, { settings: { failedSavepoints: true, deadAfter: 365 * DAY } }, key)).toBe(GOES);
  });
});

describe('a job directory without any root', () => {
  const alone = (lastWrite: number, spec: WorldSpec = {}, key = FILE): string =>
    at(
      60 * DAY,
      { roots: {}, showedFlink: [JOB], ...spec, objects: { [`${DIRECTORY}/shared/${uuid(8)}`]: lastWrite } },
      key,
    );

  it('is given up after a long silence only', () => {
    expect(alone(30 * DAY - 1)).toBe(ROOTLESS);
    expect(alone(30 * DAY)).toBe(GOES);
    expect(alone(30 * DAY, { settings: { abandonedAfter: 30 * DAY + 1 } })).toBe(ROOTLESS);
    expect(alone(Number.NaN)).toBe(ROOTLESS);
  });

  it('is given up where the operator declares the job dead', () => {
    expect(alone(2 * DAY, { deadJobs: { [JOB]: 2 * DAY } })).toBe(GOES);
    expect(alone(2 * DAY, { deadJobs: { [JOB]: 2 * DAY + 1 } })).toBe(ROOTLESS);
  });

  it('is never given up without a job id: with entropy each file lies in a directory of its own', () => {
    expect(at(900 * DAY, {}, `ab12/cp/shared/${uuid(1)}`)).toBe(ROOTLESS);
    expect(at(900 * DAY, { deadJobs: { [JOB]: 0 } }, `ab12/cp/shared/${uuid(1)}`)).toBe(ROOTLESS);
  });

  it('is one still where a savepoint was put into it: that is no checkpoint of the job', () => {
    const savepoint = { [DIRECTORY]: { age: 40 * DAY, kind: 'savepoint-native' as const } };
    const settings = { deadAfter: DAY, abandonedAfter: 60 * DAY };

    expect(at(50 * DAY, { roots: savepoint, settings })).toBe(ROOTLESS);
    expect(at(50 * DAY, { roots: savepoint, settings: { ...settings, abandonedAfter: 40 * DAY } })).toBe(GOES);
    expect(at(900 * DAY, { roots: { 'mine/cp': { age: 800 * DAY } } }, `mine/cp/shared/${uuid(1)}`)).toBe(ROOTLESS);
  });

  it('is none where a root was seen, if only to vanish', () => {
    const vanished = { [LATER]: { age: 40 * DAY, outcome: 'vanished' as const } };

    expect(at(60 * DAY, { roots: vanished, settings: { deadAfter: 60 * DAY } })).toBe(IN_PROGRESS);
  });
});

describe('a job directory without any root, of a job id that has roots elsewhere', () => {
  const twin = (key: string, lastWrite: number, spec: WorldSpec = {}): string =>
    at(60 * DAY, { ...spec, objects: { [`${key.slice(0, -36)}${uuid(8)}`]: lastWrite } }, key);

  it.each([
    `eu/${JOB}/shared/${uuid(1)}`,
    `eu/${JOB}/chk-1/${uuid(1)}`,
    `eu/${JOB}/shared/job_${JOB}_op_${JOB}_0_2/${uuid(1)}`,
    `eu/${JOB}/taskowned/job_${JOB}_tm_worker-1/${uuid(1)}`,
    `x/eu-1/cp/${JOB}/shared/${uuid(1)}`,
    `cp/eu-1/${JOB}/shared/${uuid(1)}`,
    `ab12/cp/eu/${JOB}/shared/${uuid(1)}`,
  ])('is not given up either: %s', (key) => {
    expect(twin(key, 30 * DAY - 1)).toBe(ROOTLESS);
    expect(twin(key, 30 * DAY)).toBe(GOES);
  });

  it('is given up where the job is declared dead', () => {
    expect(twin(`eu/${JOB}/shared/${uuid(1)}`, 2 * DAY, { deadJobs: { [JOB]: 0 } })).toBe(GOES);
  });

  it('keeps its changelog with it', () => {
    const spec = { objects: { [`eu/${JOB}/shared/${uuid(8)}`]: DAY } };

    expect(at(60 * DAY, spec, `eu/${JOB}/dstl/${uuid(1)}`)).toBe(ROOTLESS);
    expect(at(60 * DAY, {}, `eu/${JOB}/dstl/${uuid(1)}`)).toBe(GOES);
  });

  it.each([
    [`ab12/cp/${JOB}/shared/${uuid(1)}`, `Zz09/cp/${JOB}/chk-9/${uuid(7)}`],
    [`cp/aB3x/${JOB}/chk-1/${uuid(1)}`, `cp/0000/${JOB}/shared/${uuid(7)}`],
  ])('is none where entropy is injected into the paths of the job: %s', (key, named) => {
    const written = { [`${key.slice(0, -36)}${uuid(8)}`]: 2 * DAY };
    const entropic = (name: string): string => {
      const names = ['1', '2'].map((last) => name.replace(/(Zz0|000).(?=\/)/, `$1${last}`));
      const objects = { ...written, ...Object.fromEntries(names.map((each) => [each, DAY])) };
      // Each holds as many files as the folder of this one.
      const beside = Object.fromEntries(names.map((each) => [each.replace(uuid(7), uuid(6)), DAY]));
      return at(60 * DAY, { objects: { ...objects, ...beside }, roots: { [LATER]: { age: HOUR, names } } }, key);
    };

    expect(entropic(named)).toBe(GOES);
    // Any other folder looks like entropy too: one that no root names a file in, of another length, or elsewhere.
    expect(entropic(FILE.replace(uuid(1), uuid(7)))).toBe(ROOTLESS);
    expect(entropic(`Zz09a/cp/${JOB}/shared/${uuid(7)}`)).toBe(ROOTLESS);
    expect(entropic(`cp/00000/${JOB}/shared/${uuid(7)}`)).toBe(ROOTLESS);
    expect(entropic(`eu-1/cp/${JOB}/shared/${uuid(7)}`)).toBe(ROOTLESS);
  });

  it('may have nothing but a changelog prefix of its own, be it the only one of that id', () => {
    const key = `log/us/${JOB}/dstl/${uuid(1)}`;
    const ours = `log/eu/${JOB}/dstl/${uuid(7)}`;
    const objects = { [`log/us/${JOB}/dstl/${uuid(8)}`]: 2 * DAY, [ours]: DAY };
    const theirs = `log/us/${JOB}/dstl/${uuid(8)}`;

    expect(at(60 * DAY, { objects, roots: { [LATER]: { age: HOUR, names: [ours] } } }, key)).toBe(ROOTLESS);
    expect(at(60 * DAY, { objects, roots: { [LATER]: { age: HOUR, names: [theirs] } } }, key)).toBe(GOES);
    expect(at(60 * DAY, { objects: { [theirs]: 2 * DAY } }, key)).toBe(ROOTLESS);
    expect(at(60 * DAY, { objects: { ...objects, [theirs]: 30 * DAY } }, key)).toBe(GOES);
  });

  it('is one in another bucket, whatever its path', () => {
    const object = { age: 60 * DAY, location: 1 };
    const key = `ab12/cp/${JOB}/shared/${uuid(1)}`;
    const evidence = world({
      locations: [{}, { store: 's3://other' }],
      objects: { [key]: object, [`ab12/cp/${JOB}/shared/${uuid(2)}`]: { age: DAY, location: 1 } },
      roots: RUNNING,
    });

    expect(fate(evidence, key)).toBe(ROOTLESS);
  });
});

describe('an undecidable area', () => {
  it('lets nothing go, and says so only where nothing else keeps', () => {
    const lost = { lost: ['s3://bucket/cp'] };

    expect(at(10 * DAY, lost)).toBe('keep-undecidable (undecidable-area)');
    expect(at(HOUR, lost)).toBe(YOUNG);
    expect(at(10 * DAY, { ...lost, deadJobs: { [JOB]: 0 } })).toBe('keep-undecidable (undecidable-area)');
  });
});

describe('the quarantine', () => {
  const since = (age: number, further: { runs?: number; etag?: string | null } = {}, spec: WorldSpec = {}): string => {
    const evidence = { roots: RUNNING, ...spec };
    const start = world(evidence).start;
    const candidacy = { since: start - age, runs: 1, etag: 'e1', ...further };
    return at(10 * DAY, { ...evidence, candidacies: { [FILE]: candidacy } });
  };

  it('is served after its time', () => {
    expect(since(20 * HOUR - 1)).toBe(QUARANTINED);
    expect(since(20 * HOUR)).toBe(GOES);
    expect(since(20 * HOUR, {}, { settings: { quarantine: 20 * HOUR + 1 } })).toBe(QUARANTINED);
  });

  it('takes two runs at least, this one counted', () => {
    expect(since(100 * DAY, { runs: 0 })).toBe(QUARANTINED);
    expect(since(100 * DAY, { runs: 1 })).toBe(GOES);
  });

  it('begins anew for another ETag', () => {
    expect(since(100 * DAY, { etag: 'e2' })).toBe(QUARANTINED);
    expect(since(100 * DAY, { etag: null })).toBe(GOES);
  });

  it('has not begun where nothing is remembered', () => {
    expect(at(10 * DAY, { candidacies: { [FILE]: null } })).toBe(QUARANTINED);
  });

  it('is never below twice the time that a checkpoint of this job may take', () => {
    const slow = { objects: { [EXCLUSIVE]: 16 * HOUR }, roots: { [LATER]: { age: HOUR, names: [EXCLUSIVE] } } };
    const candidacy = (age: number) => ({ [FILE]: { since: world({}).start - age, runs: 1, etag: 'e1' } });

    expect(at(10 * DAY, { ...slow, candidacies: candidacy(30 * HOUR - 1) })).toBe(QUARANTINED);
    expect(at(10 * DAY, { ...slow, candidacies: candidacy(30 * HOUR) })).toBe(GOES);
    expect(at(10 * DAY, { candidacies: candidacy(30 * HOUR - 1) })).toBe(GOES);
    expect(quarantineTime(world({ objects: { [FILE]: DAY } }).owner(FILE), DEFAULT_COLLECT_SETTINGS)).toBe(20 * HOUR);
  });

  it('is not served by a record that can’t be right', () => {
    expect(since(-SECOND)).toBe(QUARANTINED);
    expect(since(Number.NaN)).toBe(QUARANTINED);
    expect(since(100 * DAY, { runs: Number.NaN })).toBe(QUARANTINED);
  });
});
