import { Buffer } from 'node:buffer';
import { Readable } from 'node:stream';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { type SentRequest, watchRequests } from '#adapters/s3/watch-requests.ts';

/** A client that is watched, of which every request ends so. */
function watched(answer: () => Promise<unknown>): { readonly client: S3Client; readonly told: SentRequest[] } {
  const told: SentRequest[] = [];
  const client = new S3Client({
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKIAPUBLICPART', secretAccessKey: 'secret-part', sessionToken: 'token-part' },
    maxAttempts: 2,
    requestHandler: { handle: answer } as never,
  });
  watchRequests(client, (request) => told.push({ ...request, milliseconds: 0 }));
  return { client, told };
}

async function answered(statusCode: number): Promise<unknown> {
  return { response: { statusCode, headers: {}, body: Readable.from([Buffer.from('<Result/>')]) } };
}

describe('A watched client', () => {
  it('tells what was asked and how it was answered, without what signs it', async () => {
    const { client, told } = watched(() => answered(200));

    await client.send(new GetObjectCommand({ Bucket: 'bucket', Key: 'flink/a key' }));
    await client.send(new ListObjectsV2Command({ Bucket: 'bucket', Prefix: '', ContinuationToken: 'opaque' }));

    const host = 'https://bucket.s3.eu-central-1.amazonaws.com';
    expect(told).toEqual([
      { operation: 'GetObject', method: 'GET', url: `${host}/flink/a%20key`, status: 200, milliseconds: 0 },
      { operation: 'ListObjectsV2', method: 'GET', url: `${host}/?list-type=2&prefix`, status: 200, milliseconds: 0 },
    ]);
    expect(JSON.stringify(told)).not.toMatch(/AKIA|secret|token-part|Signature/i);
  });

  it('tells of each attempt, also of those that fail', async () => {
    const { client, told } = watched(() => answered(503));

    await expect(client.send(new GetObjectCommand({ Bucket: 'bucket', Key: 'k' }))).rejects.toThrow();

    expect(told.map(({ status }) => status)).toEqual([503, 503]);
  });

  it('tells of a request to which no answer came', async () => {
    const { client, told } = watched(async () => {
      throw new Error('the line is dead');
    });

    await expect(client.send(new GetObjectCommand({ Bucket: 'bucket', Key: 'k' }))).rejects.toThrow('dead');

    expect(told.map(({ operation, status }) => [operation, status])).toEqual([['GetObject', null]]);
  });
});
