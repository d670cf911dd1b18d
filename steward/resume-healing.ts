import { guardOf } from '#config/guard.ts';
import type { Part } from '#operations/ledger/line-parts.ts';
import { readState } from '#operations/ledger/state.ts';
import { unhealedLists } from '#operations/ledger/unhealed.ts';
import type { LedgeredSteward } from './steward.ts';

/**
 * What a healing has left that a pause, its time or a failure has ended. Null where nothing is left, where it may not go on,
 * and where nothing is to be healed by now.
 *
 * @throws StoreError, LedgerError
 */
export async function healingToResume({
  config,
  ledger,
}: Pick<LedgeredSteward, 'config' | 'ledger'>): Promise<readonly Part[] | null> {
  const { mode, heal } = guardOf(config);
  if (mode === 'off' || heal === false) return null;
  const parts = (await unhealedLists(ledger)).flatMap((list) => list.parts);
  if (parts.length === 0 || (await readState(ledger)).paused !== null) return null;
  return parts;
}
