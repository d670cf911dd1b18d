import { isoTime } from '#core/iso-time.ts';
import type { LedgerState, Pin } from './state.ts';

/** What people say of an area, as changes of the ledger's state. Each gives the new state; nothing is read or written. */

/** @param now epoch milliseconds, of this and all others here. */
export function pin(state: LedgerState, url: string, why: string | null, now: number): LedgerState {
  const pins = state.pins.filter((pinned) => pinned.url !== url);
  return { ...state, pins: [...pins, { url, at: isoTime(now), why }] };
}

/** Takes the pin off this URL. Without such a pin nothing changes. */
export function unpin(state: LedgerState, url: string): LedgerState {
  return { ...state, pins: state.pins.filter((pinned) => pinned.url !== url) };
}

/** The pin on a root that a person names, which may be gone: by its whole URL, or by a part of it that fits one only. */
export function findPin({ pins }: LedgerState, text: string): Pin | null {
  const exact = pins.find(({ url }) => url === text || url === `${text.replace(/\/$/, '')}/_metadata`);
  const fitting = pins.filter(({ url }) => text !== '' && url.includes(text));
  return exact ?? (fitting.length === 1 ? (fitting[0] ?? null) : null);
}

/** Declares a job dead from now on. An earlier declaration of the same job is replaced. */
export function declareJobDead(state: LedgerState, job: string, now: number): LedgerState {
  const others = state.deadJobs.filter((dead) => !(dead.job === job && dead.by === 'declared'));
  return { ...state, deadJobs: [...others, { job, at: isoTime(now), by: 'declared' }] };
}

/** Declares one content of a root dead: while it has this ETag, it no longer makes the area undecidable. */
export function declareRootDead(state: LedgerState, url: string, etag: string, now: number): LedgerState {
  const others = state.deadRoots.filter((dead) => !(dead.url === url && dead.etag === etag));
  return { ...state, deadRoots: [...others, { url, etag, at: isoTime(now) }] };
}

/** Pauses all deleting and retiring. */
export function pause(state: LedgerState, why: string, now: number): LedgerState {
  return { ...state, paused: { at: isoTime(now), why } };
}

/** Ends a pause. */
export function resume(state: LedgerState): LedgerState {
  return { ...state, paused: null };
}
