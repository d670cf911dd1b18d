import type { LifecycleJson } from '#core/lifecycle/document.ts';
import type { Expression } from '#core/lifecycle/expression.ts';
import type { LifecycleRule, TransitionMinimum } from '#core/lifecycle/rule.ts';

/** How a file writes lifecycle rules, and so how a safe replacement is written. */
export type RulesForm = 's3' | 'terraform' | 'terraform-inline' | 'cloudformation' | 'cdk';

/** The lifecycle rules of one bucket as a file has them that is still to be applied. */
export interface ConfiguredBucket {
  /**
   * Where they stand in the file: an address of Terraform, a logical ID of CloudFormation. Empty where the file is
   * about one bucket alone.
   */
  readonly resource: string;
  readonly form: RulesForm;
  /** The bucket's name; an expression where only applying the file tells it; null where the file says nothing of it. */
  readonly name: string | Expression | null;
  /** How Terraform names the bucket in this place, such as `aws_s3_bucket.state.id`; null where its name stands there. */
  readonly reference: string | null;
  /** What the bucket, or else its resource, is called. */
  readonly called: readonly string[];
  /** What is around it: modules, tags, logical IDs. */
  readonly around: readonly string[];
  /** In the words of S3's API, with expressions in their places. */
  readonly document: LifecycleJson;
  /** Why all its rules, or some, are not known; null where they are. */
  readonly hidden: string | null;
  /** Whether it is of a store or provider whose rules are not read here. */
  readonly isForeign: boolean;
  /** Whether the file says that the bucket keeps versions. */
  readonly versioned: boolean;
  /** Lines of the rules in the file, from 1, in their order. Null where the file has no lines to speak of. */
  readonly lines: readonly (number | null)[];
  /** Conditions of the template under which each rule is there; null: always. */
  readonly conditions: readonly (string | null)[];
}

/** The rules with every expression replaced by a value. */
export interface SettledRules {
  readonly rules: readonly LifecycleRule[];
  readonly transitionMinimum: TransitionMinimum | null;
  readonly notUnderstood: readonly string[];
}

/** A bucket whose rules can be judged. */
export interface LintableBucket extends ConfiguredBucket {
  /** With the values of expressions that do the most harm. */
  readonly worst: SettledRules;
  /** With the values that do the least. */
  readonly best: SettledRules;
}

/** What a file of rules holds. */
export interface RulesFile {
  /** What it is, for people: `Terraform plan`. */
  readonly kind: string;
  readonly buckets: readonly LintableBucket[];
  /** All texts in it, each behind its key: `state.checkpoints.dir: s3://my-bucket/flink`. */
  readonly texts: readonly string[];
}
