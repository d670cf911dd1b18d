import { Readable } from 'node:stream';
import type { GetObjectCommandOutput } from '@aws-sdk/client-s3';
import { type ReadOutcome, StoreError } from '#ports/object-store.ts';
import { ObjectChunks } from './object-chunks.ts';
import { unquoted } from './small-object.ts';

/** The answer to a GetObject as the port has it. */

export interface ReadObject {
  /** The object as people know it. */
  readonly name: string;
  /** Whether a part was asked for, and not the whole object. */
  readonly isPart?: boolean;
  readonly signal: AbortSignal | undefined;
}

/** @throws StoreError where the answer is not one of S3. */
export function readOutcomeOf(
  answer: GetObjectCommandOutput,
  { name, isPart = false, signal }: ReadObject,
): ReadOutcome {
  const { Body: stream, ContentLength: length, ETag: etag, LastModified: modified } = answer;
  if (!(stream instanceof Readable)) throw new StoreError('unavailable', `${name} was returned without a body.`);
  const bytes = isPart ? wholeSizeOf(answer) : length;
  if (bytes === undefined || length === undefined || etag === undefined || modified === undefined) {
    stream.destroy();
    throw new StoreError(
      'unavailable',
      `${name} was returned without its size, its ETag or its time, so its contents are unknown. This store does not answer as S3 does.`,
    );
  }
  return {
    found: true,
    etag: unquoted(etag),
    bytes,
    modified: modified.getTime(),
    chunks: new ObjectChunks({ stream, bytes: length, name, signal }),
  };
}

/** Bytes of the whole object: after the slash of `Content-Range`. */
function wholeSizeOf({ ContentRange }: GetObjectCommandOutput): number | undefined {
  const total = /\/(\d+)$/.exec(ContentRange ?? '')?.[1];
  return total === undefined ? undefined : Number(total);
}
