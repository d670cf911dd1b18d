/**
 * Storage classes of Amazon S3 that are billed otherwise than S3 Standard, by their names in listings. A class that is
 * not among them, such as one of another store, is counted as S3 Standard.
 */
export const STORAGE_CLASSES = [
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER_IR',
  'GLACIER',
  'DEEP_ARCHIVE',
  'REDUCED_REDUNDANCY',
  'EXPRESS_ONEZONE',
] as const;
/** A storage class other than S3 Standard. */
export type StorageClass = (typeof STORAGE_CLASSES)[number];

/** What S3 takes for small: an object below is billed for this much in some classes, and not monitored in another. */
const SMALL = 128 * 1024;
const BILLED_AS_SMALL: ReadonlySet<StorageClass> = new Set(['STANDARD_IA', 'ONEZONE_IA', 'GLACIER_IR']);

/** Objects of one storage class. */
export interface ClassAmount {
  objects: number;
  bytes: number;
  /** Bytes that are billed: where the class has a least size, each smaller object counts with that size. */
  billed: number;
  /** How many objects are below 128 KiB. */
  small: number;
}

/** @returns null for S3 Standard, and for a name that is not known. */
export function storageClassOf(name: string | undefined): StorageClass | null {
  return STORAGE_CLASSES.find((one) => one === name) ?? null;
}

/** Nothing yet. */
export function noneOfClass(): ClassAmount {
  return { objects: 0, bytes: 0, billed: 0, small: 0 };
}

/** Counts one object more. */
export function countInClass(amount: ClassAmount, storageClass: StorageClass, bytes: number): void {
  const isSmall = bytes < SMALL;
  amount.objects++;
  amount.bytes += bytes;
  amount.billed += isSmall && BILLED_AS_SMALL.has(storageClass) ? SMALL : bytes;
  amount.small += isSmall ? 1 : 0;
}

/** The sum of two amounts of one class. */
export function plusInClass(a: ClassAmount, b: ClassAmount): ClassAmount {
  return {
    objects: a.objects + b.objects,
    bytes: a.bytes + b.bytes,
    billed: a.billed + b.billed,
    small: a.small + b.small,
  };
}
