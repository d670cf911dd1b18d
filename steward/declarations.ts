import { randomUUID } from 'node:crypto';
import * as declare from '#operations/ledger/declarations.ts';
import { type Ledger, openLedger, openOrCreateLedger } from '#operations/ledger/ledger.ts';
import { type Marking, mark } from '#operations/ledger/marker.ts';
import { type LedgerState, type RetiredRoot, readState, updateState } from '#operations/ledger/state.ts';
import { type FoundRoot, findRoot } from '#operations/look/find-root.ts';
import { markArea, markedLocations, markingsOf } from '#operations/run/lease-area.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { openWriter } from './open-writer.ts';
import { RefusedError } from './refusals.ts';
import { newRun } from './run-identity.ts';
import { areaOf, type LedgeredSteward, type Steward } from './steward.ts';
import { underLease } from './under-lease.ts';

/**
 * What people declare about an area: pins, jobs and roots that are dead, the pause. Each is checked in full before
 * anything is written; without `execute` nothing is written at all.
 */

export interface Declaring {
  readonly execute: boolean;
  /** Who asks, for the lease: `pin`, `manual pin`. */
  readonly command: string;
}

export interface Pinned {
  /** The URL under which the ledger knows it. */
  readonly url: string;
  /** The run that had begun to retire it before the pin was there; null where there is none. */
  readonly retiredBy: string | null;
}

/**
 * Pins a checkpoint or savepoint: it is not retired, and all that it references is kept. Takes no lease: a pin must
 * reach the run that holds it. That run either has written down that it retires this root, and the answer names it, or
 * reads the pin before it does.
 *
 * @param name as `flink run -s` takes it.
 * @throws RefusedError, LedgerError, StoreError
 */
export async function pinRoot(
  steward: LedgeredSteward,
  name: string,
  why: string | null,
  { execute }: Pick<Declaring, 'execute'>,
): Promise<Pinned> {
  const { clock, input, locations } = steward;
  const area = areaOf(steward);
  const { url, etag } = await rootNamed(steward, name);
  if (!execute) return { url, retiredBy: null };
  const writers = await Promise.all(locations.map(({ reach }) => openWriter(reach)));
  const marked = markedLocations(input.locations, writers);
  const { store } = await markArea({ ...newRun(clock), ledger: steward.ledger, locations: marked });
  const state = await updateState(store, (known) => declare.pin(known, url, why, clock(), area));
  return { url, retiredBy: retiring(state, (other) => area.ownUrl(other) === url, etag)?.run ?? null };
}

/** What was put back since is not being retired. */
function retiring({ retired }: LedgerState, isIts: (url: string) => boolean, etag: string): RetiredRoot | undefined {
  return retired.findLast((entry) => entry.state !== 'restored' && isIts(entry.url) && entry.etag === etag);
}

/** @param name the URL of a pinned root, which may be gone, or a part of it that fits one pin only. */
export async function unpinRoot(
  steward: LedgeredSteward,
  name: string,
  declaring: Declaring,
): Promise<{ readonly url: string }> {
  const state = await existingState(steward);
  const found = declare.findPin(state, name, areaOf(steward));
  if (found === null) {
    throw new RefusedError({ code: 'no-such-pin', name, pins: state.pins.map(({ url }) => url) });
  }
  await change(steward, declaring, (known) => declare.unpin(known, found.url, areaOf(steward)));
  return found;
}

/** @param job 32 hex digits. @returns the id as the ledger knows it. */
export async function declareJobDead(
  steward: LedgeredSteward,
  job: string,
  declaring: Declaring,
): Promise<{ readonly job: string }> {
  const id = job.toLowerCase();
  await change(steward, declaring, (state) => declare.declareJobDead(state, id, steward.clock()));
  return { job: id };
}

/** @param etag of the content that is declared dead: another content of the same key is another root. */
export async function declareRootDead(
  steward: LedgeredSteward,
  name: string,
  etag: string | undefined,
  declaring: Declaring,
): Promise<FoundRoot> {
  const root = await rootNamed(steward, name);
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

/**
 * Stops all deleting. Takes no lease: a pause must reach the run that holds it.
 *
 * @throws RefusedError where another ledger looks after the area: a pause in this one would stop nobody.
 */
export async function pauseDeleting(
  steward: LedgeredSteward,
  why: string,
  { execute }: Pick<Declaring, 'execute'>,
): Promise<void> {
  const { ledger, clock } = steward;
  await refuseForeignLedger(steward, 'pause');
  if (execute) {
    await openOrCreateLedger(ledger, randomUUID(), clock());
    await updateState(ledger, (state) => declare.pause(state, why, clock()));
  }
}

/**
 * Ends a pause, also one that a missing ledger has set: this ledger then looks after the area.
 *
 * @param takeOver from another ledger that is gone for good.
 * @throws RefusedError where another ledger looks after the area and is not to be replaced.
 */
export async function resumeDeleting(
  steward: LedgeredSteward,
  { takeOver, execute }: { readonly takeOver: boolean; readonly execute: boolean },
): Promise<void> {
  const { ledger, clock } = steward;
  if (!takeOver) await refuseForeignLedger(steward, 'resume');
  if (execute) {
    const ours = await openOrCreateLedger(ledger, randomUUID(), clock());
    for (const marking of await markingsFor(steward, ours)) {
      await mark(marking, ours, clock());
    }
    await updateState(ledger, declare.resume);
  }
}

/** What people declared so far. @throws RefusedError where there is no ledger yet. */
export async function existingState({ ledger }: LedgeredSteward): Promise<LedgerState> {
  await requireExistingLedger(ledger);
  return await readState(ledger);
}

/** @throws RefusedError where nothing is in it yet. */
export async function requireExistingLedger(ledger: LedgerStore): Promise<Ledger> {
  const known = await openLedger(ledger);
  if (known === null) throw new RefusedError({ code: 'no-ledger', ledger: ledger.name });
  return known;
}

/** @throws RefusedError where there is no root of that name. */
export async function rootNamed(steward: Steward, name: string): Promise<FoundRoot> {
  const stores = steward.locations.map(({ store }) => store);
  const root = await findRoot(areaOf(steward), stores, name);
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

/** Of a ledger that does not exist yet; no marker bears it. */
const NO_LEDGER = '';

async function refuseForeignLedger(steward: LedgeredSteward, asked: 'pause' | 'resume'): Promise<void> {
  const ours = (await openLedger(steward.ledger)) ?? { store: steward.ledger, id: NO_LEDGER };
  for (const marking of await markingsFor(steward, ours)) {
    if (marking.marked === 'foreign' && 'place' in marking) {
      const { location, place, since } = marking;
      throw new RefusedError({ code: 'foreign-ledger', location: location.name, place, since, asked });
    }
  }
}

async function markingsFor({ input, locations }: Steward, ledger: Ledger): Promise<readonly Marking[]> {
  const writers = await Promise.all(locations.map(({ reach }) => openWriter(reach)));
  return await markingsOf(markedLocations(input.locations, writers), ledger);
}
