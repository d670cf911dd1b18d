import type { UndoPlan, UndoResult } from '#steward/undo.ts';
import type { Io } from '../io.ts';
import { nextCommand, printNext, type TypedArea } from '../next-command.ts';
import { oneLine } from './one-line.ts';
import { type Column, count, moment, paragraph, printable, roomFor, shortenStart, table } from './text.ts';

const SHOWN = 20;
const COLUMNS: readonly Column[] = [
  { head: 'root' },
  { head: 'complete since' },
  { head: '' },
  { head: 'why', wrap: true },
];

export interface Undone {
  /** The run that is undone. */
  readonly run: string;
  readonly plan: UndoPlan;
  /** Null where nothing was executed. */
  readonly result: UndoResult | null;
}

/** What an undo of a run would put back, or has put back. */
export function printUndo({ run, plan, result }: Undone, typed: TypedArea, io: Io): string {
  if (io.isQuiet) return oneLine(`undo ${run}`, [conclusion(plan, result), lostSentence(result?.lost ?? plan.lost)]);
  return [
    `${io.colors.bold('Undo of run')} ${printable(run)}\n`,
    printRoots(plan, result, io),
    ...lostLines(result?.lost ?? plan.lost, io),
    `\n${paragraph(conclusion(plan, result), io)}`,
    printNext(...nextStep(run, plan, result, typed)),
  ].join('');
}

function printRoots({ roots }: UndoPlan, result: UndoResult | null, io: Io): string {
  if (roots.length === 0) {
    return '';
  }
  const { green, red } = io.colors;
  const back = new Set(result?.restoredRoots);
  const cells = roots.slice(0, SHOWN).map(({ entry, swept, why, unverified }) => {
    const isBack = result === null ? why === null : back.has(entry.url);
    const word = result === null ? 'can be put back' : 'is put back';
    return [
      printable(entry.url.replace(/\/_metadata$/, '')),
      moment(entry.completed),
      isBack ? green(word) : red('lost'),
      printable(
        why ?? result?.lost.find(({ url }) => url === entry.url)?.why ?? describeFiles(swept.length, unverified),
      ),
    ];
  });
  const room = roomFor(0, COLUMNS, cells, io.columns);
  const rows = cells.map(([root = '', ...rest]) => [shortenStart(root, room, io), ...rest]);
  const more = roots.length > SHOWN ? `… and ${count(roots.length - SHOWN, 'more root')} (see --json)\n` : '';
  return `\n${table(COLUMNS, rows, io)}${more}`;
}

function describeFiles(swept: number, unverified: boolean): string {
  const files = swept > 0 ? `with ${count(swept, 'file')} from older versions` : 'all its files exist';
  return unverified ? `${files}, except those outside the area, which were not checked` : files;
}

function lostLines(lost: UndoResult['lost'], io: Io): readonly string[] {
  return lost.length === 0 ? [] : [`\n${paragraph(printable(lostSentence(lost)), io)}`];
}

/** Empty where nothing is lost. */
function lostSentence(lost: UndoResult['lost']): string {
  const [first] = lost;
  if (first === undefined) return '';
  const which = lost.length === 1 ? '' : 'The first: ';
  return `${count(lost.length, 'object')} can't be put back. ${which}${first.url}: ${first.why}`;
}

function conclusion(plan: UndoPlan, result: UndoResult | null): string {
  const roots = result?.restoredRoots.length ?? restorableRoots(plan);
  const objects =
    result?.restoredObjects ??
    plan.objects.length + plan.roots.reduce((sum, { swept, why }) => sum + (why === null ? swept.length : 0), 0);
  const what = [
    ...(roots > 0 ? [count(roots, 'checkpoint or savepoint', 'checkpoints and savepoints')] : []),
    ...(objects > 0 ? [`${count(objects, 'object')} from older versions`] : []),
  ].join(' and ');
  const were = roots + objects === 1 ? 'was' : 'were';
  if (result !== null) {
    return what === '' ? 'Nothing was put back.' : `${what} ${were} put back.`;
  }
  return what === ''
    ? 'Dry run: nothing was changed. Nothing of this run can be put back.'
    : `Dry run: nothing was changed. ${what} would be put back.`;
}

function restorableRoots({ roots }: UndoPlan): number {
  return roots.filter(({ why }) => why === null).length;
}

function nextStep(
  run: string,
  plan: UndoPlan,
  result: UndoResult | null,
  typed: TypedArea,
): readonly [sentence: string, command: string] {
  if (result === null && restorableRoots(plan) + plan.objects.length > 0) {
    return ['To do it:', nextCommand(['undo', run], typed, ['--execute'])];
  }
  const [first] = result?.restoredRoots ?? [];
  return first === undefined
    ? ['To list what the run deleted:', nextCommand(['history'], typed, ['--run', run])]
    : [
        'The policy that retired them will retire them again, unless they are pinned:',
        nextCommand(['pin', first], typed),
      ];
}
