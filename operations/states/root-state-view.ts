import type { StateKind } from '#core/flink/metadata/model.ts';
import type { KeyGroups } from '#core/states/key-groups.ts';
import { type OperatorBytes, type Skew, type SubtaskBytes, skewOf } from '#core/states/operator-bytes.ts';

/** The state of a root by operator, as reports show it. Sizes are bytes as Flink counts them. */

/** One operator's share of a root. */
export interface OperatorStateView {
  /** 32 hex digits. */
  readonly id: string;
  /** Null before format version 5, and where Flink stored none. */
  readonly name: string | null;
  readonly uid: string | null;
  readonly parallelism: number;
  readonly bytes: number;
  readonly newBytes: number;
  readonly byKind: Readonly<Record<StateKind, number>>;
  readonly skew: SkewView | null;
}

/** Null of an operator with one subtask. */
export interface SkewView {
  readonly subtask: number;
  readonly bytes: number;
  readonly median: number;
  /** The largest over the median; null where most subtasks hold nothing. */
  readonly ratio: number | null;
  /** The first and the last key group of the subtask, which say something of keyed state only. */
  readonly keyGroups: KeyGroups;
}

/** The operators of a root, the largest first, and their sums. */
export interface RootStateView<View extends OperatorStateView = OperatorStateView> {
  readonly bytes: number;
  readonly newBytes: number;
  /** The root since which they are new, `chk-6`; null where none is known, and Flink's own count stands. */
  readonly newSince: string | null;
  readonly operators: readonly View[];
}

/** With each subtask. */
export type SubtaskedState = RootStateView<OperatorStateView & { readonly subtasks: readonly SubtaskBytes[] }>;

/** Shows the operators of a root. @param newSince see {@link RootStateView}. */
export function viewOperators(operators: readonly OperatorBytes[], newSince: string | null): RootStateView {
  return {
    bytes: operators.reduce((sum, { bytes }) => sum + bytes, 0),
    newBytes: operators.reduce((sum, { newBytes }) => sum + newBytes, 0),
    newSince,
    operators: operators.map(viewOperator),
  };
}

/** Shows the operators of a root that is read alone, each with its subtasks. */
export function viewRootState(operators: readonly OperatorBytes[]): SubtaskedState {
  return {
    ...viewOperators(operators, null),
    operators: operators.map((counted) => ({ ...viewOperator(counted), subtasks: counted.subtasks })),
  };
}

/** Shows a skew, with its ratio. */
export function viewSkew(skew: Skew): SkewView {
  return { ...skew, ratio: skew.median === 0 ? null : skew.bytes / skew.median };
}

function viewOperator(counted: OperatorBytes): OperatorStateView {
  const { id, name, uid, parallelism } = counted.operator;
  const { bytes, newBytes, byKind } = counted;
  const skew = skewOf(counted);
  return {
    id,
    name,
    uid,
    parallelism,
    bytes,
    newBytes,
    byKind,
    skew: skew === null ? null : viewSkew(skew),
  };
}
