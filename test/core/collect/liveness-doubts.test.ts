import { describe, expect, it } from 'vitest';
import { contradiction, livenessNotes } from '#core/collect/liveness-doubts.ts';
import {
  DAY,
  DIRECTORY,
  fate,
  HOUR,
  JOB,
  OTHER_DIRECTORY,
  OTHER_JOB,
  runningJob,
  uuid,
  type WorldSpec,
  world,
} from '#test/support/world.ts';

const FILE = `${DIRECTORY}/shared/${uuid(1)}`;
const GARBAGE: WorldSpec = { objects: { [FILE]: 10 * DAY }, roots: { [`${DIRECTORY}/chk-9`]: { age: HOUR } } };
const CLUSTER = 'http://jobmanager:8081';
const HERE = `s3a://bucket/${OTHER_DIRECTORY}/chk-7`;
const AWAY = 's3://far/flink/chk-12';

function notes(spec: WorldSpec): readonly string[] {
  const { liveness, reachability, owners } = world(spec);
  return livenessNotes(liveness, reachability.roots, owners);
}

function restored(path: string, told: Partial<ReturnType<typeof runningJob>> = {}) {
  return { jobId: JOB, restoredFrom: { path, isSavepoint: false, id: 7n }, ...told };
}

describe('A cluster that does not answer', () => {
  it('leaves the whole area undecided', () => {
    const evidence = world({ ...GARBAGE, silent: [{ cluster: CLUSTER, why: 'nothing listens there (ECONNREFUSED)' }] });

    expect(fate(world(GARBAGE), FILE)).toBe('delete (garbage)');
    expect(fate(evidence, FILE)).toBe('keep-undecidable (undecidable-area)');
    expect(evidence.undecidable).toEqual([
      {
        code: 'flink-unreachable',
        object: CLUSTER,
        sentence:
          'http://jobmanager:8081 (flinkRest) did not report which jobs run: nothing listens there (ECONNREFUSED). Any job of this area may be running there, so nothing in this area is deleted; make it reachable, or remove it from flinkRest, then run again',
      },
    ]);
  });
});

describe('A job that went on from here and completes its checkpoints elsewhere', () => {
  const away = restored(HERE, { completedPaths: [AWAY], completedCheckpoints: 3 });

  it('leaves the area undecided: those may name files of it', () => {
    const evidence = world({ ...GARBAGE, running: [away] });

    expect(fate(evidence, FILE)).toBe('keep-undecidable (undecidable-area)');
    expect(evidence.undecidable).toEqual([
      {
        code: 'missing-location',
        object: AWAY,
        sentence: `Job ${JOB} ("orders", ${CLUSTER}) was restored from ${HERE}, but completes its checkpoints outside this area: ${AWAY}. Those checkpoints may reference files of this area and are not scanned, so nothing in this area is deleted. Add their location to the area, or its other name to aliases; if none of them can need a file of this area, declare it: outside in steward.json`,
      },
    ]);
  });

  it.each<[string, WorldSpec]>([
    ['is known where that place is declared', { running: [away], outside: ['s3://far/flink'] }],
    ['is none where it completes them here', { running: [{ ...away, completedPaths: [HERE] }] }],
    ['is none before it has completed one', { running: [{ ...away, completedPaths: [] }] }],
    ['is none where it was restored from nothing', { running: [{ ...away, restoredFrom: null }] }],
    ['is none where it was restored from elsewhere', { running: [{ ...away, ...restored(AWAY) }] }],
  ])('%s', (_, spec) => {
    expect(world({ ...GARBAGE, ...spec }).undecidable).toEqual([]);
  });
});

describe('What is noted', () => {
  const roots = { ...GARBAGE.roots, [`${OTHER_DIRECTORY}/chk-7`]: { age: 2 * HOUR } };

  it('is nothing where all is as it should be', () => {
    expect(notes(GARBAGE)).toEqual([]);
    expect(notes({ ...GARBAGE, roots, running: [restored(HERE)] })).toEqual([]);
  });

  it('is that a job runs on a snapshot that is no more', () => {
    const note = `Job ${JOB} ("orders", ${CLUSTER}) was restored from ${HERE} and has completed no checkpoint since, but that checkpoint or savepoint no longer exists. If the job fails now, it can't be restored: take a savepoint soon.`;
    const vanished = { ...roots, [`${OTHER_DIRECTORY}/chk-7`]: { age: HOUR, outcome: 'vanished' as const } };

    expect(notes({ ...GARBAGE, running: [restored(HERE)] })).toEqual([note]);
    expect(notes({ ...GARBAGE, roots: vanished, running: [restored(HERE)] })).toEqual([note]);
    expect(notes({ ...GARBAGE, running: [restored(HERE, { completedCheckpoints: 1 })] })).toEqual([]);
  });

  it('is that a job of the area runs on a snapshot outside of it', () => {
    expect(notes({ ...GARBAGE, running: [restored(AWAY)] })).toEqual([
      `Job ${JOB} ("orders", ${CLUSTER}) was restored from ${AWAY}, which is not in this area. If jobs share state between it and this area, add it to the area; if not, declare it: outside in steward.json.`,
    ]);
    expect(notes({ ...GARBAGE, outside: ['s3://far'], running: [restored(AWAY)] })).toEqual([]);
    expect(notes({ ...GARBAGE, running: [{ ...restored(AWAY), jobId: OTHER_JOB }] })).toEqual([]);
  });

  it('is that a job with a directory here completes its checkpoints elsewhere', () => {
    const running = [{ jobId: JOB, name: JOB, completedPaths: [AWAY, 's3://far/flink/chk-11'] }];

    expect(notes({ ...GARBAGE, running })).toEqual([
      `Job ${JOB} (${CLUSTER}) completes its checkpoints outside this area, at ${AWAY}, although this area has a directory of that job id. If both are the same bucket or directory, set its other name: aliases in steward.json.`,
    ]);
    expect(notes({ ...GARBAGE, outside: ['s3://far'], running })).toEqual([]);
    expect(notes({ objects: { [`flat/shared/${uuid(1)}`]: DAY }, running })).toEqual([]);
    expect(
      notes({
        objects: { [`flat/shared/${uuid(1)}`]: DAY },
        running: [{ jobId: JOB, completedPaths: ['s3a://bucket/flat/chk-3', AWAY] }],
      }),
    ).toEqual([]);
  });

  it('is a declaration that Flink contradicts', () => {
    expect(contradiction(runningJob({ jobId: JOB, state: 'RESTARTING' }))).toBe(
      `Job ${JOB} is declared dead, but ${CLUSTER} reports it as RESTARTING ("orders"), so the declaration has no effect. Remove it from deadJobs in steward.json.`,
    );
  });
});
