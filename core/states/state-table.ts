import type { DescribedState } from '../flink/described-states.ts';
import { type OperatorHead, STATE_KINDS } from '../flink/metadata/model.ts';
import type { OperatorBytes, SubtaskBytes } from './operator-bytes.ts';
import type { TableProperties } from './table-properties.ts';

/**
 * What a row of the table of states is of.
 *
 * * `state`, `timers`: one of Flink's states, or timers, by name.
 * * `database`: other files of its database (MANIFEST, CURRENT, OPTIONS), and the description of its states.
 * * `undivided`: keyed state of which nobody can tell from outside which bytes are of which state: of a heap backend, or
 *   of a savepoint in canonical format.
 * * `unread`: files of keyed state that were not looked at, or that say nothing of themselves.
 * * The others are the kinds of state that are not keyed: see `StateKind`.
 */
export const ROW_KINDS = [
  'state',
  'timers',
  'database',
  'undivided',
  'unread',
  'operator',
  'channel',
  'heap-timers',
  'changelog',
  'coordinator',
] as const;
/** One of {@link ROW_KINDS}. */
export type RowKind = (typeof ROW_KINDS)[number];

/** One operator's bytes in one state. They sum up to those of the operator, as Flink counts them. */
export interface StateRow {
  readonly operator: OperatorHead;
  readonly kind: RowKind;
  /** Flink's name of the state; null of what has none. */
  readonly state: string | null;
  /** `VALUE`, `LIST`, `MAP`, …; null where that is not known. */
  readonly type: string | null;
  /** Null where that is not known. */
  readonly hasTtl: boolean | null;
  readonly bytes: number;
  /** Distinct SST files, or parts of merged ones. */
  readonly files: number;
  /** Null where one of its files does not tell, or it has none. */
  readonly contents: StateContents | null;
  /** Kinds of compression, in alphabetical order. */
  readonly compression: readonly string[];
  /** When its oldest and its newest file were written, epoch milliseconds; null without a file. */
  readonly oldestFile: number | null;
  readonly newestFile: number | null;
  /** Of those that have some of it, in ascending order. */
  readonly subtasks: readonly SubtaskBytes[];
}

/** What the files of a state hold: versions of keys that compaction has not merged yet count each. */
export interface StateContents {
  readonly entries: number;
  /** Tombstones among them. */
  readonly deletions: number;
  /** Before compression. */
  readonly rawKeyBytes: number;
  readonly rawValueBytes: number;
}

/** An SST, or a part of a merged file, that a handle of keyed state names. */
export interface NamedTable {
  /** Tells the file, and the part of it, from any other. */
  readonly id: string;
  readonly operator: string;
  readonly subtask: number;
  readonly bytes: number;
  /** When its object was written, epoch milliseconds; null where it is in no listing. */
  readonly modified: number | null;
  /** Null where it was not read, or does not say. */
  readonly properties: TableProperties | null;
}

/** Flink keeps timers in column families whose names begin so. */
const TIMERS = '_timer_state/';

/** Whether a column family holds timers. */
export function isOfTimers(family: string): boolean {
  return family.startsWith(TIMERS);
}

/** What is known of the keyed state of a root. */
export interface KeyedState {
  readonly tables: Iterable<NamedTable>;
  /** Bytes in handles of which nothing can be told apart, by operator. */
  readonly undivided: ReadonlyMap<string, number>;
  /** What the backends say of their states, by operator. */
  readonly described: ReadonlyMap<string, readonly DescribedState[]>;
}

/** The states of a root, those of the largest operator first, and of each operator the largest first. */
export function stateTable(operators: readonly OperatorBytes[], keyed: KeyedState): readonly StateRow[] {
  const gathered = operators.map((counted) => ({ counted, families: new Map<string | null, Gathered>() }));
  const byOperator = new Map(gathered.map(({ counted, families }) => [counted.operator.id, families]));
  for (const table of keyed.tables) {
    const families = byOperator.get(table.operator);
    const family = table.properties?.family ?? null;
    const one = families?.get(family) ?? new Gathered();
    one.add(table);
    families?.set(family, one);
  }
  return gathered.flatMap(({ counted, families }) => {
    const { id } = counted.operator;
    const undivided = keyed.undivided.get(id) ?? 0;
    return rowsOf(counted, { families, undivided, described: keyed.described.get(id) ?? [] });
  });
}

interface OfOperator {
  readonly families: ReadonlyMap<string | null, Gathered>;
  readonly undivided: number;
  readonly described: readonly DescribedState[];
}

function rowsOf(
  { operator, byKind }: OperatorBytes,
  { families, undivided, described }: OfOperator,
): readonly StateRow[] {
  const inTables = [...families.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  const plain = (kind: RowKind, bytes: number): StateRow => ({ ...NOTHING, operator, kind, bytes });
  const states = new Map(described.map((state) => [state.name, state]));
  const named = new Set([...states.keys(), ...families.keys()].filter((family) => family !== null));
  const rows = [
    ...[...named].map((family): StateRow => {
      const kind = isOfTimers(family) ? 'timers' : 'state';
      const { type = null, hasTtl = null } = states.get(family) ?? {};
      return { operator, kind, state: family, type, hasTtl, ...(families.get(family) ?? new Gathered()).facts() };
    }),
    { ...plain('unread', 0), ...families.get(null)?.facts() },
    plain('undivided', undivided),
    plain('database', byKind.keyed - inTables - undivided),
    ...STATE_KINDS.flatMap((kind) =>
      kind === 'keyed' ? [] : [plain(kind === 'timers' ? 'heap-timers' : kind, byKind[kind])],
    ),
  ];
  return rows
    .filter(({ bytes, state }) => bytes > 0 || state !== null)
    .toSorted((one, other) => other.bytes - one.bytes);
}

type Facts = Omit<StateRow, 'operator' | 'kind' | 'state' | 'type' | 'hasTtl'>;

/** The files of one state. */
class Gathered {
  bytes = 0;
  readonly #files = new Map<string, NamedTable>();
  readonly #subtasks = new Map<number, number>();

  add(table: NamedTable): void {
    this.bytes += table.bytes;
    this.#subtasks.set(table.subtask, (this.#subtasks.get(table.subtask) ?? 0) + table.bytes);
    this.#files.set(table.id, table);
  }

  facts(): Facts {
    const files = [...this.#files.values()];
    const written = files.flatMap(({ properties, modified }) => properties?.written ?? modified ?? []);
    return {
      bytes: this.bytes,
      files: files.length,
      contents: files.length === 0 ? null : contentsOf(files),
      compression: [...new Set(files.flatMap(({ properties }) => properties?.compression ?? []))].toSorted(),
      oldestFile: written.length === 0 ? null : written.reduce((one, other) => Math.min(one, other)),
      newestFile: written.length === 0 ? null : written.reduce((one, other) => Math.max(one, other)),
      subtasks: [...this.#subtasks]
        .map(([subtask, bytes]) => ({ subtask, bytes }))
        .toSorted((one, other) => one.subtask - other.subtask),
    };
  }
}

function contentsOf(files: readonly NamedTable[]): StateContents | null {
  const sum = { entries: 0, deletions: 0, rawKeyBytes: 0, rawValueBytes: 0 };
  for (const { properties } of files) {
    const { entries, deletions, rawKeyBytes, rawValueBytes } = properties ?? NO_NUMBERS;
    if (entries === null || deletions === null || rawKeyBytes === null || rawValueBytes === null) return null;
    sum.entries += entries;
    sum.deletions += deletions;
    sum.rawKeyBytes += rawKeyBytes;
    sum.rawValueBytes += rawValueBytes;
  }
  return sum;
}

const NO_NUMBERS = { entries: null, deletions: null, rawKeyBytes: null, rawValueBytes: null };
const NOTHING: Omit<StateRow, 'operator' | 'kind'> = {
  state: null,
  type: null,
  hasTtl: null,
  bytes: 0,
  files: 0,
  contents: null,
  compression: [],
  oldestFile: null,
  newestFile: null,
  subtasks: [],
};
