import { refuseHeldLease } from '#operations/ledger/lease.ts';
import { type AreaLease, leaseArea } from '#operations/run/lease-area.ts';
import { markedLocations } from '#operations/run/marked-locations.ts';
import type { AreaWriter } from '#ports/area-writer.ts';
import { openWriter } from './open-writer.ts';
import { newRun } from './run-identity.ts';
import type { LedgeredSteward } from './steward.ts';

export interface UnderLease extends AreaLease {
  readonly run: string;
  /** By location. They can write and can't delete. */
  readonly writers: readonly AreaWriter[];
}

/**
 * Runs an action under the lease of the ledger, and releases the lease afterwards, also after a failure. It opens no
 * deleter.
 *
 * @param execute whether the area itself may be changed; then the locations get their markers.
 * @throws LeaseHeldError, LedgerError, StoreError
 */
export async function underLease<T>(
  { input, ledger, locations, clock, notes }: LedgeredSteward,
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
  notes.add(...leased.notes);
  try {
    return await action({ ...leased, run: identity.run, writers });
  } finally {
    await leased.lease.release();
  }
}

/** For who has something done by a process that can't wait. @throws LeaseHeldError */
export async function refuseWhileLeaseIsHeld({ ledger, clock }: LedgeredSteward): Promise<void> {
  const { holders, now } = newRun(clock);
  await refuseHeldLease(ledger, { holders, now });
}
