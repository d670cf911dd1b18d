import type { DecidedRoot } from '#steward/run-view.ts';
import type { Io } from '../io.ts';
import { jobNames } from './job-names.ts';
import { age, type Column, count, paragraph, printable, roomFor, shorten, table } from './text.ts';

/** The most groups that are shown, and the most roots of each group with the same decision. */
const GROUPS_SHOWN = 40;
const ROOTS_SHOWN = 20;
const JOB_DIGITS_SHOWN = 6;

const COLUMNS: readonly Column[] = [
  { head: 'root' },
  { head: 'age', right: true },
  { head: 'kind' },
  { head: '' },
  { head: 'why', wrap: true },
];

const KINDS: Readonly<Record<DecidedRoot['kind'], string>> = {
  checkpoint: 'checkpoint',
  'full-checkpoint': 'full',
  'savepoint-canonical': 'savepoint',
  'savepoint-native': 'native',
  unknown: 'unknown',
};

/**
 * The decisions of retention: a table for each group, with all reasons for each root.
 *
 * @param decisions in the order in which they were made: groups together, the newest root first.
 * @param start of the run, epoch milliseconds: ages are as of then.
 */
export function printRetention(decisions: readonly DecidedRoot[], start: number, io: Io): string {
  if (decisions.length === 0) {
    return paragraph('There is no checkpoint or savepoint in the area.', io);
  }
  // What would keep them besides is of no interest while nothing could retire them.
  if (decisions.every(({ reasons }) => reasons.some(({ rule }) => rule === 'no-policy'))) {
    return paragraph(`No entry of "retain" matches a checkpoint or savepoint here. ${total(decisions)}`, io);
  }
  const groups = groupsOf(decisions);
  // Groups with roots to retire come first, because people look for them.
  const [retiring, keeping] = [groups.filter(retiresSome), groups.filter((group) => !retiresSome(group))];
  const shown = [...retiring, ...keeping].slice(0, GROUPS_SHOWN);
  const names = jobNames(shown.map(([first]) => ({ label: first?.group.label ?? '', job: first?.group.job ?? null })));
  const more = groups.length - shown.length;
  return [
    ...shown.map((group, at) => printGroup(group, names[at] ?? '', start, io)),
    more > 0 ? `\n… and ${count(more, 'more job')} (see --json)\n` : '',
    `\n${paragraph(total(decisions), io)}`,
  ].join('');
}

function groupsOf(decisions: readonly DecidedRoot[]): readonly (readonly DecidedRoot[])[] {
  const groups = new Map<string, DecidedRoot[]>();
  for (const decision of decisions) {
    const known = groups.get(decision.group.id) ?? [];
    known.push(decision);
    groups.set(decision.group.id, known);
  }
  return [...groups.values()];
}

function retiresSome(group: readonly DecidedRoot[]): boolean {
  return group.some(({ action }) => action === 'retire');
}

function printGroup(group: readonly DecidedRoot[], name: string, start: number, io: Io): string {
  const { bold, dim, green } = io.colors;
  const seen = { keep: 0, retire: 0 };
  const shown = group.filter(({ action }) => ++seen[action] <= ROOTS_SHOWN);
  const cells = shown.map(({ name: folder, ofJob, completed, kind, action, reasons }) => [
    printable(ofJob === null ? folder : `${ofJob.slice(0, JOB_DIGITS_SHOWN)}…/${folder}`),
    age(Math.floor((start - Date.parse(completed)) / 1000)),
    KINDS[kind],
    action === 'retire' ? green(action) : action,
    printable(reasons.map(({ sentence }) => sentence).join('; ')),
  ]);
  const room = roomFor(0, COLUMNS, cells, io.columns);
  const rows = cells.map(([root = '', ...rest]) => [shorten(root, room, io), ...rest]);
  const more = group.length - shown.length;
  return [
    `\n${bold(name)}\n`,
    table(COLUMNS, rows, io),
    more > 0 ? dim(`… and ${count(more, 'more root')} (see --json)\n`) : '',
  ].join('');
}

function total(decisions: readonly DecidedRoot[]): string {
  const retired = decisions.filter(({ action }) => action === 'retire').length;
  const kept = count(decisions.length - retired, 'checkpoint or savepoint', 'checkpoints and savepoints');
  return retired === 0 ? `${kept} kept, none retired.` : `${kept} kept, ${retired.toLocaleString('en-US')} retired.`;
}
