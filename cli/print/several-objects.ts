import type { CountedObjects, ObjectsBelow, SeveralObjects } from '#steward/explain.ts';
import type { Io } from '../io.ts';
import { nextCommand, printNext, type TypedArea } from '../next-command.ts';
import { bytes, count, paragraph, parts, printable } from './text.ts';

const OBJECTS_SHOWN = 10;

/** @param name as it was typed. */
export function printSeveral(name: string, several: SeveralObjects, typed: TypedArea, io: Io): string {
  const { bold } = io.colors;
  const shown = several.listed.slice(0, OBJECTS_SHOWN);
  const more = several.objects - shown.length;
  const width = Math.max(...shown.map(({ verdict }) => verdict.length));
  return [
    paragraph(`${bold(printable(name))}: ${amounts(several)}.`, io),
    '\n',
    ...shown.map(({ verdict, url }) =>
      parts([`${verdict.padEnd(width)}  ${printable(url)}`], io, '  ', ' '.repeat(width + 4)),
    ),
    more > 0 ? `  … and ${more} more\n` : '',
    '\n',
    printNext('To see why one of them is kept or deleted:', nextCommand(['explain', shown[0]?.url ?? name], typed)),
  ].join('');
}

/** Above the explanation of the newest root of a directory. */
export function printBelow(below: ObjectsBelow, io: Io): string {
  const sentence = `${printable(below.directory)}: ${amounts(below)}. The newest checkpoint or savepoint there:`;
  return `${paragraph(sentence, io)}\n`;
}

function amounts({ objects, bytes: all, verdicts }: CountedObjects): string {
  const each = verdicts.map(({ verdict, objects: some }) => `${some} ${verdict}`).join(', ');
  return `${count(objects, 'object')}, ${bytes(all)} (${each})`;
}
