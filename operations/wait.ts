import { setTimeout as sleep } from 'node:timers/promises';

/** Ends when the time is over, or when the signal says so; it does not fail for that. */
export type Wait = (milliseconds: number, signal?: AbortSignal) => Promise<void>;

/** Waits by the real clock. Resolves early, without an error, when the signal is aborted. */
export async function reallyWait(milliseconds: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
}
