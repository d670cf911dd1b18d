import { lifecyclePolicy } from '#config/lifecycle-policy.ts';
import { isoTime } from '#core/iso-time.ts';
import { type Job, jobsOf } from '#core/jobs/jobs.ts';
import {
  type BucketRulesReport,
  type BucketToCheck,
  bucketsOf,
  checkBuckets,
  hazardsOf,
  type RuleFinding,
} from '#operations/bucket-rules/check-rules.ts';
import { type RulesReconciliation, reconcileRules } from '#operations/bucket-rules/reconcile-rules.ts';
import type { Survey } from '#operations/look/survey.ts';
import type { AskOptions, BucketLifecycle } from '#ports/bucket-facts.ts';
import type { LifecycleWriter } from '#ports/lifecycle-writer.ts';
import type { Look } from './look.ts';
import type { LedgeredSteward, Steward } from './steward.ts';

/** The lifecycle rules of the buckets: what they do to live state, and how the steward's own rules are written. */

export { type BucketRulesReport, type BucketToCheck, isUnclear } from '#operations/bucket-rules/check-rules.ts';
export type { ReplacementView } from '#operations/bucket-rules/judge-rules.ts';
export type { RulesReconciliation } from '#operations/bucket-rules/reconcile-rules.ts';

export interface RulesReport {
  readonly area: readonly string[];
  readonly start: string;
  readonly buckets: readonly BucketRulesReport[];
  readonly findings: readonly RuleFinding[];
  readonly undecidable: Survey['undecidable'];
}

/** @param buckets to check. @default those of the area */
export async function checkRules(
  { config, locations }: Steward,
  { survey, totals }: Pick<Look, 'survey' | 'totals'>,
  buckets: readonly BucketToCheck[] = bucketsOf(locations),
  signal?: AbortSignal,
): Promise<{ readonly report: RulesReport; readonly jobs: readonly Job[] }> {
  const jobs = jobsOf(survey, totals, config.labels);
  const reports = await checkBuckets(
    { survey, jobs, buckets, policy: lifecyclePolicy(config) },
    signal === undefined ? {} : { signal },
  );
  const report = {
    area: survey.area.locations.map(({ name }) => name),
    start: isoTime(survey.start),
    buckets: reports,
    findings: reports.flatMap(hazardsOf),
    undecidable: survey.undecidable,
  };
  return { report, jobs };
}

/** As {@link checkRules}, of rules that the bucket of the area is to get in place of those that it has. */
export async function forecastRules(
  steward: Steward,
  look: Pick<Look, 'survey' | 'totals'>,
  lifecycle: BucketLifecycle,
  signal?: AbortSignal,
): Promise<{ readonly report: RulesReport; readonly jobs: readonly Job[] }> {
  const buckets = bucketsOf(steward.locations).map(({ facts, locations }) => ({
    locations,
    facts: {
      name: facts.name,
      lifecycle: () => Promise.resolve({ known: true as const, value: lifecycle }),
      versioning: (options?: AskOptions) => facts.versioning(options),
      notices: (options?: AskOptions) => facts.notices(options),
      incompleteUploads: (prefix: string, options?: AskOptions) => facts.incompleteUploads(prefix, options),
      olderVersions: (prefix: string, options?: AskOptions) => facts.olderVersions(prefix, options),
    },
  }));
  return await checkRules(steward, look, buckets, signal);
}

/** Whether the area has a bucket, which can have lifecycle rules. */
export function hasBuckets({ locations }: Steward): boolean {
  return bucketsOf(locations).length > 0;
}

export interface Reconciling {
  /** Makes the writer of the rules of a bucket; null if rules are only compared. */
  readonly writerOf: (location: Steward['locations'][number]) => LifecycleWriter | null;
  /** Whether the steward's own rules that somebody removed are added again. */
  readonly restore: boolean;
  readonly signal: AbortSignal;
  /** Called for each bucket, once its rules are written or compared. */
  readonly onBucket?: (reconciliation: RulesReconciliation) => void;
}

/** Writes the steward's own rules of each bucket as the configuration wants them, or reports how they differ. */
export async function reconcileBuckets(
  { config, locations, ledger }: LedgeredSteward,
  { writerOf, restore, signal, onBucket = () => {} }: Reconciling,
): Promise<readonly RulesReconciliation[]> {
  const reconciliations: RulesReconciliation[] = [];
  for (const { facts, locations: within } of bucketsOf(locations)) {
    const inBucket = within.flatMap((location) => locations[location] ?? []);
    const [first] = inBucket;
    const reconciliation = await reconcileRules({
      facts,
      prefixes: inBucket.map(({ area }) => area.prefix),
      policy: lifecyclePolicy(config),
      ledger,
      writer: first === undefined ? null : writerOf(first),
      restore,
      options: { signal },
    });
    onBucket(reconciliation);
    reconciliations.push(reconciliation);
  }
  return reconciliations;
}
