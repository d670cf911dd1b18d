import { LeaseHeldError } from '#steward/expected-errors.ts';
import type { Runtime } from './runtime.ts';

/** For how long a scheduled run waits for another one, in milliseconds: longer than the lease of a run that died. */
const LONGEST_WAIT = 240_000;
const PAUSE = 15_000;
/** What a run needs at least once it has the lease, in milliseconds. */
const LEAST_TIME = 180_000;

/** Tries again while another run holds the ledger. @throws LeaseHeldError where it goes on holding it. */
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
