import { lossesBy, takes } from '#core/lifecycle/loss.ts';
import { type LifecycleRule, ruleName } from '#core/lifecycle/rule.ts';
import type { Deletion } from './deletion.ts';

/** Who has deleted an object, as far as it can be told. */

/**
 * The rules that can have expired an object: those that are enabled, and whose filter matches its key. S3 does not say
 * which rule it was.
 *
 * @param bytes of the object; null where its size is not known, and then no rule is left out for it.
 */
export function rulesThatTook(
  rules: readonly LifecycleRule[],
  { key, bytes }: { readonly key: string; readonly bytes: number | null },
): readonly LifecycleRule[] {
  return rules.filter(
    (rule) =>
      lossesBy(rule, 'all_storage_classes_128K').some(({ effect }) => effect === 'expires') &&
      takes(rule.filter, { key, bytes: bytes ?? 0, outside: bytes === null }),
  );
}

/**
 * As the subject of a sentence: `Lifecycle rule "expire-old" of s3://bucket`.
 *
 * @param rules that can have done it; null where the bucket's rules could not be read.
 */
export function culpritOf(deletion: Deletion, bucket: string, rules: readonly LifecycleRule[] | null): string {
  if (deletion.by === 'request') {
    const who = deletion.requester === null ? 'Somebody' : `Somebody with the identity ${deletion.requester}`;
    return deletion.address === null ? who : `${who}, from the address ${deletion.address},`;
  }
  const [first, ...others] = rules ?? [];
  if (first === undefined) {
    return rules === null
      ? `A lifecycle rule of ${bucket}`
      : `A lifecycle rule of ${bucket} that is not there any more`;
  }
  const name = ruleName(first).replace(/^R/, 'r');
  return others.length === 0
    ? `Lifecycle ${name} of ${bucket}`
    : `One of the lifecycle rules of ${bucket} (${[first, ...others].map(ruleName).join(', ').replaceAll('Rule ', '')})`;
}
