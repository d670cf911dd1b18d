import { isCheckpointProper, isRestorePoint, type Root } from '#core/collect/roots.ts';
import { requestCost } from '#core/cost/prices.ts';
import { isoTime } from '#core/iso-time.ts';
import { count } from '#core/quantity.ts';
import { type FindingsInput, type StateFinding, stateFindings } from '#core/states/findings.ts';
import { nameOf, type RootView, type Viewed, viewRoot } from '#operations/look/root-view.ts';
import type { Survey } from '#operations/look/survey.ts';
import type { JobStates, StatesLook } from './look-at-states.ts';
import { type OperatorStateView, type RootStateView, viewOperators } from './root-state-view.ts';
import type { RootTables } from './root-tables.ts';
import { growthOf, type StatePrices, type StateView, viewRow } from './view-state.ts';

/** The states of jobs, for people. Sizes are bytes as Flink counts them; they are compressed, as they are stored. */

/** The states of one job. */
export interface JobStatesView {
  readonly label: string;
  readonly job: string | null;
  readonly directory: string;
  /** The root that the states are of; null where nothing of the job could be read. */
  readonly root: RootView | null;
  readonly operators: RootStateView<OperatorStateView>;
  readonly states: readonly StateView[];
  /** Why they are as large as they are, as far as that shows. */
  readonly findings: readonly StateFinding[];
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
  /** Why the survey may not have seen all; of a place whose name is not known, what to declare. */
  readonly undecidable: readonly { readonly code: string; readonly object: string; readonly sentence: string }[];
}

/** @param area how people call its locations. */
export function statesReport(
  look: StatesLook,
  {
    viewed,
    area,
    prices,
  }: {
    readonly viewed: Viewed & Pick<Survey, 'undecidable'>;
    readonly area: readonly string[];
    readonly prices: StatePrices | null;
  },
): StatesReport {
  const { files, remembered, left } = look.plan;
  const cost = prices === null || !prices.billsReads ? null : requestCost({ list: 0, get: look.requests }, prices);
  return {
    area,
    start: isoTime(viewed.start),
    jobs: look.jobs.map((job) => viewJob(job, viewed, prices)),
    looked: { files, remembered, requests: look.requests, cost, left },
    currency: prices?.currency ?? null,
    undecidable: viewed.undecidable,
  };
}

function viewJob(states: JobStates, viewed: Viewed, prices: StatePrices | null): JobStatesView {
  const { label, job, directory, roots } = states.job;
  const { found, rows } = states;
  const root = found === null ? null : viewRoot(viewed, found.root, roots);
  const operators = viewOperators(found?.operators ?? [], found?.since ?? null);
  return {
    label,
    job,
    directory,
    root,
    operators,
    states: rows.map((row) => viewRow(row, states, prices)),
    findings: found === null ? [] : findingsOf(states, found),
    uncountedBytes: (root?.bytes ?? 0) - operators.bytes,
    notes: unreadNotes(states),
  };
}

function findingsOf(states: JobStates, { root, operators, tables }: RootTables): readonly StateFinding[] {
  const { rows, job } = states;
  return stateFindings({
    operators,
    rows,
    growth: (row) => growthOf(row, states),
    completed: root.completed,
    before: checkpointBefore(root, job.roots),
    merges: tables.some(({ start }) => start !== null),
  });
}

/** One that was much smaller is of a job that has just begun, of which each file is new. */
function checkpointBefore(root: Root, roots: readonly Root[]): FindingsInput['before'] {
  const before = roots.find((one) => isCheckpointProper(one) && one.completed < root.completed);
  return before === undefined || !isCheckpointProper(root) || before.reachableBytes < root.reachableBytes / 2
    ? null
    : { name: nameOf(before.directory), completed: before.completed };
}

function unreadNotes({ unread, failure, found }: JobStates): readonly string[] {
  const root = found?.root;
  // Only of restore points the files are verified.
  const listed = (command: string): string => (root !== undefined && isRestorePoint(root) ? ` ${command}` : '');
  const outside = root?.firstOutside ?? null;
  const notes: readonly (readonly [keyof typeof UNREAD, string])[] = [
    ['left', ' The next look goes on.'],
    ['unlisted', outside === null ? '' : ` One that the checkpoint references outside the area: ${outside}`],
    ['archived', ''],
    ['gone', ''],
    ['overwritten', ''],
    ['torn', listed('To list them: steward verify')],
    ['not-a-table', listed('To list them: steward verify')],
    ['failed', ` ${failure?.replace(/\.?$/, '.') ?? ''}`],
  ];
  return notes.flatMap(([outcome, more]) => {
    const files = unread.get(outcome) ?? 0;
    const [one, several] = UNREAD[outcome];
    return files === 0 ? [] : [`${count(files, `state file ${one}`, `state files ${several}`)}${more}`];
  });
}

const UNREAD = {
  left: [
    'was not read, because "states.maxRequests" is reached.',
    'were not read, because "states.maxRequests" is reached.',
  ],
  unlisted: ['is not in the listing of the area.', 'are not in the listing of the area.'],
  archived: [
    'is in an archive storage class, so nothing is known of it.',
    'are in an archive storage class, so nothing is known of them.',
  ],
  gone: ['has been deleted since the listing.', 'have been deleted since the listing.'],
  overwritten: ['has been overwritten since the listing.', 'have been overwritten since the listing.'],
  torn: ['is torn.', 'are torn.'],
  'not-a-table': ['does not end as a file of RocksDB or ForSt does.', 'do not end as files of RocksDB or ForSt do.'],
  failed: ['could not be read:', 'could not be read:'],
} as const;
