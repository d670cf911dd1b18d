import { everHadRoots } from '#core/collect/breakers.ts';
import { duration } from '#core/quantity.ts';
import type { PlanReport, RunReport } from '#steward/documents.ts';
import { pausedSince } from '#steward/history.ts';
import type { Io } from '../io.ts';
import { nextCommand, printNext, type TypedArea } from '../next-command.ts';
import { describeDeleted } from '../run-area.ts';
import { printPlanBody } from './plan.ts';
import { printRetention } from './retention.ts';
import { bytes, count, paragraph, printable } from './text.ts';

export interface RunTitle {
  /** `Collection of`, before the locations. */
  readonly title: string;
  /** The command with its own arguments. */
  readonly words: readonly string[];
  /** The number of objects in the plan that is executed; null where no plan is executed. */
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

/** For `retire` all decisions; for other commands only groups with a root to retire. */
function retention({ words: [command] }: RunTitle, { decisions, survey, record }: RunReport, io: Io): string {
  const retiring = new Set(decisions.filter(({ action }) => action === 'retire').map(({ group }) => group.id));
  const shown = command === 'retire' ? decisions : decisions.filter(({ group }) => retiring.has(group.id));
  if (shown.length === 0) {
    return '';
  }
  const head = record.executed ? 'Retention' : 'What retention would do';
  return `\n${io.colors.bold(head)}\n${printRetention(shown, survey.start, io)}`;
}

/** Sentences about what the run did. */
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
    return 'Nothing was deleted or retired: a breaker has tripped (see the findings).';
  }
  const reason = paused === null ? why : `deleting has been paused ${pausedSince(paused)}`;
  const also = tripped ? ' A breaker has tripped too (see the findings).' : '';
  return `Nothing was deleted or retired: ${reason}.${also}`;
}

function cutShort({ record, retired }: RunReport): string {
  return [record.why?.replace(/\.?$/, '.') ?? '', ...describeRetired(retired), `${describeDeleted(record.deleted)}.`]
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
    deletes ? `${amount(record.deletable)} would be deleted` : '',
  ].filter((part) => part !== '');
  const all = would.length === 0 ? 'nothing would be retired' : would.join(', and ');
  const rest = [
    deletes ? restOfPlan(planned(), record.deletable.objects) : '',
    command === 'collect' ? quarantine(report) : '',
  ];
  return `Dry run: ${all}.${rest.join('')}`;
}

function restOfPlan(planned: number | null, deletable: number): string {
  if (planned === null) {
    return '';
  }
  const all = ` The plan contains ${count(planned, 'object')}`;
  const others = planned - deletable;
  switch (others) {
    case 0:
      return `${all}.`;
    case 1:
      return `${all}; 1 of them no longer exists, has changed, or must be kept.`;
    default:
      return `${all}; ${others.toLocaleString('en-US')} of them no longer exist, have changed, or must be kept.`;
  }
}

function done({ record, applied, retired }: RunReport): string {
  return [
    ...describeRetired(retired),
    record.deleted.objects > 0 || retired.retired.length === 0 ? `${describeDeleted(record.deleted)}.` : '',
    applied !== null && applied.gone > 0 ? `${count(applied.gone, 'object')} no longer existed.` : '',
    applied !== null && applied.spared > 0
      ? `${count(applied.spared, 'object was', 'objects were')} kept: referenced by a checkpoint that completed during the run.`
      : '',
    applied !== null && applied.changed > 0
      ? `${count(applied.changed, 'object was', 'objects were')} kept: changed after the verdict.`
      : '',
    record.refused > 0 ? (record.why ?? '') : '',
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

function describeRetired({ retired, kept }: RunReport['retired']): readonly string[] {
  const [first] = kept;
  return [
    retired.length > 0
      ? `${count(retired.length, 'checkpoint or savepoint was', 'checkpoints and savepoints were')} retired.`
      : '',
    first === undefined
      ? ''
      : `${count(kept.length, 'checkpoint or savepoint was', 'checkpoints and savepoints were')} not retired: ${first.why}`,
  ];
}

/** What is in quarantine, and when it is deleted. */
function quarantine({ record, survey }: RunReport): string {
  const { quarantined } = record;
  return quarantined.objects === 0
    ? ''
    : ` ${amount(quarantined)} ${quarantined.objects === 1 ? 'is' : 'are'} in quarantine: an object is deleted when it has been garbage for ${duration(survey.settings.quarantine)}, in at least two runs.`;
}

function amount({ objects, bytes: size }: { readonly objects: number; readonly bytes: number }): string {
  return `${count(objects, 'object')} (${bytes(size)})`;
}

/** What to do next, and the command for it. */
function nextStep(
  { words }: RunTitle,
  { record, breakers, decisions, state, breakerMemory: { lastRun } }: RunReport,
  typed: TypedArea,
): readonly [sentence: string, command: string] {
  const command = (word: string, ...last: readonly string[]): string => nextCommand([word], typed, last);
  const accept = breakers.length === 0 ? [] : ['--accept', ...breakers.map(({ breaker }) => breaker)];
  const again = nextCommand(words, typed, ['--execute', ...accept]);
  const [verb, plan = 'plan.ndjson'] = words;
  switch (record.result) {
    case 'undecidable':
      return ['Fix what the reasons above describe, then run again:', nextCommand(words, typed)];
    case 'stopped':
      if (record.executed) {
        return verb === 'apply'
          ? ['A plan can be executed only once. To make a new one:', command('plan', '--out', plan)]
          : ['The next run continues. To start it:', again];
      }
      // To accept that there are no checkpoints yet would switch the breaker off for good in a scheduled command.
      if (breakers.every(({ breaker }) => breaker === 'no-roots') && breakers.length > 0 && !everHadRoots(lastRun)) {
        return ['When a checkpoint has completed, run again:', nextCommand(words, typed, ['--execute'])];
      }
      return state.paused === null
        ? ['If this is intended, continue with:', again]
        : ['To allow deleting again:', command('resume', '--execute')];
    case 'observed':
      return record.deletable.objects > 0 || decisions.some(({ action }) => action === 'retire')
        ? ['To do it:', again]
        : ['To run it on a schedule, while jobs run:', nextCommand(['collect'], withoutNow(typed), ['--execute'])];
    default:
      return doneNext(record, typed);
  }
}

/** Without `--now`: a command on a schedule must not be fixed to one time. */
function withoutNow({ places, options: { now: _, ...options } }: TypedArea): TypedArea {
  return { places, options };
}

function doneNext({ run, retired, deleted }: RunReport['record'], typed: TypedArea): readonly [string, string] {
  if (retired > 0) {
    return [
      'Until the files of a retired root are deleted, it can be put back with:',
      nextCommand(['undo', run], typed),
    ];
  }
  return deleted.objects > 0
    ? ['To list each deleted object, and why:', nextCommand(['history'], typed, ['--run', run])]
    : ['To list all runs:', nextCommand(['history'], typed)];
}
