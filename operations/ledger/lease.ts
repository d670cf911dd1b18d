import * as z from 'zod';
import { isoTime } from '#core/iso-time.ts';
import { MOST_CLOCK_SKEW } from '#operations/clock-skew.ts';
import type { Holders } from '#ports/holder.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { JsonDocument } from './json-document.ts';
import { LedgerError } from './ledger-error.ts';

/**
 * One run at a time may change an area. The lease is a document of the ledger that is only ever replaced from the
 * state that was read, so two runs can't both take it. It is a courtesy between stewards, not what keeps state alive:
 * Flink knows nothing of it, and every deletion is safe by itself.
 */

/** For how long a lease holds without being renewed, in milliseconds. */
export const LEASE_TIME = 90_000;
const RENEWAL = 15_000;
/** By how much the clocks of two machines may disagree before one takes what the other still holds. */
const CLOCK_TOLERANCE = 2 * MOST_CLOCK_SKEW;
/** How long before its end nothing is begun any more; what is under way is aborted then. */
const MARGIN = 10_000;

const leaseSchema = z.object({
  run: z.string(),
  command: z.string(),
  holder: z.object({ host: z.string(), process: z.string().nullable() }),
  /** Null when it was given back. */
  expires: z.iso.datetime().nullable(),
  /** What the run was begun by; absent where nothing has named it. */
  order: z.string().optional(),
  /** Counts the holders, so that each state of the document is another one. */
  fence: z.int(),
});
/** Who has a lease, or had it last. */
export type LeaseRecord = z.output<typeof leaseSchema>;

/** The document that is the lease, for who only reads it. */
export function leaseOf(store: LedgerStore): JsonDocument<LeaseRecord> {
  return new JsonDocument(store, 'lease', leaseSchema);
}

/** Who takes a lease, and for what. */
export interface Claim {
  readonly run: string;
  /** What is done under it, for the message to others: `steward collect`. */
  readonly command: string;
  /** Name of the order that begins the run, for a second attempt at it. @default none */
  readonly order?: string | undefined;
  readonly holders: Holders;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** The lease is somebody else's. */
export class LeaseHeldError extends LedgerError {
  /** When it may be taken at the latest, if its holder does not renew it any more; null where that is not known. */
  readonly until: string | null;

  constructor(message: string, until: string | null) {
    super(message);
    this.until = until;
  }
}

/** The lease on an area, renewed until it is released. */
export class Lease {
  readonly #document: JsonDocument<LeaseRecord>;
  readonly #claim: Claim;
  readonly #lost = new AbortController();
  #record: LeaseRecord;
  #tag: string;
  #renewal: Promise<void> = Promise.resolve();
  readonly #timer: NodeJS.Timeout;

  private constructor(document: JsonDocument<LeaseRecord>, claim: Claim, record: LeaseRecord, tag: string) {
    this.#document = document;
    this.#claim = claim;
    this.#record = record;
    this.#tag = tag;
    this.#timer = setInterval(() => this.#tick(), RENEWAL);
    // A command that has failed must not be kept alive by the lease that it forgot.
    this.#timer.unref();
  }

  /**
   * @throws LeaseHeldError where another run holds it.
   * @throws StoreError
   */
  static async take(store: LedgerStore, claim: Claim): Promise<Lease> {
    const { value, tag } = await takeLease(store, claim, LEASE_TIME);
    return new Lease(leaseOf(store), claim, value, tag);
  }

  /** Each lease of a ledger has a higher one than the one before. */
  get number(): number {
    return this.#record.fence;
  }

  /** Aborts when the lease is lost, or about to end without having been renewed. */
  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  /**
   * Renews it where it is time to.
   *
   * @throws LedgerError when it is lost: nothing may be deleted any more.
   */
  async hold(): Promise<void> {
    if (this.#remaining() < LEASE_TIME - RENEWAL) {
      await this.#renew();
    }
    this.#lost.signal.throwIfAborted();
  }

  /** Gives it back. Never throws: it ends by itself if that fails. */
  async release(): Promise<void> {
    clearInterval(this.#timer);
    await this.#renewal;
    try {
      await this.#document.write({ ...this.#record, expires: null }, this.#tag);
    } catch {
      // The next run waits for its end, or sees that this process has ended.
    }
  }

  #tick(): void {
    if (this.#remaining() < MARGIN) {
      this.#lose();
    } else {
      void this.#renew();
    }
  }

  async #renew(): Promise<void> {
    // One after another: two renewals from one state would make the second believe that somebody else was first.
    this.#renewal = this.#renewal.then(() => this.#renewOnce());
    await this.#renewal;
  }

  async #renewOnce(): Promise<void> {
    if (this.#lost.signal.aborted) {
      return;
    }
    try {
      const record = recordOf(this.#claim, this.#record.fence, LEASE_TIME);
      await this.#document.write(record, this.#tag);
      const now = await this.#document.read();
      if (now === null || now.value.run !== record.run || now.value.fence !== record.fence) {
        this.#lose();
        return;
      }
      this.#record = now.value;
      this.#tag = now.tag;
    } catch {
      // Not known: there are more attempts before its end.
    }
    if (this.#remaining() < MARGIN) {
      this.#lose();
    }
  }

  #remaining(): number {
    return expiryOf(this.#record) - this.#claim.now();
  }

  #lose(): void {
    clearInterval(this.#timer);
    this.#lost.abort(
      new LedgerError(
        `Run ${this.#record.run} has lost its lease on the ledger: the lease could not be renewed in time, or another run has taken it. This run deletes nothing more; the next run continues.`,
      ),
    );
  }
}

/**
 * Writes that a run has the lease, for who renews it then.
 *
 * @param time for which it holds, in milliseconds.
 * @throws LeaseHeldError where another run holds it, StoreError
 */
export async function takeLease(
  store: LedgerStore,
  claim: Claim,
  time: number,
): Promise<{ readonly value: LeaseRecord; readonly tag: string }> {
  const document = leaseOf(store);
  const known = await document.read();
  if (known !== null && !isFree(known.value, claim)) {
    throw held(store, known.value);
  }
  const record = recordOf(claim, (known?.value.fence ?? 0) + 1, time);
  let failure: unknown = null;
  try {
    await document.write(record, known?.tag ?? null);
  } catch (error) {
    failure = error;
  }
  // Whether or not this write was the one that counted is shown by what is there now.
  const now = await document.read();
  if (failure !== null && now?.value.run !== record.run) {
    throw failure;
  }
  if (now === null || now.value.run !== record.run || now.value.fence !== record.fence) {
    throw held(store, now?.value ?? record);
  }
  return now;
}

function recordOf({ run, command, order, holders, now }: Claim, fence: number, time: number): LeaseRecord {
  const expires = new Date(now() + time).toISOString();
  return { run, command, holder: holders.self, expires, ...(order === undefined ? {} : { order }), fence };
}

/** @throws LeaseHeldError where a run holds it. Another one may take it right after. */
export async function refuseHeldLease(store: LedgerStore, claim: Pick<Claim, 'holders' | 'now'>): Promise<void> {
  const known = await leaseOf(store).read();
  if (known !== null && !isFree(known.value, claim)) throw held(store, known.value);
}

/** Whether a run may take it. */
export function isFree(record: LeaseRecord, { holders, now }: Pick<Claim, 'holders' | 'now'>): boolean {
  return record.expires === null || now() > expiryOf(record) + CLOCK_TOLERANCE || holders.hasEnded(record.holder);
}

function expiryOf({ expires }: LeaseRecord): number {
  return expires === null ? Number.NEGATIVE_INFINITY : Date.parse(expires);
}

function held(store: LedgerStore, { run, command, holder, expires }: LeaseRecord): LeaseHeldError {
  const end = expires === null ? '' : ` If that run has died, its lease ends two minutes after ${expires}.`;
  return new LeaseHeldError(
    `Another run holds the lease of the ledger ${store.name}: ${command}, run ${run}, on ${holder.host}. Nothing was changed; wait until that run has ended.${end}`,
    expires === null ? null : isoTime(Date.parse(expires) + CLOCK_TOLERANCE),
  );
}
