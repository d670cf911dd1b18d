import { Buffer } from 'node:buffer';
import { text as readText } from 'node:stream/consumers';
import * as z from 'zod';
import { MARKER_NAME } from '#core/collect/marker-name.ts';
import { ANSWERS } from '#core/store-honours.ts';
import type { AreaWriter, PutOutcome } from '#ports/area-writer.ts';
import type { ObjectStore } from '#ports/object-store.ts';
import type { Ledger } from './ledger.ts';
import { LedgerError } from './ledger-error.ts';

/**
 * A small object in each location that names the ledger responsible for it. Two ledgers would not know of each
 * other's pins, pauses and retired roots; and a ledger that has vanished must not be taken for one that never was.
 */

/** What a probe found out about the store, when, and where that was reached: a marker is copied with its place. */
const probedSchema = z.object({
  endpoint: z.string(),
  at: z.string(),
  putIfAbsent: z.enum(ANSWERS),
  putIfUnchanged: z.enum(ANSWERS),
  deleteTogether: z.enum(ANSWERS),
  deleteSingly: z.enum(ANSWERS),
  listingAfterWrite: z.boolean(),
  listingOrder: z.boolean(),
  etagsAgree: z.boolean(),
  versions: z.boolean().nullable(),
  clockSkew: z.number().nullable(),
});

const markerSchema = z.object({
  steward: z.literal(1),
  /** Id of the ledger. */
  ledger: z.string(),
  /** Where that ledger is kept. */
  place: z.string(),
  since: z.string(),
  /** URL of the location that it was written into; version 0.1.0 did not write it, nor what follows. */
  location: z.string().optional(),
  /** By what a marker is known that shows in another place than the one it was written into. */
  nonce: z.string().optional(),
  /** Number of the last run that acted here, at least that of its lease: a ledger that is behind it is an earlier copy. */
  lease: z.int().optional(),
  /** What cannot be read of it, or is missing, is found out anew. */
  store: probedSchema.optional().catch(undefined),
});
/** What a marker says. */
export type Marker = z.output<typeof markerSchema>;

/** What a marker says of the store that it lies in. */
export type ProbedStore = z.output<typeof probedSchema>;

/** A place where a marker may be. */
export interface MarkerSpot {
  /** As people know the place that it marks. */
  readonly name: string;
  /** URL of that place, with a closing slash. */
  readonly url: string;
  readonly store: ObjectStore;
  /** As the store knows it. */
  readonly key: string;
}

/** A marker that is there. */
export interface FoundMarker {
  readonly spot: MarkerSpot;
  readonly marker: Marker;
  readonly etag: string;
}

/**
 * To whom a marker gives its place. `lost`: a ledger that was kept where ours is, and is another one. `moved here`: ours,
 * while it was kept elsewhere. `moved away`: ours, which has since been moved or copied, and is kept up there.
 */
export type Whose = 'ours' | 'moved here' | 'moved away' | 'lost' | 'foreign';

/** @returns null where there is none. @throws StoreError, LedgerError for a marker that can't be read. */
export async function readMarker(spot: MarkerSpot): Promise<FoundMarker | null> {
  const outcome = await spot.store.read(spot.key);
  if (!outcome.found) {
    return null;
  }
  const marker = markerSchema.safeParse(jsonOf(await readText(outcome.chunks))).data;
  if (marker === undefined) {
    throw new LedgerError(
      `The ${MARKER_NAME} in ${spot.name} was not written by this version of the steward, so it is unknown which ledger is responsible. Nothing was changed; read that file, and remove it if no steward wrote it.`,
    );
  }
  return { spot, marker, etag: outcome.etag };
}

/**
 * A ledger says where it is kept. Of a copy the one whose place the marker names goes on, until the other one, which
 * shows that it was brought from there, is used: that one takes the place over, and the first one is out of date.
 */
export function whose(marker: Marker, { id, place, store }: Ledger): Whose {
  if (marker.ledger !== id) {
    return marker.place === store.name ? 'lost' : 'foreign';
  }
  if (marker.place === store.name) {
    return 'ours';
  }
  // Version 0.1.0 said nothing of the place. What this version wrote, it wrote under a ledger that says it.
  const wasBroughtFromThere = place === null ? marker.nonce === undefined : place === marker.place;
  return place !== store.name && wasBroughtFromThere ? 'moved here' : 'moved away';
}

/**
 * Writes a marker where there is none, or in place of the one of this ETag. Another one that somebody has put there
 * meanwhile stays.
 *
 * @throws StoreError
 */
export async function writeMarker(
  writer: AreaWriter,
  { key }: MarkerSpot,
  marker: Marker,
  etag: string | null,
): Promise<PutOutcome> {
  const content = Buffer.from(`${JSON.stringify(marker)}\n`);
  return etag === null ? await writer.putIfAbsent(key, content) : await writer.replace(key, content, etag);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
