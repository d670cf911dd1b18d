import { type AreaLease, leaseArea, markedLocations } from '#operations/run/lease-area.ts';
import type { AreaWriter } from '#ports/area-writer.ts';
import { openWriter } from './open-writer.ts';
import { newRun } from './run-identity.ts';
import type { LedgeredSteward } from './steward.ts';

export interface UnderLease extends AreaLease {
  readonly run: string;
  /** By location. They write and can't delete. */
  readonly writers: readonly AreaWriter[];
}

/**
 * Does something under the lease of the area's ledger, and gives the lease back however that ends. Opens no deleter.
 *
 * @param execute whether the area itself may be changed: then it is marked.
 * @throws LeaseHeldError, LedgerError, StoreError
 */
export async function underLease<T>(
  { input, ledger, locations, clock }: LedgeredSteward,
  { command, execute }: { readonly command: string; readonly execute: boolean },
  action: (lease: UnderLease) => Promise<T>,
): Promise<T> {
  const writers = await Promise.all(locations.map(({ reach }) => openWriter(reach)));
  const identity = newRun(clock);
  const leased = await leaseArea({
    ...identity,
    ledger,
    command,
    locations: markedLocations(input.locations, writers),
    execute,
  });
  try {
    return await action({ ...leased, run: identity.run, writers });
  } finally {
    await leased.lease.release();
  }
}
