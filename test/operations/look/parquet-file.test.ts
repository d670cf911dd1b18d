import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { judgeAll } from '#core/collect/judge.ts';
import { DEFAULT_COLLECT_SETTINGS } from '#core/collect/settings.ts';
import { unlessParquet } from '#operations/look/parquet-file.ts';
import { notes } from '#operations/report/audit-notes.ts';
import { explain } from '#operations/report/explain.ts';
import { judge } from '#test/support/judged.ts';
import { MovingStore } from '#test/support/moving-store.ts';
import { DAY, NOW, PlayedJob, uuid } from '#test/support/played-job.ts';

const PARQUET = Buffer.from('PAR1 columns and the footer PAR1');
const NAME = 'lake/events/_metadata';

async function* chunksOf(content: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += size) {
    yield content.subarray(at, at + size);
  }
}

describe('a content', () => {
  it.each([1, 3, 4, 5, 100])('is known as Parquet by both its ends, in chunks of %d', async (size) => {
    expect(await unlessParquet(chunksOf(PARQUET, size))).toBe(null);
  });

  it.each([
    ['that is empty', ''],
    ['of three bytes', 'PAR'],
    ['that only begins so', 'PAR1 columns and no foot'],
    ['that only ends so', 'columns and the footer PAR1'],
    ['too short for a footer', 'PAR1PAR1'],
  ])('%s is none', async (_, text) => {
    for (const size of [1, 4, 100]) {
      const content = await unlessParquet(chunksOf(Buffer.from(text), size));

      const read: Uint8Array[] = [];
      for await (const chunk of content ?? []) read.push(Buffer.from(chunk));
      const whole = Buffer.concat(read).toString();
      expect(content).not.toBe(null);
      expect(text.startsWith('PAR1') ? text.startsWith(whole) && whole.length >= 4 : whole === text).toBe(true);
    }
  });

  it('is closed when its reader stops early', async () => {
    let closed = false;
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        yield Buffer.from('first');
        yield Buffer.from('second');
      } finally {
        closed = true;
      }
    }

    for await (const _ of (await unlessParquet(source())) ?? []) break;

    expect(closed).toBe(true);
  });
});

describe('A _metadata of a Parquet dataset', () => {
  function play(content: Buffer): MovingStore {
    const store = new MovingStore({ now: NOW, bytesPerChunk: 7 });
    const job = new PlayedJob(store);
    job.complete(1, [job.upload(1)]);
    store.put(NAME, content, NOW - 90 * DAY);
    store.put(`lake/events/${uuid(9)}`, Buffer.from('data'), NOW - 90 * DAY);
    return store;
  }
  const FAILED_SAVEPOINTS = { settings: { ...DEFAULT_COLLECT_SETTINGS, failedSavepoints: true } };

  it('is no root, and is kept like the files beside it', async () => {
    const { verdicts, codes, survey } = await judge(play(PARQUET), FAILED_SAVEPOINTS);

    expect(codes).toEqual([]);
    expect(verdicts).toMatchObject({ [NAME]: 'keep-unknown', [`lake/events/${uuid(9)}`]: 'keep-unknown' });
    expect(survey.reachability.roots).toHaveLength(1);
    expect(await survey.readAgain()).toEqual([]);
    expect(notes(survey)).toEqual([
      `s3://bucket/${NAME} is a Parquet file: a Parquet dataset has a _metadata too. It is no checkpoint or savepoint, and it is kept as a name that Flink does not write.`,
    ]);
    const { because, rule } = explain(survey, judgeAll(survey), survey.objects.find(0, NAME));
    expect({ because, rule }).toEqual({
      rule: 'unknown-name',
      because: [
        "It is a Parquet file: Parquet datasets have a file of this name too. It is no checkpoint or savepoint, and it is kept because Flink's state code does not write it.",
      ],
    });
  });

  it('is counted in one note, however many there are', async () => {
    const store = play(PARQUET);
    store.put('lake/users/_metadata', PARQUET, NOW - DAY);

    const { survey } = await judge(store);

    expect(notes(survey)).toEqual([expect.stringContaining('is a Parquet file (and 1 more of that name): ')]);
  });

  it('is not missed as the root that an earlier version took it for', async () => {
    const earlierDirectories = [{ store: 's3://bucket', key: 'lake/events/' }];

    expect((await judge(play(PARQUET), { earlierDirectories })).codes).toEqual([]);
  });

  it('makes the area undecidable when it was cut short', async () => {
    const { verdicts, codes } = await judge(play(PARQUET.subarray(0, -1)));

    expect(codes).toEqual(['unreadable-root']);
    expect(verdicts[NAME]).toBe('keep-undecidable');
  });
});
