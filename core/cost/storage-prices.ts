import type { ClassAmount, StorageClass } from '#core/inventory/storage-class.ts';

/**
 * What S3 charges for storage classes other than S3 Standard: list prices of us-east-1, October 2025
 * (https://aws.amazon.com/s3/pricing/), and what each class adds to the bytes.
 *
 * In other regions they are taken in proportion to the price of S3 Standard there, which is within a few percent of
 * what AWS lists for most of them.
 */
const PER_GIB_MONTH: Readonly<Record<Exclude<StorageClass, 'INTELLIGENT_TIERING'>, number>> = {
  STANDARD_IA: 0.0125,
  ONEZONE_IA: 0.01,
  GLACIER_IR: 0.004,
  GLACIER: 0.0036,
  DEEP_ARCHIVE: 0.00099,
  REDUCED_REDUNDANCY: 0.024,
  EXPRESS_ONEZONE: 0.11,
};
const STANDARD_OF_US_EAST_1 = 0.023;

const GIB = 1024 ** 3;
/** Of each object of 128 KiB and more in INTELLIGENT_TIERING, a month. */
const MONITORED = 0.0025 / 1_000;
const ARCHIVES: ReadonlySet<StorageClass> = new Set(['GLACIER', 'DEEP_ARCHIVE']);
/** An archived object has an index, billed as its class is, and its name and other metadata, billed as S3 Standard. */
const INDEX_BYTES = 32 * 1024;
const METADATA_BYTES = 8 * 1024;

/** What a store charges for S3 Standard where these objects lie. */
export interface StandardPrices {
  /** The price of a GiB-month in its first tier. */
  readonly perGiBMonth: number;
  /** Of a byte a month, over all tiers that are reached there. */
  readonly perByte: number;
}

/**
 * What objects of a storage class cost a month. Of INTELLIGENT_TIERING nobody sees from outside which tier an object is
 * in, so that it counts as frequently accessed: an upper bound.
 */
export function classCost(
  storageClass: StorageClass,
  { objects, bytes, billed, small }: Readonly<ClassAmount>,
  standard: StandardPrices,
): number {
  const dearer = standard.perGiBMonth / STANDARD_OF_US_EAST_1;
  if (storageClass === 'INTELLIGENT_TIERING') {
    return bytes * standard.perByte + (objects - small) * MONITORED * dearer;
  }
  const perByte = (PER_GIB_MONTH[storageClass] * dearer) / GIB;
  const archived = ARCHIVES.has(storageClass)
    ? objects * (INDEX_BYTES * perByte + METADATA_BYTES * standard.perByte)
    : 0;
  return billed * perByte + archived;
}
