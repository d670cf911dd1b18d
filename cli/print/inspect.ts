import { baseName } from '#core/flink/state-path.ts';
import type { Inspection, ReferenceView } from '#operations/inspect.ts';
import type { Io } from '../io.ts';
import { bytes, count, printable, shorten, table } from './text.ts';

const OPERATORS_SHOWN = 30;
const DIRECTORIES_SHOWN = 20;

export function printInspection(inspection: Inspection, file: string, io: Io): string {
  const { bold } = io.colors;
  const { operators, references } = inspection;
  const files = new Set(references.map(({ resolved }) => resolved));
  const names = operators
    .slice(0, OPERATORS_SHOWN)
    .map((operator) => [
      operator.id,
      operator.name === null ? '-' : shorten(printable(operator.name), 30),
      `${operator.subtasks}/${operator.parallelism}`,
      `${operator.maxParallelism}`,
      operator.finished ? 'finished' : '',
    ]);
  return [
    `${bold(printable(file))}\n`,
    `${kindInWords(inspection)} ${inspection.checkpointId}, format version ${inspection.formatVersion}, ${bytes(inspection.fileBytes)}\n`,
    `${count(references.length, 'reference')} to ${count(files.size, 'file')}, ${bytes(Number(inspection.inlineBytes))} of state inline\n\n`,
    table(
      [
        { head: 'operator' },
        { head: 'name' },
        { head: 'subtasks', right: true },
        { head: 'max', right: true },
        { head: '' },
      ],
      names,
      io,
    ),
    operators.length > OPERATORS_SHOWN ? `… and ${operators.length - OPERATORS_SHOWN} more\n` : '',
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

function kindInWords({ kind }: Inspection): string {
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
