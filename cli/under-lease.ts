import { type Ledger, openLedger } from '#operations/ledger/ledger.ts';
import { type Marking, readMarking } from '#operations/ledger/marker.ts';
import { type Charge, takeCharge } from '#operations/run/lease-area.ts';
import { markedLocations } from '#operations/run/run.ts';
import type { AreaWriter } from '#ports/area-writer.ts';
import { openHands } from '#steward/open-access.ts';
import type { PreparedArea } from './area-options.ts';
import { requireLedger } from './choose-ledger.ts';
import { UsageError } from './errors.ts';
import type { Io } from './io.ts';
import { nextCommand } from './next-command.ts';
import { newRun } from './run-area.ts';

/** What can be written with at each location. */
export async function writersOf({ locations }: PreparedArea): Promise<readonly AreaWriter[]> {
  return (await Promise.all(locations.map(({ reach }) => openHands(reach)))).map(({ writer }) => writer);
}

export interface InCharge extends Charge {
  readonly run: string;
  readonly writers: readonly AreaWriter[];
}

/**
 * Does something under the lease of the area's ledger, and gives the lease back however that ends.
 *
 * @param execute whether the area itself may be changed: then it is marked.
 */
export async function inCharge<T>(
  prepared: PreparedArea,
  { command, execute = true }: { readonly command: string; readonly execute?: boolean },
  io: Io,
  action: (charge: InCharge) => Promise<T>,
): Promise<T> {
  const writers = await writersOf(prepared);
  const run = newRun(io);
  const charge = await takeCharge({
    ...run,
    ledger: requireLedger(prepared.ledger),
    command,
    locations: markedLocations(prepared.input.locations, writers),
    execute,
  });
  try {
    return await action({ ...charge, run: run.run, writers });
  } finally {
    await charge.lease.release();
  }
}

/** The ledger that is there. @throws UsageError where there is none. */
export async function existingLedger({ ledger, typed }: PreparedArea): Promise<Ledger> {
  const store = requireLedger(ledger);
  const known = await openLedger(store);
  if (known === null) {
    throw new UsageError(
      `${store.name}: there is no ledger here yet. It begins with the first run: ${nextCommand(['collect'], typed)}`,
    );
  }
  return known;
}

/** A location of the area that another ledger looks after; null where none is. */
export async function foreignMarking(
  prepared: PreparedArea,
  ledger: Ledger,
): Promise<Extract<Marking, { place: string }> | null> {
  for (const location of markedLocations(prepared.input.locations, await writersOf(prepared))) {
    const marking = await readMarking(location, ledger);
    if (marking.marked === 'foreign' && 'place' in marking) {
      return marking;
    }
  }
  return null;
}
