import { describe, expect, it } from 'vitest';
import { keyGroupsOf } from '#core/states/key-groups.ts';

describe('the key groups of the subtasks of an operator', () => {
  it.each([
    [1, 128],
    [3, 128],
    [7, 128],
    [100, 128],
    [128, 128],
    [5, 32_768],
  ])('are all, each once and in order: %d subtasks, %d key groups', (parallelism, maxParallelism) => {
    const ranges = Array.from({ length: parallelism }, (_, subtask) =>
      keyGroupsOf({ parallelism, maxParallelism }, subtask),
    );

    const all = ranges.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, at) => first + at));
    expect(all).toEqual(Array.from({ length: maxParallelism }, (_, group) => group));
  });
});
