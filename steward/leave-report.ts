import { Buffer } from 'node:buffer';
import { tidyingPolicy } from '#config/lifecycle-policy.ts';
import { jobsOf } from '#core/jobs/jobs.ts';
import type { JobHistory } from '#core/signals/job-history.ts';
import type { Steward } from '#functions/shared/open-steward.ts';
import type { Host } from '#functions/shared/runtime.ts';
import { bucketsOf, checkBuckets } from '#operations/bucket-rules/check-rules.ts';
import { REPORT_FILE } from '#operations/ledger/report-file.ts';
import { damageMemory } from '#operations/ledger/run-memory.ts';
import { audit, stateNotes } from '#operations/report/audit.ts';
import type { RunReport } from '#operations/run/run.ts';
import { reportOf } from '#report/model/report-of.ts';
import { renderReport } from '#report/render.ts';
import { billingOf } from '#steward/billing.ts';

interface Told {
  readonly histories: readonly JobHistory[];
  readonly host: Host;
  readonly signal: AbortSignal;
}

/** Leaves the page in the ledger that people look at. A survey without it is a survey all the same. */
export async function writeReport(
  { survey, verdicts, totals, before, breakers, state }: RunReport,
  { config, ledger, locations }: Steward,
  { histories, host, signal }: Told,
): Promise<void> {
  try {
    const { labels, signals } = config;
    const known = {
      damage: damageMemory(before, survey.area),
      notes: stateNotes(state),
      overTime: { histories, budgets: signals.budget },
    };
    const jobs = jobsOf(survey, survey.area, totals, labels);
    const buckets = await checkBuckets(survey, jobs, bucketsOf(locations), tidyingPolicy(config), { signal });
    const billing = await billingOf(config, locations);
    const page = await renderReport(
      reportOf({
        survey,
        verdicts,
        totals,
        labels,
        audit: audit(survey, totals, labels, null, billing, buckets, known),
        breakers,
        histories,
      }),
    );
    await ledger.writeFile(REPORT_FILE, Buffer.from(page));
  } catch (error) {
    host.log('error', `The page to look at could not be written: ${error instanceof Error ? error.message : error}`);
  }
}
