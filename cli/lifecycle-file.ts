import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { decodeText } from '#config/decode-text.ts';
import { parseJson } from '#config/json-text.ts';
import { lifecycleDocumentOf } from '#config/lifecycle-document.ts';
import { isRecord, type LifecycleJson } from '#core/lifecycle/document.ts';
import type { BucketFacts, BucketLifecycle, Told } from '#ports/bucket-facts.ts';
import type { BucketToCheck } from '#steward/lifecycle-rules.ts';
import { UsageError } from './errors.ts';
import { systemFailure } from './system-failure.ts';

/** Lifecycle rules that somebody printed into a file, for a copy of a bucket or in place of what the bucket says. */
export async function readLifecycleFile(file: string, cwd: string): Promise<BucketLifecycle> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(resolve(cwd, file));
  } catch (error) {
    throw new UsageError(
      `${file} can't be read: ${systemFailure(error, 'no such file')}. Write it with: aws s3api get-bucket-lifecycle-configuration --bucket BUCKET > ${file}`,
      { cause: error },
    );
  }
  const value = parseJson(decodeText(bytes, file), file);
  return { ...lifecycleDocumentOf(value, file), document: documentOf(value) };
}

/** After the document has been read: the rules are a list of objects. */
function documentOf(value: unknown): LifecycleJson {
  const { Rules, TransitionDefaultMinimumObjectSize: minimum, ...others } = isRecord(value) ? value : {};
  return {
    ...(typeof minimum === 'string' ? { TransitionDefaultMinimumObjectSize: minimum } : {}),
    ...others,
    Rules: Array.isArray(Rules) ? Rules.filter(isRecord) : [],
  };
}

/**
 * The bucket whose rules a file holds, with all locations in it. What the file does not tell is not known.
 *
 * @param stores of the locations: `s3://bucket`, or `file://` where nobody said what a directory stands for.
 */
export function bucketOfFile(file: string, lifecycle: BucketLifecycle, stores: readonly string[]): BucketToCheck {
  const [store, ...others] = new Set(stores);
  if (store === undefined || others.length > 0) {
    throw new UsageError(
      `${file} holds the rules of one bucket, but the locations lie in several: ${[...new Set(stores)].join(', ')}. Check them one at a time.`,
    );
  }
  const notTold = <T>(): Promise<Told<T>> =>
    Promise.resolve({
      known: false,
      why: `${file} tells the rules only: whether the bucket keeps versions, and what piles up in it, is not known. Name the bucket itself to have it asked.`,
    });
  const facts: BucketFacts = {
    name: store.startsWith('s3://') ? store : 's3://BUCKET',
    lifecycle: () => Promise.resolve({ known: true, value: lifecycle }),
    versioning: notTold,
    incompleteUploads: notTold,
    olderVersions: notTold,
  };
  return { facts, locations: stores.map((_, location) => location) };
}
