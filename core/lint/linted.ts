import type { RuleEffect } from '#core/lifecycle/judgement.ts';
import type { LossEffect } from '#core/lifecycle/loss.ts';
import type { Replacement } from '#core/lifecycle/replacement.ts';

/** One way in which a rule would take Flink state, as far as a file tells. */
export interface LintedLoss {
  readonly effect: LossEffect;
  /** After an object was written; null where a date counts, or where the file does not tell. */
  readonly days: number | null;
  /** Epoch milliseconds; null where an age counts, or where the file does not tell. */
  readonly date: number | null;
  /** What stands in place of the time; null where it is written out. */
  readonly unwritten: string | null;
  /** The class that objects are moved to; null for expiry, or where the file does not tell. */
  readonly storageClass: string | null;
  /** What stands in place of the class; null where it is written out. */
  readonly unwrittenClass: string | null;
  /** Bytes; null: of any size. */
  readonly largerThan: number | null;
  readonly smallerThan: number | null;
}

/**
 * `takes`: it deletes or archives Flink state, or may do so under a condition. `undecided`: what the file does not tell
 * makes the difference. `elsewhere`: it is about other keys.
 */
export type LintVerdict = 'takes' | 'undecided' | 'harmless' | 'elsewhere';

/**
 * How a rule is known to be about other keys. `by-name`: its prefix is called after something that is no state.
 * `matches-nothing`: no key that Flink writes begins like its prefix.
 */
export type ElsewhereBy = 'other-prefix' | 'by-name' | 'matches-nothing';

/** What is not written out in a rule, and what it was taken for. */
export interface Unwritten {
  /** In the words of S3's API: `Filter.Prefix`. */
  readonly path: string;
  /** As the file has it: `var.prefix`. */
  readonly expression: string;
  /** The value that the file tells for it, such as the default of a parameter. Null: only applying it tells. */
  readonly taken: string | null;
}

/** What one rule would do to Flink state. */
export interface LintedRule {
  readonly id: string | null;
  /** From 1. */
  readonly position: number;
  readonly status: 'Enabled' | 'Disabled';
  /** In the file, from 1; null where it has no lines to speak of. */
  readonly line: number | null;
  readonly verdict: LintVerdict;
  /** Null where it is not elsewhere. */
  readonly elsewhere: ElsewhereBy | null;
  /** False where the rule may spare the objects; then `condition` is when it takes them. */
  readonly certain: boolean;
  readonly condition: string | null;
  readonly effect: RuleEffect;
  readonly losses: readonly LintedLoss[];
  readonly unwritten: readonly Unwritten[];
  readonly notUnderstood: readonly string[];
  readonly notes: readonly string[];
  readonly sentence: string;
}

/** The rules of one bucket, judged without access to it. */
export interface LintedRules {
  readonly rules: readonly LintedRule[];
  /** Null where no rule takes Flink state. */
  readonly replacement: Replacement | null;
}
