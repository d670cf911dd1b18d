import type { Area } from '#core/area/area.ts';
import { endsWithPath } from '#core/flink/path-end.ts';
import { isoTime } from '#core/iso-time.ts';
import type { LedgerState, Pin } from './state.ts';

/**
 * What people say of an area, as changes of the ledger's state. Each gives the new state; nothing is read or written.
 * A root is known by its place, and the area tells which URLs lead to one and the same.
 */

type Names = Pick<Area, 'ownUrl'>;
const AS_WRITTEN: Names = { ownUrl: (url) => url };

/** @param now epoch milliseconds, of this and all others here. */
export function pin(
  state: LedgerState,
  url: string,
  why: string | null,
  now: number,
  area: Names = AS_WRITTEN,
): LedgerState {
  return { ...state, pins: [...unpin(state, url, area).pins, { url, at: isoTime(now), why }] };
}

/** Takes the pin off this URL. Without such a pin nothing changes. */
export function unpin(state: LedgerState, url: string, area: Names = AS_WRITTEN): LedgerState {
  return { ...state, pins: state.pins.filter((pinned) => area.ownUrl(pinned.url) !== area.ownUrl(url)) };
}

/** The pin on a root that a person names, which may be gone: by its whole URL, or by a part of it that fits one only. */
export function findPin({ pins }: LedgerState, text: string, area: Names = AS_WRITTEN): Pin | null {
  const names = [text, `${text.replace(/\/$/, '')}/_metadata`];
  const exact = pins.find(({ url }) => names.some((name) => area.ownUrl(name) === area.ownUrl(url)));
  const fitting = pins.filter(({ url }) => text !== '' && (isPart(url, text) || endsWithPath(url, text)));
  return exact ?? (fitting.length === 1 ? (fitting[0] ?? null) : null);
}

/** Whether a text is a part of a URL. `chk-4` is no part of `chk-42`, which is another checkpoint. */
function isPart(url: string, text: string): boolean {
  const [, ...behind] = url.split(text);
  return behind.some((rest) => !(/chk-\d+$/.test(text) && /^\d/.test(rest)));
}

/** Declares a job dead from now on. An earlier declaration of the same job is replaced. */
export function declareJobDead(state: LedgerState, job: string, now: number): LedgerState {
  const others = state.deadJobs.filter((dead) => !(dead.job === job && dead.by === 'declared'));
  return { ...state, deadJobs: [...others, { job, at: isoTime(now), by: 'declared' }] };
}

/** Declares one content of a root dead: while it has this ETag, it no longer makes the area undecidable. */
export function declareRootDead(
  state: LedgerState,
  url: string,
  etag: string,
  now: number,
  area: Names = AS_WRITTEN,
): LedgerState {
  const isSame = (dead: { readonly url: string; readonly etag: string }): boolean =>
    area.ownUrl(dead.url) === area.ownUrl(url) && dead.etag === etag;
  const others = state.deadRoots.filter((dead) => !isSame(dead));
  return { ...state, deadRoots: [...others, { url, etag, at: isoTime(now) }] };
}

/** Pauses all deleting and retiring. @param by who asks for it; null where that is not known. */
export function pause(state: LedgerState, why: string, now: number, by: string | null = null): LedgerState {
  return { ...state, paused: { at: isoTime(now), why, by } };
}

/** Ends a pause. */
export function resume(state: LedgerState): LedgerState {
  return { ...state, paused: null };
}
