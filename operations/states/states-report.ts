import { requestCost } from '#core/cost/prices.ts';
import { isoTime } from '#core/iso-time.ts';
import { count } from '#core/quantity.ts';
import { growthPerDay } from '#core/states/growth.ts';
import { skewOf } from '#core/states/operator-bytes.ts';
import type { RowKind, StateRow } from '#core/states/state-table.ts';
import { type RootView, type Viewed, viewRoot } from '#operations/look/root-view.ts';
import type { JobStates, StatesLook } from './look-at-states.ts';
import { keyOfRow } from './remember-states.ts';
import {
  type OperatorStateView,
  type RootStateView,
  type SkewView,
  viewOperators,
  viewSkew,
} from './root-state-view.ts';

/** The states of jobs, for people. Sizes are bytes as Flink counts them; they are compressed, as they are stored. */

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

/** The states of one job. */
export interface JobStatesView {
  readonly label: string;
  readonly job: string | null;
  readonly directory: string;
  /** The root that the states are of; null where nothing of the job could be read. */
  readonly root: RootView | null;
  readonly operators: RootStateView<OperatorStateView>;
  readonly states: readonly StateView[];
  /**
   * Bytes of the root's files beyond those that its operators count: parts of merged files that it does not use. Negative
   * where operators count parts of one file several times.
   */
  readonly uncountedBytes: number;
  /** State files that say nothing of themselves, in sentences. */
  readonly notes: readonly string[];
}

/** What was looked at, and what that took. */
export interface LookedView {
  readonly files: number;
  readonly remembered: number;
  readonly requests: number;
  /** Null where no price is known. */
  readonly cost: number | null;
  /** Requests that `states.maxRequests` left out. */
  readonly left: number;
}

/** The document of `steward states --json`. */
export interface StatesReport {
  readonly area: readonly string[];
  readonly start: string;
  readonly jobs: readonly JobStatesView[];
  readonly looked: LookedView;
  /** ISO 4217; null where no prices are known. */
  readonly currency: string | null;
}

/** Prices, where they are known. */
export interface StatePrices {
  readonly currency: string;
  /** Of a byte a month. */
  readonly perByte: number;
  readonly listPer1000: number;
  readonly getPer1000: number;
}

/** @param area how people call its locations. */
export function statesReport(
  look: StatesLook,
  {
    viewed,
    area,
    prices,
  }: { readonly viewed: Viewed; readonly area: readonly string[]; readonly prices: StatePrices | null },
): StatesReport {
  const { files, remembered, left } = look.plan;
  const cost = prices === null ? null : requestCost({ list: 0, get: look.requests }, prices);
  return {
    area,
    start: isoTime(viewed.start),
    jobs: look.jobs.map((job) => viewJob(job, viewed, prices)),
    looked: { files, remembered, requests: look.requests, cost, left },
    currency: prices?.currency ?? null,
  };
}

function viewJob(states: JobStates, viewed: Viewed, prices: StatePrices | null): JobStatesView {
  const { label, job, directory, roots } = states.job;
  const { found, rows } = states;
  const root = found === null ? null : viewRoot(viewed, found.root, roots);
  const operators = viewOperators(found?.operators ?? []);
  return {
    label,
    job,
    directory,
    root,
    operators,
    states: rows.map((row) => viewRow(row, states, prices)),
    uncountedBytes: (root?.bytes ?? 0) - operators.bytes,
    notes: unreadNotes(states),
  };
}

function viewRow(row: StateRow, { before, found }: JobStates, prices: StatePrices | null): StateView {
  const { operator, kind, state, type, hasTtl, bytes, files, contents, compression, oldestFile, newestFile } = row;
  const key = keyOfRow(row);
  const now = found?.root.completed ?? 0;
  const earlier = before.sizes.flatMap(({ at, states }) => {
    const size = states.get(key);
    return size === undefined || at >= now ? [] : [{ at, value: size.bytes }];
  });
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
    growthBytesPerDay: growthPerDay([...earlier, { at: now, value: bytes }]),
    costPerMonth: prices === null ? null : bytes * prices.perByte,
  };
}

function unreadNotes({ unread, failure }: JobStates): readonly string[] {
  return UNREAD.flatMap(([outcome, one, several]) => {
    const files = unread.get(outcome) ?? 0;
    if (files === 0) return [];
    const why = outcome === 'failed' ? `: ${failure?.replace(/\.?$/, '.') ?? ''}` : '';
    return [`${count(files, `state file ${one}`, `state files ${several}`)}${why}`];
  });
}

const UNREAD = [
  [
    'left',
    'was not read, because "states.maxRequests" is reached. The next look goes on.',
    'were not read, because "states.maxRequests" is reached. The next look goes on.',
  ],
  ['unlisted', 'is not in the listing of the area.', 'are not in the listing of the area.'],
  [
    'archived',
    'is in an archive storage class, so nothing is known of it.',
    'are in an archive storage class, so nothing is known of them.',
  ],
  ['gone', 'has been deleted since the listing.', 'have been deleted since the listing.'],
  ['overwritten', 'has been overwritten since the listing.', 'have been overwritten since the listing.'],
  ['torn', 'is torn.', 'are torn.'],
  ['not-a-table', 'is no table of RocksDB or ForSt.', 'are no tables of RocksDB or ForSt.'],
  ['failed', 'could not be read', 'could not be read'],
] as const;
