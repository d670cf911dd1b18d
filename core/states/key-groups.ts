import type { OperatorHead } from '../flink/metadata/model.ts';

/** Key groups of a subtask: all keyed state of these keys, and of no others, is there. */
export interface KeyGroups {
  readonly first: number;
  readonly last: number;
}

/** As Flink assigns them (KeyGroupRangeAssignment.computeKeyGroupRangeForOperatorIndex). */
export function keyGroupsOf(
  { parallelism, maxParallelism }: Pick<OperatorHead, 'parallelism' | 'maxParallelism'>,
  subtask: number,
): KeyGroups {
  return {
    first: Math.ceil((subtask * maxParallelism) / parallelism),
    last: Math.floor(((subtask + 1) * maxParallelism - 1) / parallelism),
  };
}
