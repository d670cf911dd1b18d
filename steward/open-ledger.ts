import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { LedgerFolder } from '#adapters/ledger/ledger-folder.ts';
import { errnoOf } from '#adapters/local/failures.ts';
import { unusableBucket } from '#adapters/s3/bucket-name.ts';
import type { S3Connection } from '#adapters/s3/s3-client.ts';
import type { AreaEntry } from '#config/steward-config.ts';
import { isS3Scheme, placeOf } from '#core/flink/state-path.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { LocationError, urlPath } from '#steward/open-area.ts';

const URL_SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//;

/**
 * @param place a directory relative to `cwd`, or `s3://bucket/prefix`. It need not be there yet.
 * @param connection how to reach the store of the bucket.
 * @throws LocationError for what is neither.
 */
export async function openLedger(place: string, cwd: string, connection: S3Connection = {}): Promise<LedgerStore> {
  const inBucket = bucketPlace(place, '--ledger');
  if (inBucket === null) return new LedgerFolder(resolve(cwd, place));
  // Loaded only where there is a bucket: the SDK takes longer to load than a small directory to survey.
  const [{ createS3Clients }, { LedgerBucket }] = await Promise.all([
    import('#adapters/s3/s3-client.ts'),
    import('#adapters/ledger/ledger-bucket.ts'),
  ]);
  return new LedgerBucket({ ...(await createS3Clients(connection)), ...inBucket });
}

/** How a ledger and a location of the area lie to each other. */
export interface LedgerOverlap {
  /** The location as the user wrote it. */
  readonly location: string;
  /** `ledger`: it lies in the location, or is the same place. */
  readonly inner: 'ledger' | 'location';
}

/**
 * The first location that holds the ledger or lies in it, by real paths. The steward would judge its own notes there,
 * or keep them where others keep theirs.
 *
 * @param place as for {@link openLedger}.
 * @throws LocationError
 */
export async function overlapWithLedger(
  place: string,
  cwd: string,
  entries: readonly AreaEntry[],
): Promise<LedgerOverlap | null> {
  const ledger = await rootOf(place, cwd, '--ledger');
  for (const entry of entries) {
    const location = entry.kind === 's3' ? entry.url : entry.path;
    const root = await rootOf(location, cwd, 'location');
    if (ledger.startsWith(root)) return { location, inner: 'ledger' };
    if (root.startsWith(ledger)) return { location, inner: 'location' };
  }
  return null;
}

/** What all that lies in a place begins with. Paths begin with the separator or a drive, so buckets are no paths. */
async function rootOf(place: string, cwd: string, said: string): Promise<string> {
  const inBucket = bucketPlace(place, said);
  if (inBucket !== null) return `s3://${inBucket.bucket}/${inBucket.prefix}`;
  const real = await realPathOf(resolve(cwd, place));
  return real.endsWith(sep) ? real : `${real}${sep}`;
}

/** Of a path that need not be there: with the real path of what is. */
async function realPathOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT' || dirname(path) === path) return path;
    return join(await realPathOf(dirname(path)), basename(path));
  }
}

/** @param said where it was said, for the message. @returns null for a directory. */
function bucketPlace(place: string, said: string): { readonly bucket: string; readonly prefix: string } | null {
  if (!URL_SCHEME.test(place)) return null;
  const path = urlPath(place, said);
  if (!isS3Scheme(path.scheme)) {
    throw new LocationError(
      `${said} ${place}: that is neither a directory nor a bucket. Name it by its path, or as s3://bucket/prefix.`,
    );
  }
  const { store, key } = placeOf(path);
  const bucket = store.slice('s3://'.length);
  const problem = unusableBucket(bucket);
  if (problem !== undefined) {
    throw new LocationError(`${said} ${place}: '${bucket}' ${problem}. Name a bucket as s3://bucket/prefix.`);
  }
  return { bucket, prefix: key === '' ? '' : `${key}/` };
}
