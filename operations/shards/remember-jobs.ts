import { namesOf } from '#core/jobs/job-names.ts';
import { rememberJobs } from '#operations/jobs/remember-jobs.ts';
import { rememberedNames } from '#operations/ledger/jobs-document.ts';
import { LedgerError } from '#operations/ledger/ledger-error.ts';
import { StoreError } from '#ports/object-store.ts';
import { concluded } from './conclude.ts';
import type { RememberedJobs, ShardContext } from './context.ts';
import { jobFacts } from './job-facts.ts';
import { ledgerOf } from './remember-shard.ts';
import type { ItemOutput } from './shard-files.ts';

/** What could not be remembered, in sentences. */
export interface JobsRemembered {
  readonly notes: readonly string[];
}

/**
 * Adds what the run saw to the histories of the jobs, from which their metrics are published. How much a checkpoint added is
 * not known: no item has all objects that a root references. Nothing that is deleted depends on it.
 *
 * @throws LostPartError
 */
export async function rememberJobsOfRun(
  context: ShardContext,
  { labels, billing }: RememberedJobs,
): Promise<ItemOutput> {
  const { area, input } = context;
  const ledger = ledgerOf(context);
  const { start, undecidable, breakers } = await concluded(context);
  // A part of the area says nothing of the jobs in the rest of it.
  if (breakers.some(({ breaker }) => breaker === 'area-shrunk')) return outputOf([]);
  const { owners, totals, liveness, damaged } = await jobFacts(context);
  const names = namesOf(liveness.jobs, await rememberedNames(ledger));
  try {
    const lost = await rememberJobs({
      ledger,
      survey: { area, start, settings: input.settings, undecidable, names, liveness, owners },
      totals,
      labels,
      billing: await billing(),
      damaged: (jobs) => damaged(jobs).map(({ job }) => job),
      incrementOf: () => null,
    });
    return outputOf(lost);
  } catch (error) {
    if (!(error instanceof StoreError || error instanceof LedgerError) || input.signal?.aborted) throw error;
    return outputOf([`The history of the jobs could not be extended by this run: ${error.message}`]);
  }
}

function outputOf(notes: readonly string[]): ItemOutput {
  const facts: JobsRemembered = { notes };
  return { facts, lists: {} };
}
