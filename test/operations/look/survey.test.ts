import { describe, expect, it } from 'vitest';
import { NO_MEMORY } from '#core/collect/memory.ts';
import { DEFAULT_COLLECT_SETTINGS } from '#core/collect/settings.ts';
import { ClockError } from '#operations/look/survey.ts';
import { bucket, judge } from '#test/support/judged.ts';
import { callOf, MovingStore } from '#test/support/moving-store.ts';
import { failureOf } from '#test/support/object-store-contract.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob, uuid } from '#test/support/played-job.ts';

const MINUTE = 60_000;

function play(name = 's3://bucket', directory = `flink/${JOB}/`): { store: MovingStore; job: PlayedJob } {
  const store = new MovingStore({ name, now: NOW });
  const job = new PlayedJob(store, directory, name);
  job.complete(1, [job.upload(1)]);
  job.upload(2);
  return { store, job };
}

describe('The clocks of a survey', () => {
  it.each([MINUTE, -MINUTE])('may differ by %i milliseconds', async (difference) => {
    const { store } = play();
    store.time = NOW + difference;

    const { survey } = await judge(store);

    expect(survey.start).toBe(NOW + difference);
  });

  it.each([MINUTE + 1, -MINUTE - 1])('may not differ by %i milliseconds', async (difference) => {
    const { store } = play();
    store.time = NOW + difference;

    const failure = await failureOf(() => judge(store));

    expect(failure).toBeInstanceOf(ClockError);
    expect(failure).toMatchObject({
      message:
        "The clock of s3://bucket and the clock of this machine differ by 60 seconds. No age can be trusted, so this run decides nothing. Correct this machine's clock, then run again.",
    });
    expect(store.calls).toEqual(['now ']);
  });

  it.each([
    ['first', [-1_000, 0]],
    ['last', [0, -1_000]],
    ['in the middle', [0, -1_000, 1_000]],
  ])('start with the earliest of all stores, for an object must be old enough by each: %s', async (_, differences) => {
    const locations = differences.map((difference, number) => {
      const { store } = play(`s3://bucket-${number}`);
      store.time = NOW + difference;
      return bucket(store);
    });

    const { survey } = await judge(locations);

    expect(survey.start).toBe(NOW - 1_000);
  });

  it('are read before anything is listed', async () => {
    const { store } = play();

    await judge(store);

    expect(store.calls[0]).toBe('now ');
    expect(store.calls[1]).toBe('list ');
  });
});

describe('An area of several locations', () => {
  it('keeps what a root of another location names', async () => {
    // Prepare
    const { store, job } = play();
    const savepoints = new MovingStore({ name: 's3://other', now: NOW });
    savepoints.put('sp/_metadata', job.metadata(1, [job.file(2)], 'savepoint-native'), NOW - DAY);

    // Act
    const alone = await judge(store);
    const together = await judge([bucket(store), bucket(savepoints)]);

    // Assess
    expect(alone.garbage).toEqual([job.file(2)]);
    expect(together.garbage).toEqual([]);
    expect(together.verdicts).toEqual({
      [job.root(1)]: 'keep-live',
      [job.file(1)]: 'keep-live',
      [job.file(2)]: 'keep-live',
      's3://other/sp/_metadata': 'keep-live',
    });
  });

  it('lists each location below its own prefix', async () => {
    // Prepare
    const { store, job } = play();
    store.put('elsewhere/file', '', NOW - 9 * DAY);
    store.put('savepoints/sp/_metadata', job.metadata(1, [job.file(2)], 'savepoint-native'), NOW - DAY);

    // Act
    const { verdicts } = await judge([bucket(store, 'flink/'), bucket(store, 'savepoints/')]);

    // Assess
    expect(verdicts).toEqual({
      [job.root(1)]: 'keep-live',
      [job.file(1)]: 'keep-live',
      [job.file(2)]: 'keep-live',
      'savepoints/sp/_metadata': 'keep-live',
    });
  });

  it('looks for new roots in every location after the objects of all were listed', async () => {
    // Prepare
    const { store, job } = play();
    const other = new MovingStore({ name: 's3://other', now: NOW });
    other.once(callOf('list', ''), () => void job.complete(2, [job.file(2)], NOW));

    // Act
    const { garbage } = await judge([bucket(store), bucket(other)]);

    // Assess
    expect(garbage).toEqual([]);
  });

  it('understands references into a directory by the name it stands for', async () => {
    // Prepare
    const store = new MovingStore({ name: './copy', now: NOW });
    const inBucket = new PlayedJob(store, `${JOB}/`, 's3p://bucket/flink');
    inBucket.complete(1, [inBucket.upload(1)]);
    inBucket.upload(2);

    // Act
    const { verdicts, codes } = await judge([
      { area: { name: './copy', store: 's3://bucket', prefix: 'flink/', hidden: 6 }, store },
    ]);

    // Assess
    expect(codes).toEqual([]);
    expect(verdicts).toEqual({
      [`flink/${inBucket.root(1)}`]: 'keep-live',
      [`flink/${inBucket.file(1)}`]: 'keep-live',
      [`flink/${inBucket.file(2)}`]: 'delete',
    });
  });
});

describe("What the operator's configuration says", () => {
  it.each([
    ['the key that the store knows', `${JOB}/shared/${uuid(2)}`],
    ['the whole key', `flink/${JOB}/shared/${uuid(2)}`],
    ['the key that the store knows, written like a path from the root', `/${JOB}/shared/${uuid(2)}`],
    ['the whole key, written like a path from the root', `/flink/${JOB}/shared/${uuid(2)}`],
  ])('protects by %s', async (_, protectedKey) => {
    // Prepare
    const store = new MovingStore({ name: './copy', now: NOW });
    const job = new PlayedJob(store, `${JOB}/`, 's3://bucket/flink');
    job.complete(1, [job.upload(1)]);
    job.upload(2);
    const area = { name: './copy', store: 's3://bucket', prefix: 'flink/', hidden: 6 };

    // Act
    const { verdicts } = await judge([{ area, store }], { protects: (key) => key === protectedKey });

    // Assess
    expect(verdicts[`flink/${job.file(2)}`]).toBe('keep-protected');
  });

  it('lets go what a job declared dead left behind, if nothing was written since minAge', async () => {
    // Prepare
    const { store, job } = play();
    const dead = new PlayedJob(store, `flink/${OTHER_JOB}/`);
    dead.upload(3, NOW - 2 * DAY);

    // Act
    const alive = await judge(store);
    const declared = await judge(store, { deadJobs: [OTHER_JOB] });
    dead.upload(4, NOW - DAY + 1);
    const lapsed = await judge(store, { deadJobs: [OTHER_JOB] });

    // Assess
    expect(alive.garbage).toEqual([job.file(2)]);
    expect(declared.garbage).toEqual([job.file(2), dead.file(3)]);
    expect(lapsed.garbage).toEqual([job.file(2)]);
  });

  it('waits for minAge', async () => {
    const { store, job } = play();

    const { verdicts } = await judge(store, { settings: { ...DEFAULT_COLLECT_SETTINGS, minAge: 6 * DAY } });

    expect(verdicts[job.file(2)]).toBe('keep-young');
  });
});

describe('What is remembered', () => {
  it('is nothing without a ledger, so that garbage is in quarantine', async () => {
    const { store, job } = play();

    const { verdicts, survey } = await judge(store, { assumeQuarantined: false });

    expect(verdicts[job.file(2)]).toBe('quarantined');
    expect(survey.memory).toBe(NO_MEMORY);
  });

  it('keeps what a pinned root names under a verdict of its own', async () => {
    const { store, job } = play();
    const memory = { ...NO_MEMORY, isPinned: ({ key }: { key: string }) => key === job.root(1) };

    const { verdicts } = await judge(store, { recall: () => memory });

    expect(verdicts).toEqual({
      [job.root(1)]: 'keep-pinned',
      [job.file(1)]: 'keep-pinned',
      [job.file(2)]: 'delete',
    });
  });
});
