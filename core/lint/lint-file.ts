import type { LifecyclePolicy } from '#core/lifecycle/managed-rules.ts';
import type { LintableBucket, RulesFile } from './configured-bucket.ts';
import { lintBucket } from './lint-bucket.ts';
import type { LintedRules } from './linted.ts';
import { optionPlaces } from './option-places.ts';
import { type NamedPlace, type StatePlaces, statePlaces } from './state-places.ts';

/** One bucket of a file, with what its rules would do. */
export interface LintedBucket extends LintedRules {
  readonly bucket: LintableBucket;
  readonly places: StatePlaces;
}

/** What a lint knows besides the file. */
export interface LintOptions {
  /** Places that hold Flink state; null where nobody has named any. */
  readonly told: readonly NamedPlace[] | null;
  readonly policy: LifecyclePolicy;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * Judges the lifecycle rules of every bucket in a file that is still to be applied.
 *
 * @param source how people know the file.
 */
export function lintFile(file: RulesFile, source: string, { told, policy, now }: LintOptions): readonly LintedBucket[] {
  const options = optionPlaces(file.texts, source);
  return file.buckets.map((bucket) => {
    const places = statePlaces(bucket, told, options, file.texts);
    return { bucket, places, ...lintBucket(bucket, places, policy, now) };
  });
}

/** Whether a rule would take Flink state. */
export function hasFinding({ rules }: LintedBucket): boolean {
  return rules.some(({ verdict }) => verdict === 'takes');
}

/** Whether nobody can say of a bucket with Flink state what all of its rules would do. */
export function isUndecided({ rules, bucket, places }: LintedBucket): boolean {
  const isHidden = bucket.hidden !== null && places.known !== 'elsewhere';
  return isHidden || rules.some(({ verdict }) => verdict === 'undecided');
}
