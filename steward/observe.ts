import type { Area } from '#core/area/area.ts';
import { type ObserveInput, type ObserveOutcome, observeCheckpoint } from '#operations/jobs/observe-checkpoint.ts';
import { areaOf, type LedgeredSteward } from './steward.ts';

export type { ObserveOutcome } from '#operations/jobs/observe-checkpoint.ts';
export type { Observation } from '#operations/ledger/observations.ts';

/** Reads a completed checkpoint when its event arrives, and records its size in the ledger. */
export class CheckpointObserver {
  readonly area: Area;
  readonly #input: ObserveInput;

  constructor(steward: LedgeredSteward, signal: AbortSignal) {
    this.area = areaOf(steward);
    this.#input = {
      area: this.area,
      stores: steward.input.locations.map(({ store }) => store),
      ledger: steward.ledger,
      signal,
    };
  }

  /** @param url of a `_metadata` object. @throws StoreError */
  async observe(url: string): Promise<ObserveOutcome> {
    return await observeCheckpoint(url, this.#input);
  }
}
