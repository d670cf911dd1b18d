import { duration } from '#core/quantity.ts';
import type { PlanReport, RunReport } from '#steward/documents.ts';
import type { Io } from '../io.ts';
import { nextCommand, printNext, type TypedArea } from '../next-command.ts';
import { sayDeleted } from '../run-area.ts';
import { printPlanBody } from './plan.ts';
import { printRetention } from './retention.ts';
import { bytes, count, paragraph, printable } from './text.ts';

export interface RunTitle {
  /** `Collection of`, before the locations. */
  readonly title: string;
  /** The command with its own arguments. */
  readonly words: readonly string[];
  /** How many objects the plan names that is executed; null where there is none. */
  readonly planned: () => number | null;
}

export interface PrintedRun {
  readonly report: RunReport;
  /** What the run found, summed up. */
  readonly plan: PlanReport;
  readonly typed: TypedArea;
}

/** What a run over an area found and did. */
export function printRun(title: RunTitle, { report, plan, typed }: PrintedRun, io: Io): string {
  return [
    printPlanBody(title.title, plan, io),
    retention(title, report, io),
    `\n${paragraph(printable(outcome(title, report)), io)}`,
    printNext(...nextStep(title, report, typed)),
  ].join('');
}

/** All of it where it was asked for, else what goes. */
function retention({ words: [command] }: RunTitle, { decisions, survey, record }: RunReport, io: Io): string {
  const going = new Set(decisions.filter(({ action }) => action === 'retire').map(({ group }) => group.id));
  const shown = command === 'retire' ? decisions : decisions.filter(({ group }) => going.has(group.id));
  if (shown.length === 0) {
    return '';
  }
  const head = record.executed ? 'Retention' : 'What retention would do';
  return `\n${io.colors.bold(head)}\n${printRetention(shown, survey.start, io)}`;
}

/** What was done, in sentences. */
function outcome(title: RunTitle, report: RunReport): string {
  const { record, breakers, state } = report;
  switch (record.result) {
    case 'undecidable':
      return 'Nothing was deleted or retired: the area is undecidable.';
    case 'stopped':
      return record.executed ? cutShort(report) : stopped(breakers.length > 0, record.why, state.paused);
    case 'observed':
      return observed(title, report);
    case 'nothing-to-do':
      return `There was nothing to do.${title.words[0] === 'collect' ? quarantine(report) : ''}`;
    default:
      return done(report);
  }
}

function stopped(tripped: boolean, why: string | null, paused: RunReport['state']['paused']): string {
  if (tripped && paused === null) {
    return 'Nothing was deleted or retired: a breaker has tripped, as the findings say.';
  }
  const since = paused === null ? why : `deleting has been paused since ${paused.at}`;
  const said = paused === null || paused.why === '' ? '' : ` (${paused.why})`;
  const also = tripped ? ' A breaker has tripped too, as the findings say.' : '';
  return `Nothing was deleted or retired: ${since}${said}.${also}`;
}

function cutShort({ record, retired }: RunReport): string {
  return [record.why?.replace(/\.?$/, '.') ?? '', ...sayRetired(retired), `${sayDeleted(record.deleted)}.`]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

function observed({ words: [command], planned }: RunTitle, report: RunReport): string {
  const { record } = report;
  const retiring = report.decisions.filter(({ action }) => action === 'retire').length;
  const deletes = command !== 'retire' && (record.deletable.objects > 0 || retiring === 0);
  const would = [
    retiring === 0
      ? ''
      : `${count(retiring, 'checkpoint or savepoint', 'checkpoints and savepoints')} would be retired`,
    deletes ? `${amount(record.deletable)}${ofPlan(planned(), record.deletable.objects)} would be deleted` : '',
  ].filter((part) => part !== '');
  const all = would.length === 0 ? 'nothing would be retired' : would.join(', and ');
  return `A dry run: ${all}.${command === 'collect' ? quarantine(report) : ''}`;
}

function ofPlan(planned: number | null, deletable: number): string {
  if (planned === null) {
    return '';
  }
  const others = planned - deletable;
  const why = others === 0 ? '' : `; ${others.toLocaleString('en-US')} had gone, changed, or must stay`;
  return ` of the ${count(planned, 'object')} in the plan${why}`;
}

function done({ record, applied, retired }: RunReport): string {
  return [
    ...sayRetired(retired),
    record.deleted.objects > 0 || retired.retired.length === 0 ? `${sayDeleted(record.deleted)}.` : '',
    applied !== null && applied.gone > 0 ? `${count(applied.gone, 'object')} had gone already.` : '',
    applied !== null && applied.spared > 0
      ? `${count(applied.spared, 'object')} stayed: named by a checkpoint that completed meanwhile.`
      : '',
    applied !== null && applied.changed > 0
      ? `${count(applied.changed, 'object')} stayed: changed since they were judged.`
      : '',
    applied !== null && applied.refused > 0
      ? `${count(applied.refused, 'object')} stayed because the store refused: ${applied.refusal}`
      : '',
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

function sayRetired({ retired, kept }: RunReport['retired']): readonly string[] {
  const [first] = kept;
  return [
    retired.length > 0
      ? `${count(retired.length, 'checkpoint or savepoint was', 'checkpoints and savepoints were')} retired.`
      : '',
    first === undefined
      ? ''
      : `${count(kept.length, 'checkpoint or savepoint', 'checkpoints and savepoints')} stayed: ${first.why}`,
  ];
}

/** When what is in quarantine goes. */
function quarantine({ record, survey }: RunReport): string {
  const { quarantined } = record;
  return quarantined.objects === 0
    ? ''
    : ` ${amount(quarantined)} in quarantine: what has been garbage for ${duration(survey.settings.quarantine)}, in two runs at least, goes.`;
}

function amount({ objects, bytes: size }: { readonly objects: number; readonly bytes: number }): string {
  return `${count(objects, 'object')} (${bytes(size)})`;
}

/** What to do next, and the command for it. */
function nextStep(
  { words }: RunTitle,
  { record, breakers, decisions, state }: RunReport,
  typed: TypedArea,
): readonly [sentence: string, command: string] {
  const command = (word: string, ...last: readonly string[]): string => nextCommand([word], typed, last);
  const accept = breakers.length === 0 ? [] : ['--accept', ...breakers.map(({ breaker }) => breaker)];
  const again = nextCommand(words, typed, ['--execute', ...accept]);
  const [verb, plan = 'plan.ndjson'] = words;
  switch (record.result) {
    case 'undecidable':
      return ['Mend what the reasons above name, then run again:', nextCommand(words, typed)];
    case 'stopped':
      if (record.executed) {
        return verb === 'apply'
          ? ['A plan is executed once; make it again:', command('plan', '--out', plan)]
          : ['The next run goes on:', again];
      }
      return state.paused === null
        ? ['If that is as it should be, go on with:', again]
        : ['When it may go on:', command('resume', '--execute')];
    case 'observed':
      return record.deletable.objects > 0 || decisions.some(({ action }) => action === 'retire')
        ? ['To do it:', again]
        : ['Run it by a schedule, beside the jobs:', nextCommand(['collect'], withoutNow(typed), ['--execute'])];
    default:
      return doneNext(record, typed);
  }
}

/** What runs again and again can't do so as of one time. */
function withoutNow({ places, options: { now: _, ...options } }: TypedArea): TypedArea {
  return { places, options };
}

function doneNext({ run, retired, deleted }: RunReport['record'], typed: TypedArea): readonly [string, string] {
  if (retired > 0) {
    return ['What was retired can be taken back until its files are deleted:', nextCommand(['undo', run], typed)];
  }
  return deleted.objects > 0
    ? ['Each object and why it went:', nextCommand(['history'], typed, ['--run', run])]
    : ['All runs:', nextCommand(['history'], typed)];
}
