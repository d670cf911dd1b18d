import type { Buffer } from 'node:buffer';
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { Bucket } from '#tools/embedded-s3/bucket.ts';
import type { Operation, Target } from '#tools/embedded-s3/operation.ts';
import { S3Error } from '#tools/embedded-s3/s3-error.ts';

/** A request that has come in whole. */
export interface S3Request extends Target {
  readonly operation: Operation;
  readonly headers: IncomingHttpHeaders;
  /** Decoded and checked. */
  readonly body: Buffer;
  /** What a fault says of single keys of a deletion. */
  readonly refusal: (key: string) => S3Error | null;
  /** What faults have a GetObject give. */
  readonly instead?: { readonly content: Uint8Array; readonly lastModified: number };
  /** What faults make of a page of a listing. */
  readonly page?: 'empty-page' | 'turn-back';
  /** Faults have the handler look at no condition. */
  readonly ignoresConditions?: true;
}

export interface S3Answer {
  readonly status: number;
  readonly headers?: OutgoingHttpHeaders;
  /** An iterable comes with its own `content-length`. */
  readonly body?: string | Uint8Array | Iterable<Uint8Array>;
}

/** What the handlers share. */
export interface World {
  readonly buckets: Map<string, Bucket>;
  /** Least size of every part of a multipart upload but the last. */
  readonly minimumPartBytes: number;
  /** Epoch milliseconds. */
  now(): number;
  /** An opaque id that was never given before: of a version, an upload. */
  newId(): string;
}

export type Handler = (world: World, request: S3Request) => S3Answer;

/** Handlers by operation; each module has some of them. */
export type Handlers = { readonly [operation in Operation]?: Handler };

export function headerOf({ headers }: Pick<S3Request, 'headers'>, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** @throws S3Error `NoSuchBucket` */
export function bucketOf({ buckets }: World, name: string): Bucket {
  const bucket = buckets.get(name);
  if (bucket === undefined) throw new S3Error('NoSuchBucket', { elements: { BucketName: name } });
  return bucket;
}

/**
 * A count from the query, such as `max-keys`.
 *
 * @throws S3Error `InvalidArgument`
 */
export function countOf({ query }: Target, name: string, most: number): number {
  const text = query.get(name);
  if (text === undefined || text === '') return most;
  if (!/^\d{1,10}$/.test(text) || Number(text) > 0x7fffffff) {
    throw new S3Error('InvalidArgument', {
      message: `Argument ${name} must be an integer between 0 and 2147483647`,
      elements: { ArgumentName: name, ArgumentValue: text },
    });
  }
  return Math.min(Number(text), most);
}

export function xmlAnswer(body: string | Uint8Array, headers: OutgoingHttpHeaders = {}): S3Answer {
  return { status: 200, headers: { 'content-type': 'application/xml', ...headers }, body };
}
