import { CAUSE_SENTENCES } from '#core/signals/causes.ts';
import type { Outlook } from '#core/signals/outlook.ts';
import { sayRhythm } from '#core/signals/rhythm.ts';
import type { Io } from '../io.ts';
import { bytes, type Column, count, paragraph, printable, roomFor, shorten, table } from './text.ts';

/** Jobs over time: how often they complete a checkpoint, how large the newest one is, and how fast they grow. */

const SHOWN = 20;
const WIDEST_LABEL = 44;
/** A checkpoint that is later than this, in multiples of its own cadence, is printed in colour. */
const LATE = 3;
const UNKNOWN = '-';
/** A space at which a cell is not wrapped. It is printed as any other. */
const NO_BREAK = '\u00a0';

/** What a job says under each head. A column is left out where it says nothing of any job. */
const COLUMNS: readonly (Column & { readonly cell: (outlook: Outlook, io: Io) => string })[] = [
  {
    head: 'newest\ncheckpoint',
    right: true,
    cell: ({ checkpointBytes: size }) => (size === null ? UNKNOWN : bytes(size)),
  },
  { head: 'checkpoints', wrap: true, cell: rhythm },
  { head: 'growth\na day', right: true, cell: growth },
  { head: 'budget', cell: budget },
];
const JOB: Column = { head: 'job' };

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
  const shown = known
    .toSorted((a, b) => (b.outlook.growthBytesPerDay ?? 0) - (a.outlook.growthBytesPerDay ?? 0))
    .slice(0, SHOWN);
  const said = COLUMNS.filter(({ cell }) => shown.some(({ outlook }) => cell(outlook, io) !== UNKNOWN));
  const columns = [JOB, ...said];
  const cells = shown.map(({ name, outlook }) => [printable(name), ...said.map(({ cell }) => cell(outlook, io))]);
  const label = Math.min(WIDEST_LABEL, roomFor(0, columns, cells, io.columns));
  const rows = cells.map(([name = '', ...rest]) => [shorten(name, label, io), ...rest]);
  const more = known.length > SHOWN ? `… and ${count(known.length - SHOWN, 'more job')} (see --json)\n` : '';
  const causes = known.filter(({ outlook }) => outlook.cause !== null && outlook.daysToBudget !== null);
  return [
    `\nOver time:\n${table(columns, rows, io).replaceAll(NO_BREAK, ' ')}${more}`,
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

function rhythm(outlook: Outlook, { colors }: Io): string {
  const said = sayRhythm(outlook);
  if (said === null) {
    return UNKNOWN;
  }
  const unbroken = said.replaceAll(' ', NO_BREAK).replace(`,${NO_BREAK}`, ', ');
  return (outlook.lateness ?? 0) > LATE ? colors.yellow(unbroken) : unbroken;
}

function growth({ growthBytesPerDay }: Outlook): string {
  if (growthBytesPerDay === null) {
    return UNKNOWN;
  }
  const size = bytes(Math.abs(growthBytesPerDay));
  return growthBytesPerDay === 0 ? size : `${growthBytesPerDay > 0 ? '+' : '-'}${size}`;
}

function budget({ budget: allowed, daysToBudget }: Outlook, { colors }: Io): string {
  if (allowed === null) {
    return UNKNOWN;
  }
  const size = `${bytes(allowed.bytes)}${allowed.assumed ? ' assumed' : ''}`;
  if (daysToBudget === null) {
    return size;
  }
  return colors.yellow(daysToBudget === 0 ? `${size}, exceeded` : `${size}, in ${Math.ceil(daysToBudget)} d`);
}
