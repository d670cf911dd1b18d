import { money } from '#core/quantity.ts';
import { operatorName } from '#core/states/operator-bytes.ts';
import type { JobStatesView, PricedPlan, StatesReport, StateView } from '#steward/states.ts';
import type { Io } from '../io.ts';
import { printHeading } from './heading.ts';
import { jobNames } from './job-names.ts';
import { share } from './operators.ts';
import { printFindings, printNotes, printUndecidable } from './problems.ts';
import { age, bytes, type Column, count, paragraph, printable, roomFor, shorten, table } from './text.ts';

const ROWS_SHOWN = 40;
const LONGEST_NAME = 56;
/** A terminal that has room for more than sizes. */
const WIDE = 110;
const INDENT = '  ';
/** Before the names that people know. */
const TIMERS = /^_timer_state\//;

/** What kinds of state are called that have no name of their own. */
const KINDS: Readonly<Record<Exclude<StateView['kind'], 'state' | 'timers'>, string>> = {
  database: '(files of the database)',
  undivided: '(keyed, not told apart)',
  unread: '(files not read)',
  operator: '(operator state)',
  channel: '(in-flight data)',
  'heap-timers': '(timers on the heap)',
  changelog: '(changelog)',
  coordinator: '(coordinator)',
};

/** Before it is spent: what a look at states reads, and what that costs. */
export function sayPlan({ files, remembered, requests, left, cost, currency }: PricedPlan): string {
  const sent = requests - left;
  const price =
    cost === null || currency === null
      ? count(sent, 'read')
      : `${count(sent, 'GET request')}, ${money(cost, currency)}`;
  const known =
    remembered === 0
      ? ''
      : ` (of ${count(files, 'state file')}, of which ${remembered.toLocaleString('en-US')} are known)`;
  const rest =
    left === 0 ? '' : ` ${count(left, 'more request')} would pass "states.maxRequests", and wait for the next look.`;
  return `Reading the ends of state files${known}: ${price}.${rest}`;
}

export function printStates(report: StatesReport, io: Io): string {
  const names = jobNames(report.jobs);
  return [
    printHeading('States of jobs in', report.area, report.start, io),
    report.jobs.length === 0 ? paragraph('There is no checkpoint or savepoint in the area.', io) : '',
    ...report.jobs.map((job, at) => printJob(job, names[at] ?? '', report, io)),
    printUndecidable(report.undecidable, io),
  ].join('');
}

function printJob(job: JobStatesView, name: string, { currency }: StatesReport, io: Io): string {
  const { root, operators, states } = job;
  if (root === null) return `\n${paragraph(`${name}: no checkpoint or savepoint of it could be read.`, io)}`;
  const of = printable(root.path.split('/').at(-1) ?? '');
  const head = `\n${io.colors.bold(name)}, ${of}, ${age(root.ageSeconds)}: ${bytes(operators.bytes)}\n`;
  const filled = states.filter((state) => state.bytes > 0);
  const shown = new Set(filled.slice(0, ROWS_SHOWN));
  const isWide = io.columns >= WIDE;
  const columns = columnsOf(states, currency, isWide);
  const rows = operators.operators.flatMap((operator) => {
    const its = states.filter((state) => state.operator === operator.id && shown.has(state));
    if (its.length === 0) return [];
    const heading = columns.map(({ operator: cell }) => cell(operator, operators.bytes));
    return [heading, ...its.map((state) => columns.map(({ state: cell }) => cell(state, operators.bytes)))];
  });
  const width = Math.min(LONGEST_NAME, roomFor(0, columns, rows, io.columns));
  const more =
    states.length > ROWS_SHOWN ? `… and ${count(states.length - ROWS_SHOWN, 'more state')} (see --json)\n` : '';
  return [
    head,
    table(
      columns,
      rows.map(([first = '', ...rest]) => [shorten(first, width, io), ...rest]),
      io,
    ),
    more,
    job.uncountedBytes > 0
      ? paragraph(`Its files are ${bytes(job.uncountedBytes)} larger: parts of merged files that it does not use.`, io)
      : '',
    printFindings(
      job.findings.map(({ sentence }) => sentence),
      io,
    ),
    printNotes(job.notes, io),
  ].join('');
}

type OperatorView = JobStatesView['operators']['operators'][number];

interface StateColumn extends Column {
  readonly operator: (operator: OperatorView, all: number) => string;
  readonly state: (state: StateView, all: number) => string;
}

/** Columns of which nothing is known are left out. */
function columnsOf(states: readonly StateView[], currency: string | null, isWide: boolean): readonly StateColumn[] {
  const empty = (): string => '';
  const right = (
    head: string,
    state: StateColumn['state'],
    operator: StateColumn['operator'] = empty,
  ): StateColumn => ({
    head,
    right: true,
    operator,
    state,
  });
  const isKnown = (key: 'growthBytesPerDay' | 'costPerMonth' | 'entries'): boolean =>
    states.some((state) => state[key] !== null);
  return [
    { head: 'operator and state', operator: (operator) => printable(operatorName(operator)), state: nameOf },
    right(
      'size',
      (state) => bytes(state.bytes),
      (operator) => bytes(operator.bytes),
    ),
    right(
      'share',
      (state, all) => share(state.bytes, all),
      (operator, all) => share(operator.bytes, all),
    ),
    ...(isWide ? [right('files', ({ files }) => (files === 0 ? '' : files.toLocaleString('en-US')))] : []),
    ...(isKnown('entries')
      ? [
          right('entries', ({ entries }) => entries?.toLocaleString('en-US') ?? ''),
          right('deleted', ({ entries, deletions }) => (entries === null ? '' : share(deletions ?? 0, entries))),
          right('value', ({ meanValueBytes: mean }) => (mean === null ? '' : bytes(Math.round(mean)))),
        ]
      : []),
    ...(isWide
      ? [{ head: 'compression', operator: empty, state: ({ compression }: StateView) => compression.join(', ') }]
      : []),
    ...(isKnown('growthBytesPerDay') ? [right('a day', ({ growthBytesPerDay: growth }) => signed(growth))] : []),
    ...(isKnown('costPerMonth') && currency !== null && isWide
      ? [right('a month', ({ costPerMonth: cost }) => (cost === null ? '' : money(cost, currency)))]
      : []),
  ];
}

function nameOf({ state, kind, type, hasTtl }: StateView): string {
  if (kind === 'timers') return `${INDENT}${printable((state ?? '').replace(TIMERS, ''))} (timers)`;
  if (kind !== 'state') return `${INDENT}${KINDS[kind]}`;
  const about = [...(type === null ? [] : [type.toLowerCase()]), ...(hasTtl === true ? ['TTL'] : [])];
  return `${INDENT}${printable(state ?? '')}${about.length === 0 ? '' : ` (${about.join(', ')})`}`;
}

function signed(growth: number | null): string {
  if (growth === null) return '';
  const size = bytes(Math.abs(growth));
  return growth < 0 ? `-${size}` : `+${size}`;
}
