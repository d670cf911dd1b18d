import { jobsOf } from '#core/jobs/jobs.ts';
import { type RememberedSizes, readSizesOf } from '#operations/ledger/remembered-states.ts';
import type { Look } from './look.ts';
import type { Steward } from './steward.ts';

/** What earlier looks at state files have found of the jobs of an area, by label. Reads the ledger alone. @throws StoreError */
export async function knownStates(
  { config }: Pick<Steward, 'config'>,
  { survey, totals, ledger }: Pick<Look, 'survey' | 'totals' | 'ledger'>,
): Promise<ReadonlyMap<string, RememberedSizes>> {
  const labels = jobsOf(survey, totals, config.labels).map(({ label }) => label);
  return ledger === null ? new Map() : await readSizesOf(ledger, new Set(labels));
}
