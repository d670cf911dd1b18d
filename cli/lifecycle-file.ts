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

/** Reads lifecycle rules from a file, for a copy of a bucket or instead of the rules of the bucket itself. */
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

/** The document as it was read, with only those rules that are objects. */
function documentOf(value: unknown): LifecycleJson {
  const { Rules, TransitionDefaultMinimumObjectSize: minimum, ...others } = isRecord(value) ? value : {};
  return {
    ...(typeof minimum === 'string' ? { TransitionDefaultMinimumObjectSize: minimum } : {}),
    ...others,
    Rules: Array.isArray(Rules) ? Rules.filter(isRecord) : [],
  };
}

/**
 * The bucket whose rules a file contains, with all locations in it. Everything else about the bucket is not known.
 *
 * @param stores of the locations: `s3://bucket`, or `file://` for a directory without `as`.
 */
export function bucketOfFile(file: string, lifecycle: BucketLifecycle, stores: readonly string[]): BucketToCheck {
  const [store, ...others] = new Set(stores);
  if (store === undefined || others.length > 0) {
    throw new UsageError(
      `${file} contains the rules of one bucket, but the locations are in several: ${[...new Set(stores)].join(', ')}. Check one bucket at a time.`,
    );
  }
  const notInFile = <T>(): Promise<Told<T>> =>
    Promise.resolve({
      known: false,
      why: `${file} contains only the rules, so it is not known whether the bucket keeps versions, nor which uploads and versions it contains. To find out, check the bucket itself.`,
    });
  const facts: BucketFacts = {
    name: store.startsWith('s3://') ? store : 's3://BUCKET',
    lifecycle: () => Promise.resolve({ known: true, value: lifecycle }),
    versioning: notInFile,
    notices: notInFile,
    incompleteUploads: notInFile,
    olderVersions: notInFile,
  };
  return { facts, locations: stores.map((_, location) => location) };
}
