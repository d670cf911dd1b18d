import { culpritOf, rulesThatTook } from '#core/guard/culprit.ts';
import type { LifecycleRule } from '#core/lifecycle/rule.ts';
import { type BucketToCheck, bucketsOf } from '#operations/bucket-rules/check-rules.ts';
import type { BucketFacts } from '#ports/bucket-facts.ts';
import type { Loss } from './confirm.ts';

/** Who took what is lost. */

/** Places that tell of themselves. */
export interface TellingPlaces {
  /** By location: what its bucket says of itself; null of a directory. */
  readonly facts: readonly { readonly facts: BucketFacts | null }[];
  readonly signal?: AbortSignal | undefined;
}

/** A rule with the bucket that it is of: `s3://bucket`. */
export interface BucketRule {
  readonly bucket: string;
  readonly rule: LifecycleRule;
}

export interface Takers {
  /** Subjects of sentences. */
  readonly culprits: ReadonlySet<string>;
  /** All rules that can have taken something. */
  readonly rules: readonly BucketRule[];
  /** Those that can have taken this; none of what somebody asked for, and where the rules are not known. */
  readonly rulesOf: (loss: Loss) => readonly LifecycleRule[];
}

/** What a bucket does not tell of its rules is left out. */
export async function takersOf(losses: readonly Loss[], { facts, signal }: TellingPlaces): Promise<Takers> {
  const culprits = new Set<string>();
  const rules: Map<string, BucketRule> = new Map();
  const byLoss = new Map<Loss, readonly LifecycleRule[]>();
  for (const bucket of bucketsOf(facts)) {
    const own = losses.filter(({ location }) => bucket.locations.includes(location));
    const all = own.some(({ deletion }) => deletion.by === 'rule') ? await rulesIn(bucket, signal) : null;
    for (const loss of own) {
      const { deletion, key, bytes } = loss;
      const took = all === null ? null : rulesThatTook(all, { key, bytes: bytes < 0 ? null : bytes });
      culprits.add(culpritOf(deletion, bucket.facts.name, took));
      if (deletion.by !== 'rule' || took === null) continue;
      byLoss.set(loss, took);
      for (const rule of took) {
        rules.set(`${bucket.facts.name} ${rule.position}`, { bucket: bucket.facts.name, rule });
      }
    }
  }
  return { culprits, rules: [...rules.values()], rulesOf: (loss) => byLoss.get(loss) ?? [] };
}

async function rulesIn(
  { facts }: BucketToCheck,
  signal: AbortSignal | undefined,
): Promise<readonly LifecycleRule[] | null> {
  const told = await facts.lifecycle(signal === undefined ? {} : { signal });
  return told.known ? (told.value?.rules ?? []) : null;
}
