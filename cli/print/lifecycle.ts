import type { LifecycleHazard, LifecycleJudgement } from '#core/lifecycle/judgement.ts';
import { day, describeHazard } from '#core/lifecycle/sentences.ts';
import type { Io } from '../io.ts';
import { type Column, paragraph, printable, roomFor, shorten, table } from './text.ts';

/** The most hazards of a rule that are printed as sentences; more are printed as a table. */
const MOST_SENTENCES = 2;
const ROOTS_SHOWN = 10;
/** The terminal width from which optional dates are shown. */
const WIDE = 100;
const INDENT = '      ';

/**
 * What the lifecycle rules of the bucket do to live state.
 *
 * @param names of jobs as in the table of jobs, by their id, or by their label where they have none. A job without a
 *   name here is printed with its label.
 * @param bucket its name in sentences.
 */
export function printLifecycle(
  { rules }: LifecycleJudgement,
  io: Io,
  names: ReadonlyMap<string, string> = new Map(),
  bucket = 'the bucket',
): string {
  const { yellow } = io.colors;
  if (rules.length === 0) {
    return `\n${paragraph(`Lifecycle rules of ${bucket}: there are none, so S3 deletes nothing by age.`, io)}`;
  }
  const lines = rules.flatMap((rule) => [
    paragraph(printable(rule.sentence), io, '  - ', '    '),
    rule.hazards.length > MOST_SENTENCES ? printHazards(rule.hazards, names, io) : sentences(rule.hazards, io),
    ...rule.notes.map((note) => paragraph(printable(note), io, INDENT)),
  ]);
  const head = `Lifecycle rules of ${bucket}:`;
  return `\n${rules.some(({ dangerous }) => dangerous) ? yellow(head) : head}\n${lines.join('')}`;
}

function sentences(hazards: readonly LifecycleHazard[], io: Io): string {
  return hazards.map((hazard) => paragraph(printable(describeHazard(hazard)), io, INDENT)).join('');
}

/** The newest restore points of jobs come first, because a restore would start from them. */
function printHazards(hazards: readonly LifecycleHazard[], names: ReadonlyMap<string, string>, io: Io): string {
  const ordered = [...hazards.filter(({ newest }) => newest), ...hazards.filter(({ newest }) => !newest)];
  const wide = io.columns >= WIDE;
  const columns: readonly Column[] = [
    { head: 'root' },
    { head: '' },
    ...(wide ? [{ head: 'completed' }] : []),
    { head: 'oldest file' },
    { head: 'breaks', wrap: true },
    { head: 'files', right: true },
  ];
  const cells = ordered
    .slice(0, ROOTS_SHOWN)
    .map((hazard) => [
      nameOf(hazard, names),
      hazard.newest ? 'newest' : '',
      ...(wide ? [day(hazard.completed)] : []),
      day(hazard.firstObject.modified),
      loss(hazard, wide),
      hazard.objects.toLocaleString('en-US'),
    ]);
  const room = { ...io, columns: io.columns - INDENT.length };
  const root = roomFor(0, columns, cells, room.columns);
  const drawn = table(
    columns,
    cells.map(([name = '', ...rest]) => [shorten(name, root, io), ...rest]),
    room,
  );
  const hidden = ordered.length - ROOTS_SHOWN;
  const archived = hazards.some(({ archivedObjects }) => archivedObjects > 0) ? ', or while that file is archived' : '';
  return [
    indent(drawn),
    hidden > 0 ? `${INDENT}… and ${hidden} more (see --json)\n` : '',
    paragraph(
      `A root can't be restored once the first of its files is deleted${archived}, and no job notices that.`,
      io,
      INDENT,
    ),
  ].join('');
}

function nameOf({ rootKey, job, label }: LifecycleHazard, names: ReadonlyMap<string, string>): string {
  return `${printable(rootKey.split('/').at(-2) ?? rootKey)} of ${names.get(job ?? label) ?? printable(label)}`;
}

/** The text in the column `breaks`. */
function loss({ due, breaksAt, firstObject: { storageClass } }: LifecycleHazard, wide: boolean): string {
  if (!wide) {
    return `${due ? 'any day' : day(breaksAt)}${storageClass === null ? '' : `, ${storageClass}`}`;
  }
  const when = due ? `any day since ${day(breaksAt)}` : `on ${day(breaksAt)}`;
  return storageClass === null ? when : `${when}, to ${storageClass}`;
}

function indent(lines: string): string {
  return lines.replace(/^(?=.)/gm, INDENT);
}
