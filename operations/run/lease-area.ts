import { Lease } from '#operations/ledger/lease.ts';
import { type Ledger, openOrCreateLedger } from '#operations/ledger/ledger.ts';
import type { Holders } from '#ports/holder.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { AreaMarkers } from './area-markers.ts';
import { markerNotes } from './foreign-markers.ts';
import type { MarkedLocation } from './marked-locations.ts';

/** The lease of an area and its markers: what every command takes first that changes anything. */

/** Who takes the lease of which area. */
export interface AreaLeaseInput {
  readonly ledger: LedgerStore;
  readonly run: string;
  /** As people know it: `steward collect`. */
  readonly command: string;
  readonly holders: Holders;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Names a ledger that has to be made. */
  readonly newLedgerId: string;
  readonly locations: readonly MarkedLocation[];
  /** Whether the area itself may be changed: then it is marked. */
  readonly execute: boolean;
}

/** The ledger of an area, and its lease, which the caller must release. */
export interface AreaLease {
  readonly ledger: Ledger;
  readonly lease: Lease;
  /** Null where the area is not to be changed, and so is not marked. */
  readonly markers: AreaMarkers | null;
  /** What the markers of the area say that people should know, in sentences. */
  readonly notes: readonly string[];
}

/**
 * Opens or creates the ledger, takes its lease, and ensures that no other ledger is responsible for the area. If the
 * responsible ledger has vanished, deleting is paused: its pins, retired roots and declarations are not known
 * any more.
 *
 * @throws LedgerError if another ledger is responsible for the area or another run holds the lease.
 * @throws StoreError
 */
export async function leaseArea(input: AreaLeaseInput): Promise<AreaLease> {
  const { locations, execute, run, now } = input;
  const ledger = await openOrCreateLedger(input.ledger, input.newLedgerId, now());
  const lease = await Lease.take(ledger.store, input);
  try {
    if (!execute) {
      return { ledger, lease, markers: null, notes: await markerNotes(locations, ledger, null) };
    }
    const markers = new AreaMarkers(locations, { ledger, run, lease: lease.number, now });
    await markers.settle();
    return { ledger, lease, markers, notes: markers.notes };
  } catch (error) {
    await lease.release();
    throw error;
  }
}

/**
 * As {@link leaseArea}, without its lease: for what is said in one change of the ledger, which a run that holds the lease
 * is to hear of.
 *
 * @throws LedgerError if another ledger is responsible for the area, StoreError
 */
export async function markArea(
  input: Omit<AreaLeaseInput, 'command' | 'holders' | 'execute'>,
): Promise<Pick<AreaLease, 'ledger' | 'notes'>> {
  const { locations, run, now } = input;
  const ledger = await openOrCreateLedger(input.ledger, input.newLedgerId, now());
  const markers = new AreaMarkers(locations, { ledger, run, lease: null, now });
  await markers.settle();
  return { ledger, notes: markers.notes };
}
