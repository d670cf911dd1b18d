import { Buffer } from 'node:buffer';
import type { Area } from '#core/area/area.ts';
import { comparableEtag } from '#core/etag.ts';
import { MetadataError } from '#core/flink/metadata/metadata-error.ts';
import { readMetadata } from '#core/flink/metadata/read-metadata.ts';
import { mayBeRoot, OutsideReading, type OutsideRoot } from '#core/scope/outside-root.ts';
import { atLeastRate } from '#operations/look/least-rate.ts';
import { type ListedObject, StoreError } from '#ports/object-store.ts';
import type { OutsidePart } from './outside-part.ts';

const HEAD = 4;

/** What reading an outside root takes. */
export interface OutsideInput {
  readonly area: Area;
  readonly part: OutsidePart;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds from any beginning, to measure how fast a content comes. @default the real time */
  readonly passed?: () => number;
}

/** What came of reading an object that has the name of a root. */
export type OutsideOutcome = OutsideRoot | 'no-root' | 'vanished';

/**
 * Reads an object that has the name of a root: its first four bytes, and all of it where those are Flink's. Only a definite
 * absence is absence, and whatever can't be read to its last byte may reference anything.
 */
export async function readOutsideRoot(
  { area, part, signal, passed = () => performance.now() }: OutsideInput,
  { key, etag, bytes }: Pick<ListedObject, 'key' | 'etag' | 'bytes'>,
): Promise<OutsideOutcome> {
  const whole = `${part.base}${key}`;
  const reading = new OutsideReading(area, { store: part.store, key: whole });
  const rootOf = (failure: OutsideRoot['failure']): OutsideRoot => ({
    key: whole,
    etag,
    files: reading.files,
    first: reading.first,
    failure,
  });
  try {
    const outcome = await part.reader.read(key, signal === undefined ? {} : { signal });
    if (!outcome.found) return 'vanished';
    const chunks = await beginningLikeRoot(atLeastRate(outcome.chunks, passed));
    if (chunks === null) return 'no-root';
    await readMetadata(chunks, reading, { fileBytes: outcome.bytes });
    if (comparableEtag(outcome.etag) !== comparableEtag(etag)) {
      const sentence = `it was listed with the ETag ${etag} and ${bytes} bytes, but another content was read`;
      return rootOf({ fault: 'access', sentence });
    }
    if (reading.unresolvable !== null) {
      const sentence = `it references a path that Flink can't resolve: ${reading.unresolvable}`;
      return rootOf({ fault: 'contents', sentence });
    }
    return rootOf(null);
  } catch (error) {
    signal?.throwIfAborted();
    return rootOf(failureOf(error));
  }
}

/** @returns null for a content that begins with other bytes than Flink's; its reading is ended then. */
async function beginningLikeRoot(chunks: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Uint8Array> | null> {
  const rest = chunks[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  let isOver = false;
  while (!isOver && head.length < HEAD) {
    const next = await rest.next();
    isOver = next.done === true;
    // Copied, because a chunk may be used again.
    head = next.done ? head : Buffer.concat([head, next.value]);
  }
  if (!mayBeRoot(head.subarray(0, HEAD))) {
    await rest.return?.();
    return null;
  }
  return continued(head, rest);
}

async function* continued(
  head: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield head;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

function failureOf(error: unknown): NonNullable<OutsideRoot['failure']> {
  if (!(error instanceof StoreError || error instanceof MetadataError)) throw error;
  // The sentence is put into the middle of a longer one.
  const sentence = error.message.replace(/\.$/, '');
  if (error instanceof MetadataError) return { fault: 'contents', sentence };
  return { fault: error.code === 'archived' ? 'archived' : 'access', sentence };
}
