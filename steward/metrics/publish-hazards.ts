import { lifecyclePolicy } from '#config/lifecycle-policy.ts';
import { judgeAll } from '#core/collect/judge.ts';
import { tally } from '#core/collect/totals.ts';
import { isoTime } from '#core/iso-time.ts';
import { jobsOf } from '#core/jobs/jobs.ts';
import { bucketsOf } from '#operations/bucket-rules/check-rules.ts';
import { rulesAtRisk } from '#operations/bucket-rules/rules-at-risk.ts';
import { rememberHazards } from '#operations/ledger/hazards.ts';
import { rememberedSurvey } from '#operations/look/remembered-survey.ts';
import type { Services } from '#steward/services.ts';
import type { LedgeredSteward } from '#steward/steward.ts';
import { publishWhatMatters } from './publish-what-matters.ts';

/** Publishes how much live state lifecycle rules delete, if they do, and that it is over. */

export interface Hazards {
  /** Lifecycle rules that delete what a checkpoint, a savepoint or a cluster needs. */
  readonly rules: number;
  /** The size of these objects. */
  readonly bytes: number;
  /** Which rule deletes what and when. */
  readonly sentences: readonly string[];
  /** For each bucket whose rules could not be read, why. */
  readonly unknown: readonly string[];
}

/** For a message in Slack; the answers of the functions have more. */
const MOST_TOLD = 3;

/** It is not a run, and changes nothing in the area. @throws StoreError, LedgerError, MetricError */
export async function publishHazards(
  steward: LedgeredSteward,
  services: Services,
  signal: AbortSignal,
): Promise<Hazards> {
  const { config, input, ledger, locations } = steward;
  // Checkpoints reference the same files whether or not their job runs, so no cluster is asked.
  const { survey } = await rememberedSurvey(ledger, { ...input, running: [], signal }, { mayWrite: false });
  const jobs = jobsOf(survey, tally(survey, judgeAll(survey)), config.labels);
  const asked = { survey, jobs, buckets: bucketsOf(locations), policy: lifecyclePolicy(config) };
  const { rules, bytes, sentences, takers, unknown } = await rulesAtRisk(asked, { signal });
  for (const sentence of sentences) {
    services.log('error', sentence);
  }
  // If the rules of a bucket could not be read, zero would be wrong. A number above zero from other buckets is right.
  if (unknown.length === 0 || rules > 0) {
    // First, because publishing can fail: the survey publishes the remembered hazards each hour.
    await rememberHazards(ledger, {
      at: isoTime(survey.start),
      rules,
      bytes,
      sentences: sentences.slice(0, MOST_TOLD),
      takers: takers.slice(0, MOST_TOLD),
    });
    const values = [
      { name: 'HazardousRules', value: rules, job: null },
      { name: 'BytesAtRisk', value: bytes, job: null },
    ] as const;
    await publishWhatMatters({ values, at: survey.start, complete: false }, steward, services);
  }
  return { rules, bytes, sentences, unknown };
}
