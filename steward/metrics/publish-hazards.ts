import { lifecyclePolicy } from '#config/lifecycle-policy.ts';
import { judgeAll } from '#core/collect/judge.ts';
import { tally } from '#core/collect/totals.ts';
import { isoTime } from '#core/iso-time.ts';
import { jobsOf } from '#core/jobs/jobs.ts';
import { bucketsOf } from '#operations/bucket-rules/check-rules.ts';
import { rulesAtRisk } from '#operations/bucket-rules/rules-at-risk.ts';
import { rememberHazards } from '#operations/ledger/hazards.ts';
import { rememberedSurvey } from '#operations/look/remembered-survey.ts';
import type { LedgeredSteward } from '#steward/steward.ts';
import type { Surroundings } from '#steward/surroundings.ts';
import { metricSinkOf } from './metric-sink.ts';

/** What the rules of the buckets take of live state, told as gauges: zeros too, so that an alarm knows it was looked at. */

export interface Hazards {
  /** Lifecycle rules that delete what a checkpoint, a savepoint or a cluster needs. */
  readonly rules: number;
  /** What they delete of it. */
  readonly bytes: number;
  /** Which rule deletes what and when. */
  readonly sentences: readonly string[];
  /** Why the rules of a bucket are not known. */
  readonly unknown: readonly string[];
}

/** Counts as no run, and changes nothing. @throws StoreError, LedgerError, MetricError */
export async function publishHazards(
  steward: LedgeredSteward,
  around: Surroundings,
  signal: AbortSignal,
): Promise<Hazards> {
  const { config, input, ledger, locations } = steward;
  // Whether a job runs changes nothing of what its checkpoints name, so no cluster is asked.
  const { survey } = await rememberedSurvey(ledger, { ...input, running: [], signal }, { mayWrite: false });
  const jobs = jobsOf(survey, tally(survey, judgeAll(survey)), config.labels);
  const asked = { survey, jobs, buckets: bucketsOf(locations), policy: lifecyclePolicy(config) };
  const { rules, bytes, sentences, unknown } = await rulesAtRisk(asked, { signal });
  for (const sentence of sentences) {
    around.log('error', sentence);
  }
  // Of rules that nobody may read a zero would be a lie; what was found in other buckets is true all the same.
  if (unknown.length === 0 || rules > 0) {
    // First: others publish it from there each hour, whatever becomes of this time.
    await rememberHazards(ledger, { at: isoTime(survey.start), rules, bytes });
    await metricSinkOf(around).publish([
      { name: 'HazardousRules', value: rules, job: null, at: survey.start },
      { name: 'BytesAtRisk', value: bytes, job: null, at: survey.start },
    ]);
  }
  return { rules, bytes, sentences, unknown };
}
