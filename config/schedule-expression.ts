/**
 * Schedules as EventBridge Scheduler reads them: its user guide, "Schedule types", and for the fields of cron the guide of
 * EventBridge, "Cron expressions reference". What AWS refuses is refused here, since a deployment finds it out late. Forms
 * of Quartz that the guides leave open (`LW`, `L-3`, `FRI-MON`) pass.
 */

interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** Names of the values, from {@link least} on. */
  readonly names?: readonly string[];
  /** What may stand there alone, beside values, ranges and increments. */
  readonly special?: RegExp;
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

const FIELDS: readonly Field[] = [
  { name: 'minutes', least: 0, most: 59 },
  { name: 'hours', least: 0, most: 23 },
  {
    name: 'day of month',
    least: 1,
    most: 31,
    special: /^(?:\?|LW?|L-(?:[1-9]|[12][0-9]|30)|(?:[1-9]|[12][0-9]|3[01])W)$/i,
  },
  { name: 'month', least: 1, most: 12, names: MONTHS },
  {
    name: 'day of week',
    least: 1,
    most: 7,
    names: WEEKDAYS,
    special: new RegExp(`^(?:\\?|L|(?:[1-7]|${WEEKDAYS.join('|')})(?:L|#[1-5]))$`, 'i'),
  },
  { name: 'year', least: 1970, most: 2199 },
];
const DAY_OF_MONTH = 2;
const DAY_OF_WEEK = 4;

/** What to write instead of a schedule that AWS would refuse, in sentences; undefined where it is good. */
export function scheduleProblem(expression: string): string | undefined {
  const [, rate] = /^rate\((.*)\)$/s.exec(expression) ?? [];
  const [, cron] = /^cron\((.*)\)$/s.exec(expression) ?? [];
  if (rate !== undefined) return rateProblem(rate);
  return cron === undefined ? 'Write "rate(1 hour)" or "cron(30 2 * * ? *)".' : cronProblem(cron);
}

function rateProblem(rate: string): string | undefined {
  const [, amount = '', unit = '', plural = ''] = /^([1-9][0-9]*) (minute|hour|day)(s?)$/.exec(rate) ?? [];
  if (amount === '') return 'Write a whole number, at least 1, and minutes, hours or days, such as "rate(4 hours)".';
  const isOne = amount === '1';
  return isOne === (plural === '') ? undefined : `Write "rate(${amount} ${unit}${isOne ? '' : 's'})".`;
}

function cronProblem(cron: string): string | undefined {
  const written = cron.split(' ');
  if (written.length !== FIELDS.length || written.includes('')) {
    return `Write six fields with one space between them: ${FIELDS.map(({ name }) => name).join(', ')}, such as "cron(30 2 * * ? *)".`;
  }
  for (const [at, field] of FIELDS.entries()) {
    const text = written[at] ?? '';
    if (!isValid(text, field)) return adviceFor(text, field);
  }
  const open = [DAY_OF_MONTH, DAY_OF_WEEK].filter((at) => written[at] === '?');
  if (open.length === 1) return undefined;
  return 'Write ? for exactly one of day of month (the third field) and day of week (the fifth), such as "cron(30 2 * * ? *)" or "cron(30 2 ? * MON-FRI *)".';
}

function isValid(text: string, field: Field): boolean {
  return field.special?.test(text) === true || text.split(',').every((item) => isItem(item, field));
}

/** A value, a range, or all values; each with an increment where people want one. */
function isItem(item: string, field: Field): boolean {
  const [range = '', increment, ...more] = item.split('/');
  const ends = range.split('-');
  const isRange = range === '*' || (ends.length <= 2 && ends.every((end) => isValue(end, field)));
  return isRange && more.length === 0 && (increment === undefined || isIncrement(increment, field));
}

function isValue(text: string, { least, most, names = [] }: Field): boolean {
  return (
    names.includes(text.toUpperCase()) || (/^[0-9]{1,4}$/.test(text) && Number(text) >= least && Number(text) <= most)
  );
}

function isIncrement(text: string, { least, most }: Field): boolean {
  return /^[0-9]{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= most - least + 1;
}

function adviceFor(text: string, { name, least, most, names, special }: Field): string {
  const named = names === undefined ? '' : ` or ${names[0]} to ${names.at(-1)}`;
  const sunday = name === 'day of week' ? ', where 1 is Sunday' : '';
  const marks = special === undefined ? '*' : '* or ?';
  return `The field ${name} is "${text}". Write ${least} to ${most}${named}${sunday}, or ${marks}.`;
}
