import { describe, expect, it } from 'vitest';
import { atLeastRate, LEAST_RATE, RATE_WINDOW } from '#operations/look/least-rate.ts';
import { judge } from '#test/support/judged.ts';
import { callOf, MovingStore } from '#test/support/moving-store.ts';
import { failureOf } from '#test/support/object-store-contract.ts';
import { DAY, NOW, PlayedJob } from '#test/support/played-job.ts';

const WINDOW_BYTES = (LEAST_RATE * RATE_WINDOW) / 1_000;

/** Chunks of so many bytes, each of which is waited for so long. */
function comes(...chunks: readonly (readonly [bytes: number, milliseconds: number])[]) {
  const state = { now: 5, closed: false };
  async function* content(): AsyncGenerator<Uint8Array> {
    try {
      for (const [bytes, milliseconds] of chunks) {
        state.now += milliseconds;
        yield new Uint8Array(bytes);
      }
    } finally {
      state.closed = true;
    }
  }
  return { state, chunks: atLeastRate(content(), () => state.now) };
}

async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<number> {
  let bytes = 0;
  for await (const chunk of chunks) bytes += chunk.length;
  return bytes;
}

describe('A content that must come at a least rate', () => {
  it.each([
    ['in time, however small', [[1, RATE_WINDOW - 1]]],
    ['at the least rate to the byte', [[WINDOW_BYTES, RATE_WINDOW]]],
    [
      'with a pause that others make good',
      [
        [1, RATE_WINDOW / 2],
        [WINDOW_BYTES - 1, RATE_WINDOW / 2],
      ],
    ],
    ['for hours', Array.from({ length: 500 }, () => [WINDOW_BYTES, RATE_WINDOW] as const)],
  ] as const)('is passed on where it comes %s', async (_how, chunks) => {
    const { chunks: passed, state } = comes(...chunks);

    expect(await bytesOf(passed)).toBe(chunks.reduce((sum, [bytes]) => sum + bytes, 0));
    expect(state.closed).toBe(true);
  });

  it.each([
    ['a byte too few', [[WINDOW_BYTES - 1, RATE_WINDOW]]],
    ['a byte now and then', Array.from({ length: 100 }, () => [1, RATE_WINDOW / 60] as const)],
    [
      'fast at first',
      [
        [100 * WINDOW_BYTES, RATE_WINDOW],
        [10, RATE_WINDOW],
      ],
    ],
  ] as const)('fails where it comes with %s, and is closed', async (_how, chunks) => {
    const { chunks: passed, state } = comes(...chunks);

    const failure = await failureOf(() => bytesOf(passed));

    expect(failure).toMatchObject({ name: 'StoreError', code: 'unavailable' });
    expect(String(failure)).toMatch(
      /it arrives too slowly \(\d+ bytes in 60 seconds\), and the part that was read is not used\./,
    );
    expect(state.closed).toBe(true);
  });

  it('is not blamed for what is done with it', async () => {
    const { chunks, state } = comes([1, 1_000], [1, 1_000], [1, 1_000]);

    for await (const _chunk of chunks) state.now += RATE_WINDOW;

    expect(state.now).toBeGreaterThan(3 * RATE_WINDOW);
  });
});

describe('A root that drips', () => {
  it('can not be had: what was read of it is marked, and the area is undecidable', async () => {
    // Prepare
    const store = new MovingStore({ now: NOW, bytesPerChunk: 8 });
    const job = new PlayedJob(store);
    job.complete(9, [job.upload(1)], NOW - 3 * DAY);
    job.complete(10, [job.upload(2)]);
    job.upload(3);
    let now = 0;
    store.always(callOf('chunk', job.root(9)), () => {
      now += 2_000;
    });

    // Act
    const { codes, garbage, survey } = await judge(store, { passed: () => now });

    // Assess
    expect({ codes, garbage }).toEqual({ codes: ['unreadable-root'], garbage: [] });
    expect(survey.undecidable[0]?.sentence).toBe(
      `s3://bucket/${job.root(9)} can't be read: it arrives too slowly (240 bytes in 60 seconds), and the part that was read is not used. What it references is unknown, so nothing in this area is deleted; fix that, then run again`,
    );
  });
});
