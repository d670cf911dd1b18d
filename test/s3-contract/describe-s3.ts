import { S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { bucketContract } from '#test/s3-contract/buckets.ts';
import { deletionContract } from '#test/s3-contract/deletions.ts';
import { listingContract } from '#test/s3-contract/listings.ts';
import { multipartContract } from '#test/s3-contract/multipart.ts';
import { oddKeyContract } from '#test/s3-contract/odd-keys.ts';
import { readingContract } from '#test/s3-contract/reading.ts';
import { versionContract } from '#test/s3-contract/versions.ts';
import { writingContract } from '#test/s3-contract/writing.ts';

/** A client, and a bucket that nobody has used. */
export interface Place {
  readonly client: S3Client;
  readonly bucket: string;
}

export type Check = (title: string, body: (place: Place) => Promise<void>) => void;

/** Titles of checks that a server is known to fail, each with what it does instead. */
export type Differences = Readonly<Record<string, string>>;

const CONTRACTS: Readonly<Record<string, (check: Check) => void>> = {
  buckets: bucketContract,
  listings: listingContract,
  'odd keys': oddKeyContract,
  reading: readingContract,
  writing: writingContract,
  deletions: deletionContract,
  'multipart uploads': multipartContract,
  versions: versionContract,
};

export function clientOf(endpoint: string, region = 'us-east-1'): S3Client {
  return new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: { accessKeyId: 'minioadmin', secretAccessKey: 'minioadmin' },
  });
}

/**
 * What a client may rely on of any S3: run against the embedded one in the ordinary tests, and against servers that
 * others wrote in the deep suite, so that the embedded one is not its own measure. A check that is known to fail must
 * go on failing: a difference that has gone is to be struck off.
 */
export function describeS3(name: string, newPlace: () => Promise<Place>, differences: Differences = {}): void {
  const titles = new Set<string>();
  const check: Check = (title, body) => {
    titles.add(title);
    const run = async () => body(await newPlace());
    const known = differences[title];
    if (known === undefined) it(title, run);
    else it.fails(`${title} (but it ${known})`, run);
  };
  describe(name, () => {
    for (const [subject, contract] of Object.entries(CONTRACTS)) {
      describe(subject, () => contract(check));
    }
    it('has no known difference that is no check', () => {
      expect(Object.keys(differences).filter((title) => !titles.has(title))).toEqual([]);
    });
  });
}

export interface Failure {
  readonly code: string;
  readonly status: number | undefined;
}

/** How a request failed, as the SDK sees it. */
export async function failureOf(request: Promise<unknown>): Promise<Failure> {
  try {
    await request;
  } catch (error) {
    const { name, $metadata } = error as { name: string; $metadata?: { httpStatusCode?: number } };
    return { code: name, status: $metadata?.httpStatusCode };
  }
  throw new Error('The request was expected to fail, and succeeded.');
}
