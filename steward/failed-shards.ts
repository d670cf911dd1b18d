import { RunLease } from '#operations/ledger/run-lease.ts';
import { type RunRecord, readRun, timeOfRun } from '#operations/ledger/run-records.ts';
import { recordFailure } from '#operations/run/run-record.ts';
import { COLLECTION_PHASES } from '#operations/shards/collection-phases.ts';
import type { LedgeredSteward } from './steward.ts';

/** How a run in shards ends that fails. */

/** Path in the ledger of a JSON list of the items of a phase: written last, when all before that phase has ended. */
export function itemsPath(run: string, phase: string): string {
  return `shards/${run}/${phase}/items.json`;
}

/** The phases that follow on one. @param after its name; null for all phases */
export function phasesAfter(after: string | null): typeof COLLECTION_PHASES {
  return COLLECTION_PHASES.slice(after === null ? 0 : COLLECTION_PHASES.findIndex(({ name }) => name === after) + 1);
}

/**
 * Does a step of a run. Where it fails, so does the run, unless another attempt at the step has gone on with it.
 *
 * @param after the phase that the step was to end; null for one that was to begin.
 */
export async function orEndAsFailed<T>(
  steward: LedgeredSteward,
  run: string,
  after: string | null,
  step: () => Promise<T>,
): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (!(await hasGoneOn(steward, run, after))) await endAsFailed(steward, run, error);
    throw error;
  }
}

/** Leaves a word of a run that fails, and gives its lease back. Never throws. */
async function endAsFailed(
  { ledger, input, config, clock }: LedgeredSteward,
  run: string,
  error: unknown,
): Promise<void> {
  const execute = config.mode === 'collect';
  const time = { run, command: 'collect', execute, began: timeOfRun(run), ended: clock() };
  await recordFailure(ledger, time, { locations: input.locations, error });
  await RunLease.release(ledger, run);
}

/**
 * Whether another attempt has gone on with a run, or has ended it. Lambda may run a step twice: then a failure is that of one
 * attempt, and no matter to the run.
 *
 * @param after the phase that the attempt was to end; null for one that was to begin.
 */
export async function hasGoneOn(
  { ledger }: Pick<LedgeredSteward, 'ledger'>,
  run: string,
  after: string | null,
): Promise<boolean> {
  try {
    for (const { name } of phasesAfter(after)) if ((await ledger.readFile(itemsPath(run, name))) !== null) return true;
    return (await endedAs(ledger, run)) !== null;
  } catch {
    return false;
  }
}

/** The record of a run that has ended without failing. @throws StoreError */
export async function endedAs(ledger: LedgeredSteward['ledger'], run: string): Promise<RunRecord | null> {
  const record = await readRun(ledger, run);
  return record === null || record.result === 'failed' ? null : record;
}
