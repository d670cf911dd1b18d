import type { Buffer } from 'node:buffer';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { StoreError } from '#ports/object-store.ts';
import type { BucketClient } from './bucket-client.ts';
import { ObjectChunks } from './object-chunks.ts';
import { saysNoSuchKey } from './s3-failures.ts';

/** What every request to a bucket says of it. */
export interface BucketName {
  readonly Bucket: string;
  /** The account that must own the bucket; any other one's is refused by S3. */
  readonly ExpectedBucketOwner?: string;
  /** Agrees to be billed for the request. */
  readonly RequestPayer?: 'requester';
}

export interface ObjectName extends BucketName {
  readonly Key: string;
}

/** For the sentence about a refusal. */
export function ownerIn({ ExpectedBucketOwner }: Partial<BucketName>): { readonly owner?: string } {
  return ExpectedBucketOwner === undefined ? {} : { owner: ExpectedBucketOwner };
}

export interface OpenedObject {
  /** Without quotes. */
  readonly etag: string;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** The SDK asks again where an answer fails, but not where its body breaks off. */
const READS_OF_A_BODY = 3;

/**
 * @param shown the object as people know it.
 * @returns null where S3 says that there is no such object.
 * @throws as the SDK does, or a StoreError for an answer that is none.
 */
export async function openObject(client: BucketClient, name: ObjectName, shown: string): Promise<OpenedObject | null> {
  try {
    const { Body, ContentLength, ETag } = await client.call((one) => one.send(new GetObjectCommand(name)));
    if (Body instanceof Readable && ContentLength !== undefined && ETag !== undefined) {
      const chunks = new ObjectChunks({ stream: Body, bytes: ContentLength, name: shown, signal: undefined });
      return { etag: unquoted(ETag), chunks };
    }
  } catch (error) {
    if (saysNoSuchKey(error)) return null;
    throw error;
  }
  throw new StoreError(
    'unavailable',
    `${shown} was returned without a body, its size or its ETag, so its contents are unknown. This store does not answer as S3 does.`,
  );
}

/** As {@link openObject}, with the whole content in memory. */
export async function readSmallObject(
  client: BucketClient,
  name: ObjectName,
  shown: string,
): Promise<{ readonly etag: string; readonly content: Buffer } | null> {
  for (let reads = 1; ; reads++) {
    const opened = await openObject(client, name, shown);
    if (opened === null) return null;
    try {
      return { etag: opened.etag, content: await buffer(opened.chunks) };
    } catch (error) {
      if (reads === READS_OF_A_BODY) throw error;
    }
  }
}

export function unquoted(etag: string): string {
  return etag.replace(/^"(.*)"$/, '$1');
}
