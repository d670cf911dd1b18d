import * as z from 'zod';
import { LeaseHeldError } from '#steward/expected-errors.ts';
import type { Runtime } from './runtime.ts';

/**
 * The answer of a function that meets another run. It is no error: nothing is wrong, nothing was done, and whoever started
 * the function decides whether to try again. An error would be retried, put into a queue, and told to people.
 */

export const leaseHeldSchema = z
  .object({
    result: z.literal('lease-held').describe('another run is under way, so nothing was done'),
    why: z.string().describe('whose run it is, as a sentence'),
    until: z.string().nullable().describe('when its lease ends if that run has died; a run that lives renews it'),
  })
  .describe('If another run is under way');
export type LeaseHeldAnswer = z.output<typeof leaseHeldSchema>;

/** Runs something under the lease of the ledger, or answers that another run holds it. */
export async function unlessLeaseHeld<T>(runtime: Runtime, run: () => Promise<T>): Promise<T | LeaseHeldAnswer> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof LeaseHeldError)) throw error;
    runtime.log('info', error.message);
    return { result: 'lease-held', why: error.message, until: error.until };
  }
}
