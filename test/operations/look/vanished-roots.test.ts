import { describe, expect, it } from 'vitest';
import { judgeAll } from '#core/collect/judge.ts';
import { tally } from '#core/collect/totals.ts';
import { audit } from '#operations/report/audit.ts';
import { judge } from '#test/support/judged.ts';
import { type Act, callOf, MovingStore } from '#test/support/moving-store.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob } from '#test/support/played-job.ts';

function play(): { store: MovingStore; job: PlayedJob } {
  const store = new MovingStore({ now: NOW });
  return { store, job: new PlayedJob(store) };
}

function gone(job: PlayedJob, checkpoint: number): Act {
  return () => job.subsume(checkpoint);
}

describe('A root that is gone when it is to be read', () => {
  it('is settled by a later one that was listed with it', async () => {
    // Prepare
    const { store, job } = play();
    job.complete(1, [job.upload(1), job.upload(2)], NOW - 3 * DAY);
    job.complete(2, [job.file(1)]);
    store.once(callOf('read', job.root(1)), gone(job, 1));

    // Act
    const { codes, garbage, verdicts } = await judge(store);

    // Assess
    expect(codes).toEqual([]);
    expect(garbage).toEqual([job.file(2)]);
    expect(verdicts[job.root(1)]).toBe('keep-live');
  });

  it('is settled by a later one that completes while it is read', async () => {
    // Prepare
    const { store, job } = play();
    job.complete(9, [job.upload(1), job.upload(2)], NOW - 3 * DAY);
    store.once(callOf('read', job.root(9)), () => {
      job.complete(10, [job.file(1)], NOW - DAY);
      job.subsume(9);
    });

    // Act
    const { codes, garbage } = await judge(store);

    // Assess
    expect(codes).toEqual([]);
    expect(garbage).toEqual([job.file(2)]);
  });

  it.each([
    ['nothing', () => undefined],
    ['an earlier checkpoint', (job: PlayedJob) => void job.complete(4, [job.file(1)], NOW - 3 * DAY)],
    [
      'a checkpoint with a greater number that an earlier run of this job id left',
      (job: PlayedJob) => void job.complete(60, [job.file(1)], NOW - 9 * DAY),
    ],
    [
      "a later checkpoint of another job's directory",
      (job: PlayedJob, store: MovingStore) =>
        void new PlayedJob(store, `flink/${OTHER_JOB}/`).complete(6, [job.file(1)], NOW - DAY),
    ],
  ])('makes the area undecidable where only %s could be read', async (_, leave) => {
    // Prepare
    const { store, job } = play();
    job.complete(5, [job.upload(1), job.upload(2)]);
    leave(job, store);
    store.once(callOf('read', job.root(5)), gone(job, 5));

    // Act
    const { codes, garbage, survey } = await judge(store);

    // Assess
    expect(codes).toEqual(['vanished-root']);
    expect(survey.undecidable[0]?.object).toBe(`s3://bucket/${job.root(5)}`);
    expect(garbage).toEqual([]);
  });

  it('is settled by no root of another job, where jobs share a directory and its own is always ahead of the reading', async () => {
    // Prepare
    const store = new MovingStore({ now: NOW });
    const [hasty, calm] = [new PlayedJob(store, 'flink/'), new PlayedJob(store, 'flink/')];
    const needed = hasty.upload(1);
    hasty.complete(1, [needed]);
    calm.complete(100, [calm.upload(2)], NOW - DAY);
    let last = 1;
    store.always(
      (call) => call.operation === 'read' && call.of === hasty.root(last),
      () => {
        hasty.subsume(last++);
        hasty.complete(last, [needed]);
      },
    );

    // Act
    const { codes, garbage } = await judge(store);

    // Assess
    expect(last).toBeGreaterThan(4);
    expect(codes).toEqual(['vanished-root']);
    expect(garbage).toEqual([]);
  });

  it('makes the area undecidable where it was a savepoint, which nothing follows', async () => {
    // Prepare
    const { store, job } = play();
    job.complete(1, [job.upload(1)]);
    const savepoint = 'flink/savepoint-946894-0c236dd65946/_metadata';
    store.put(savepoint, job.metadata(1, [job.upload(2)], 'savepoint-native'), NOW - DAY);
    store.once(callOf('read', savepoint), (it) => it.remove(savepoint));

    // Act
    const { codes } = await judge(store);

    // Assess
    expect(codes).toEqual(['vanished-root']);
  });

  it('is read after all where a later listing shows the same root again', async () => {
    // Prepare
    const { store, job } = play();
    const files = [job.upload(1), job.upload(2)];
    job.complete(5, files);
    job.complete(6, [job.file(1)], NOW - DAY);
    store.once(callOf('read', job.root(5)), gone(job, 5));
    store.once(callOf('read', job.root(6)), () => void job.complete(5, files));

    // Act
    const { codes, garbage, survey } = await judge(store);

    // Assess
    expect(survey.reachability.roots.map(({ key, state }) => `${key.split('/').at(-2)} ${state}`)).toEqual([
      'chk-5 vanished',
      'chk-6 read',
      'chk-5 read',
    ]);
    expect({ codes, garbage }).toEqual({ codes: [], garbage: [] });
  });

  it('can not be had where every listing shows it and no reading finds it, though it came back each time', async () => {
    // Prepare
    const { store, job } = play();
    const files = [job.upload(1)];
    job.complete(5, files);
    store.always(callOf('read', job.root(5)), gone(job, 5));
    store.always(
      (call) => call.operation !== 'read',
      () => void job.complete(5, files),
    );

    // Act
    const { codes } = await judge(store);

    // Assess
    expect(codes).toEqual(['unreadable-root']);
  });

  it('counts by the content that is there where it is overwritten under its key before it is read', async () => {
    // Prepare
    const { store, job } = play();
    job.complete(5, [job.upload(1)]);
    job.upload(2);
    job.upload(3);
    store.once(callOf('children', ''), () => void job.complete(5, [job.file(2)], NOW - DAY));
    store.once(callOf('children', job.directory), () => void job.complete(5, [job.file(3)], NOW - DAY));

    // Act
    const { survey, garbage, codes } = await judge(store);

    // Assess
    expect(survey.reachability.roots.map(({ key, state }) => ({ key, state }))).toEqual([
      { key: job.root(5), state: 'read' },
    ]);
    expect(garbage).toEqual([job.file(1), job.file(2)]);
    expect(codes).toEqual([]);
  });

  it('keeps what both contents named where it is overwritten between two readings', async () => {
    // Prepare
    const { store, job } = play();
    job.complete(5, [job.upload(1)]);
    job.upload(2);
    job.complete(4, [job.upload(3)], NOW - 3 * DAY);
    store.once(callOf('chunk', job.root(5)), () => void job.complete(5, [job.file(2)], NOW - DAY));

    // Act
    const { garbage, codes, survey } = await judge(store);

    // Assess
    expect({ garbage, codes }).toEqual({ garbage: [], codes: [] });
    expect(
      audit({ survey, verdicts: judgeAll(survey), totals: tally(survey, judgeAll(survey)), labels: [] }).jobs[0]
        ?.checkpoints,
    ).toBe(2);
  });
});

describe('A directory that held a root in the last run', () => {
  const earlier = (...paths: readonly string[]) => ({
    earlierDirectories: paths.map((key) => ({ store: 's3://bucket', key })),
  });

  it('makes the area undecidable where it holds none any more', async () => {
    // Prepare
    const { store, job } = play();
    job.complete(1, [job.upload(1)]);
    job.upload(2);

    // Act
    const { codes, survey, garbage } = await judge(store, earlier(job.directory, `flink/${OTHER_JOB}/`));

    // Assess
    expect(codes).toEqual(['lost-directory']);
    expect(survey.undecidable[0]).toMatchObject({
      object: `s3://bucket/flink/${OTHER_JOB}/`,
      sentence: `s3://bucket/flink/${OTHER_JOB}/ held a checkpoint or savepoint in the last run, but none could be read in this run. Somebody may be moving it, so nothing in this area is deleted in this run; run again`,
    });
    expect(garbage).toEqual([]);
  });

  it('makes the area undecidable where its only root is gone before it is read', async () => {
    // Prepare
    const { store, job } = play();
    job.complete(1, [job.upload(1)]);
    store.once(callOf('read', job.root(1)), gone(job, 1));

    // Act
    const { codes } = await judge(store, earlier(job.directory));

    // Assess
    expect(codes).toEqual(['vanished-root', 'lost-directory']);
  });

  it('is no matter where it still holds one, of whatever number', async () => {
    // Prepare
    const { store, job } = play();
    job.complete(1, [job.upload(1)]);
    const savepoint = new PlayedJob(store, 'sp/');
    store.put('sp/_metadata', savepoint.metadata(1, [job.file(1)], 'savepoint-native'), NOW - DAY);

    // Act
    const { codes } = await judge(store, earlier(`flink/${JOB}/`, 'sp/'));

    // Assess
    expect(codes).toEqual([]);
  });
});
