import type { Io } from '../io.ts';
import { moment, parts, printable, widest } from './text.ts';

/**
 * The first lines of a report: its title, its locations and its time. Where they don't fit one line, neither a path nor
 * the time is broken.
 *
 * @param start ISO 8601.
 */
export function printHeading(title: string, area: readonly string[], start: string, io: Io): string {
  const { bold, dim } = io.colors;
  const time = `as of ${moment(start)}`;
  const places = area.map((name, at) => `${printable(name)}${at === area.length - 1 ? '' : ','}`);
  const line = `${bold(title)} ${places.join(' ')}${dim(`, ${time}`)}`;
  if (widest([line]) <= io.columns) {
    return `${line}\n`;
  }
  const [first = '', ...others] = places;
  return `${parts([`${bold(title)} ${first}`, ...others], io, '', '  ')}${dim(time)}\n`;
}
