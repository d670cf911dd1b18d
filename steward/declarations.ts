import { randomUUID } from 'node:crypto';
import { MARKER_NAME } from '#core/collect/marker-name.ts';
import * as declare from '#operations/ledger/declarations.ts';
import { type Ledger, openLedger, openOrCreateLedger } from '#operations/ledger/ledger.ts';
import type { FoundMarker } from '#operations/ledger/marker.ts';
import { type LedgerState, type RetiredRoot, readState, updateState } from '#operations/ledger/state.ts';
import { type FoundRoot, findRoot } from '#operations/look/find-root.ts';
import { rootsByEnd } from '#operations/look/roots-by-end.ts';
import { urlsOf } from '#operations/look/urls-of.ts';
import { readingsOf } from '#operations/report/object-names.ts';
import { AreaMarkers } from '#operations/run/area-markers.ts';
import { markerThatIs } from '#operations/run/foreign-markers.ts';
import { markArea } from '#operations/run/lease-area.ts';
import { type MarkedLocation, markedLocations } from '#operations/run/marked-locations.ts';
import { type FoundOutsideRoot, findOutsideRoot } from '#operations/scope/find-outside-root.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { jobNamed } from './job-names.ts';
import { openWriter } from './open-writer.ts';
import { RefusedError } from './refusals.ts';
import { newRun } from './run-identity.ts';
import { areaOf, type LedgeredSteward, type Steward } from './steward.ts';
import { underLease } from './under-lease.ts';

/**
 * What people declare about an area: pins, dead jobs and roots, the pause. Every declaration is checked completely before
 * anything is written. Without `execute` nothing is written.
 */

export interface Declaring {
  readonly execute: boolean;
  /** The command, for the lease: `pin`, `manual pin`. */
  readonly command: string;
}

export interface Pinned {
  /** Its URL in the ledger. */
  readonly url: string;
  /** The run that had begun to retire it before the pin; null if there is none. */
  readonly retiredBy: string | null;
}

/**
 * Pins a checkpoint or savepoint: it is not retired, and every file that it references is kept. It takes no lease, because
 * a pin must also reach the run that holds the lease. Either that run has already recorded that it retires the root, and
 * the result names the run; or it reads the pin first.
 *
 * @param names see {@link rootNamed}.
 * @throws RefusedError, LedgerError, StoreError
 */
export async function pinRoot(
  steward: LedgeredSteward,
  names: Names,
  why: string | null,
  { execute }: Pick<Declaring, 'execute'>,
): Promise<Pinned> {
  const { clock } = steward;
  const area = areaOf(steward);
  const { url, etag } = await rootNamed(steward, names);
  if (!execute) return { url, retiredBy: null };
  const state = await changeAtOnce(steward, (known) => declare.pin(known, url, why, clock(), area));
  return { url, retiredBy: retiring(state, (other) => area.ownUrl(other) === url, etag)?.run ?? null };
}

/** As {@link pinRoot}, for several roots at once. One that is pinned already keeps its pin as it is. */
export async function pinFound(
  steward: LedgeredSteward,
  roots: readonly (Pick<FoundRoot, 'url' | 'etag'> & { readonly why: string | null })[],
  { execute }: Pick<Declaring, 'execute'>,
): Promise<readonly (Pinned & { readonly known: boolean })[]> {
  const { clock } = steward;
  const area = areaOf(steward);
  const isPinned = ({ pins }: LedgerState, url: string): boolean => pins.some((pin) => area.ownUrl(pin.url) === url);
  if (!execute || roots.length === 0) return roots.map(({ url }) => ({ url, retiredBy: null, known: false }));
  const before = new Set<string>();
  const state = await changeAtOnce(steward, (known) => {
    before.clear();
    return roots.reduce((changed, { url, why }) => {
      if (isPinned(known, url)) before.add(url);
      return isPinned(changed, url) ? changed : declare.pin(changed, url, why, clock(), area);
    }, known);
  });
  return roots.map(({ url, etag }) => ({
    url,
    retiredBy: retiring(state, (other) => area.ownUrl(other) === url, etag)?.run ?? null,
    known: before.has(url),
  }));
}

/** Takes no lease: what only ever keeps more must also reach the run that holds it. */
async function changeAtOnce(
  steward: LedgeredSteward,
  update: (state: LedgerState) => LedgerState,
): Promise<LedgerState> {
  const locations = await writableLocations(steward);
  const { ledger, notes } = await markArea({ ...newRun(steward.clock), ledger: steward.ledger, locations });
  steward.notes.add(...notes);
  return await updateState(ledger.store, update);
}

/** A root that was put back since then does not count. */
function retiring({ retired }: LedgerState, isIts: (url: string) => boolean, etag: string): RetiredRoot | undefined {
  return retired.findLast((entry) => entry.state !== 'restored' && isIts(entry.url) && entry.etag === etag);
}

/** @param names of a pinned root, which may no longer exist, or a part of its URL that matches one pin only. */
export async function unpinRoot(
  steward: LedgeredSteward,
  names: Names,
  declaring: Declaring,
): Promise<{ readonly url: string }> {
  const state = await existingState(steward);
  const area = areaOf(steward);
  const readings = names.flatMap(readingsOf);
  // A whole URL takes precedence, because it may also be a part of other URLs.
  const texts = new Set([...readings.flatMap((text) => urlsOf(area, text)), ...readings]);
  const found = [...texts].map((text) => declare.findPin(state, text, area)).find((one) => one !== null);
  if (found === undefined) {
    const [name] = names;
    throw new RefusedError({ code: 'no-such-pin', name, pins: state.pins.map(({ url }) => url) });
  }
  await change(steward, declaring, (known) => declare.unpin(known, found.url, areaOf(steward)));
  return found;
}

/** @param name see `jobNamed`. @returns the whole id in lower case, as it is in the ledger. */
export async function declareJobDead(
  steward: LedgeredSteward,
  name: string,
  declaring: Declaring,
): Promise<{ readonly job: string }> {
  const id = await jobNamed(steward, name);
  await change(steward, declaring, (state) => declare.declareJobDead(state, id, steward.clock()));
  return { job: id };
}

/**
 * @param name of a root of the area, or around it.
 * @param etag of the content that is declared dead. Other content with the same key is another root.
 */
export async function declareRootDead(
  steward: LedgeredSteward,
  names: Names,
  etag: string | undefined,
  declaring: Declaring,
): Promise<FoundOutsideRoot> {
  const [name] = names;
  const root = (await outsideRootNamed(steward, names)) ?? (await rootNamed(steward, names));
  if (etag === undefined) {
    throw new RefusedError({ code: 'etag-missing', name, url: root.url, etag: root.etag });
  }
  if (root.etag !== etag) {
    throw new RefusedError({ code: 'other-etag', url: root.url, etag: root.etag, given: etag });
  }
  await change(steward, declaring, (state) =>
    declare.declareRootDead(state, root.url, root.etag, steward.clock(), areaOf(steward)),
  );
  return root;
}

/** A root around the area, by the first of its names that leads to one; null where none does. */
async function outsideRootNamed({ surroundings }: Steward, names: Names): Promise<FoundOutsideRoot | null> {
  for (const name of names) {
    const found = await findOutsideRoot(surroundings.parts, name);
    if (found !== null) return found;
  }
  return null;
}

/**
 * Stops all deleting. It takes no lease, because a pause must also stop the run that holds the lease.
 *
 * @param by who asks for it; null where that is not known.
 * @throws RefusedError if another ledger is responsible for the area: a pause in this ledger would have no effect.
 */
export async function pauseDeleting(
  steward: LedgeredSteward,
  { why, by }: { readonly why: string; readonly by: string | null },
  { execute }: Pick<Declaring, 'execute'>,
): Promise<void> {
  const { ledger, clock } = steward;
  await refuseForeignLedger(steward, 'pause');
  if (execute) {
    const ours = await openOrCreateLedger(ledger, randomUUID(), clock());
    await updateState(ledger, (state) => declare.pause(state, why, clock(), by));
    // What is still used in the former place of this ledger knows nothing of the pause, and is refused by the marker.
    if ((await markerOfKind(steward, ours, ['moved here'])) !== null) {
      const { notes } = await markArea({ ...newRun(clock), ledger, locations: await writableLocations(steward) });
      steward.notes.add(...notes);
    }
  }
}

/** A folder above the area that is another ledger's. Nothing is written there, so people have to remove its marker. */
export interface MarkerAbove {
  /** URL of the marker. */
  readonly url: string;
  /** The ledger that it names. */
  readonly place: string;
}

/**
 * Ends a pause. If the pause was set because the ledger was missing, this ledger becomes responsible for the area.
 *
 * @param takeOver whether this ledger takes the area over from another ledger that is lost for good, parts included.
 * @returns the markers above the area that still make runs of this ledger fail.
 * @throws RefusedError if another ledger is responsible for the area, without `takeOver`.
 */
export async function resumeDeleting(
  steward: LedgeredSteward,
  { takeOver, execute }: { readonly takeOver: boolean; readonly execute: boolean },
): Promise<readonly MarkerAbove[]> {
  const { clock } = steward;
  if (!takeOver) await refuseForeignLedger(steward, 'resume');
  if (!execute) return [];
  const ledger = await openOrCreateLedger(steward.ledger, randomUUID(), clock());
  const { run } = newRun(clock);
  const markers = new AreaMarkers(await writableLocations(steward), { ledger, run, lease: null, now: clock });
  const above = await markers.takeOver(takeOver);
  steward.notes.add(...markers.notes);
  await updateState(ledger.store, declare.resume);
  // Several locations can be below one marker.
  const places = new Map(above.map(({ spot, marker }) => [`${spot.url}${MARKER_NAME}`, marker.place]));
  return [...places].map(([url, place]) => ({ url, place }));
}

/** What people have declared so far. @throws RefusedError if there is no ledger yet. */
export async function existingState({ ledger }: LedgeredSteward): Promise<LedgerState> {
  await requireExistingLedger(ledger);
  return await readState(ledger);
}

/** @throws RefusedError if the ledger does not exist yet. */
export async function requireExistingLedger(ledger: LedgerStore): Promise<Ledger> {
  const known = await openLedger(ledger);
  if (known === null) throw new RefusedError({ code: 'no-ledger', ledger: ledger.name });
  return known;
}

/** As it was typed, then other readings of it, such as the URL of a path on this machine. */
export type Names = readonly [name: string, ...others: string[]];

/**
 * The root that a person names, in any of the ways in which an object is named to be explained: by its URL or path, that
 * of its directory, its page in the AWS console, or the end of its path. A directory that it is in will do where it is
 * the only root there.
 *
 * @throws RefusedError if there is no root of that name, or several.
 */
export async function rootNamed(steward: Steward, names: Names): Promise<FoundRoot> {
  const [name] = names;
  const area = areaOf(steward);
  const stores = steward.locations.map(({ store }) => store);
  const texts = [...new Set(names.flatMap(readingsOf))];
  for (const text of texts) {
    const root = await findRoot(area, stores, text);
    if (root !== null) return root;
  }
  const urls = await rootsByEnd(area, stores, texts);
  const [only, ...others] = urls;
  if (only !== undefined && others.length > 0) throw new RefusedError({ code: 'several-roots', name, urls });
  const root = only === undefined ? null : await findRoot(area, stores, only);
  if (root === null) throw new RefusedError({ code: 'no-such-root', name });
  return root;
}

async function change(
  steward: LedgeredSteward,
  { execute, command }: Declaring,
  update: (state: LedgerState) => LedgerState,
): Promise<void> {
  if (execute) {
    await underLease(steward, { command, execute }, ({ ledger }) => updateState(ledger.store, update));
  }
}

/** The id of a ledger that does not exist yet. No marker contains it. */
const NO_LEDGER = '';

/** Also where it is this ledger that was moved away: a pause in what it was copied from would stop nobody. */
async function refuseForeignLedger(steward: LedgeredSteward, asked: 'pause' | 'resume'): Promise<void> {
  const ours = (await openLedger(steward.ledger)) ?? { store: steward.ledger, id: NO_LEDGER, place: null, acted: null };
  const found = await markerOfKind(steward, ours, ['foreign', 'moved away']);
  if (found !== null) {
    const { place, since } = found.marker;
    throw new RefusedError({ code: 'foreign-ledger', location: found.spot.name, place, since, asked });
  }
}

async function markerOfKind(
  { input, notes }: Steward,
  ledger: Ledger,
  kinds: Parameters<typeof markerThatIs>[0],
): Promise<FoundMarker | null> {
  const locations = markedLocations(input.locations, []);
  return await markerThatIs(kinds, locations, ledger, (sentence) => notes.add(sentence));
}

async function writableLocations({ input, locations }: Steward): Promise<readonly MarkedLocation[]> {
  const writers = await Promise.all(locations.map(({ reach }) => openWriter(reach)));
  return markedLocations(input.locations, writers);
}
