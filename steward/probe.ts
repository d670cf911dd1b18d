import { openLedger } from '#operations/ledger/ledger.ts';
import { readMarker, whose } from '#operations/ledger/marker.ts';
import { type KnownStore, knowStore, probedLocations } from '#operations/run/known-stores.ts';
import { markedLocations } from '#operations/run/marked-locations.ts';
import { openProbe } from './open-probe.ts';
import { openWriter } from './open-writer.ts';
import type { Steward } from './steward.ts';

/** Finds out anew what the stores of an area honour. */

export type { KnownStore } from '#operations/run/known-stores.ts';

/** What is known of the store of one location by now. */
export interface StoreFindings extends KnownStore {
  /** Whether the marker of the location says so from now on: runs then need not probe. */
  readonly remembered: boolean;
}

/**
 * Probes the store of each location, and writes what it finds into the markers that are of this ledger. A location
 * without such a marker is probed all the same.
 *
 * @throws StoreError where a store could not be probed.
 */
export async function probeStores(steward: Steward): Promise<readonly StoreFindings[]> {
  const { locations, input, clock } = steward;
  const probes = await Promise.all(locations.map(openProbe));
  const writers = await Promise.all(locations.map(({ reach }) => openWriter(reach)));
  const ledger = steward.ledger === null ? null : await openLedger(steward.ledger);
  const all: StoreFindings[] = [];
  for (const location of probedLocations(markedLocations(input.locations, writers), probes)) {
    const marker = await readMarker(location.spot);
    const isOurs = marker !== null && ledger !== null && whose(marker.marker, ledger) === 'ours';
    const known = await knowStore({ ...location, writer: isOurs ? location.writer : null }, { now: clock, anew: true });
    all.push({ ...known, remembered: isOurs && known.kind === 'probed' });
  }
  return all;
}
