import type { TrippedBreaker } from '#core/collect/breakers.ts';
import type { Verdicts } from '#core/collect/judge.ts';
import type { Totals } from '#core/collect/totals.ts';
import { liveSetOf } from '#core/guard/live-set.ts';
import { damageFindings } from '#core/jobs/damage.ts';
import { incrementOf } from '#core/signals/seen-jobs.ts';
import { type RememberJobsInput, rememberJobs } from '#operations/jobs/remember-jobs.ts';
import { LedgerError } from '#operations/ledger/ledger-error.ts';
import { rootsBefore, writeLiveSet } from '#operations/ledger/live-set-parts.ts';
import { damageMemory, type Recollection, remember } from '#operations/ledger/run-memory.ts';
import type { Survey } from '#operations/look/survey.ts';
import type { Billing } from '#operations/report/cost.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { StoreError } from '#ports/object-store.ts';

/** Leaves in the ledger what a run found: for the quarantine of the next run, and for the histories of jobs. */

/** What it takes to remember jobs over time. */
export interface RememberedJobs extends Pick<RememberJobsInput, 'labels' | 'onHistory'> {
  /** Called after the survey: what was asked of the stores is billed too. */
  readonly billing: () => Promise<Billing | null>;
}

/** What a run found. */
export interface Findings {
  readonly ledger: LedgerStore;
  readonly run: string;
  /** What the run began with. */
  readonly before: Recollection;
  readonly survey: Survey;
  readonly verdicts: Verdicts;
  readonly totals: Totals;
  readonly breakers: readonly TrippedBreaker[];
  /** Those of them that the caller has not accepted. */
  readonly tripped: readonly TrippedBreaker[];
  /** Without it nothing is remembered of jobs. */
  readonly jobs: RememberedJobs | undefined;
  /** Whether the live set is left for the guard. */
  readonly guarded: boolean;
  /** End the run. */
  readonly aborts: readonly AbortSignal[];
}

/** What the ledger knows of a run before it acts. */
export interface Remembered {
  /** What the ledger holds now. */
  readonly recollection: Recollection;
  /** What could not be remembered, in sentences. */
  readonly notes: readonly string[];
}

/** Must have returned before anything is deleted. @throws StoreError */
export async function rememberFindings(findings: Findings): Promise<Remembered> {
  const { ledger, before, run, survey, verdicts, breakers, tripped, jobs, guarded } = findings;
  const notes: string[] = [];
  const written = await remember(ledger, before, { run, survey, verdicts, tripped: tripped.length > 0 });
  if (written === null) {
    notes.push('Another run has stored its findings in the meantime, so this run does not count for the quarantine.');
  }
  // A part of the area says nothing of the jobs in the rest of it.
  if (jobs !== undefined && !breakers.some(({ breaker }) => breaker === 'area-shrunk')) {
    notes.push(...(await growHistories(jobs, findings)));
  }
  if (guarded) notes.push(...(await leaveLiveSet(findings)));
  return { recollection: written ?? before, notes };
}

/** Nothing that is deleted depends on it: the guard goes on with the one before. */
async function leaveLiveSet({ ledger, survey, aborts }: Findings): Promise<readonly string[]> {
  try {
    await writeLiveSet(ledger, liveSetOf(survey, await rootsBefore(ledger)));
    return [];
  } catch (error) {
    if (!isOfLedger(error, aborts)) throw error;
    return [`What is live could not be left for the guard by this run: ${error.message}`];
  }
}

/** Nothing that is deleted depends on it, so a failure is worth a sentence and no more. */
async function growHistories(
  { billing, ...jobs }: RememberedJobs,
  { ledger, survey, totals, before, aborts }: Findings,
): Promise<readonly string[]> {
  try {
    const damage = damageMemory(before, survey.area);
    return await rememberJobs({
      ...jobs,
      ledger,
      survey,
      totals,
      billing: await billing(),
      damaged: (seen) => damageFindings(survey, seen, damage).map(({ job }) => job),
      incrementOf: (root, since) => incrementOf(root, survey.objects, since),
    });
  } catch (error) {
    if (!isOfLedger(error, aborts)) throw error;
    return [`The history of the jobs could not be extended by this run: ${error.message}`];
  }
}

/** Whether the ledger failed, and nobody has ended the run. */
function isOfLedger(error: unknown, aborts: readonly AbortSignal[]): error is StoreError | LedgerError {
  return !aborts.some(({ aborted }) => aborted) && (error instanceof StoreError || error instanceof LedgerError);
}
