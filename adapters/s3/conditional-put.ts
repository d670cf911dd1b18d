import { Buffer } from 'node:buffer';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { StoreError } from '#ports/object-store.ts';
import type { BucketClient } from './bucket-client.ts';
import { type Attempt, factsOf } from './failure-facts.ts';
import { saysNoSuchKey, storeErrorOf } from './s3-failures.ts';
import { type ObjectName, readSmallObject, unquoted } from './small-object.ts';

export type ConditionalPut =
  | { readonly outcome: 'written'; readonly etag: string }
  /** The condition did not hold, and nothing was written. */
  | { readonly outcome: 'refused' }
  /** Somebody else was writing at the same time, and nothing was written. */
  | { readonly outcome: 'conflict' };

/** What is to be written, and in place of what. */
export interface ConditionalContent {
  readonly name: ObjectName;
  readonly content: Uint8Array;
  /** Of the object that is to be replaced; null where there must be none. */
  readonly etag: string | null;
}

/**
 * Writes an object as a whole while it is still the one of this ETag, or while there is none (null).
 *
 * Where an answer was lost, the SDK asks again, and the store refuses what its own first attempt has written. So after
 * any failure that is no plain refusal of the only attempt, the object is read back: if it is byte for byte what was
 * to be written, it counts as written. That is right for contents that no other writer writes, such as those that hold
 * the id of a run; of two writers of one and the same content both may then be told that they succeeded.
 *
 * @param attempt for the sentence about a failure; what follows is that it is not known whether it was written.
 * @throws StoreError
 */
export async function putIf(
  client: BucketClient,
  { name, content, etag }: ConditionalContent,
  attempt: Attempt,
): Promise<ConditionalPut> {
  const condition = etag === null ? { IfNoneMatch: '*' } : { IfMatch: `"${etag}"` };
  try {
    const input = { ...name, ...condition, Body: content, ContentType: 'application/octet-stream' };
    const { ETag } = await client.call((one) => one.send(new PutObjectCommand(input)));
    if (ETag === undefined) throw new StoreError('unavailable', `${attempt.what}: the answer has no ETag.`);
    return { outcome: 'written', etag: unquoted(ETag) };
  } catch (error) {
    const refusal = refusalOf(error);
    const wasAskedOnce = factsOf(error).attempts === 1;
    if (wasAskedOnce && refusal !== undefined) return { outcome: refusal };
    if (wasAskedOnce && isPlainNo(error)) throw storeErrorOf(error, { ...attempt, follows: 'nothing was written' });
    const written = await readBack(client, name, content, attempt);
    if (written !== undefined) return { outcome: 'written', etag: written };
    if (refusal === undefined) throw storeErrorOf(error, attempt);
    throw new StoreError(
      'unavailable',
      `${attempt.what}: the request was repeated because an answer was lost, and the object has changed since; ${attempt.follows}.`,
      { cause: error },
    );
  }
}

function refusalOf(error: unknown): 'refused' | 'conflict' | undefined {
  const { status, name } = factsOf(error);
  // Of an object that was to be replaced and has gone.
  if (status === 412 || saysNoSuchKey(error)) return 'refused';
  return status === 409 && name === 'ConditionalRequestConflict' ? 'conflict' : undefined;
}

function isPlainNo(error: unknown): boolean {
  const { status } = factsOf(error);
  return status !== undefined && status >= 300 && status < 500;
}

async function readBack(
  client: BucketClient,
  name: ObjectName,
  content: Uint8Array,
  attempt: Attempt,
): Promise<string | undefined> {
  try {
    const found = await readSmallObject(client, name, attempt.what);
    return found?.content.equals(Buffer.from(content)) ? found.etag : undefined;
  } catch {
    // The outcome stays unknown, and the failure to report is the first one.
    return undefined;
  }
}
