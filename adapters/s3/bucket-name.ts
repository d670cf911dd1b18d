/** Why a bucket of this name can't be surveyed, as the end of a sentence; undefined where it can. */
export function unusableBucket(bucket: string): string | undefined {
  if (bucket.endsWith('--x-s3')) {
    return 'is a directory bucket. Directory buckets list keys in no order, so a part of one cannot be listed reliably';
  }
  // Buckets older than the rules of 2018 may have capitals and underscores.
  return /^[A-Za-z0-9][A-Za-z0-9._-]{1,254}$/.test(bucket) ? undefined : 'is not a valid bucket name';
}
