import pMap from 'p-map';
import { StoreError } from '#ports/object-store.ts';
import type { ShardContext } from './context.ts';
import { closePhase, PHASES, type PhaseName, runItem } from './phases.ts';

/** The phases one after the other in this process, several items at once. */

/** An item that failed so often is tried no more. */
const MOST_ATTEMPTS = 3;

/** How the phases are run. */
export interface PhaseRun {
  /** How many items run at once. */
  readonly atOnce: number;
  /** Called when an item has ended, and with nothing when a phase begins. */
  readonly onProgress?: (phase: PhaseName, done: number, items: number) => void;
}

/**
 * Runs all phases. An item that fails for a failure of a store is tried again: it writes the same files, and they count
 * only once it has ended.
 *
 * @throws StoreError where an item failed in all its attempts, ClockError, LostPartError
 */
export async function runPhases(context: ShardContext, { atOnce, onProgress }: PhaseRun): Promise<void> {
  for (const phase of PHASES) {
    const items = await phase.items(context);
    let done = 0;
    onProgress?.(phase.name, done, items.length);
    await pMap(
      items,
      async (item) => {
        await attempt(() => runItem(phase.name, item, context), context.input.signal);
        done++;
        onProgress?.(phase.name, done, items.length);
      },
      { concurrency: atOnce },
    );
    await attempt(() => closePhase(phase.name, context), context.input.signal);
  }
}

async function attempt(call: () => Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  for (let attempts = 1; ; attempts++) {
    signal?.throwIfAborted();
    try {
      await call();
      return;
    } catch (error) {
      if (!(error instanceof StoreError) || attempts === MOST_ATTEMPTS) throw error;
    }
  }
}
