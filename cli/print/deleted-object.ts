import type { JudgementRule } from '#core/collect/verdicts.ts';
import type { GoneObject } from '#steward/explain.ts';
import type { LoggedDeletion } from '#steward/history.ts';
import type { Io } from '../io.ts';
import { nextCommand, printNext, type TypedArea } from '../next-command.ts';
import { bytes, count, moment, paragraph, printable } from './text.ts';

/** The only rule of this version that deletes objects. */
const GARBAGE: JudgementRule = 'garbage';

/** Why an object does not exist any more. */
export function printGone({ url, deletions, retired }: GoneObject, typed: TypedArea, io: Io): string {
  const [last, ...earlier] = deletions;
  if (last === undefined) {
    return '';
  }
  const { bold } = io.colors;
  const { outcome, sentence } = fate(last);
  const back =
    retired?.state === 'restored'
      ? '"steward undo" put it back after that, and something other than the steward deleted it again.'
      : '';
  return [
    `${bold(printable(url))}\n`,
    `${bytes(last.bytes)}, written ${moment(last.modified)}, ETag ${printable(last.etag)}\n`,
    `\n${paragraph(`${bold(`${outcome}:`)} ${printable(sentence)}`, io)}`,
    paragraph(printable([reasonOf(last), back].filter((text) => text !== '').join(' ')), io),
    earlier.length === 0
      ? ''
      : paragraph(`${count(earlier.length, 'earlier run')} tried to delete it too (see --json).`, io),
    printNext('\nTo see what can be put back of that run:', nextCommand(['undo', last.run], typed)),
  ].join('');
}

function fate({ run, outcome, why }: LoggedDeletion): { readonly outcome: string; readonly sentence: string } {
  const name = `run ${run}`;
  const began = `which began at ${moment(timeOf(run))}`;
  switch (outcome) {
    case 'deleted':
      return { outcome: 'deleted', sentence: `by ${name}, ${began}.` };
    case 'unknown':
      return {
        outcome: 'perhaps deleted',
        sentence: `${name}, ${began}, was about to delete it, and ended before it recorded the outcome.`,
      };
    case 'refused':
      return {
        outcome: 'perhaps deleted',
        sentence: `${name}, ${began}, asked the store to delete it, and the store answered: ${why ?? 'no reason given'}`,
      };
    case 'gone':
      return {
        outcome: 'already gone',
        sentence: `it no longer existed when ${name}, ${began}, was about to delete it.`,
      };
    case 'changed':
      return {
        outcome: 'not deleted by the steward',
        sentence: `${name}, ${began}, kept it, because it had changed since it was judged. Something else deleted it later.`,
      };
  }
}

function reasonOf({ rule, garbageSince }: LoggedDeletion): string {
  if (rule === 'retired') {
    return 'It was the _metadata of a checkpoint or savepoint that "retain" in steward.json retired. A copy is in the ledger.';
  }
  const since = garbageSince === null ? '' : ` It had been garbage since ${moment(garbageSince)}.`;
  return rule === GARBAGE
    ? `No checkpoint or savepoint in the area referenced it, and its quarantine had ended.${since}`
    : `The rule was ${rule}.${since}`;
}

/** When a run began, from its name: `20270301T093100000Z-81b2e`. */
function timeOf(run: string): string {
  return run.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)\d{3}Z.*$/, '$1-$2-$3T$4:$5:$6Z');
}
