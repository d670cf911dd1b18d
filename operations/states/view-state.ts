import { isoTime } from '#core/iso-time.ts';
import { growthPerDay } from '#core/states/growth.ts';
import { skewOf } from '#core/states/operator-bytes.ts';
import type { RowKind, StateRow } from '#core/states/state-table.ts';
import type { JobStates } from './look-at-states.ts';
import { keyOfRow } from './remember-states.ts';
import { type SkewView, viewSkew } from './root-state-view.ts';

/** One operator's bytes in one state. */
export interface StateView {
  /** Id of the operator. */
  readonly operator: string;
  readonly kind: RowKind;
  /** Flink's name of it; null of what has none. */
  readonly state: string | null;
  readonly type: string | null;
  readonly hasTtl: boolean | null;
  readonly bytes: number;
  readonly files: number;
  /** Null where its files do not tell. */
  readonly entries: number | null;
  readonly deletions: number | null;
  /** Before compression, over entries that are no deletions. */
  readonly meanValueBytes: number | null;
  readonly compression: readonly string[];
  /** ISO 8601. */
  readonly oldestFile: string | null;
  readonly newestFile: string | null;
  readonly skew: SkewView | null;
  readonly growthBytesPerDay: number | null;
  readonly costPerMonth: number | null;
}

/** Prices, where they are known. */
export interface StatePrices {
  readonly currency: string;
  /** Of a byte a month. */
  readonly perByte: number;
  readonly listPer1000: number;
  readonly getPer1000: number;
  /** Whether reading is billed at all. */
  readonly billsReads: boolean;
}

/** What a state grows by, in bytes a day; null where that is not known. */
export function growthOf(row: StateRow, { before, found }: JobStates): number | null {
  const now = found?.root.completed ?? 0;
  const key = keyOfRow(row);
  const earlier = before.sizes.flatMap(({ at, states }) => {
    const size = states.get(key);
    return size === undefined || at >= now ? [] : [{ at, value: size.bytes }];
  });
  return growthPerDay([...earlier, { at: now, value: row.bytes }]);
}

/** Shows one state. @param states of its job. */
export function viewRow(row: StateRow, states: JobStates, prices: StatePrices | null): StateView {
  const { operator, kind, state, type, hasTtl, bytes, files, contents, compression, oldestFile, newestFile } = row;
  const skew = skewOf(row);
  const values = contents === null ? 0 : contents.entries - contents.deletions;
  return {
    operator: operator.id,
    ...{ kind, state, type, hasTtl, bytes, files },
    entries: contents?.entries ?? null,
    deletions: contents?.deletions ?? null,
    meanValueBytes: contents === null || values <= 0 ? null : contents.rawValueBytes / values,
    compression,
    oldestFile: oldestFile === null ? null : isoTime(oldestFile),
    newestFile: newestFile === null ? null : isoTime(newestFile),
    skew: skew === null ? null : viewSkew(skew),
    growthBytesPerDay: growthOf(row, states),
    costPerMonth: prices === null ? null : bytes * prices.perByte,
  };
}
