import { type Charge, takeCharge } from '#operations/run/lease-area.ts';
import { markedLocations } from '#operations/run/run.ts';
import type { AreaWriter } from '#ports/area-writer.ts';
import { openWriter } from '#steward/open-writer.ts';
import type { Steward } from './open-steward.ts';
import { newRun } from './run-steward.ts';
import type { Host } from './runtime.ts';

export interface InCharge extends Charge {
  readonly run: string;
  /** By location. */
  readonly writers: readonly AreaWriter[];
}

/**
 * Does something under the lease of the ledger, and gives the lease back however that ends.
 *
 * @param execute whether the area itself may be changed: then it is marked.
 * @throws LeaseHeldError, LedgerError, StoreError
 */
export async function inCharge<T>(
  steward: Steward,
  { command, execute }: { readonly command: string; readonly execute: boolean },
  host: Host,
  action: (charge: InCharge) => Promise<T>,
): Promise<T> {
  const writers = steward.locations.map(({ reach }) => openWriter(reach));
  const run = newRun(host);
  const charge = await takeCharge({
    ...run,
    ledger: steward.ledger,
    command,
    locations: markedLocations(steward.input.locations, writers),
    execute,
  });
  try {
    return await action({ ...charge, run: run.run, writers });
  } finally {
    await charge.lease.release();
  }
}
