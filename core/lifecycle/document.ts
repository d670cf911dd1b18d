/** One rule as S3's JSON has it (`aws s3api get-bucket-lifecycle-configuration`), whatever it holds. */
export type RuleJson = Readonly<Record<string, unknown>>;

/** A lifecycle configuration as S3's JSON has it. */
export interface LifecycleJson {
  readonly Rules: readonly RuleJson[];
  /** Kept as it is found. Absent where the store did not say it. */
  readonly TransitionDefaultMinimumObjectSize?: string;
}

/** The same text for documents that mean the same: the order of keys does not count, that of lists does. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, held: unknown) =>
    isRecord(held) ? Object.fromEntries(Object.entries(held).sort(([a], [b]) => (a < b ? -1 : 1))) : held,
  );
}

/** Whether a value of parsed JSON is an object and no array. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Whether rules are of the older form, in which each has a `Prefix` of its own and none a `Filter`. S3 refuses a
 * configuration that holds both ("Filter element can only be used in Lifecycle V2"); both mean the same.
 */
export function areOfOlderForm(rules: readonly RuleJson[]): boolean {
  return rules.length > 0 && rules.every(({ Filter }) => Filter === undefined);
}

/** A rule that has nothing but a prefix in its `Filter`, in the older form. */
export function withPrefix(rule: RuleJson): RuleJson {
  return Object.fromEntries(
    Object.entries(rule).map(([key, value]) =>
      key === 'Filter' ? ['Prefix', isRecord(value) ? value.Prefix : ''] : [key, value],
    ),
  );
}

/** The rule with a `Filter` in place of a `Prefix` of its own. */
export function withFilter(rule: RuleJson): RuleJson {
  if (rule.Filter !== undefined) return rule;
  if (rule.Prefix === undefined) return { ...rule, Filter: { Prefix: '' } };
  return Object.fromEntries(
    Object.entries(rule).map(([key, value]) => (key === 'Prefix' ? ['Filter', { Prefix: value }] : [key, value])),
  );
}
