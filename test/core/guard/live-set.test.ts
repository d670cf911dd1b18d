import { describe, expect, it } from 'vitest';
import { type LiveSet, liveSetOf } from '#core/guard/live-set.ts';
import { judge } from '#test/support/judged.ts';
import { MovingStore } from '#test/support/moving-store.ts';
import { JOB, NOW, OTHER_JOB, PlayedJob } from '#test/support/played-job.ts';

const URL = 's3://bucket';

async function liveSetAfter(play: (store: MovingStore) => void): Promise<LiveSet> {
  const store = new MovingStore({ name: URL, now: NOW });
  play(store);
  const { survey } = await judge(store);
  return liveSetOf(survey);
}

describe('The live set of a survey', () => {
  it('holds the roots and what they name, and no garbage', async () => {
    const live = await liveSetAfter((store) => {
      const job = new PlayedJob(store);
      job.complete(1, [job.upload(1)]);
      job.upload(2);
    });

    const job = new PlayedJob(new MovingStore({ now: NOW }));
    expect([job.root(1), job.file(1), job.file(2)].map((key) => live.mayHold(`${URL}/${key}`))).toEqual([
      true,
      true,
      false,
    ]);
    expect({ start: live.start, names: live.names }).toEqual({ start: NOW, names: 2 });
    expect([...live.roots]).toEqual([`${URL}/${job.root(1)}`]);
  });

  it('knows whose roots name files of another directory, each once', async () => {
    const live = await liveSetAfter((store) => {
      const former = new PlayedJob(store);
      const heir = new PlayedJob(store, `flink/${OTHER_JOB}/`);
      former.complete(1, [former.upload(1), former.upload(2)]);
      heir.complete(2, [former.file(1), heir.upload(3), former.file(2)]);
      heir.complete(3, [former.file(1), heir.file(3)]);
    });

    const heir = { directory: `${URL}/flink/${OTHER_JOB}/`, holdsCheckpoints: true };
    expect([...live.readers]).toEqual([[`${URL}/flink/${JOB}/`, [heir]]]);
    expect(live.readersOf(`${URL}/flink/${OTHER_JOB}/`)).toEqual([]);
  });

  it('knows of a savepoint that it lies in no checkpoint directory', async () => {
    const live = await liveSetAfter((store) => {
      const job = new PlayedJob(store);
      job.complete(1, [job.upload(1)]);
      store.put(
        'flink/sp/savepoint-946894-0123456789ab/_metadata',
        job.metadata(2, [job.file(1)], 'savepoint-native'),
        NOW,
      );
    });

    expect(live.readersOf(`${URL}/flink/${JOB}/`)).toEqual([
      { directory: `${URL}/flink/sp/savepoint-946894-0123456789ab/`, holdsCheckpoints: false },
    ]);
  });

  it('holds what roots miss, since it may be told later who has deleted it', async () => {
    const job = new PlayedJob(new MovingStore({ now: NOW }));
    const live = await liveSetAfter((store) => {
      new PlayedJob(store).complete(1, [job.file(1)]);
    });

    expect(live.mayHold(`${URL}/${job.file(1)}`)).toBe(true);
    expect(live.names).toBe(2);
  });

  it('knows the roots of the survey before, which may have gone while this one looked', async () => {
    const store = new MovingStore({ name: URL, now: NOW });
    const job = new PlayedJob(store);
    job.complete(2, []);
    const { survey } = await judge(store);

    const live = liveSetOf(survey, new Set([`${URL}/${job.root(1)}`, `${URL}/${job.root(2)}`]));

    expect([...live.former]).toEqual([`${URL}/${job.root(1)}`]);
    expect([1, 2, 3].map((number) => live.hadRoot(`${URL}/${job.root(number)}`))).toEqual([true, true, false]);
    expect(live.mayHold(`${URL}/${job.root(1)}`)).toBe(true);
  });
});
