import { CAUSE_SENTENCES } from '#core/signals/causes.ts';
import type { Outlook } from '#core/signals/outlook.ts';
import type { Io } from '../io.ts';
import { bytes, type Column, count, paragraph, printable, roomFor, shorten, table } from './text.ts';

/** Jobs over time: the size of the newest checkpoint, the time between checkpoints, and the growth of the job. */

const SHOWN = 20;
const WIDEST_LABEL = 44;
/** A checkpoint that is later than this, in multiples of its own cadence, is printed in colour. */
const LATE = 3;

const COLUMNS: readonly Column[] = [
  { head: 'job' },
  { head: 'checkpoint', right: true },
  { head: 'every', right: true },
  { head: 'last', right: true },
  { head: 'a day', right: true },
  { head: 'budget', wrap: true },
];

/** A job, with its name in the other tables of the report. */
export interface JobOverTime {
  readonly name: string;
  readonly outlook: Outlook;
}

/** @returns an empty text if nothing is known about any job. */
export function printGrowth(jobs: readonly JobOverTime[], io: Io): string {
  const known = jobs.filter(({ outlook }) => isKnown(outlook));
  if (known.length === 0) {
    return '';
  }
  const cells = known
    .toSorted((a, b) => (b.outlook.growthBytesPerDay ?? 0) - (a.outlook.growthBytesPerDay ?? 0))
    .slice(0, SHOWN)
    .map(({ name, outlook }) => [
      printable(name),
      outlook.checkpointBytes === null ? '-' : bytes(outlook.checkpointBytes),
      outlook.cadence === null ? '-' : interval(outlook.cadence),
      lateness(outlook, io),
      growth(outlook),
      budget(outlook, io),
    ]);
  const label = Math.min(WIDEST_LABEL, roomFor(0, COLUMNS, cells, io.columns));
  const rows = cells.map(([name = '', ...rest]) => [shorten(name, label), ...rest]);
  const more = known.length > SHOWN ? `… and ${count(known.length - SHOWN, 'more job')} (see --json)\n` : '';
  const causes = known.filter(({ outlook }) => outlook.cause !== null && outlook.daysToBudget !== null);
  return [
    `\nOver time:\n${table(COLUMNS, rows, io)}${more}`,
    ...causes
      .slice(0, SHOWN)
      .map(({ name, outlook: { cause } }) =>
        cause === null ? '' : paragraph(`${printable(name)}: ${CAUSE_SENTENCES[cause]}`, io, '- '),
      ),
  ].join('');
}

/** With a single checkpoint nothing is known over time. */
function isKnown({ cadence, growthBytesPerDay }: Outlook): boolean {
  return cadence !== null || growthBytesPerDay !== null;
}

function lateness({ lateness: late }: Outlook, { colors }: Io): string {
  if (late === null) {
    return '-';
  }
  const text = `${late.toFixed(1)} ×`;
  return late > LATE ? colors.yellow(text) : text;
}

function growth({ growthBytesPerDay }: Outlook): string {
  if (growthBytesPerDay === null) {
    return '-';
  }
  const size = bytes(Math.abs(growthBytesPerDay));
  return growthBytesPerDay === 0 ? size : `${growthBytesPerDay > 0 ? '+' : '-'}${size}`;
}

function budget({ budget: allowed, daysToBudget }: Outlook, { colors }: Io): string {
  if (allowed === null) {
    return '-';
  }
  const size = `${bytes(allowed.bytes)}${allowed.assumed ? ' assumed' : ''}`;
  if (daysToBudget === null) {
    return size;
  }
  return colors.yellow(daysToBudget === 0 ? `${size}, exceeded` : `${size}, in ${Math.ceil(daysToBudget)} d`);
}

/** `90 s`, `10 min`, `6 h`. */
function interval(milliseconds: number): string {
  const seconds = milliseconds / 1_000;
  if (seconds < 120) {
    return `${Math.round(seconds)} s`;
  }
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`;
}
