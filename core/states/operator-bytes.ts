import {
  type FileReference,
  type MetadataVisitor,
  type OperatorHead,
  STATE_KINDS,
  type StateKind,
  type StatePlace,
} from '../flink/metadata/model.ts';
import { type KeyGroups, keyGroupsOf } from './key-groups.ts';

/** State of one operator in one root, in bytes as Flink counts them. */
export interface OperatorBytes {
  readonly operator: OperatorHead;
  readonly bytes: number;
  /**
   * How many of them the root before does not have, where that one is known; else how many this checkpoint wrote itself by
   * Flink's count. Of a savepoint, all.
   */
  readonly newBytes: number;
  readonly byKind: Readonly<Record<StateKind, number>>;
  /** In ascending order; a subtask without an entry in the root is left out. Coordinator state is in none. */
  readonly subtasks: readonly SubtaskBytes[];
}

/** The largest subtask over the median: a difference below this is what hashing leaves. */
export const NOTABLE_SKEW = 1.5;

/** State of one subtask, in bytes. */
export interface SubtaskBytes {
  readonly subtask: number;
  readonly bytes: number;
}

/** How unevenly the state of an operator lies on its subtasks. */
export interface Skew {
  /** The subtask with the most state, the first of equals. */
  readonly subtask: number;
  readonly bytes: number;
  /** Over all subtasks of the operator, those without state included. */
  readonly median: number;
  /** Those of the subtask; they say something of keyed state only. */
  readonly keyGroups: KeyGroups;
}

interface Counted {
  readonly operator: OperatorHead;
  readonly byKind: Record<StateKind, number>;
  readonly subtasks: Map<number, number>;
  newBytes: number;
}

/** The root before, of the same job: what it names already. */
export interface EarlierFiles {
  has(reference: FileReference): boolean;
}

/** Adds up the state of a root by operator, kind and subtask while the root is read. */
export class OperatorBytesCounter implements Required<Pick<MetadataVisitor, 'state' | 'reference'>> {
  readonly #operators = new Map<string, Counted>();
  readonly #earlier: EarlierFiles | null;

  /** @param earlier null where no root before this one is known. */
  constructor(earlier: EarlierFiles | null = null) {
    this.#earlier = earlier;
  }

  state({ operator, subtask, kind }: StatePlace, bytes: number, newBytes: number): void {
    const counted = this.#of(operator);
    counted.byKind[kind] += bytes;
    counted.newBytes += this.#earlier === null ? newBytes : bytes;
    if (subtask !== null) {
      counted.subtasks.set(subtask, (counted.subtasks.get(subtask) ?? 0) + bytes);
    }
  }

  reference(reference: FileReference, { operator, kind }: StatePlace): void {
    // Of other kinds each checkpoint writes all.
    if ((kind === 'keyed' || kind === 'changelog') && this.#earlier?.has(reference)) {
      this.#of(operator).newBytes -= Math.max(0, Number(reference.bytes));
    }
  }

  /** Every operator of the root, the largest first. */
  operators(): readonly OperatorBytes[] {
    return [...this.#operators.values()]
      .map(({ operator, byKind, subtasks, newBytes }) => ({
        operator,
        bytes: STATE_KINDS.reduce((sum, kind) => sum + byKind[kind], 0),
        // What a handle counts of a file may differ from what the file has.
        newBytes: Math.max(0, newBytes),
        byKind,
        subtasks: [...subtasks]
          .map(([subtask, bytes]) => ({ subtask, bytes }))
          .toSorted((one, other) => one.subtask - other.subtask),
      }))
      .toSorted((one, other) => other.bytes - one.bytes);
  }

  #of(operator: OperatorHead): Counted {
    const known = this.#operators.get(operator.id);
    if (known !== undefined) return known;
    const byKind = { keyed: 0, operator: 0, channel: 0, timers: 0, changelog: 0, coordinator: 0 };
    const counted: Counted = { operator, byKind, subtasks: new Map(), newBytes: 0 };
    this.#operators.set(operator.id, counted);
    return counted;
  }
}

/** Null for an operator with one subtask, or without state in its subtasks. */
export function skewOf({ operator, subtasks }: Pick<OperatorBytes, 'operator' | 'subtasks'>): Skew | null {
  if (operator.parallelism < 2) return null;
  const [largest, ...smaller] = subtasks.toSorted((one, other) => other.bytes - one.bytes);
  if (largest === undefined || largest.bytes === 0) return null;
  // Subtasks without an entry have no state, and stand at the end of this order.
  const sizeAt = (rank: number): number => [largest, ...smaller][rank]?.bytes ?? 0;
  const { parallelism } = operator;
  const median = (sizeAt(Math.floor((parallelism - 1) / 2)) + sizeAt(Math.floor(parallelism / 2))) / 2;
  return { ...largest, median, keyGroups: keyGroupsOf(operator, largest.subtask) };
}

/** What people call an operator: its name or uid where the format has them, else its id. */
export function operatorName({ name, uid, id }: Pick<OperatorHead, 'name' | 'uid' | 'id'>): string {
  return name ?? uid ?? id;
}
