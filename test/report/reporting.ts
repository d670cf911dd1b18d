import { judgeAll } from '#core/collect/judge.ts';
import { DEFAULT_COLLECT_SETTINGS } from '#core/collect/settings.ts';
import { tally } from '#core/collect/totals.ts';
import type { Labels } from '#core/jobs/labels.ts';
import type { JobHistory } from '#core/signals/job-history.ts';
import type { RememberedSizes } from '#operations/ledger/remembered-states.ts';
import { type SurveyInput, survey } from '#operations/look/survey.ts';
import { audit, type BucketRules } from '#operations/report/audit.ts';
import type { ObjectStore } from '#ports/object-store.ts';
import type { ReportDocument } from '#report/model/document.ts';
import { reportOf } from '#report/model/report-of.ts';
import { expiry } from '#test/core/lifecycle/samples.ts';
import { bucket } from '#test/support/judged.ts';
import { NOW } from '#test/support/played-job.ts';

export interface Reporting extends Partial<SurveyInput> {
  readonly labels?: Labels;
  readonly histories?: readonly JobHistory[];
  readonly states?: ReadonlyMap<string, RememberedSizes>;
  readonly lifecycle?: BucketRules;
}

/** The report on one bucket, as the tests' clock has it. */
export async function reportOn(
  store: ObjectStore,
  { labels = [], histories = [], states = new Map(), lifecycle, ...more }: Reporting = {},
): Promise<ReportDocument> {
  const surveyed = await survey({
    locations: [bucket(store)],
    outside: [],
    aliases: [],
    settings: DEFAULT_COLLECT_SETTINGS,
    deadJobs: [],
    protects: () => false,
    clock: () => NOW,
    ...more,
  });
  const verdicts = judgeAll(surveyed);
  const totals = tally(surveyed, verdicts);
  const billing = { prices: null, places: [{ isBucket: true, usage: null }] };
  const audited = audit({
    survey: surveyed,
    verdicts,
    totals,
    labels,
    bucketRules: lifecycle ?? null,
    billing,
  });
  return reportOf({ survey: surveyed, verdicts, totals, labels, audit: audited, histories, states });
}

/** A rule as buckets have it. */
export function expireAfter(days: number): BucketRules {
  return { transitionMinimum: null, rules: [expiry(days)] };
}
