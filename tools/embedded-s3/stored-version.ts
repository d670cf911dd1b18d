import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';
import { hexDigits } from '#tools/embedded-s3/hex-digits.ts';

/** The version id of what was written while versioning was not on. */
export const NULL_VERSION = 'null';
export const STANDARD = 'STANDARD';

/** Content, or just how much of it: then it reads as zeros and takes no memory. */
export type Content = Buffer | number;

export interface VersionDetails {
  readonly key: string;
  readonly content: Content;
  /** Epoch milliseconds; kept in whole seconds, as S3 does. */
  readonly modified: number;
  readonly versionId?: string;
  readonly etag?: string;
  readonly storageClass?: string;
  /** Headers that were given with the content and are given back with it. */
  readonly headers?: OutgoingHttpHeaders;
  readonly deleteMarker?: boolean;
}

/**
 * One version of an object, or a delete marker. Millions of them lie in memory, so the fields are few and small: a time
 * in seconds fits a machine word, one in milliseconds is a heap object of its own.
 */
export class StoredVersion {
  readonly key: string;
  readonly versionId: string;
  readonly content: Content;
  readonly storageClass: string;
  readonly headers: OutgoingHttpHeaders | null;
  readonly deleteMarker: boolean;
  /** The version of the same key that this one hides. */
  older: StoredVersion | null = null;
  /** Of an archived one: whether it is being restored, or has been until a day (epoch milliseconds). */
  restore: 'under-way' | number | null = null;
  readonly #seconds: number;
  readonly #etag: string | null;

  constructor(details: VersionDetails) {
    const { key, content, modified } = details;
    this.key = key;
    this.content = content;
    this.versionId = details.versionId ?? NULL_VERSION;
    this.storageClass = details.storageClass ?? STANDARD;
    this.headers = details.headers ?? null;
    this.deleteMarker = details.deleteMarker ?? false;
    this.#seconds = Math.floor(modified / 1_000);
    this.#etag = details.etag ?? (typeof content === 'number' ? null : md5(content));
  }

  /** Epoch milliseconds. */
  get modified(): number {
    return this.#seconds * 1_000;
  }

  get bytes(): number {
    return typeof this.content === 'number' ? this.content : this.content.length;
  }

  /** Without quotes. */
  get etag(): string {
    return this.#etag ?? madeUpEtag(this.key, this.bytes, this.#seconds);
  }

  /** This and all that it hides, newest first. */
  *chain(): Generator<StoredVersion, void, undefined> {
    for (let version: StoredVersion | null = this; version !== null; version = version.older) {
      yield version;
    }
  }
}

export function md5(content: Uint8Array): string {
  return createHash('md5').update(content).digest('hex');
}

/** Enough to tell two UUIDs apart. */
const ETAG_OF_LAST_UNITS = 16;

/** 32 hex digits that change with what an object is. Made when asked for: a stored one would double the memory. */
function madeUpEtag(key: string, bytes: number, seconds: number): string {
  let a = 0x811c9dc5 ^ bytes;
  let b = 0x1b873593 ^ seconds;
  for (let at = Math.max(0, key.length - ETAG_OF_LAST_UNITS); at < key.length; at++) {
    const unit = key.charCodeAt(at);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b + unit, 0x85ebca6b) ^ (b >>> 13);
  }
  return (
    hexDigits(a) + hexDigits(b) + hexDigits(Math.imul(a, 0xc2b2ae35) ^ b) + hexDigits(Math.imul(b, 0x9e3779b1) ^ a)
  );
}

const ZEROS = Buffer.alloc(65_536);

/** The bytes from `from` up to and including `to`. */
export function contentBetween(content: Content, from: number, to: number): Uint8Array | Iterable<Uint8Array> {
  return typeof content === 'number' ? zeros(to - from + 1) : content.subarray(from, to + 1);
}

function* zeros(count: number): Generator<Uint8Array, void, undefined> {
  for (let left = count; left > 0; left -= ZEROS.length) {
    yield left >= ZEROS.length ? ZEROS : ZEROS.subarray(0, left);
  }
}
