import type { JudgementRule } from '#core/collect/verdicts.ts';
import type { GoneObject } from '#steward/explain.ts';
import type { LoggedDeletion } from '#steward/history.ts';
import type { Io } from '../io.ts';
import { nextCommand, printNext, type TypedArea } from '../next-command.ts';
import { bytes, count, moment, paragraph, printable } from './text.ts';

/** The one rule of this version by which objects go. */
const GARBAGE: JudgementRule = 'garbage';

/** Why an object is not there any more. */
export function printGone({ url, deletions, retired }: GoneObject, typed: TypedArea, io: Io): string {
  const [last, ...earlier] = deletions;
  if (last === undefined) {
    return '';
  }
  const { bold } = io.colors;
  const back =
    retired?.state === 'restored'
      ? 'It was put back since then by "steward undo", and has gone again, by other hands.'
      : '';
  return [
    `${bold(printable(url))}\n`,
    `${bytes(last.bytes)}, written ${moment(last.modified)}, ETag ${printable(last.etag)}\n`,
    `\n${paragraph(`${bold('gone:')} ${printable(fate(last))}`, io)}`,
    paragraph(printable([whyItWent(last), back].filter((text) => text !== '').join(' ')), io),
    earlier.length === 0 ? '' : paragraph(`${count(earlier.length, 'earlier run')} had tried, too (see --json).`, io),
    printNext('\nWhat of that run can come back:', nextCommand(['undo', last.run], typed)),
  ].join('');
}

function fate({ run, outcome, why }: LoggedDeletion): string {
  const by = `run ${run}, begun at ${moment(timeOf(run))}`;
  switch (outcome) {
    case 'deleted':
      return `deleted by ${by}.`;
    case 'unknown':
      return `perhaps deleted by ${by}. That run was about to delete it, and ended before it could say what became of it.`;
    case 'refused':
      return `perhaps deleted by ${by}. It asked the store to delete it and heard: ${why ?? 'no reason'}`;
    case 'gone':
      return `it had gone already when ${by}, was about to delete it.`;
    case 'changed':
      return `${by}, left it alone, because it had changed since it was judged. It has gone since then, by other hands.`;
  }
}

function whyItWent({ rule, garbageSince }: LoggedDeletion): string {
  if (rule === 'retired') {
    return 'It was a checkpoint or savepoint, and retired by the policy of "retain" in steward.json. A copy of it lies in the ledger.';
  }
  const since = garbageSince === null ? '' : ` It had been garbage since ${moment(garbageSince)}.`;
  return rule === GARBAGE
    ? `No checkpoint or savepoint of the whole area named it, and its quarantine was served.${since}`
    : `The rule was ${rule}.${since}`;
}

/** Runs are named by when they began: `20270301T093100000Z-81b2e`. */
function timeOf(run: string): string {
  return run.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)\d{3}Z.*$/, '$1-$2-$3T$4:$5:$6Z');
}
