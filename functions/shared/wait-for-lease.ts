import { LeaseHeldError } from '#steward/expected-errors.ts';
import type { Runtime } from './runtime.ts';

/** How long a scheduled run waits for another run, in milliseconds: longer than the lease of a run that was killed. */
const LONGEST_WAIT = 240_000;
const PAUSE = 15_000;
/** The least time that a run with the lease needs, in milliseconds. */
const LEAST_TIME = 180_000;

/** Retries while another run holds the lease. @throws LeaseHeldError if the wait is too long. */
export async function waitForLease<T>(runtime: Runtime, run: () => Promise<T>): Promise<T> {
  const began = runtime.clock();
  for (;;) {
    try {
      return await run();
    } catch (error) {
      const isOver = runtime.clock() - began + PAUSE > LONGEST_WAIT || runtime.remaining() - PAUSE < LEAST_TIME;
      if (!(error instanceof LeaseHeldError) || isOver) {
        throw error;
      }
      await runtime.sleep(PAUSE);
    }
  }
}
