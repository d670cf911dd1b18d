import { dueAt, lossesBy, takes } from '#core/lifecycle/loss.ts';
import type { LifecycleRule } from '#core/lifecycle/rule.ts';

/** How much more a rule takes, where it has begun to. */

const DAY = 24 * 60 * 60 * 1_000;

/** A file that a broken restore point names, and that is still there. */
export interface LeftFile {
  /** Whole key. */
  readonly key: string;
  readonly bytes: number;
  /** LastModified, epoch milliseconds. */
  readonly modified: number;
}

/** What rules take next of files that roots name. */
export interface LossForecast {
  /** Files that a rule may delete at any moment. */
  readonly due: number;
  /** Files that become due within the next day, and when the first of them does: epoch milliseconds, null where none does. */
  readonly soon: number;
  readonly from: number | null;
  /** Whether there are restore points of which nobody has looked what is left. */
  readonly atLeast: boolean;
}

/** @param left of all restore points that the rules broke, or of some. @param now epoch milliseconds. */
export function forecastLoss(
  rules: readonly LifecycleRule[],
  left: { readonly files: Iterable<LeftFile>; readonly ofAll: boolean },
  now: number,
): LossForecast {
  const expiring = rules.map((rule) => ({
    rule,
    losses: lossesBy(rule, 'all_storage_classes_128K').filter(({ effect }) => effect === 'expires'),
  }));
  let due = 0;
  let soon = 0;
  let from: number | null = null;
  for (const { key, bytes, modified } of left.files) {
    const times = expiring.flatMap(({ rule, losses }) =>
      takes(rule.filter, { key, bytes, outside: false }) ? losses.map(({ when }) => dueAt(when, modified)) : [],
    );
    const at = Math.min(...times);
    if (at <= now) due++;
    else if (at <= now + DAY) {
      soon++;
      from = Math.min(from ?? at, at);
    }
  }
  return { due, soon, from, atLeast: !left.ofAll };
}
