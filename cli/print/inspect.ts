import { baseName } from '#core/flink/state-path.ts';
import type { PartialInspection, ReferenceView } from '#steward/documents.ts';
import type { Io } from '../io.ts';
import { printOperators } from './operators.ts';
import { bytes, type Column, count, printable, roomFor, shorten, table } from './text.ts';

const OPERATORS_SHOWN = 30;
const LONGEST_NAME = 30;
const DIRECTORIES_SHOWN = 20;

/** @param until the offset up to which a file that is not whole was read; null for all of it. */
export function printInspection(
  inspection: PartialInspection,
  file: string,
  io: Io,
  until: number | null = null,
): string {
  const { bold } = io.colors;
  const { operators, references } = inspection;
  const files = new Set(references.map(({ resolved }) => resolved));
  const shown = operators.slice(0, OPERATORS_SHOWN);
  const finished = shown.some((operator) => operator.finished);
  const columns: readonly Column[] = [
    { head: 'operator' },
    { head: 'name' },
    { head: 'subtasks\nwith state', right: true },
    { head: 'max\nparallelism', right: true },
    ...(finished ? [{ head: '' }] : []),
  ];
  const cells = shown.map((operator) => [
    operator.id,
    operator.name === null ? '-' : shorten(printable(operator.name), LONGEST_NAME, io),
    `${operator.subtasks}/${operator.parallelism}`,
    `${operator.maxParallelism}`,
    ...(finished ? [operator.finished ? 'finished' : ''] : []),
  ]);
  const name = roomFor(1, columns, cells, io.columns);
  return [
    `${bold(printable(file))}\n`,
    `${kindInWords(inspection)} ${inspection.checkpointId}, format version ${inspection.formatVersion}, ${bytes(inspection.fileBytes)}\n`,
    `${count(references.length, 'reference')} to ${count(files.size, 'file')}, ${bytes(Number(inspection.inlineBytes))} of state inline${until === null ? '' : `, read until offset ${until}`}\n\n`,
    table(
      columns,
      cells.map((row) => row.map((cell, at) => (at === 1 ? shorten(cell, name, io) : cell))),
      io,
    ),
    operators.length > OPERATORS_SHOWN ? `… and ${operators.length - OPERATORS_SHOWN} more\n` : '',
    inspection.state.operators.length === 0 ? '' : `\n${printOperators(inspection.state, io)}`,
    references.length === 0 ? '' : `\n${printDirectories(references, io)}`,
  ].join('');
}

function printDirectories(references: readonly ReferenceView[], io: Io): string {
  const directories = new Map<string, Set<string>>();
  for (const { resolved } of references) {
    const path = resolved ?? '';
    const directory = path.slice(0, path.length - baseName(path).length);
    directories.set(directory, (directories.get(directory) ?? new Set()).add(path));
  }
  const rows = [...directories.entries()]
    .slice(0, DIRECTORIES_SHOWN)
    .map(([directory, files]) => [files.size.toLocaleString('en-US'), printable(directory)]);
  const more =
    directories.size > DIRECTORIES_SHOWN ? `… and ${directories.size - DIRECTORIES_SHOWN} more (see --json)\n` : '';
  return `${table([{ head: 'files', right: true }, { head: 'in' }], rows, io)}${more}`;
}

function kindInWords({ kind }: PartialInspection): string {
  switch (kind) {
    case 'checkpoint':
      return 'Checkpoint';
    case 'full-checkpoint':
      return 'Full checkpoint';
    case 'savepoint-canonical':
      return 'Savepoint (canonical format)';
    case 'savepoint-native':
      return 'Savepoint (native format)';
    case 'unknown':
      return 'Checkpoint or savepoint';
  }
}
