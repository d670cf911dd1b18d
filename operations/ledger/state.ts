import * as z from 'zod';
import { isoTime } from '#core/iso-time.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { JsonDocument } from './json-document.ts';
import { identityOf } from './ledger-identity.ts';

/**
 * What operators have declared, and the roots that were retired. Unlike the memory of runs, it can't be rebuilt. So it
 * is one document that is changed as a whole or not at all.
 */

const time = z.iso.datetime();

const pinSchema = z.object({
  /** URL of the root's `_metadata`, under the area's own name of its place. */
  url: z.string(),
  at: time,
  why: z.string().nullable(),
});

/** A root that was withdrawn, or is about to be. */
const retiredSchema = z.object({
  url: z.string(),
  etag: z.string(),
  bytes: z.number(),
  /** When the checkpoint was complete. */
  completed: time,
  /** The run that withdrew it. */
  run: z.string(),
  /** Where in the ledger its `_metadata` lies. */
  file: z.string(),
  /**
   * `retiring`: the copy is in the ledger, and the original may or may not be gone. `retired`: the original is gone.
   * `restored`: put back, with the ETag it has since.
   */
  state: z.enum(['retiring', 'retired', 'restored']),
  restoredEtag: z.string().nullable(),
});

/** What the ledger keeps of people's declarations and of retired roots. */
export const stateSchema = z.object({
  pins: z.array(pinSchema),
  paused: z
    .object({
      at: time,
      why: z.string(),
      /** Who paused, as far as is known. Version 0.1.0 did not record it. */
      by: z.string().nullable().default(null),
    })
    .nullable(),
  deadJobs: z.array(
    z.object({
      job: z.string(),
      at: time,
      /** `configured`: it stands in `deadJobs` of the configuration, and was first seen there then. */
      by: z.enum(['declared', 'configured']),
    }),
  ),
  deadRoots: z.array(z.object({ url: z.string(), etag: z.string(), at: time })),
  retired: z.array(retiredSchema),
});

/** What people have declared, and which roots were retired. */
export type LedgerState = z.output<typeof stateSchema>;
/** A root that people have pinned. */
export type Pin = z.output<typeof pinSchema>;
/** A root that a run retired. `retiring`: the run died before it could tell what became of the root. */
export type RetiredRoot = z.output<typeof retiredSchema>;

/** The state of a ledger in which nobody has declared anything. */
export const EMPTY_STATE: LedgerState = { pins: [], paused: null, deadJobs: [], deadRoots: [], retired: [] };

/** Why deleting is paused if the declarations of the operators are lost. */
const STATE_LOST =
  'the document "state" of the ledger is missing, and its pins, declarations, retired checkpoints and pause are lost. Restore an earlier copy of it, or continue without them';

/** The document that holds the state. */
export function stateOf(store: LedgerStore): JsonDocument<LedgerState> {
  return new JsonDocument(store, 'state', stateSchema);
}

/** The state; if it was lost, one in which deleting is paused. @throws LedgerError */
export async function readState(store: LedgerStore): Promise<LedgerState> {
  return (await stateOf(store).read())?.value ?? (await missingState(store));
}

/** @throws LedgerError */
export async function updateState(
  store: LedgerStore,
  change: (state: LedgerState) => LedgerState,
): Promise<LedgerState> {
  return await stateOf(store).update(() => missingState(store), change);
}

/**
 * Sees to it that there is a state: the first, empty one, or in place of one that was lost one in which deleting is
 * paused.
 *
 * @param hadOne whether the ledger says that there was one.
 */
export async function settleState(store: LedgerStore, hadOne: boolean, now: number): Promise<void> {
  if ((await stateOf(store).read()) === null) {
    // Where somebody says something at the same moment, that is the state.
    await stateOf(store).write(hadOne ? lostState(isoTime(now)) : EMPTY_STATE, null);
  }
}

/** Only a ledger that says that it had a state has lost it. Since when is not known, at most since it was made. */
async function missingState(store: LedgerStore): Promise<LedgerState> {
  const identity = (await identityOf(store).read())?.value;
  return identity?.state === true ? lostState(identity.created) : EMPTY_STATE;
}

function lostState(at: string): LedgerState {
  return { ...EMPTY_STATE, paused: { at, why: STATE_LOST, by: null } };
}

/** Jobs that the configuration calls dead, dated from the first run that saw them there; those it no longer names go. */
export function withConfiguredDead(state: LedgerState, deadJobs: readonly string[], now: number): LedgerState {
  const named = new Set(deadJobs);
  const kept = state.deadJobs.filter(({ job, by }) => by === 'declared' || named.has(job));
  const known = new Set(kept.filter(({ by }) => by === 'configured').map(({ job }) => job));
  const fresh = deadJobs.filter((job) => !known.has(job));
  const at = isoTime(now);
  return { ...state, deadJobs: [...kept, ...fresh.map((job) => ({ job, at, by: 'configured' as const }))] };
}

/** Since when, by whom, and why: a sentence. */
export function sayPaused(paused: NonNullable<LedgerState['paused']>): string {
  if (paused.why === STATE_LOST) return `Deleting is paused: ${STATE_LOST}.`;
  return `Deleting has been paused ${pausedSince(paused)}.`;
}

/** Since when, by whom, and why: the end of a sentence. */
export function pausedSince({ at, why, by }: NonNullable<LedgerState['paused']>): string {
  return `since ${at}${by === null ? '' : ` by ${by}`}${why === '' ? '' : ` (${why})`}`;
}

/** When a job was declared dead, the latest word counting; epoch milliseconds, null where never. */
export function declaredDeadAt({ deadJobs }: LedgerState, job: string): number | null {
  const times = deadJobs.filter((dead) => dead.job === job).map(({ at }) => Date.parse(at));
  return times.length === 0 ? null : Math.max(...times);
}
