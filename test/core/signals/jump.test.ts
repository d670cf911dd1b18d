import { describe, expect, it } from 'vitest';
import { growthRatioOf, jumpRatioOf, SMALL_STATE } from '#core/signals/jump.ts';
import { completion, GIB, hourly } from '#test/support/job-histories.ts';

/** A week of hourly checkpoints of one GiB, and then some of other sizes. */
function afterAWeek(...sizes: readonly number[]) {
  return {
    completions: [
      ...hourly(168, (hour) => completion(hour)),
      ...sizes.map((bytes, index) => completion(168 + index, { bytes })),
    ],
  };
}

describe('The growth ratio', () => {
  it('is the newest full size over the median of the week before it', () => {
    expect(growthRatioOf(afterAWeek(2 * GIB))).toBe(2);
  });

  it('looks at seven days, to the millisecond', () => {
    const sizes = (first: number) => [
      completion(first, { bytes: 9 * GIB }),
      ...hourly(4, (hour) => completion(120 + hour)),
      completion(168, { bytes: 2 * GIB }),
    ];
    // Four hours of the last week are too few.
    expect(growthRatioOf({ completions: sizes(-0.001) })).toBeNull();
    expect(growthRatioOf({ completions: sizes(0) })).toBe(2);
  });

  it('is not known on the first day, whose state still fills', () => {
    const filling = (hours: number) => ({
      completions: hourly(hours, (hour) => completion(hour, { bytes: GIB * (hour + 1) ** 3 })),
    });
    expect(growthRatioOf({ completions: [] })).toBeNull();
    expect(growthRatioOf(filling(24))).toBeNull();
    expect(growthRatioOf(filling(25))).not.toBeNull();
  });

  it('does not see savepoints, nor what could not be read', () => {
    const { completions } = afterAWeek(2 * GIB);
    const more = [completion(169, { savepoint: true, bytes: 50 * GIB }), completion(170, { bytes: null })];
    expect(growthRatioOf({ completions: [...completions, ...more] })).toBe(2);
  });

  it('weighs hours, not checkpoints: of the last minutes more of them are remembered', () => {
    const week = hourly(168, (hour) => completion(hour));
    const seconds = hourly(1000, (second) => completion(168 + second / 3600, { bytes: 4 * GIB }));
    expect(growthRatioOf({ completions: [...week, ...seconds] })).toBe(4);
  });

  it('is not known where there was no state before', () => {
    const completions = [...hourly(48, (hour) => completion(hour, { bytes: 0 })), completion(48)];
    expect(growthRatioOf({ completions })).toBeNull();
  });
});

describe('A jump', () => {
  it('takes two checkpoints running, and is the smaller of them', () => {
    expect(jumpRatioOf(afterAWeek(4 * GIB))).toBeNull();
    expect(jumpRatioOf(afterAWeek(4 * GIB, 3.5 * GIB))).toBe(3.5);
    expect(jumpRatioOf(afterAWeek(3.5 * GIB, 4 * GIB))).toBe(3.5);
    expect(jumpRatioOf(afterAWeek(4 * GIB, GIB, 4 * GIB))).toBeNull();
  });

  it('is none where the same checkpoint was heard of twice', () => {
    const { completions } = afterAWeek(4 * GIB);
    const again = completion(168.1, { bytes: 4 * GIB, checkpointId: String(168 * 60) });
    expect(jumpRatioOf({ completions: [...completions, again] })).toBeNull();
  });

  it('can be told where the number of the checkpoints is not known', () => {
    const { completions } = afterAWeek(4 * GIB, 4 * GIB);
    expect(jumpRatioOf({ completions: completions.map((one) => ({ ...one, checkpointId: null })) })).toBe(4);
  });

  it('is none at a redeployment that keeps half as much again', () => {
    expect(jumpRatioOf(afterAWeek(1.5 * GIB, 1.5 * GIB))).toBeNull();
  });

  it('is none of a small state', () => {
    const small = (factor: number, ...sizes: readonly number[]) => ({
      completions: [
        ...hourly(168, (hour) => completion(hour, { bytes: SMALL_STATE / 4 })),
        ...sizes.map((size, index) => completion(168 + index, { bytes: SMALL_STATE * size + factor })),
      ],
    });
    expect(jumpRatioOf(small(0, 1, 1))).toBe(4);
    expect(jumpRatioOf(small(-1, 1, 1))).toBeNull();
    expect(jumpRatioOf(small(0, 0.9, 1))).toBeNull();
    expect(jumpRatioOf(small(0, 1, 0.9))).toBeNull();
  });

  it('is none where the one before it cannot yet be judged, or is not to be told from it', () => {
    const hours = [0, 10, 20, 22, 25, 26].map((hour) => completion(hour, { bytes: hour < 25 ? GIB : 4 * GIB }));
    expect(growthRatioOf({ completions: hours })).toBe(4);
    expect(jumpRatioOf({ completions: hours })).toBeNull();
    const { completions } = afterAWeek(4 * GIB, 4 * GIB);
    expect(jumpRatioOf({ completions: completions.map((one) => ({ ...one, checkpointId: '1' })) })).toBeNull();
  });

  it('is none of nothing, and of one checkpoint', () => {
    expect(jumpRatioOf({ completions: [] })).toBeNull();
    expect(jumpRatioOf({ completions: [completion(0)] })).toBeNull();
  });
});
