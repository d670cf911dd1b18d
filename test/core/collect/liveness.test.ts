import { describe, expect, it } from 'vitest';
import { Area } from '#core/area/area.ts';
import { Liveness, NO_LIVENESS } from '#core/collect/liveness.ts';
import {
  BUCKET,
  DAY,
  DIRECTORY,
  fate,
  HOUR,
  JOB,
  MINUTE,
  NOW,
  OTHER_DIRECTORY,
  OTHER_JOB,
  runningJob,
  uuid,
  type WorldSpec,
  world,
} from '#test/support/world.ts';

const FILE = `${DIRECTORY}/shared/${uuid(1)}`;
const FLAT_FILE = `flat/shared/${uuid(1)}`;
const RUNNING = { jobId: JOB };

/** What becomes of a file, without and with the word of Flink. */
function fates(spec: WorldSpec, key = FILE, running: WorldSpec['running'] = [RUNNING]) {
  return { silent: fate(world(spec), key), told: fate(world({ ...spec, running }), key) };
}

function restoredFrom(path: string | null) {
  return { path, isSavepoint: false, id: 7n };
}

function areaOf(...prefixes: readonly string[]): Area {
  return new Area(prefixes.map((prefix) => ({ ...BUCKET, name: `s3://bucket/${prefix}`, prefix })));
}

describe('A job that runs, as Flink says', () => {
  it('is not quiet, however long it has written nothing', () => {
    const spec: WorldSpec = { objects: { [FILE]: 20 * DAY }, roots: { [`${DIRECTORY}/chk-9`]: { age: 20 * DAY } } };

    expect(fates(spec)).toEqual({ silent: 'delete (garbage)', told: 'keep-in-progress (no-later-checkpoint)' });
  });

  it('does not keep what a later checkpoint of its own has shown to be unused', () => {
    const spec: WorldSpec = { objects: { [FILE]: 20 * DAY }, roots: { [`${DIRECTORY}/chk-9`]: { age: 19 * DAY } } };

    expect(fates(spec)).toEqual({ silent: 'delete (garbage)', told: 'delete (garbage)' });
  });

  it('is not given up, however long it has no checkpoint', () => {
    const spec: WorldSpec = { objects: { [FILE]: 40 * DAY }, showedFlink: [JOB] };

    expect(fates(spec)).toEqual({ silent: 'delete (garbage)', told: 'keep-in-progress (rootless-directory)' });
  });

  it('is not given up in a directory without a root, where another of its id has one', () => {
    const objects = { [`eu/${JOB}/shared/${uuid(1)}`]: 40 * DAY };
    const spec: WorldSpec = { objects, roots: { [`${DIRECTORY}/chk-9`]: { age: HOUR } } };

    expect(fates(spec, `eu/${JOB}/shared/${uuid(1)}`)).toEqual({
      silent: 'delete (garbage)',
      told: 'keep-in-progress (rootless-directory)',
    });
  });

  it('is not dead, whatever was declared', () => {
    const spec: WorldSpec = { objects: { [FILE]: 3 * DAY }, deadJobs: { [JOB]: DAY } };
    const told = world({ ...spec, running: [RUNNING] }).owner(FILE);

    expect(fates(spec)).toEqual({ silent: 'delete (garbage)', told: 'keep-in-progress (rootless-directory)' });
    expect(world(spec).owner(FILE)).toMatchObject({ declaredDead: true, declarationLapsed: false });
    expect(told).toMatchObject({ declaredDead: false, declarationLapsed: true });
    expect(told.running).toEqual([runningJob(RUNNING)]);
  });

  it('may run in two clusters at once', () => {
    const running = [
      { ...RUNNING, cluster: 'http://eu:8081' },
      { jobId: OTHER_JOB },
      { ...RUNNING, cluster: 'http://us:8081' },
    ];

    const told = world({ objects: { [FILE]: DAY }, running }).owner(FILE).running;

    expect(told.map(({ cluster }) => cluster)).toEqual(['http://eu:8081', 'http://us:8081']);
  });

  it('is told by its id, and says nothing of others', () => {
    const objects = { [FILE]: 40 * DAY, [`${OTHER_DIRECTORY}/shared/${uuid(1)}`]: 40 * DAY };
    const spec: WorldSpec = { objects, showedFlink: [OTHER_JOB] };
    const told = world({ ...spec, running: [RUNNING] });

    expect(fate(told, `${OTHER_DIRECTORY}/shared/${uuid(1)}`)).toBe('delete (garbage)');
    expect(told.owner(`${OTHER_DIRECTORY}/shared/${uuid(1)}`).running).toEqual([]);
  });
});

describe('The checkpoint timeout that Flink tells', () => {
  const spec: WorldSpec = {
    objects: { [FILE]: 2 * DAY + 30 * MINUTE },
    roots: { [`${DIRECTORY}/chk-9`]: { age: 2 * DAY } },
  };
  const timeout = (checkpointTimeout: number | null) =>
    world({ ...spec, running: [{ ...RUNNING, checkpointTimeout }] }).owner(FILE).checkpointTimeout;

  it('counts where it is larger than the configured one', () => {
    expect([null, MINUTE, 10 * MINUTE, HOUR].map(timeout)).toEqual([10 * MINUTE, 10 * MINUTE, 10 * MINUTE, HOUR]);
    expect(fates(spec, FILE, [{ ...RUNNING, checkpointTimeout: 30 * MINUTE }])).toEqual({
      silent: 'delete (garbage)',
      told: 'keep-in-progress (no-later-checkpoint)',
    });
    expect(fates(spec, FILE, [{ ...RUNNING, checkpointTimeout: 30 * MINUTE - 1 }]).told).toBe('delete (garbage)');
  });

  it('does not make times believed that were not', () => {
    const copied: WorldSpec = {
      objects: { [FILE]: HOUR },
      roots: { [`${DIRECTORY}/chk-9`]: { age: 2 * HOUR, names: [FILE] } },
    };

    expect(world(copied).owner(FILE).timesDistrusted).not.toBe(null);
    expect(world({ ...copied, running: [{ ...RUNNING, checkpointTimeout: DAY }] }).owner(FILE).timesDistrusted).toBe(
      world(copied).owner(FILE).timesDistrusted,
    );
  });
});

describe('A checkpoint that is in progress, as Flink says', () => {
  const file = `${DIRECTORY}/chk-7/${uuid(1)}`;
  const spec: WorldSpec = { objects: { [file]: 10 * DAY }, roots: { [`${DIRECTORY}/chk-9`]: { age: HOUR } } };

  it('keeps its directory, and no other', () => {
    const inProgress = (...ids: bigint[]) => fates(spec, file, [{ ...RUNNING, inProgress: ids }]).told;

    expect(inProgress(6n, 7n)).toBe('keep-in-progress (running-checkpoint)');
    expect(inProgress(6n, 70n)).toBe('delete (garbage)');
    expect(inProgress()).toBe('delete (garbage)');
  });

  it('keeps its directory also where one of two clusters with this job writes no such checkpoint', () => {
    const both = [
      { ...RUNNING, inProgress: [8n] },
      { ...RUNNING, inProgress: [7n] },
    ];

    expect(fates(spec, file, both).told).toBe('keep-in-progress (running-checkpoint)');
    expect(fates(spec, file, both.toReversed()).told).toBe('keep-in-progress (running-checkpoint)');
  });

  it('keeps the directories of all checkpoints where its number is not told', () => {
    const unnamed = [{ ...RUNNING, inProgressUnnamed: 1 }];
    const both = { ...spec, objects: { ...spec.objects, [FILE]: 10 * DAY } };

    expect(fates(both, file, unnamed).told).toBe('keep-in-progress (running-checkpoint)');
    expect(fates(both, FILE, unnamed).told).toBe('delete (garbage)');
  });
});

describe('A directory that several jobs may share', () => {
  const spec: WorldSpec = { objects: { [FLAT_FILE]: 20 * DAY }, roots: { 'flat/chk-9': { age: 20 * DAY } } };
  const told = (told: NonNullable<WorldSpec['running']>[number], further: WorldSpec = {}) =>
    fate(world({ ...spec, ...further, running: [told] }), FLAT_FILE);
  const KEPT = 'keep-in-progress (no-later-checkpoint)';

  it('is garbage in time, where nothing runs', () => {
    expect(fate(world(spec), FLAT_FILE)).toBe('delete (garbage)');
  });

  it('belongs to a job that completes its checkpoints there', () => {
    expect(told({ jobId: JOB, completedPaths: ['s3a://bucket/flat/chk-9'] })).toBe(KEPT);
  });

  it('belongs to a job that was restored from there', () => {
    expect(
      told({ jobId: JOB, completedPaths: ['s3://far/x/chk-1'], restoredFrom: restoredFrom('s3://bucket/flat/chk-9') }),
    ).toBe(KEPT);
  });

  it('may belong to any job of which nothing shows where it writes', () => {
    expect(told({ jobId: JOB })).toBe(KEPT);
  });

  it('does not belong to a job that has a directory of its own, or writes elsewhere', () => {
    expect(told({ jobId: JOB }, { objects: { ...spec.objects, [FILE]: DAY } })).toBe('delete (garbage)');
    expect(told({ jobId: JOB, completedPaths: ['s3://bucket/other/chk-9'] })).toBe('delete (garbage)');
    expect(told({ jobId: JOB, completedPaths: ['s3://far/flat/chk-9'] })).toBe('delete (garbage)');
  });

  it('takes over the longest timeout of its jobs', () => {
    const running = [
      { jobId: JOB, checkpointTimeout: HOUR, completedPaths: ['s3a://bucket/flat/chk-9'] },
      { jobId: OTHER_JOB, checkpointTimeout: 2 * HOUR, completedPaths: ['s3a://bucket/flat/chk-8'] },
    ];

    expect(world({ ...spec, running }).owner(FLAT_FILE).checkpointTimeout).toBe(2 * HOUR);
  });
});

describe('What a job was restored from', () => {
  const SNAPSHOT = `s3a://bucket/${OTHER_DIRECTORY}/chk-7`;
  const needs = (job: Partial<ReturnType<typeof runningJob>>, area = areaOf('')) =>
    new Liveness(area, [runningJob({ jobId: JOB, restoredFrom: restoredFrom(SNAPSHOT), ...job })]);

  it('is needed until the job has completed a checkpoint of its own', () => {
    expect([...needs({}).restoredFrom]).toEqual([`s3://bucket/${OTHER_DIRECTORY}/chk-7/`]);
    expect([...needs({ completedCheckpoints: 1 }).restoredFrom]).toEqual([]);
    expect([...needs({ restoredFrom: null }).restoredFrom]).toEqual([]);
    expect([...needs({ restoredFrom: restoredFrom(null) }).restoredFrom]).toEqual([]);
  });

  it('is needed in the area alone, wherever that was told of', () => {
    const { needed, restoredFrom: urls } = needs({}, areaOf('cp/eu/'));

    expect([...urls]).toEqual([]);
    expect(needed.map(({ path, place }) => ({ path, place }))).toEqual([
      { path: SNAPSHOT, place: { within: 'elsewhere' } },
    ]);
  });

  it('is the directory of a root, as the area writes it', () => {
    const { root, area } = world({ roots: { [`${OTHER_DIRECTORY}/chk-7`]: { age: HOUR } } });
    const { location, directory } = root(`${OTHER_DIRECTORY}/chk-7`);

    expect([...needs({}, area).restoredFrom]).toEqual([area.url(location, directory)]);
  });

  it('is not known of a job that starts, until it has completed a checkpoint', () => {
    const unknown = runningJob({ jobId: JOB, restoreKnown: false });
    const completed = runningJob({ jobId: OTHER_JOB, restoreKnown: false, completedCheckpoints: 1 });

    expect(new Liveness(areaOf(''), [unknown, completed, runningJob(RUNNING)]).restoreUnknown).toEqual([unknown]);
  });
});

describe('The place of a snapshot', () => {
  const placeOf = (path: string, area: Area | null = areaOf('cp/', 'sp/one/')) => new Liveness(area, []).placeOf(path);

  it('lies in the area, whoever writes its name', () => {
    const place = {
      within: 'area',
      location: 0,
      directory: `${DIRECTORY}/chk-7/`,
      url: `s3://bucket/${DIRECTORY}/chk-7/`,
      ownerId: JOB,
    };

    for (const path of [`s3://bucket/${DIRECTORY}/chk-7`, `s3p://bucket//${DIRECTORY}/./chk-7/_metadata`]) {
      expect(placeOf(path)).toEqual(place);
    }
  });

  it('may be the very location, or the bucket itself', () => {
    expect(placeOf('s3://bucket/sp/one')).toMatchObject({ within: 'area', location: 1, directory: 'sp/one/' });
    expect(placeOf('s3://bucket/', areaOf(''))).toMatchObject({ within: 'area', directory: '', url: 's3://bucket/' });
    expect(placeOf('s3://bucket/_metadata', areaOf(''))).toMatchObject({ within: 'area', directory: '' });
  });

  it('without a job id belongs to its checkpoint directory', () => {
    expect(placeOf('s3://bucket/cp/chk-7')).toMatchObject({ ownerId: '0:cp/' });
  });

  it('follows aliases', () => {
    const from = { scheme: 's3', authority: 'alias', path: '/x/chk-7' };
    const to = { scheme: 's3', authority: 'bucket', path: '/cp/chk-7' };

    expect(placeOf('s3://alias/x/chk-7', new Area([{ ...BUCKET, prefix: 'cp/' }], [], [{ from, to }]))).toMatchObject({
      within: 'area',
      directory: 'cp/chk-7/',
    });
  });

  it('is elsewhere, or declared, or unknown', () => {
    const declared = new Area([BUCKET], [{ scheme: 's3', authority: 'far', path: '/flink' }]);

    expect(placeOf('s3://bucket/other/chk-7')).toEqual({ within: 'elsewhere' });
    expect(placeOf('s3://far/flink/chk-7', declared)).toEqual({ within: 'declared' });
    expect(placeOf('s3:', declared)).toEqual({ within: 'elsewhere' });
    expect(placeOf(`s3://bucket/${DIRECTORY}/chk-7`, null)).toEqual({ within: 'elsewhere' });
  });
});

describe('Where no cluster was asked', () => {
  it('nothing is known to run', () => {
    expect(NO_LIVENESS).toMatchObject({ jobs: [], silent: [], needed: [], restoreUnknown: [] });
    expect(NO_LIVENESS.runningFor(new Set([JOB]))(JOB, JOB)).toEqual([]);
    expect(world({ objects: { [FILE]: DAY }, now: NOW }).owner(FILE).running).toEqual([]);
  });
});
