import { Buffer } from 'node:buffer';
import { TIME_WAS_OVER } from '#core/look-forecast.ts';
import { openOrCreateLedger } from '#operations/ledger/ledger.ts';
import { LedgerError } from '#operations/ledger/ledger-error.ts';
import { RunLease } from '#operations/ledger/run-lease.ts';
import { recollect } from '#operations/ledger/run-memory.ts';
import { newestRuns, type RunRecord, timeOfRun } from '#operations/ledger/run-records.ts';
import { readState, updateState, withConfiguredDead } from '#operations/ledger/state.ts';
import { markerNotes } from '#operations/run/foreign-markers.ts';
import { markedLocations } from '#operations/run/marked-locations.ts';
import { collectionPhase, isCertifying } from '#operations/shards/collection-phases.ts';
import { ONE, type ShardContext } from '#operations/shards/context.ts';
import { decideRun } from '#operations/shards/decide-run.ts';
import { recordCollection } from '#operations/shards/record-collection.ts';
import { ShardFiles } from '#operations/shards/shard-files.ts';
import { checkSurroundings, LOOK } from './check-surroundings.ts';
import { endedAs, hasGoneOn, itemsPath, orEndAsFailed, phasesAfter } from './failed-shards.ts';
import { BEGIN, configurationOf, type OpenedRun, openRun } from './opened-shards.ts';
import { newRun } from './run-identity.ts';
import { SWEEPS_AT_ONCE } from './shard-item.ts';
import type { LedgeredSteward } from './steward.ts';

/**
 * A collection that many processes do in shards, one step after the other. What one needs of another is in files of the
 * ledger; the lease of the run is held from the first step to the last, whichever process does it.
 */

/** Items at once that delete nothing. */
const ITEMS_AT_ONCE = 200;

/** What is to be done next. */
export type ShardStep =
  | {
      readonly kind: 'phase';
      readonly run: string;
      readonly phase: string;
      /** Path in the ledger of a JSON list of its items. */
      readonly items: string;
      readonly atOnce: number;
      /** Whether an item takes the right to delete. */
      readonly deletes: boolean;
    }
  | { readonly kind: 'ended'; readonly record: RunRecord };

/** What the ledger knows of the size of the area. */
export interface LastSize {
  /** Of the last run that no breaker has stopped; none where there was none. */
  readonly objects: number;
  /** Whether a look has not ended within the time of a function since a run has ended. */
  readonly endedEarly: boolean;
}

/** @throws StoreError, LedgerError */
export async function lastSize(ledger: LedgeredSteward['ledger']): Promise<LastSize> {
  const { record } = await recollect(ledger);
  const [last] = await newestRuns(ledger, 1);
  return {
    objects: record?.lastRun?.objects ?? 0,
    endedEarly: last?.result === 'failed' && last.why?.startsWith(TIME_WAS_OVER) === true,
  };
}

/** How large the area is, and its shards, in objects. */
export interface ShardedSize {
  /** As far as known. */
  readonly objects: number;
  readonly ofShard: number;
  /** Name of the order to collect. @default none */
  readonly order?: string | undefined;
}

/**
 * Takes the lease for a new run, and says what is first. A second attempt at an order does the same again for the run of the
 * first one: all of it comes out the same.
 *
 * @throws LedgerError where another ledger is responsible, or another run holds the lease; StoreError
 */
export async function beginInShards(
  steward: LedgeredSteward,
  { objects, ofShard, order }: ShardedSize,
): Promise<ShardStep> {
  const { ledger: store, input, clock } = steward;
  const { run: newName, newLedgerId, holders, now } = newRun(clock);
  const ledger = await openOrCreateLedger(store, newLedgerId, now());
  const { run } = await RunLease.take(store, { run: newName, command: 'collect', order, holders, now });
  return await orEndAsFailed(steward, run, null, async () => {
    steward.notes.add(...(await markerNotes(markedLocations(input.locations, []), ledger, null)));
    await updateState(store, (state) => withConfiguredDead(state, input.deadJobs, now()));
    const shards = Math.max(1, Math.ceil(objects / ofShard));
    const files = new ShardFiles(store, run);
    await files.write(BEGIN, ONE, {
      facts: { began: timeOfRun(run), shards, configuration: configurationOf(steward) },
      lists: {},
    });
    await files.close(BEGIN, [ONE]);
    return await nextStep(steward, run, null);
  });
}

/** Says what follows on a phase whose items are all done. @throws LedgerError where the lease is lost, StoreError */
export async function endPhase(steward: LedgeredSteward, run: string, phase: string): Promise<ShardStep> {
  const { ledger, clock } = steward;
  const ended = await endedBefore(steward, run);
  if (ended !== null) return ended;
  await RunLease.of(ledger, { run, now: clock });
  return await orEndAsFailed(steward, run, phase, async () => {
    const opened = await openRun(steward, run);
    return await unlessCertifying(phase, { steward, run, opened }, async () => {
      const { context } = opened;
      await context.files.close(phase, await collectionPhase(phase).items(context));
      return await nextStep(steward, run, phase);
    });
  });
}

/** What was deleted is on record, whatever keeps it from being certified; so a run that comes so far does not fail. */
async function unlessCertifying(
  phase: string,
  { steward, run, opened }: { readonly steward: LedgeredSteward; readonly run: string; readonly opened: OpenedRun },
  next: () => Promise<ShardStep>,
): Promise<ShardStep> {
  try {
    return await next();
  } catch (error) {
    if (!isCertifying(phase) || (await hasGoneOn(steward, run, phase))) throw error;
    const why = error instanceof Error ? error.message : String(error);
    return { kind: 'ended', record: await conclude(steward, run, opened, why) };
  }
}

/** An attempt before has ended the run, and its answer was lost. */
async function endedBefore({ ledger }: LedgeredSteward, run: string): Promise<ShardStep | null> {
  const record = await endedAs(ledger, run);
  if (record === null) return null;
  await RunLease.release(ledger, run);
  return { kind: 'ended', record };
}

/**
 * Ends a run of which an item failed. One that only certifies fails nothing: what was deleted is on record, without certificate.
 *
 * @throws LedgerError unless the phase only certifies; StoreError
 */
export async function failPhase(steward: LedgeredSteward, run: string, phase: string, why: string): Promise<ShardStep> {
  const ended = isCertifying(phase) ? await endedBefore(steward, run) : null;
  if (ended !== null) return ended;
  await RunLease.of(steward.ledger, { run, now: steward.clock });
  return await orEndAsFailed(steward, run, phase, async () => {
    if (isCertifying(phase)) {
      const failed = `an item of the phase "${phase}" failed in all its attempts (${why}).`;
      return { kind: 'ended', record: await conclude(steward, run, await openRun(steward, run), failed) };
    }
    throw new LedgerError(
      `Run ${run} in shards ended: an item of its phase "${phase}" failed in all its attempts (${why}). Nothing of the run is taken for whole; what it deleted is on record. The Map Run in the history of this execution names the item, and the log of its function says why it failed.`,
    );
  });
}

/** @param after the phase that has ended; null for none. */
async function nextStep(steward: LedgeredSteward, run: string, after: string | null): Promise<ShardStep> {
  const { ledger } = steward;
  const { context, begin } = await openRun(steward, run);
  for (const phase of phasesAfter(after)) {
    if (phase.name === 'remember') await decide(steward, context);
    const items = await phase.items(context);
    if (items.length === 0) {
      await context.files.close(phase.name, []);
      continue;
    }
    const path = itemsPath(run, phase.name);
    await ledger.writeFile(path, Buffer.from(JSON.stringify(items)));
    const deletes = phase.deletes === true;
    const atOnce = deletes ? SWEEPS_AT_ONCE : ITEMS_AT_ONCE;
    return { kind: 'phase', run, phase: phase.name, items: path, atOnce, deletes };
  }
  return { kind: 'ended', record: await conclude(steward, run, { context, begin }, null) };
}

async function decide(steward: LedgeredSteward, context: ShardContext): Promise<void> {
  const { config, ledger } = steward;
  const execute = config.mode === 'collect';
  const state = await readState(ledger);
  const { refusal, notes } = await checkSurroundings(steward, { pass: LOOK, acts: execute, state });
  steward.notes.add(...notes);
  await decideRun(context, { execute, accept: new Set(), refusal });
}

async function conclude(
  steward: LedgeredSteward,
  run: string,
  { context, begin: { began } }: OpenedRun,
  failed: string | null,
): Promise<RunRecord> {
  const { clock, ledger } = steward;
  const time = { run, command: 'collect', began, ended: clock() };
  const { record, notes } = await recordCollection(context, time, failed);
  steward.notes.add(...notes);
  await RunLease.release(ledger, run);
  return record;
}
