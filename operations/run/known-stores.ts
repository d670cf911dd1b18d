import { isoTime } from '#core/iso-time.ts';
import {
  AWS_CONSEQUENCES,
  consequencesOf,
  type DeletionGuard,
  type StoreConsequences,
  type StoreHonours,
  UNKNOWN_CONSEQUENCES,
} from '#core/store-honours.ts';
import { LedgerError } from '#operations/ledger/ledger-error.ts';
import { type FoundMarker, type ProbedStore, readMarker, writeMarker } from '#operations/ledger/marker.ts';
import { StoreError } from '#ports/object-store.ts';
import type { StoreProbe } from '#ports/store-probe.ts';
import type { MarkedLocation } from './marked-locations.ts';

/** What is known of the store of each location, from its marker or by a probe. */

/** A day, in milliseconds. */
const REFUSAL_HOLDS_FOR = 24 * 3_600_000;

/** What it takes to find out about a store. */
export interface Knowing {
  /** Epoch milliseconds, of this machine. */
  readonly now: () => number;
  /** Ends a probe. */
  readonly signal?: AbortSignal | undefined;
}

/** A location whose store may have to be probed. */
export interface ProbedLocation extends MarkedLocation {
  /** Null where nothing has to be found out: a directory, in which the steward itself keeps the conditions. */
  readonly probe: StoreProbe | null;
}

/** What is known of the store of one location. */
export interface KnownStore {
  /** The location, as people know it. */
  readonly name: string;
  /** `unknown`: it could not be probed, as `note` says. */
  readonly kind: 'directory' | 'aws' | 'probed' | 'unknown';
  /** Null where it was not probed. */
  readonly found: ProbedStore | null;
  readonly consequences: StoreConsequences;
  /** Why nothing was found out; null elsewhere. */
  readonly note: string | null;
}

/** @param probes by location; where one is missing, nothing is found out. */
export function probedLocations(
  locations: readonly MarkedLocation[],
  probes: readonly (StoreProbe | null)[],
): readonly ProbedLocation[] {
  return locations.map((location, at) => ({ ...location, probe: probes[at] ?? null }));
}

/**
 * What the store of a location honours: as its marker says, or as a probe finds out, which its marker says from then on.
 *
 * @param anew whether it is probed in any case.
 * @throws StoreError where a probe failed for another reason than a denial; LedgerError for a marker that can't be read.
 */
export async function knowStore(
  location: ProbedLocation,
  { now, anew = false, signal }: Knowing & { readonly anew?: boolean },
): Promise<KnownStore> {
  const { probe, spot } = location;
  const base = { name: spot.name, found: null, consequences: AWS_CONSEQUENCES, note: null };
  if (probe === null) return { ...base, kind: 'directory' };
  const endpoint = await probe.endpoint();
  if (endpoint === null) return { ...base, kind: 'aws' };
  const marker = await readMarker(spot);
  const known = marker?.marker.store;
  if (!anew && known?.endpoint === endpoint && !isStale(known, now())) return probed(spot.name, known);
  let honours: StoreHonours;
  try {
    honours = await probe.probe(signal);
  } catch (error) {
    if (!(error instanceof StoreError && error.code === 'denied')) throw error;
    return { ...base, kind: 'unknown', consequences: UNKNOWN_CONSEQUENCES, note: error.message };
  }
  const found = { endpoint, at: isoTime(now()), ...honours };
  if (marker !== null) await keep(location, marker, found);
  return probed(spot.name, found);
}

/** What was refused may have been refused for the moment only. */
function isStale({ at, ...honours }: ProbedStore, now: number): boolean {
  return Object.values(honours).includes('refused') && now - Date.parse(at) > REFUSAL_HOLDS_FOR;
}

function probed(name: string, found: ProbedStore): KnownStore {
  return { name, kind: 'probed', found, consequences: consequencesOf(found), note: null };
}

/**
 * The same of all locations, for a run that is about to delete or retire.
 *
 * @throws LedgerError where a store is such that nothing may be deleted there, and as {@link knowStore}.
 */
export async function knowStores(
  locations: readonly ProbedLocation[],
  knowing: Knowing,
): Promise<readonly KnownStore[]> {
  const all = await knowStoresToWrite(locations, knowing);
  for (const { name, consequences } of all) {
    if (consequences.refusal !== null) {
      throw new LedgerError(
        `Nothing was deleted, because the store of ${name} does not do what safe deletion needs. ${consequences.refusal} To see what it honours: steward probe`,
      );
    }
  }
  return all;
}

/**
 * The same for what puts something back. It is never refused for what a store does not honour: it says so.
 *
 * @throws as {@link knowStore}
 */
export async function knowStoresToWrite(
  locations: readonly ProbedLocation[],
  knowing: Knowing,
): Promise<readonly KnownStore[]> {
  const all: KnownStore[] = [];
  for (const location of locations) all.push(await knowStore(location, knowing));
  return all;
}

/** A deleter as the store demands it; the deleter itself where nothing is known. */
export function heeding<T extends { heeding?(guard: DeletionGuard): T }>(deleter: T, store: KnownStore | undefined): T {
  return store === undefined ? deleter : (deleter.heeding?.(store.consequences.guard) ?? deleter);
}

/** What people should know of the stores, in sentences. */
export function storeNotes(stores: readonly KnownStore[]): readonly string[] {
  const notes = new Map<string, string[]>();
  for (const { name, note, consequences } of stores) {
    if (note !== null) {
      const cautious = `${note} So each object is compared right before it is deleted, and no checkpoint is retired.`;
      notes.set(cautious, []);
    }
    for (const sentence of consequences.notes) notes.set(sentence, [...(notes.get(sentence) ?? []), name]);
  }
  return [...notes].map(([sentence, names]) =>
    names.length === 0 ? sentence : `The store of ${names.join(' and ')}: ${sentence}`,
  );
}

/** Has the next run that acts find out anew what the stores honour. Never fails: it is no more than a reminder. */
export async function forgetStores(locations: readonly ProbedLocation[]): Promise<void> {
  for (const location of locations) {
    const marker = await readMarker(location.spot).catch(() => null);
    if (marker?.marker.store !== undefined) await keep(location, marker, undefined);
  }
}

/** A marker that somebody else writes meanwhile stays as it is: then the store is probed once more. */
async function keep(
  { spot, writer }: ProbedLocation,
  found: FoundMarker,
  store: ProbedStore | undefined,
): Promise<void> {
  const { store: _, ...marker } = found.marker;
  if (writer === null) return;
  try {
    await writeMarker(writer, spot, { ...marker, ...(store === undefined ? {} : { store }) }, found.etag);
  } catch (error) {
    if (!(error instanceof StoreError || error instanceof LedgerError)) throw error;
  }
}
