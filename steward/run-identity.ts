import { randomBytes, randomUUID } from 'node:crypto';
import { thisProcess } from '#adapters/process/this-process.ts';
import { runName } from '#operations/ledger/run-records.ts';
import type { RunInput } from '#operations/run/run.ts';

/** The name of a run, its process and clock, and the id of a ledger that the run may have to create. */
export type RunIdentity = Pick<RunInput, 'run' | 'newLedgerId' | 'holders' | 'now'>;

/** @param clock our own, epoch milliseconds. */
export function newRun(clock: () => number): RunIdentity {
  return {
    run: runName(clock(), randomBytes(4).toString('hex').slice(0, 5)),
    newLedgerId: randomUUID(),
    holders: thisProcess(),
    now: clock,
  };
}
