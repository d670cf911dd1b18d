import { describe, expect, it } from 'vitest';
import { REMEMBERED_ROOTS } from '#core/collect/reachability.ts';
import {
  DAY,
  DIRECTORY,
  fate,
  HOUR,
  JOB,
  OTHER_DIRECTORY,
  type RootSpec,
  uuid,
  type WorldSpec,
  world,
} from '#test/support/world.ts';

const FILE = `${DIRECTORY}/shared/${uuid(1)}`;
const LATER = `${DIRECTORY}/chk-9`;
const RUNNING = { [LATER]: { age: HOUR } };
const SAVEPOINT = 'sp/savepoint-aaaaaa-000000000000';
const GOES = 'delete (garbage)';

function old(key: string, further: WorldSpec = {}): string {
  return fate(world({ objects: { [key]: 60 * DAY }, roots: RUNNING, ...further }), key);
}

describe('what a root names', () => {
  const named = (root: Omit<RootSpec, 'age'>, further: WorldSpec = {}): string =>
    old(FILE, { roots: { ...RUNNING, [`${OTHER_DIRECTORY}/chk-1`]: { age: 90 * DAY, ...root } }, ...further });

  it.each(['s3', 's3a', 's3n', 's3p', 'S3A'])('is live under the scheme %s, whichever job names it', (scheme) => {
    expect(named({ names: [{ path: `${scheme}://bucket/${FILE}` }] })).toBe('keep-live (named-by-root)');
  });

  it('is live where the path is normalised by Flink, and not where it would have to be decoded', () => {
    expect(named({ names: [{ path: `s3://bucket/cp//x/../${JOB}/shared\\${uuid(1)}` }] })).toBe(
      'keep-live (named-by-root)',
    );
    expect(named({ names: [{ path: `s3://bucket/${DIRECTORY}/shared%2F${uuid(1)}` }] })).toBe(GOES);
  });

  it('is live by a relative reference from the directory of the root', () => {
    const key = `${OTHER_DIRECTORY}/chk-1/${uuid(5)}`;

    expect(
      old(key, { roots: { [`${OTHER_DIRECTORY}/chk-1`]: { age: HOUR, names: [{ path: uuid(5), relative: true }] } } }),
    ).toBe('keep-live (named-by-root)');
  });

  it('is live where the root is damaged, a savepoint, or of an unknown kind', () => {
    const missing = `${OTHER_DIRECTORY}/shared/${uuid(99)}`;

    expect(named({ names: [missing, FILE] })).toBe('keep-live (named-by-root)');
    expect(named({ names: [FILE], kind: 'savepoint-native' })).toBe('keep-live (named-by-root)');
    expect(named({ names: [FILE], kind: 'unknown' })).toBe('keep-live (named-by-root)');
  });

  it.each(['unreadable', 'archived', 'vanished'] as const)(
    'is live as far as a root was read that is %s',
    (outcome) => {
      expect(named({ names: [FILE], outcome })).toBe('keep-live (named-by-root)');
    },
  );

  it('is live where the root appeared after the listing', () => {
    expect(named({ names: [FILE], listed: false })).toBe('keep-live (named-by-root)');
  });

  it('is live under another name of the place', () => {
    expect(named({ names: [{ path: `s3://alias/x/${FILE}` }] }, { aliases: { 's3://alias/x': 's3://bucket' } })).toBe(
      'keep-live (named-by-root)',
    );
  });

  it('is live across the locations of an area', () => {
    const evidence = world({
      locations: [{}, { store: 's3://other' }],
      objects: { [FILE]: { age: 60 * DAY, location: 1 } },
      roots: { [LATER]: { age: HOUR, names: [{ path: `s3://other/${FILE}`, bytes: 100n }] } },
    });

    expect(fate(evidence, FILE)).toBe('keep-live (named-by-root)');
    expect(evidence.root(LATER).missing).toEqual([]);
  });

  it('goes where no root names it', () => {
    expect(named({ names: [`${DIRECTORY}/shared/${uuid(2)}`] })).toBe(GOES);
  });
});

describe('a file with the base name of a missing one', () => {
  const misses = (path: string, relative: boolean, further: WorldSpec = {}): string =>
    old(FILE, { roots: { [LATER]: { age: HOUR, names: [{ path, relative }] } }, ...further });

  it('is kept for an absolute reference', () => {
    expect(misses(`s3a://bucket/${OTHER_DIRECTORY}/shared/${uuid(1)}`, false)).toBe('keep-live (base-name)');
  });

  it('is kept for a relative reference, as after CLAIM of a native savepoint (FLINK-39964)', () => {
    expect(misses(uuid(1), true)).toBe('keep-live (base-name)');
  });

  it('is kept for a reference that leads out of the area, which is undecidable then', () => {
    expect(misses(`s3://far/${FILE}`, false)).toBe('keep-live (base-name)');
  });

  it('is kept in the savepoint that the reference truly means', () => {
    const key = `${SAVEPOINT}/${uuid(1)}`;

    expect(
      old(key, {
        roots: { [LATER]: { age: HOUR, names: [{ path: uuid(1), relative: true }] } },
        settings: { failedSavepoints: true },
      }),
    ).toBe('keep-live (base-name)');
  });

  it('is kept in every place where it lies', () => {
    const copies = [FILE, `${OTHER_DIRECTORY}/shared/${uuid(1)}`, `${DIRECTORY}/chk-1/${uuid(1)}`];
    const evidence = world({
      objects: Object.fromEntries(copies.map((key) => [key, 60 * DAY])),
      roots: { [LATER]: { age: HOUR, names: [`gone/${uuid(1)}`] } },
    });

    expect(copies.map((key) => fate(evidence, key))).toEqual(copies.map(() => 'keep-live (base-name)'));
  });

  it('is kept beside a symbolic link of that name, which the reference resolves to', () => {
    const evidence = world({
      objects: {
        [FILE]: 60 * DAY,
        [`${OTHER_DIRECTORY}/shared/${uuid(1)}`]: { age: 60 * DAY, special: 'a symbolic link' },
      },
      roots: { [LATER]: { age: HOUR, names: [`${OTHER_DIRECTORY}/shared/${uuid(1)}`] } },
    });

    expect(fate(evidence, FILE)).toBe('keep-live (base-name)');
    expect(fate(evidence, `${OTHER_DIRECTORY}/shared/${uuid(1)}`)).toBe('keep-unknown (special-entry)');
  });

  it('stays where the reference leads to a place declared as foreign: the declaration may be wrong', () => {
    expect(misses(`s3://far/${FILE}`, false, { outside: ['s3://far'] })).toBe('keep-live (base-name)');
    expect(misses(`s3://far/${uuid(77)}`, false, { outside: ['s3://far'] })).toBe(GOES);
  });

  it('goes where the missing file has another name', () => {
    expect(misses(`s3://bucket/${DIRECTORY}/shared/${uuid(2)}`, false)).toBe(GOES);
  });
});

describe('a pin', () => {
  it('keeps a root and what it names', () => {
    const evidence = world({
      objects: { [FILE]: 60 * DAY },
      roots: { [LATER]: { age: HOUR, names: [FILE] } },
      pinned: [LATER],
    });

    expect(fate(evidence, FILE)).toBe('keep-pinned (pinned)');
    expect(fate(evidence, `${LATER}/_metadata`)).toBe('keep-pinned (pinned)');
  });

  it('on another root changes nothing', () => {
    expect(old(FILE, { pinned: [LATER] })).toBe(GOES);
  });

  it('on any of the roots that reference an object keeps it, however many they are', () => {
    const roots = Object.fromEntries(
      Array.from({ length: REMEMBERED_ROOTS + 1 }, (_, n) => [
        `${DIRECTORY}/chk-${n + 1}`,
        { age: HOUR, names: [FILE] },
      ]),
    );

    for (const pinned of Object.keys(roots)) {
      expect(old(FILE, { roots, pinned: [pinned] })).toBe('keep-pinned (pinned)');
    }
    expect(old(FILE, { roots })).toBe('keep-live (named-by-root)');
  });
});

describe('a root', () => {
  it('stays, read or vanished, of a dead job too', () => {
    const spec = { roots: { ...RUNNING, [`${DIRECTORY}/chk-1`]: { age: 60 * DAY, outcome: 'vanished' as const } } };
    const evidence = world({ ...spec, deadJobs: { [JOB]: 0 } });

    expect(fate(evidence, `${DIRECTORY}/chk-1/_metadata`)).toBe('keep-live (root)');
    expect(fate(evidence, `${LATER}/_metadata`)).toBe('keep-live (root)');
  });

  it('that is a symbolic link is not touched', () => {
    const key = `${DIRECTORY}/chk-1/_metadata`;

    expect(fate(world({ objects: { [key]: { age: 60 * DAY, special: 'a link' } } }), key)).toBe(
      'keep-unknown (special-entry)',
    );
  });
});

describe('what is not for a collector', () => {
  it.each([
    ['ha/my-cluster/completedCheckpoint0a1b2c', 'keep-protected (high-availability)'],
    [`ha/my-cluster/blob/job_${JOB}/blob_p-0a1b`, 'keep-protected (high-availability)'],
    [`ha/job-result-store/my-cluster/${JOB}.json`, 'keep-protected (high-availability)'],
    ['.flink-steward.json', 'keep-protected (steward-marker)'],
    ['checkpoints/.flink-steward.json', 'keep-protected (steward-marker)'],
    ['checkpoints/.flink-steward-probe-0123456789abcdef-a', 'keep-protected (steward-marker)'],
    ['checkpoints/.flink-steward.json.bak', 'keep-unknown (unknown-name)'],
    [`${DIRECTORY}/shared/op_Map_attempt_0/db/.flink-steward.json`, 'keep-protected (forst-working-files)'],
    [`${DIRECTORY}/chk-1/notes.txt`, 'keep-unknown (unknown-name)'],
    [`${DIRECTORY}/shared/${uuid(1).toUpperCase().replace('0', 'A')}`, 'keep-unknown (unknown-name)'],
    [`${DIRECTORY}/shared/_${uuid(1)}_tmp_${uuid(2)}`, 'keep-unknown (unknown-name)'],
    [`somewhere/${uuid(1)}`, 'keep-unknown (unknown-name)'],
  ])('%s stays', (key, kept) => {
    expect(old(key)).toBe(kept);
    expect(old(key, { deadJobs: { [JOB]: 0 } })).toBe(kept);
  });

  it('a protect pattern keeps what would go', () => {
    expect(old(FILE)).toBe(GOES);
    expect(old(FILE, { protect: [FILE] })).toBe('keep-protected (protect-pattern)');
    expect(old(FILE, { protect: [`${FILE}x`] })).toBe(GOES);
  });
});

describe('a ForSt database', () => {
  const DATABASE = `${DIRECTORY}/shared/op_Map_attempt_0/db`;

  it('stays while its job is not declared dead', () => {
    expect(old(`${DATABASE}/${uuid(1)}`)).toBe('keep-protected (forst-working-files)');
    expect(old(`${DATABASE}/MANIFEST-000004`)).toBe('keep-protected (forst-working-files)');
  });

  it('of a dead job goes, but for names that a collector does not know', () => {
    const dead = { deadJobs: { [JOB]: HOUR } };

    expect(old(`${DATABASE}/${uuid(1)}`, dead)).toBe(GOES);
    expect(old(`${DATABASE}/MANIFEST-000004`, dead)).toBe('keep-protected (forst-working-files)');
  });

  it('stays where the declaration has lapsed, or no job id tells whose it is', () => {
    expect(old(`${DATABASE}/${uuid(1)}`, { deadJobs: { [JOB]: HOUR + 1 } })).toBe(
      'keep-protected (forst-working-files)',
    );
    expect(old(`cp/shared/op_Map_attempt_0/db/${uuid(1)}`, { deadJobs: { [JOB]: 0 } })).toBe(
      'keep-protected (forst-working-files)',
    );
  });

  it('in a primary directory of its own stays likewise', () => {
    expect(old(`primary/${JOB}/op_Map_attempt_0/db/${uuid(1)}`)).toBe('keep-protected (forst-working-files)');
  });
});

describe('task-owned state', () => {
  const OWNED = `${DIRECTORY}/taskowned/${uuid(1)}`;

  it('stays, dead job or not: a write-ahead sink may need it', () => {
    expect(old(OWNED)).toBe('keep-protected (taskowned)');
    expect(old(OWNED, { deadJobs: { [JOB]: 0 } })).toBe('keep-protected (taskowned)');
  });

  it('goes by the ordinary rules where a root has named it before', () => {
    expect(old(OWNED, { namedBefore: [OWNED] })).toBe(GOES);
    expect(old(OWNED, { namedBefore: [FILE] })).toBe('keep-protected (taskowned)');
  });

  it('goes by the ordinary rules where the operator says that no such sink exists', () => {
    expect(old(OWNED, { settings: { taskowned: true } })).toBe(GOES);
  });

  it('of file merging is judged as other merged files', () => {
    expect(old(`${DIRECTORY}/taskowned/job_${JOB}_tm_worker-1/${uuid(1)}`)).toBe(GOES);
  });
});

describe('files of a savepoint', () => {
  const KEY = `${SAVEPOINT}/${uuid(1)}`;
  const failed = (age: number, further: WorldSpec = {}): string =>
    fate(world({ objects: { [KEY]: age }, roots: RUNNING, settings: { failedSavepoints: true }, ...further }), KEY);

  it('stay, without a root too', () => {
    expect(old(KEY)).toBe('keep-protected (savepoint-files)');
    expect(old(`mine/${uuid(1)}`, { roots: { mine: { age: 60 * DAY, kind: 'savepoint-canonical' } } })).toBe(
      'keep-protected (savepoint-files)',
    );
  });

  it('that failed go where the operator wants it, when nothing was written for long enough', () => {
    expect(failed(30 * DAY - 1)).toBe('keep-protected (savepoint-files)');
    expect(failed(30 * DAY)).toBe(GOES);
    expect(failed(30 * DAY, { settings: {} })).toBe('keep-protected (savepoint-files)');
  });

  it('go where the savepoint was retired, under whatever name of its directory, and no others beside them', () => {
    const moved = `backup/${uuid(1)}`;

    expect(old(KEY, { ofRetiredSavepoint: [KEY] })).toBe(GOES);
    expect(old(moved, { ofRetiredSavepoint: [moved] })).toBe(GOES);
    expect(old(KEY, { ofRetiredSavepoint: [moved] })).toBe('keep-protected (savepoint-files)');
    expect(old(moved, { ofRetiredSavepoint: [KEY] })).toBe('keep-unknown (unknown-name)');
    expect(fate(world({ objects: { [KEY]: 23 * HOUR }, roots: RUNNING, ofRetiredSavepoint: [KEY] }), KEY)).toBe(
      'keep-young (min-age)',
    );
  });

  it('go also where the retired savepoint lay in the directory of a job that has checkpoints there', () => {
    const key = `${DIRECTORY}/${uuid(1)}`;

    expect(old(key)).toBe('keep-unknown (unknown-name)');
    expect(old(key, { ofRetiredSavepoint: [key] })).toBe(GOES);
  });

  it('of a retired savepoint stay while a root is in its directory', () => {
    expect(
      old(KEY, {
        ofRetiredSavepoint: [KEY],
        roots: { ...RUNNING, [SAVEPOINT]: { age: DAY, kind: 'savepoint-native' } },
      }),
    ).toBe('keep-protected (savepoint-files)');
  });

  it.each([
    [0, 'keep-protected (savepoint-files)'],
    [1, GOES],
  ])(
    'of a retired savepoint wait for the first checkpoint of a job that was restored from it (%s)',
    (completed, told) => {
      const jobId = 'c'.repeat(32);
      const restoredFrom = { path: `s3://bucket/${SAVEPOINT}`, isSavepoint: true, id: 1n };
      const running = [{ jobId, completedCheckpoints: completed, restoredFrom }];

      expect(old(KEY, { ofRetiredSavepoint: [KEY], running })).toBe(told);
    },
  );

  it('that a retired savepoint references elsewhere are judged as what they are', () => {
    const uploads = `${DIRECTORY}/shared/${uuid(1)}`;
    const evidence = world({ objects: { [uploads]: 2 * DAY }, ofRetiredSavepoint: [uploads], roots: {} });

    expect(fate(evidence, uploads)).toBe('keep-in-progress (rootless-directory)');
  });

  it('stay where the savepoint has a root', () => {
    expect(failed(60 * DAY, { roots: { [SAVEPOINT]: { age: 60 * DAY, kind: 'savepoint-native' } } })).toBe(
      'keep-protected (savepoint-files)',
    );
    expect(failed(60 * DAY, { roots: { [SAVEPOINT]: { age: 60 * DAY, outcome: 'vanished' } } })).toBe(
      'keep-protected (savepoint-files)',
    );
  });
});

describe('a directory marker', () => {
  it('stays while its job is not declared dead', () => {
    expect(old(`${DIRECTORY}/shared/`)).toBe('keep-protected (directory-marker)');
    expect(old(`${DIRECTORY}/`, { deadJobs: { [JOB]: 0 } })).toBe(GOES);
    expect(old(`${SAVEPOINT}/`, { deadJobs: { [JOB]: 0 } })).toBe('keep-protected (directory-marker)');
  });

  it('with content is somebody’s data', () => {
    const key = `${DIRECTORY}/shared/`;

    expect(fate(world({ objects: { [key]: { age: 60 * DAY, bytes: 1 } }, roots: RUNNING }), key)).toBe(
      'keep-unknown (unknown-name)',
    );
  });
});
