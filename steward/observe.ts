import type { Area } from '#core/area/area.ts';
import {
  type ObserveInput,
  type ObserveOutcome,
  observeCheckpoint,
  recordObservations,
} from '#operations/jobs/observe-checkpoint.ts';
import type { Observation } from '#operations/ledger/observations.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { areaOf, type LedgeredSteward } from './steward.ts';

export type { ObserveOutcome } from '#operations/jobs/observe-checkpoint.ts';
export { type Observation, ReadObservations } from '#operations/ledger/observations.ts';

/** Reads completed checkpoints when their events arrive, and records their sizes in the ledger. */
export class CheckpointObserver {
  readonly area: Area;
  readonly #input: ObserveInput;
  readonly #ledger: LedgerStore;

  constructor(steward: LedgeredSteward, signal: AbortSignal) {
    this.area = areaOf(steward);
    this.#input = { area: this.area, stores: steward.input.locations.map(({ store }) => store), signal };
    this.#ledger = steward.ledger;
  }

  /** Several may be asked at a time. @param url of a `_metadata` object. @throws StoreError */
  async observe(url: string): Promise<ObserveOutcome> {
    return await observeCheckpoint(url, this.#input);
  }

  /** @returns those that are not put back by `undo`; they are in the ledger now. @throws StoreError, LedgerError */
  async record(observations: readonly Observation[]): Promise<readonly Observation[]> {
    return await recordObservations(observations, this.area, this.#ledger);
  }
}
