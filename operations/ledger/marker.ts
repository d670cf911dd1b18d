import { Buffer } from 'node:buffer';
import { text as readText } from 'node:stream/consumers';
import * as z from 'zod';
import { MARKER_NAME } from '#core/collect/marker-name.ts';
import { isoTime } from '#core/iso-time.ts';
import type { AreaWriter } from '#ports/area-writer.ts';
import type { ObjectStore } from '#ports/object-store.ts';
import type { Ledger } from './ledger.ts';
import { LedgerError } from './ledger-error.ts';

/**
 * A small object in each location that names the ledger responsible for it. Two ledgers would not know of each
 * other's pins, pauses and retired roots; and a ledger that has vanished must not be taken for one that never was.
 */

const markerSchema = z.object({ steward: z.literal(1), ledger: z.string(), place: z.string(), since: z.string() });

/** A location that can be written to, so that a marker can be left there. */
export interface MarkedLocation {
  readonly name: string;
  readonly store: ObjectStore;
  readonly writer: AreaWriter;
  /** The prefix of the location as its store knows it. */
  readonly prefix: string;
}

/** Which ledger the marker of a location names. `lost`: one that is not there any more. */
export type Marking =
  | { readonly location: MarkedLocation; readonly marked: 'ours' | 'absent' }
  | {
      readonly location: MarkedLocation;
      /** `lost`: by a ledger that was kept where ours is, and is another one. */
      readonly marked: 'lost' | 'foreign';
      /** Where that ledger is kept, and since when. */
      readonly place: string;
      readonly since: string;
      readonly etag: string;
    };

/** @throws StoreError, LedgerError for a marker that can't be read. */
export async function readMarking(location: MarkedLocation, ledger: Ledger): Promise<Marking> {
  const outcome = await location.store.read(`${location.prefix}${MARKER_NAME}`);
  if (!outcome.found) {
    return { location, marked: 'absent' };
  }
  const text = await readText(outcome.chunks);
  const marker = markerSchema.safeParse(jsonOf(text)).data;
  if (marker === undefined) {
    throw new LedgerError(
      `The ${MARKER_NAME} in ${location.name} was not written by this version of the steward, so it is unknown which ledger is responsible. Nothing was changed; read that file, and remove it if no steward wrote it.`,
    );
  }
  if (marker.ledger === ledger.id) {
    return { location, marked: 'ours' };
  }
  const marked = marker.place === ledger.store.name ? 'lost' : 'foreign';
  return { location, marked, place: marker.place, since: marker.since, etag: outcome.etag };
}

/** Marks a location as this ledger's. @throws StoreError, LedgerError where somebody else was first. */
export async function mark(marking: Marking, ledger: Ledger, now: number): Promise<void> {
  if (marking.marked === 'ours') {
    return;
  }
  const { location } = marking;
  const content = Buffer.from(
    `${JSON.stringify({ steward: 1, ledger: ledger.id, place: ledger.store.name, since: isoTime(now) })}\n`,
  );
  const key = `${location.prefix}${MARKER_NAME}`;
  const put =
    'etag' in marking
      ? await location.writer.replace(key, content, marking.etag)
      : await location.writer.putIfAbsent(key, content);
  // A pin and a run of one and the same ledger may come together, for a pin takes no lease.
  if (put.outcome === 'exists' && (await readMarking(location, ledger)).marked !== 'ours') {
    throw new LedgerError(
      `Another steward has just written its marker to ${location.name}. Nothing was changed; run again to see which ledger is responsible.`,
    );
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
