import { duration } from '#core/quantity.ts';
import { pausedSince, sayPaused } from '#steward/history.ts';
import { isStoppedByPause, type RunView } from '#steward/run-view.ts';
import type { Io } from '../io.ts';
import { nextCommand, printNext, type TypedArea } from '../next-command.ts';
import { describeDeleted } from '../run-area.ts';
import { doubtsOf, oneLine } from './one-line.ts';
import { printPlanBody } from './plan.ts';
import { printRetention } from './retention.ts';
import { bytes, count, paragraph, printable } from './text.ts';

/** Milliseconds. */
const LONG = 60_000;

export interface RunTitle {
  /** `Collection of`, before the locations. */
  readonly title: string;
  /** The command with its own arguments. */
  readonly words: readonly string[];
  /** The number of objects in the plan that is executed; null where no plan is executed. */
  readonly planned: () => number | null;
  /** Whether it was to act, or only to look. */
  readonly executes: boolean;
}

/** What a run over an area found and did. */
export function printRun(title: RunTitle, run: RunView, typed: TypedArea, io: Io): string {
  if (io.isQuiet) {
    return oneLine(`${title.words[0]} ${run.plan.area.join(', ')}`, [outcome(title, run), ...doubtsOf(run.plan)]);
  }
  return [
    printPlanBody(title.title, run.plan, io),
    retention(title, run, io),
    `\n${paragraph(printable(outcome(title, run)), io)}`,
    printNext(...nextStep(title, run, typed)),
  ].join('');
}

/** For `retire` all decisions; for other commands only groups with a root to retire. */
function retention({ words: [command] }: RunTitle, { decisions, start, record }: RunView, io: Io): string {
  const retiring = new Set(decisions.filter(({ action }) => action === 'retire').map(({ group }) => group.id));
  const shown = command === 'retire' ? decisions : decisions.filter(({ group }) => retiring.has(group.id));
  if (shown.length === 0) {
    return '';
  }
  const head = record.executed ? 'Retention' : 'What retention would do';
  return `\n${io.colors.bold(head)}\n${printRetention(shown, start, io)}`;
}

/** Sentences about what the run did. */
function outcome(title: RunTitle, report: RunView): string {
  const { record, tripped, paused } = report;
  switch (record.result) {
    case 'undecidable':
      return 'Nothing was deleted or retired: the area is undecidable.';
    case 'stopped':
      if (record.executed) return cutShort(report);
      return !title.executes && isStoppedByPause(report)
        ? `${observed(title, report)} ${sayPaused(report.paused)} Until "steward resume", no run deletes or retires anything.`
        : stopped(tripped.length > 0, record.why, paused);
    case 'observed':
      return observed(title, report);
    case 'nothing-to-do':
      return `There was nothing to do.${title.words[0] === 'collect' ? quarantine(report) : ''}`;
    default:
      return done(report);
  }
}

function stopped(tripped: boolean, why: string | null, paused: RunView['paused']): string {
  if (tripped && paused === null) {
    return 'Nothing was deleted or retired: a breaker has tripped (see the findings).';
  }
  const reason = paused === null ? why : `deleting has been paused ${pausedSince(paused)}`;
  const also = tripped ? ' A breaker has tripped too (see the findings).' : '';
  return `Nothing was deleted or retired: ${reason}.${also}`;
}

function cutShort({ record, retired }: RunView): string {
  return [record.why?.replace(/\.?$/, '.') ?? '', ...describeRetired(retired), `${describeDeleted(record.deleted)}.`]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

function observed({ words: [command], planned }: RunTitle, report: RunView): string {
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

function done({ record, applied, retired, tripped }: RunView): string {
  return [
    // The finding of a breaker says that nothing is deleted: without --accept, nothing would have been.
    tripped.length === 0 ? '' : `You accepted what the findings say (${[...new Set(tripped)].join(', ')}).`,
    ...describeRetired(retired),
    record.deleted.objects > 0 || retired.retired === 0 ? `${describeDeleted(record.deleted)}.` : '',
    applied !== null && applied.gone > 0 ? `${count(applied.gone, 'object')} no longer existed.` : '',
    applied !== null && applied.spared > 0
      ? `${count(applied.spared, 'object was', 'objects were')} kept: referenced by a checkpoint that completed during the run.`
      : '',
    applied !== null && applied.changed > 0
      ? `${count(applied.changed, 'object was', 'objects were')} kept: changed after the verdict.`
      : '',
    record.refused > 0 ? (record.why ?? '') : '',
    took(record),
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

/** Of a run that was long enough for somebody to plan with. */
function took({ began, ended }: RunView['record']): string {
  const milliseconds = Date.parse(ended) - Date.parse(began);
  return milliseconds < LONG ? '' : `The run took ${duration(milliseconds)}.`;
}

function describeRetired({ retired, kept, why }: RunView['retired']): readonly string[] {
  return [
    retired > 0 ? `${count(retired, 'checkpoint or savepoint was', 'checkpoints and savepoints were')} retired.` : '',
    why === null
      ? ''
      : `${count(kept, 'checkpoint or savepoint was', 'checkpoints and savepoints were')} not retired: ${why}`,
  ];
}

/** What is in quarantine, and when it is deleted. */
function quarantine({ record, quarantine: wait }: RunView): string {
  const { quarantined } = record;
  return quarantined.objects === 0
    ? ''
    : ` ${amount(quarantined)} ${quarantined.objects === 1 ? 'is' : 'are'} in quarantine: an object is deleted when it has been garbage for ${duration(wait)}, in at least two runs.`;
}

function amount({ objects, bytes: size }: { readonly objects: number; readonly bytes: number }): string {
  return `${count(objects, 'object')} (${bytes(size)})`;
}

/** What to do next, and the command for it. */
function nextStep(
  { words }: RunTitle,
  { record, tripped, decisions, paused, hadRoots }: RunView,
  typed: TypedArea,
): readonly [sentence: string, command: string] {
  const command = (word: string, ...last: readonly string[]): string => nextCommand([word], typed, last);
  const accept = tripped.length === 0 ? [] : ['--accept', ...tripped];
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
      if (tripped.every((breaker) => breaker === 'no-roots') && tripped.length > 0 && !hadRoots) {
        return ['When a checkpoint has completed, run again:', nextCommand(words, typed, ['--execute'])];
      }
      return paused === null
        ? ['If this is intended, continue with:', again]
        : ['To allow deleting again:', command('resume', '--execute')];
    case 'observed':
      return record.deletable.objects > 0 || decisions.some(({ action }) => action === 'retire')
        ? ['To do it:', again]
        : typed.options.stack === undefined
          ? ['To run it on a schedule, while jobs run:', nextCommand(['collect'], withoutNow(typed), ['--execute'])]
          : ['To see what the schedule did:', command('history')];
    default:
      return doneNext(record, typed);
  }
}

/** Without `--now`: a command on a schedule must not be fixed to one time. */
function withoutNow({ places, options: { now: _, ...options } }: TypedArea): TypedArea {
  return { places, options };
}

function doneNext({ run, retired, deleted }: RunView['record'], typed: TypedArea): readonly [string, string] {
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
