import { isoTime } from '#core/iso-time.ts';
import type { GoneObject } from '#steward/explain.ts';
import {
  type LedgerState,
  type LoggedDeletion,
  type RecordedRun,
  type RunRecord,
  sayPaused,
} from '#steward/history.ts';
import type { Io } from '../io.ts';
import { nextCommand, printNext, type TypedArea } from '../next-command.ts';
import { type JobOverTime, printGrowth } from './growth.ts';
import {
  bytes,
  type Column,
  count,
  moment,
  narrowest,
  paragraph,
  printable,
  roomFor,
  shortenStart,
  table,
} from './text.ts';

const OBSERVED = 'Observed: the run was a dry run, a plan or a survey.';
/** How the sentence of a run begins that was stopped by a pause. */
const PAUSED = /^Deleting (?:is|has been) paused/;
const SHOWN = 100;
const NOTHING = '–';

/** The content of a ledger, for printing. */
export interface History {
  /** The name of the ledger. */
  readonly ledger: string;
  /** Newest first. */
  readonly runs: readonly RunRecord[];
  /** The newest run that deleted or retired something; null if none did. */
  readonly newestDeleting: string | null;
  readonly state: LedgerState;
  readonly jobs: readonly JobOverTime[];
}

/**
 * The recorded runs, and the current state: pause, pins, retired roots and declarations.
 *
 * @param since epoch milliseconds; that only later runs were asked for.
 */
export function printHistory(history: History, typed: TypedArea, io: Io, since?: number): string {
  const { ledger, runs, newestDeleting, state, jobs } = history;
  return [
    `${io.colors.bold('Runs in the ledger')} ${printable(ledger)}\n\n`,
    runs.length === 0
      ? `None ${since === undefined ? 'yet' : `since ${moment(isoTime(since))}`}.\n`
      : printRuns(runs, io),
    runs.some(({ result }) => result === 'observed') ? `\n${paragraph(OBSERVED, io)}` : '',
    ...factsOf(state).map((fact) => `\n${paragraph(printable(fact), io)}`),
    printGrowth(jobs, io),
    '\n',
    printNext(
      newestDeleting === null
        ? 'No run has deleted or retired anything yet. To show one run:'
        : 'To list what the newest run that deleted something deleted, and why:',
      nextCommand(['history'], typed, ['--run', newestDeleting ?? runs[0]?.run ?? 'RUN']),
    ),
  ].join('');
}

const RUN_COLUMNS: readonly Column[] = [
  { head: 'run' },
  { head: 'command' },
  { head: 'result', wrap: true },
  { head: 'size', right: true },
  { head: 'quarantine', right: true },
  { head: 'deleted', right: true },
  { head: 'retired', right: true },
  // Last, because scripts find the others by their positions.
  { head: 'began (UTC)' },
];
/** Columns that are left out on a narrow terminal, as positions in {@link RUN_COLUMNS}. */
const DISPENSABLE = [3, 4, 7];

/**
 * The table of runs. On a narrow terminal, first empty columns, then sizes and then times are left out, because rows that are broken over
 * several lines can't be read. The name of a run tells its time too.
 */
export function printRuns(runs: readonly RunRecord[], io: Io): string {
  const rows = runs.map(runRow);
  const empty = RUN_COLUMNS.flatMap((_, at) => (rows.every((row) => row[at] === NOTHING) ? [at] : []));
  let shown = RUN_COLUMNS.map((_, at) => at);
  const pick = <T>(cells: readonly T[]): readonly T[] => cells.filter((_, at) => shown.includes(at));
  const fits = (): boolean => narrowest(pick(RUN_COLUMNS), rows.map(pick)) <= io.columns;
  for (const at of [...empty, ...DISPENSABLE]) {
    if (!fits()) shown = shown.filter((one) => one !== at);
  }
  // A wide column may have made room for what was left out before it.
  for (const at of DISPENSABLE.filter((one) => !shown.includes(one)).reverse()) {
    const without = shown;
    shown = [...shown, at].toSorted((a, b) => a - b);
    if (!fits()) shown = without;
  }
  return table(pick(RUN_COLUMNS), rows.map(pick), io);
}

function runRow(record: RunRecord): readonly string[] {
  const { began, deleted, retired, restored, total, quarantined } = record;
  return [
    record.run,
    record.command,
    resultOf(record),
    total.objects === 0 ? NOTHING : bytes(total.bytes),
    quarantined.objects === 0 ? NOTHING : bytes(quarantined.bytes),
    deleted.objects === 0 ? NOTHING : `${deleted.objects} (${bytes(deleted.bytes)})`,
    retired > 0 ? String(retired) : restored > 0 ? `${restored} put back` : NOTHING,
    began.slice(0, 16).replace('T', ' '),
  ];
}

/** A run that was stopped before it began to act has executed nothing, whether or not it was to. */
function resultOf({ result, executed, breakers, refused, why }: RunRecord): string {
  switch (result) {
    case 'stopped':
      if (executed) return refused > 0 ? 'stopped: the store refused' : result;
      if (breakers.length > 0) return `stopped by ${breakers.join(', ')}`;
      return PAUSED.test(why ?? '') ? 'stopped by a pause' : result;
    case 'failed':
      return executed ? result : `${result} (dry run)`;
    default:
      return result;
  }
}

/** What people declared and what was retired, as of now. */
function factsOf({ paused, pins, retired, deadJobs, deadRoots }: LedgerState): readonly string[] {
  const kept = retired.filter(({ state }) => state === 'retired').length;
  return [
    ...(paused === null ? [] : [sayPaused(paused)]),
    ...pins.map(({ url, why }) => `Pinned: ${url}${why === null ? '' : ` (${why})`}`),
    ...(kept === 0
      ? []
      : [`${count(kept, 'retired checkpoint or savepoint', 'retired checkpoints and savepoints')} in the ledger.`]),
    ...deadJobs.map(({ job, at, by }) =>
      by === 'configured'
        ? `Declared dead in the configuration: job ${job}, first seen there at ${at}`
        : `Declared dead: job ${job}, at ${at}`,
    ),
    ...deadRoots.map(({ url, at }) => `Declared dead: ${url}, at ${at}`),
  ];
}

/** What one run deleted. */
export function printRunDeletions({ run, record, deletions }: RecordedRun, typed: TypedArea, io: Io): string {
  const fate =
    record === null
      ? 'This run has no summary, because it ended early. Objects that are marked "unknown" may have been deleted.'
      : `${record.command}: ${record.result}${record.why === null ? '' : `. ${record.why}`}`;
  const rows = deletions.map((deletion) => [printable(deletion.url), ...rowOf(deletion)]);
  return [
    `${io.colors.bold('Run')} ${printable(run)}\n`,
    paragraph(printable(fate), io),
    deletions.length === 0 ? '\nIt deleted nothing.\n' : printDeletions('object', rows, io),
    // A run that is known to have changed nothing is refused there.
    record?.executed === false && deletions.length === 0
      ? ''
      : `\n${printNext('To see what can be put back:', nextCommand(['undo', run], typed))}`,
  ].join('');
}

/** What runs did to one object. */
export function printDeletionsOf({ url, deletions }: GoneObject, typed: TypedArea, io: Io): string {
  const rows = deletions.map((deletion) => [deletion.run, ...rowOf(deletion)]);
  return [
    `${io.colors.bold(printable(url))}\n`,
    printDeletions('run', rows, io),
    '\n',
    printNext('To see what can be put back of the last run:', nextCommand(['undo', deletions[0]?.run ?? 'RUN'], typed)),
  ].join('');
}

function rowOf({ bytes: size, outcome, rule, garbageSince }: LoggedDeletion): readonly string[] {
  const why = rule === 'retired' ? 'retired' : (garbageSince?.slice(0, 16).replace('T', ' ') ?? '?');
  return [bytes(size), outcome, why];
}

function printDeletions(what: string, rows: readonly (readonly string[])[], io: Io): string {
  const columns: readonly Column[] = [
    { head: what },
    { head: 'size', right: true },
    { head: 'outcome' },
    { head: 'garbage since' },
  ];
  // A program that searches them has to see all.
  const shown = io.keepsNames === true ? rows : rows.slice(0, SHOWN);
  const room = roomFor(0, columns, shown, io.columns);
  const more =
    rows.length > shown.length ? `… and ${count(rows.length - shown.length, 'more object')} (see --json)\n` : '';
  return `\n${table(
    columns,
    shown.map(([first = '', ...rest]) => [shortenStart(first, room, io), ...rest]),
    io,
  )}${more}`;
}
