import type { LifecycleHazard, LifecycleJudgement } from '#core/insight/lifecycle/judgement.ts';
import { day, describeHazard } from '#core/insight/lifecycle/sentences.ts';
import type { Io } from '../io.ts';
import { paragraph, printable, shorten, table } from './text.ts';

/** Up to so many hazards of a rule are told in sentences; more become a table, which is sooner read. */
const MOST_SENTENCES = 2;
const ROOTS_SHOWN = 10;
const INDENT = '      ';

/** What the lifecycle rules of the bucket do to live state. */
export function printLifecycle({ rules }: LifecycleJudgement, io: Io): string {
  const { yellow } = io.colors;
  const lines = rules.flatMap((rule) => [
    paragraph(printable(rule.sentence), io, '  - ', '    '),
    rule.hazards.length > MOST_SENTENCES ? printHazards(rule.hazards, io) : sentences(rule.hazards, io),
    ...rule.notes.map((note) => paragraph(printable(note), io, INDENT)),
  ]);
  const head = 'Lifecycle rules of the bucket:';
  return `\n${rules.some(({ hazards }) => hazards.length > 0) ? yellow(head) : head}\n${lines.join('')}`;
}

function sentences(hazards: readonly LifecycleHazard[], io: Io): string {
  return hazards.map((hazard) => paragraph(printable(describeHazard(hazard)), io, INDENT)).join('');
}

/** The newest restore points of jobs first: those are what a restore would start from. */
function printHazards(hazards: readonly LifecycleHazard[], io: Io): string {
  const ordered = [...hazards.filter(({ newest }) => newest), ...hazards.filter(({ newest }) => !newest)];
  const label = Math.max(16, io.columns - 80);
  const rows = ordered
    .slice(0, ROOTS_SHOWN)
    .map((hazard) => [
      printable(`${hazard.rootKey.split('/').at(-2) ?? hazard.rootKey} of ${shorten(hazard.label, label)}`),
      hazard.newest ? 'newest' : '',
      day(hazard.completed),
      day(hazard.firstObject.modified),
      loss(hazard),
      hazard.objects.toLocaleString('en-US'),
    ]);
  const drawn = table(
    [
      { head: 'root' },
      { head: 'of its job' },
      { head: 'completed' },
      { head: 'oldest file' },
      { head: 'goes' },
      { head: 'files', right: true },
    ],
    rows,
    io,
  );
  const hidden = ordered.length - ROOTS_SHOWN;
  const archived = hazards.some(({ archivedObjects }) => archivedObjects > 0) ? ', or while it is archived' : '';
  return [
    indent(drawn),
    hidden > 0 ? `${INDENT}… and ${hidden} more (see --json)\n` : '',
    paragraph(
      `A root can't be restored once the first of its files has gone${archived}, and no job notices that.`,
      io,
      INDENT,
    ),
  ].join('');
}

function loss({ due, breaksAt, firstObject: { storageClass } }: LifecycleHazard): string {
  const when = due ? `any day since ${day(breaksAt)}` : `on ${day(breaksAt)}`;
  return storageClass === null ? when : `${when}, to ${storageClass}`;
}

function indent(lines: string): string {
  return lines.replace(/^(?=.)/gm, INDENT);
}
