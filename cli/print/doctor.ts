import type { CheckState, DoctorReport, Finding, NextStep } from '#steward/doctor/doctor.ts';
import type { Io } from '../io.ts';
import { nextCommand, printNext, type TypedArea } from '../next-command.ts';
import { printHeading } from './heading.ts';
import { oneLine } from './one-line.ts';
import { count, paragraph, printable, table, widest } from './text.ts';

/** Prints what the doctor found: one row for each check, and below what to do for those that need something. */

export interface DoctorPrinting {
  readonly typed: TypedArea;
  /** Whether it was tried what writes and deletes. */
  readonly write: boolean;
}

/** The whole report. */
export function printDoctor({ at, area, findings }: DoctorReport, { typed, write }: DoctorPrinting, io: Io): string {
  if (io.isQuiet) return oneLine(`doctor ${area.join(', ')}`, [summaryOf(findings)]);
  const names = widest(findings.map(({ check }) => nameOf(check)));
  const locations = [...new Set(findings.map(({ location }) => location))];
  return [
    printHeading('Examination of', area, at, io),
    ...locations.map((location) => {
      const rows = findings.filter((each) => each.location === location);
      const heading = location === null ? '' : `${io.colors.bold(printable(location))}\n`;
      return `\n${heading}${printRows(rows, names, io)}`;
    }),
    `\n${paragraph(summaryOf(findings), io)}`,
    printCommands(findings, typed, write),
    printGrants(findings, io),
  ].join('');
}

/** A next step, as it is typed. */
export function commandOf(step: NextStep, typed: TypedArea): string {
  const { ledger } = step;
  const options = ledger === undefined ? typed.options : { ...typed.options, ledger };
  return nextCommand(step.words, { ...typed, options }, step.last);
}

function nameOf(check: Finding['check']): string {
  return check.replace('-', ' ');
}

const STATES = {
  ok: 'ok',
  warning: 'warning',
  wrong: 'wrong',
  'not-checked': 'not checked',
} as const satisfies Record<CheckState, string>;
const WIDEST_STATE = widest(Object.values(STATES));

/** What to do stands below what was found, in a row of its own, so that both have room in a narrow terminal. */
function printRows(findings: readonly Finding[], names: number, io: Io): string {
  const rows = findings.flatMap(({ check, state, found, advice }) => [
    [nameOf(check).padEnd(names), coloured(state, io), printable(found)],
    ...(advice === null ? [] : [['', '', `→ ${printable(advice)}`]]),
  ]);
  const columns = [
    { head: 'check'.padEnd(names) },
    { head: 'state' },
    { head: 'what was found, and what to do', wrap: true },
  ];
  return table(columns, rows, io);
}

function coloured(state: CheckState, { colors }: Io): string {
  const text = STATES[state].padEnd(WIDEST_STATE);
  switch (state) {
    case 'ok':
      return colors.green(text);
    case 'warning':
      return colors.yellow(text);
    case 'wrong':
    case 'not-checked':
      return colors.red(text);
    default:
      return state satisfies never;
  }
}

function summaryOf(findings: readonly Finding[]): string {
  const number = (state: CheckState): number => findings.filter((each) => each.state === state).length;
  const parts = [
    [number('wrong'), 'is wrong', 'are wrong'],
    [number('not-checked'), 'could not be checked', 'could not be checked'],
    [number('warning'), 'has a warning', 'have warnings'],
  ] as const;
  const told = parts.flatMap(([amount, one, many]) => (amount === 0 ? [] : [`${amount} ${amount === 1 ? one : many}`]));
  const all = count(findings.length, 'check');
  return told.length === 0 ? `${all}: all is well.` : `${all}: ${told.join(', ')}.`;
}

function printCommands(findings: readonly Finding[], typed: TypedArea, write: boolean): string {
  const steps = new Map<string, string>();
  for (const { check, command } of findings) {
    if (command === null) continue;
    const line = commandOf(command, typed);
    steps.set(line, steps.has(line) ? `${steps.get(line)}, ${nameOf(check)}` : nameOf(check));
  }
  const isWell = findings.every(({ state }) => state === 'ok' || state === 'warning');
  const writing = nextCommand(['doctor'], typed, ['--write']);
  const all = [...steps].map(([line, checks]) =>
    printNext(`For ${[...new Set(checks.split(', '))].join(', ')}:`, line),
  );
  const untried = "To also test writing and deleting, with the steward's own objects:";
  const look = printNext('To see what is in the area, and what can be reclaimed:', nextCommand(['audit'], typed));
  return [
    ...all,
    ...(!isWell || write || steps.has(writing) ? [] : [printNext(untried, writing)]),
    ...(isWell ? [look] : []),
  ]
    .map((text) => `\n${text}`)
    .join('');
}

function printGrants(findings: readonly Finding[], io: Io): string {
  const statements = new Set(findings.flatMap(({ grant }) => grant.map((statement) => JSON.stringify(statement))));
  if (statements.size === 0) return '';
  const heading = paragraph('Missing rights, as statements for the IAM policy of these credentials:', io);
  return `\n${heading}${[...statements].map((line) => `  ${printable(line)}\n`).join('')}`;
}
