import type { Area } from '#core/area/area.ts';
import { comparableEtag } from '#core/etag.ts';
import type { ObjectTable } from '#core/inventory/object-table.ts';
import { Pace } from '#operations/pace.ts';
import { type ObjectStore, StoreError } from '#ports/object-store.ts';
import type { TableFile } from './root-tables.ts';

/** A bucket answers some 5,500 reads a second for each part of its keys; Flink's own, when it restores, come first. */
const READS_PER_SECOND = 400;

/** Where parts of listed files are read from. */
export interface PartsInput {
  readonly area: Area;
  readonly objects: ObjectTable;
  /** By location of the area. */
  readonly stores: readonly ObjectStore[];
  /** How many requests may be sent. */
  readonly most: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Why a part of a file could not be read.
 *
 * * `gone`, `overwritten`: the object is not there any more, or has another content than the listing showed.
 * * `archived`: it must be restored before it can be read.
 * * `failed`: the store did not answer, for this reason.
 * * `left`: no request was left for it.
 */
export type PartMissed =
  | { readonly outcome: 'gone' | 'overwritten' | 'archived' | 'left' }
  | { readonly outcome: 'failed'; readonly why: string };

/** Reads parts of state files, under a rate and up to a number of requests. */
export class PartReader {
  /** How many were sent. */
  requests = 0;
  readonly #input: PartsInput;
  readonly #pace = new Pace(READS_PER_SECOND, () => performance.now());
  /** A pace is kept by one at a time. */
  #turn = Promise.resolve();

  constructor(input: PartsInput) {
    this.#input = input;
  }

  /** Bytes that a file has, or its part of a merged one; null where that would end behind its object. */
  sizeOf({ object, start, bytes }: TableFile): number | null {
    const whole = this.#input.objects.bytes(object);
    if (start === null) return whole;
    return start >= 0 && start + bytes <= whole ? bytes : null;
  }

  /**
   * Some bytes of a file, or of its part of a merged one.
   *
   * @param end the offset behind the last of them.
   * @throws StoreError where the store refuses all such reads.
   */
  async read({ object, start }: TableFile, from: number, end: number): Promise<Uint8Array | PartMissed> {
    if (from >= end) return new Uint8Array();
    if (this.requests >= this.#input.most) return { outcome: 'left' };
    this.requests += 1;
    const { area, objects, stores, signal } = this.#input;
    const location = objects.location(object);
    const store = stores[location];
    if (store === undefined) throw new RangeError(`${location} is no location of the area.`);
    if (store.keysPerRequest !== undefined) await this.#inTurn(signal);
    signal?.throwIfAborted();
    const range = { from: (start ?? 0) + from, to: (start ?? 0) + end - 1 };
    const options = signal === undefined ? range : { ...range, signal };
    try {
      const outcome = await store.read(area.storeKey(location, objects.key(object)), options);
      if (!outcome.found) return { outcome: 'gone' };
      const bytes = await upTo(outcome.chunks, end - from);
      if (comparableEtag(outcome.etag) !== comparableEtag(objects.etag(object))) return { outcome: 'overwritten' };
      return bytes ?? { outcome: 'failed', why: 'The store did not send the part of the object that was asked for.' };
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof StoreError) || error.code === 'denied' || error.code === 'no-such-place') throw error;
      return error.code === 'archived' ? { outcome: 'archived' } : { outcome: 'failed', why: error.message };
    }
  }

  /** Where requests are answered by a store of many, and not by a disk. */
  async #inTurn(signal: AbortSignal | undefined): Promise<void> {
    this.#turn = this.#turn.then(() => this.#pace.take(1, signal));
    await this.#turn;
  }
}

/** So many bytes; null of more or less: a store that knows no ranges sends all of an object. */
async function upTo(chunks: AsyncIterable<Uint8Array>, wanted: number): Promise<Uint8Array | null> {
  const read: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    read.push(chunk);
    length += chunk.length;
    if (length > wanted) return null;
  }
  return length === wanted ? Buffer.concat(read) : null;
}
