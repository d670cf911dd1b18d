import { describe, expect, it } from 'vitest';
import type { ObjectStore } from '#ports/object-store.ts';
import { bucket, judge } from '#test/support/judged.ts';
import { MovingStore, nth, type StoreCall } from '#test/support/moving-store.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob } from '#test/support/played-job.ts';

/** Roots are listed anew of a bucket: in ranges, of which it is known how many keys they held. */
const isLook = ({ expected }: StoreCall): boolean => expected !== undefined;

/**
 * A job that goes on from another one's checkpoint, and has it deleted as soon as it has completed one of its own, while
 * the listing of all objects is between the two: it has passed the new job's directory, and comes to the old one's when
 * the root in it has gone.
 */
function playHandover(successor: string, prepare: (job: PlayedJob) => void = () => {}) {
  const store = new MovingStore({ now: NOW, objectsPerPage: 1, keysPerRequest: 4 });
  const before = new PlayedJob(store, `flink/${JOB}/`);
  const after = new PlayedJob(store, successor);
  const shared = [1, 2, 3, 4, 5, 6].map((number) => before.upload(number));
  before.complete(9, shared);
  // Behind the new job's place, and before the old one's.
  store.put('flink/1', 'x', NOW - 9 * DAY);
  prepare(after);
  const atRoot = store.keys().indexOf(before.root(9)) + 1;
  store.once(
    ({ operation, part }) => operation === 'list' && part === atRoot,
    () => {
      after.complete(10, shared);
      before.subsume(9);
    },
  );
  return { store, shared };
}

const EARLIER = `flink/${'0'.repeat(32)}/`;

describe('Roots that a job completes while its bucket is listed', () => {
  it.each([
    ['a new directory', () => {}],
    ['a directory that held a marker', (job: PlayedJob) => void job.upload(90, NOW - 3 * DAY, 'taskowned')],
    [
      'a directory of many files',
      (job: PlayedJob) => [91, 92, 93, 94, 95, 96].forEach((file) => void job.upload(file)),
    ],
  ])('are found in %s, though the root before them went unseen', async (_, prepare) => {
    // Prepare
    const { store, shared } = playHandover(EARLIER, prepare);

    // Act
    const { verdicts, codes } = await judge(store);

    // Assess
    expect(shared.map((file) => verdicts[file])).toEqual(shared.map(() => 'keep-live'));
    expect(codes).toEqual([]);
  });

  it('would cost live files if they were not looked for', async () => {
    // Prepare
    const { store, shared } = playHandover(EARLIER);
    const blind: ObjectStore = {
      name: store.name,
      keysPerRequest: 4,
      now: () => store.now(),
      read: (...input) => store.read(...input),
      children: async function* () {},
      list: async function* (range, options) {
        if (options?.expected === undefined) yield* store.list(range, options);
      },
    };

    // Act
    const { verdicts } = await judge(blind, { deadJobs: [JOB] });

    // Assess
    expect(shared.map((file) => verdicts[file])).toEqual(shared.map(() => 'delete'));
  });

  it('are found beside the location’s own folders', async () => {
    // Prepare
    const { store, shared } = playHandover('a/new/place/of/jobs/');

    // Act
    const { verdicts } = await judge(store);

    // Assess
    expect(shared.map((file) => verdicts[file])).toEqual(shared.map(() => 'keep-live'));
  });
});

describe('The requests of a look', () => {
  it('do not grow with the folders', async () => {
    // Prepare
    const store = new MovingStore({ now: NOW, keysPerRequest: 1_000 });
    const job = new PlayedJob(store);
    job.complete(1, [job.upload(1)]);
    for (let folder = 0; folder < 500; folder++) store.put(`sink/day=${folder}/part-0`, 'x', NOW - 9 * DAY);

    // Act
    await judge(store);

    // Assess: the listing of all objects, and two looks.
    expect(store.calls.filter((call) => /^(list|children) /.test(call))).toEqual(['list ', 'list ', 'list ']);
  });

  it('are asked of the stores of every location by its own keys', async () => {
    // Prepare
    const store = new MovingStore({ now: NOW, keysPerRequest: 1 });
    const job = new PlayedJob(store, `in/${JOB}/`);
    const other = new PlayedJob(store, `out/${OTHER_JOB}/`);
    job.complete(1, [job.upload(1)]);
    other.complete(1, [other.upload(2), job.file(1)]);
    const late = job.upload(3);
    store.once(nth(1, isLook), () => void other.complete(2, [late]));

    // Act
    const { verdicts, survey } = await judge([bucket(store, 'in/'), bucket(store, 'out/')]);

    // Assess
    expect(verdicts[late]).toBe('keep-live');
    expect(survey.reachability.roots.map(({ key }) => key).sort()).toEqual([job.root(1), other.root(1), other.root(2)]);
  });

  it('know a directory by the keys of the bucket that it is a copy of', async () => {
    // Prepare
    const store = new MovingStore({ now: NOW, keysPerRequest: 1 });
    const job = new PlayedJob(store, `${JOB}/`, 's3a://bucket/flink/cp');
    job.complete(1, [job.upload(1)]);
    const late = job.upload(2);
    store.once(isLook, () => void job.complete(2, [late]));
    const area = { name: './copy', store: 's3://bucket', prefix: 'flink/cp/', hidden: 'flink/cp/'.length };

    // Act
    const { verdicts } = await judge([{ area, store }]);

    // Assess
    expect(verdicts[`flink/cp/${late}`]).toBe('keep-live');
  });
});
