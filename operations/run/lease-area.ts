import { isoTime } from '#core/iso-time.ts';
import { Lease } from '#operations/ledger/lease.ts';
import { type Ledger, openOrCreateLedger } from '#operations/ledger/ledger.ts';
import { LedgerError } from '#operations/ledger/ledger-error.ts';
import { type MarkedLocation, type Marking, mark, readMarking } from '#operations/ledger/marker.ts';
import { updateState } from '#operations/ledger/state.ts';
import type { SurveyInput } from '#operations/look/survey.ts';
import type { AreaWriter } from '#ports/area-writer.ts';
import type { Holders } from '#ports/holder.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';

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
  const { now } = input;
  const ledger = await openOrCreateLedger(input.ledger, input.newLedgerId, now());
  const lease = await Lease.take(ledger.store, input);
  try {
    if (input.execute) {
      await markAll(await markingsOf(input.locations, ledger), ledger, now());
    }
    return { ledger, lease };
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
  input: Omit<AreaLeaseInput, 'run' | 'command' | 'holders' | 'execute'>,
): Promise<Ledger> {
  const ledger = await openOrCreateLedger(input.ledger, input.newLedgerId, input.now());
  await markAll(await markingsOf(input.locations, ledger), ledger, input.now());
  return ledger;
}

/** The locations for which there is something to write with. */
export function markedLocations(
  locations: SurveyInput['locations'],
  writers: readonly AreaWriter[],
): readonly MarkedLocation[] {
  return locations.flatMap(({ area, store }, at) => {
    const writer = writers[at];
    return writer === undefined ? [] : { name: area.name, store, writer, prefix: area.prefix.slice(area.hidden) };
  });
}

/** Reads the markers of all locations. @throws StoreError */
export async function markingsOf(locations: readonly MarkedLocation[], ledger: Ledger): Promise<readonly Marking[]> {
  const markings: Marking[] = [];
  for (const location of locations) {
    markings.push(await readMarking(location, ledger));
  }
  return markings;
}

async function markAll(markings: readonly Marking[], ledger: Ledger, now: number): Promise<void> {
  for (const marking of markings) {
    if (marking.marked === 'foreign') {
      throw new LedgerError(
        `Another ledger, ${marking.place}, has been responsible for ${marking.location.name} since ${marking.since}. Two ledgers don't know each other's pins and retired checkpoints, so nothing was changed. Use that ledger (--ledger ${marking.place}). If it is gone for good, take over with "steward resume --take-over --execute" and the same locations`,
      );
    }
  }
  const lost = markings.find(({ marked }) => marked === 'lost');
  if (lost !== undefined) {
    const why = `the ledger that was responsible for ${lost.location.name} is missing; its pins, retired checkpoints and declarations are unknown`;
    await updateState(ledger.store, (state) =>
      state.paused === null ? { ...state, paused: { at: isoTime(now), why } } : state,
    );
    return;
  }
  for (const marking of markings) {
    await mark(marking, ledger, now);
  }
}
