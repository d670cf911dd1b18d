import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { BucketClient } from './bucket-client.ts';
import { factsOf } from './failure-facts.ts';
import { sendOptions } from './send-options.ts';
import type { ObjectName } from './small-object.ts';

/** A condition of a write, as S3 has it. */
export type WriteCondition = { readonly IfNoneMatch: string } | { readonly IfMatch: string };

/** No object has it. */
export const NO_ETAG = '0'.repeat(32);
/** Holds where there is nothing. */
export const IF_NONE: WriteCondition = { IfNoneMatch: '*' };
/** Holds nowhere. */
export const IF_ANOTHER: WriteCondition = { IfMatch: `"${NO_ETAG}"` };

/**
 * Writes under a condition, to find out what the store makes of it.
 *
 * @returns `refused` where the store found that the condition does not hold; `unsupported` where it knows no such one.
 * @throws as the SDK does.
 */
export async function putUnder(
  client: BucketClient,
  name: ObjectName,
  content: Uint8Array,
  condition: WriteCondition,
  signal?: AbortSignal,
): Promise<'written' | 'refused' | 'unsupported'> {
  try {
    const input = { ...name, ...condition, Body: content };
    await client.call((one) => one.send(new PutObjectCommand(input), sendOptions(signal)));
    return 'written';
  } catch (error) {
    const { status, name: code } = factsOf(error);
    if (status === 412 || (status === 409 && code === 'ConditionalRequestConflict')) return 'refused';
    if (status === 501) return 'unsupported';
    throw error;
  }
}
