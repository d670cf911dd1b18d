import * as z from 'zod';
import { type KnownNames, NO_NAMES } from '#core/jobs/job-names.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { StoreError } from '#ports/object-store.ts';
import { JsonDocument } from './json-document.ts';
import { LedgerError } from './ledger-error.ts';

/** What a survey leaves about all jobs. */

/** The name of the document in the ledger. */
export const JOBS_DOCUMENT = 'jobs';

const stateSchema = z.object({
  /** Start of the last survey. */
  surveyed: z.iso.datetime(),
  /** Whether labels tell the folder of a job, because several hold jobs. */
  severalFolders: z.boolean(),
  /** Jobs that had not ended. */
  jobs: z.int(),
  /** Which files hold their histories. */
  files: z.array(z.int()),
  /** Roots that it could not judge. */
  undecidable: z.int(),
  /** By job id, what clusters have called them; absent where none was asked; version 0.1.0 left none. */
  names: z.record(z.string(), z.object({ name: z.string(), label: z.string() })).optional(),
});

/** What a survey leaves about the fleet for those who see single checkpoints. */
export type JobsState = z.output<typeof stateSchema>;

/** The document itself. */
export function jobsDocument(ledger: LedgerStore): JsonDocument<JobsState> {
  return new JsonDocument(ledger, JOBS_DOCUMENT, stateSchema);
}

/** What the last survey left for those who hear of checkpoints; null where there was none. @throws StoreError, LedgerError */
export async function jobsState(ledger: LedgerStore): Promise<JobsState | null> {
  return (await jobsDocument(ledger).read())?.value ?? null;
}

/** The names of jobs in what a survey left. */
export function namesIn(state: Pick<JobsState, 'names'> | null): KnownNames {
  return state?.names === undefined ? NO_NAMES : new Map(Object.entries(state.names));
}

/** The names of jobs that are remembered. Where they can't be read jobs have none, which changes no verdict. */
export async function rememberedNames(ledger: LedgerStore): Promise<KnownNames> {
  try {
    return namesIn(await jobsState(ledger));
  } catch (error) {
    if (error instanceof StoreError || error instanceof LedgerError) return NO_NAMES;
    throw error;
  }
}
