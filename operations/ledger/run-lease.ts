import type { LedgerStore } from '#ports/ledger-store.ts';
import type { JsonDocument } from './json-document.ts';
import { type Claim, LeaseHeldError, type LeaseRecord, leaseOf, takeLease } from './lease.ts';
import { LedgerError } from './ledger-error.ts';

/**
 * The lease of a run that many processes work for, one after the other and side by side. It holds for longer than any of
 * them runs, and whoever works for the run looks whether it still does, and renews it by the way.
 */

/** For how long it holds without being renewed, in milliseconds: four times as long as Lambda lets a function run. */
export const RUN_LEASE_TIME = 3_600_000;
/** It is renewed once so much of it is left: many look at it at once, and only one renews it. */
const RENEWED_BELOW = RUN_LEASE_TIME / 2;
/** Milliseconds between two looks of one process. */
const LOOK_AGAIN = 10_000;
/** How long before its end nothing is begun any more. */
const MARGIN = 60_000;

/** The lease of a run, as one of its processes sees it. */
export class RunLease {
  readonly #document: JsonDocument<LeaseRecord>;
  /** The run that has it. */
  readonly run: string;
  readonly #now: () => number;
  readonly #lost = new AbortController();
  #looked = Number.NEGATIVE_INFINITY;
  #number = 0;

  private constructor(store: LedgerStore, { run, now }: Pick<Claim, 'run' | 'now'>) {
    this.#document = leaseOf(store);
    this.run = run;
    this.#now = now;
  }

  /**
   * Takes it for a run that begins. No process holds it, so nobody takes it before its end. Where the run of an earlier
   * attempt at the same order holds it, the lease is that run's: the answer of that attempt was lost, or comes late.
   *
   * @throws LeaseHeldError where another run holds it, StoreError
   */
  static async take(store: LedgerStore, claim: Claim): Promise<RunLease> {
    const { host } = claim.holders.self;
    const ofNoProcess = { ...claim.holders, self: { host, process: null } };
    try {
      await takeLease(store, { ...claim, holders: ofNoProcess }, RUN_LEASE_TIME);
      return await RunLease.of(store, claim);
    } catch (error) {
      if (!(error instanceof LeaseHeldError) || claim.order === undefined) throw error;
      const holder = (await leaseOf(store).read())?.value;
      if (holder?.order !== claim.order || holder.expires === null) throw error;
      return await RunLease.of(store, { run: holder.run, now: claim.now });
    }
  }

  /** Of a run that goes on. @throws LedgerError where it is lost, StoreError */
  static async of(store: LedgerStore, claim: Pick<Claim, 'run' | 'now'>): Promise<RunLease> {
    const lease = new RunLease(store, claim);
    await lease.hold();
    return lease;
  }

  /** Each lease of a ledger has a higher one than the one before. */
  get number(): number {
    return this.#number;
  }

  /** Aborts when it was seen to be lost. */
  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  /**
   * Looks whether the run still has it, where the last look is some seconds ago.
   *
   * @throws LedgerError when it is lost: nothing may be deleted any more. StoreError
   */
  async hold(): Promise<void> {
    const since = this.#now() - this.#looked;
    if (since < 0 || since >= LOOK_AGAIN) {
      const known = await this.#document.read();
      const left = this.#left(known?.value);
      this.#number = known?.value.fence ?? this.#number;
      if (known === null || left < MARGIN) {
        this.#lost.abort(this.#isLost());
      } else if (left < RENEWED_BELOW) {
        // Where another process was faster, it has renewed it.
        await this.#document.write({ ...known.value, expires: this.#end() }, known.tag);
      }
      this.#looked = this.#now();
    }
    this.#lost.signal.throwIfAborted();
  }

  /** Gives it back, if the run still has it. Never throws: it ends by itself if that fails. */
  static async release(store: LedgerStore, run: string): Promise<void> {
    try {
      const document = leaseOf(store);
      const known = await document.read();
      if (known !== null && known.value.run === run) await document.write({ ...known.value, expires: null }, known.tag);
    } catch {
      // The next run waits for its end.
    }
  }

  /** Milliseconds to its end; less than none where another run has it, or nobody. */
  #left(record: LeaseRecord | undefined): number {
    return record?.run === this.run && record.expires !== null
      ? Date.parse(record.expires) - this.#now()
      : Number.NEGATIVE_INFINITY;
  }

  #end(): string {
    return new Date(this.#now() + RUN_LEASE_TIME).toISOString();
  }

  #isLost(): LedgerError {
    return new LedgerError(
      `Run ${this.run} has no lease on the ledger any more: it was not renewed in time, or given back, or another run has taken it. This run deletes nothing more; the next run begins anew.`,
    );
  }
}
