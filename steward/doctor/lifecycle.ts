import { judgeLifecycle } from '#core/lifecycle/judge.ts';
import { count } from '#core/quantity.ts';
import type { BucketLifecycle } from '#ports/bucket-facts.ts';
import { ask, type Examined } from './examined.ts';
import { type Finding, finding, type NextStep } from './finding.ts';
import { untold } from './versioning.ts';

/**
 * What the lifecycle rules of a bucket may do below a location, as far as the rules alone tell it. What they take of the
 * checkpoints that are there takes a scan: `steward rules check`. None for a directory.
 *
 * @param now epoch milliseconds.
 */
export async function checkLifecycle(place: Examined, now: number): Promise<readonly Finding[]> {
  const { location, name, arn, prefix } = place;
  const told = await location.facts?.lifecycle(ask(place));
  if (told === undefined) return [];
  if (!told.known) return [untold('lifecycle-rules', name, told, arn)];
  return told.value === null
    ? [finding('lifecycle-rules', name, 'ok', 'There are none, so S3 deletes nothing here by age.')]
    : findingsOf(told.value, name, prefix, now);
}

const RULES: NextStep = { words: ['rules', 'check'] };

function findingsOf(lifecycle: BucketLifecycle, name: string, prefix: string, now: number): readonly Finding[] {
  const { rules, transitionMinimum, notUnderstood } = lifecycle;
  const judged = judgeLifecycle(rules, [], now, { transitionMinimum, prefixes: [prefix] }).rules;
  const dangerous = judged.filter((rule) => rule.dangerous);
  const unclear = notUnderstood.map((path) => `Not understood: ${path}.`);
  if (dangerous.length + unclear.length === 0) {
    const found = `${count(rules.length, 'rule')}, none of which deletes or archives objects here that jobs may need.`;
    return [finding('lifecycle-rules', name, 'ok', found)];
  }
  return [
    ...dangerous.map((rule) =>
      finding('lifecycle-rules', name, 'wrong', ruleSentence(rule), {
        advice: 'See what it deletes or archives, and a safe configuration.',
        command: RULES,
      }),
    ),
    ...unclear.map((found) =>
      finding('lifecycle-rules', name, 'warning', found, {
        advice: 'See what the steward understands of the rules.',
        command: RULES,
      }),
    ),
  ];
}

/** No root was looked at, so the sentence must not say that none is affected. */
function ruleSentence({ sentence }: { readonly sentence: string }): string {
  return sentence.replace(NO_ROOT, ' A checkpoint or savepoint that needs one of them will break.');
}

const NO_ROOT = / No root needs one of them today, but .*$/;
