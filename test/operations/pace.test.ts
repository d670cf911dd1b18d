import { describe, expect, it } from 'vitest';
import { Pace } from '#operations/pace.ts';

/** A pace whose waiting is the passing of its own time. */
function paceOf(perSecond: number): {
  readonly pace: Pace;
  readonly waits: number[];
  pass(milliseconds: number): void;
} {
  const waits: number[] = [];
  let time = 0;
  const pace = new Pace(
    perSecond,
    () => time,
    async (milliseconds) => {
      waits.push(milliseconds);
      time += milliseconds;
    },
  );
  return {
    pace,
    waits,
    pass: (milliseconds) => {
      time += milliseconds;
    },
  };
}

describe('The pace of deletions', () => {
  it('lets the first batch begin at once and each other one when the share of the one before has passed', async () => {
    const { pace, waits } = paceOf(500);

    for (const deletions of [1_000, 250, 1_000]) await pace.take(deletions);

    expect(waits).toEqual([2_000, 500]);
  });

  it('does not wait for what has passed already, nor saves it up', async () => {
    const { pace, waits, pass } = paceOf(1_000);
    await pace.take(1_000);
    pass(400);
    await pace.take(1_000);
    pass(60_000);
    await pace.take(1_000);
    await pace.take(1_000);

    expect(waits).toEqual([600, 1_000]);
  });

  it('halves while the store refuses, down to 20 a second, and comes back slowly', async () => {
    const { pace, waits } = paceOf(100);
    const take = async () => await pace.take(100);
    await take();
    pace.slower();
    await take();
    for (let n = 0; n < 9; n++) pace.slower();
    await take();
    await take();
    pace.faster();
    await take();
    for (let n = 0; n < 99; n++) pace.faster();
    await take();
    await take();

    expect(waits.map((wait) => Math.round(wait))).toEqual([1_000, 2_000, 5_000, 5_000, 4_545, 1_000]);
  });

  it('is never faster for being slowed, where it is slow by itself', async () => {
    const { pace, waits } = paceOf(5);
    pace.slower();
    await pace.take(10);
    await pace.take(10);

    expect(waits).toEqual([2_000]);
  });

  it.each([
    [3_000, 1_000],
    [101, 1_000],
    [99, 990],
    [10, 100],
    [1, 10],
    [0.05, 1],
  ])(
    'of %d a second has batches of %i: none takes more than ten seconds, nor more keys than a request',
    (perSecond, batch) => {
      expect(paceOf(perSecond).pace.batch).toBe(batch);
    },
  );

  it('has smaller batches while the store refuses', () => {
    const { pace } = paceOf(100);
    pace.slower();
    expect(pace.batch).toBe(500);
    pace.slower();
    pace.slower();
    expect(pace.batch).toBe(200);
  });

  it('hands the signal to what waits', async () => {
    const { signal } = new AbortController();
    const heard: unknown[] = [];
    const pace = new Pace(
      1,
      () => 0,
      async (_, its) => void heard.push(its),
    );
    await pace.take(1, signal);
    await pace.take(1, signal);

    expect(heard).toEqual([signal]);
  });

  it('waits no longer where a signal ends it, before or meanwhile, and does not fail', async () => {
    const pace = new Pace(1, () => 0);
    const controller = new AbortController();
    await pace.take(1_000);

    const taken = pace.take(1, controller.signal);
    controller.abort(new Error('enough'));

    await expect(taken).resolves.toBeUndefined();
    await expect(pace.take(1, controller.signal)).resolves.toBeUndefined();
  });

  it('waits in real time by default', async () => {
    let time = 0;
    const pace = new Pace(1_000, () => time++);
    await pace.take(5);

    await pace.take(5);

    expect(time).toBe(2);
  });
});
