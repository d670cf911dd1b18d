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
 * @param place a directory relative to `cwd`, or `s3://bucket/prefix`. It need not exist yet.
 * @param connection how to reach the store of the bucket.
 * @throws LocationError if it is neither.
 */
export async function openLedger(place: string, cwd: string, connection: S3Connection = {}): Promise<LedgerStore> {
  const inBucket = bucketPlace(place, '--ledger');
  if (inBucket === null) return new LedgerFolder(resolve(cwd, place));
  // Loaded only for a bucket: loading the SDK takes longer than a survey of a small directory.
  const [{ createS3Clients }, { LedgerBucket }] = await Promise.all([
    import('#adapters/s3/s3-client.ts'),
    import('#adapters/ledger/ledger-bucket.ts'),
  ]);
  return new LedgerBucket({ ...(await createS3Clients(connection)), ...inBucket });
}

/** A ledger and a location of the area, one inside the other. */
export interface LedgerOverlap {
  /** The location as the user wrote it. */
  readonly location: string;
  /** `ledger`: the ledger is inside the location, or both are the same. */
  readonly inner: 'ledger' | 'location';
}

/**
 * The first location that contains the ledger or is inside it, by real paths. Such a ledger is refused, because the
 * steward would judge its own records, or mix them with the files of jobs.
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

/**
 * The common prefix of everything in a ledger: `s3://bucket/prefix/`, or a real path with a closing separator.
 *
 * @param place as for {@link openLedger}.
 * @throws LocationError
 */
export async function rootOfLedger(place: string, cwd: string): Promise<string> {
  return await rootOf(place, cwd, '--ledger');
}

/** The common prefix of everything in a place. A path begins with a separator or a drive, so it never equals a URL. */
async function rootOf(place: string, cwd: string, source: string): Promise<string> {
  const inBucket = bucketPlace(place, source);
  if (inBucket !== null) return `s3://${inBucket.bucket}/${inBucket.prefix}`;
  const real = await realPathOf(resolve(cwd, place));
  return real.endsWith(sep) ? real : `${real}${sep}`;
}

/** The real path of a path that need not exist: symbolic links are resolved in the part that exists. */
async function realPathOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT' || dirname(path) === path) return path;
    return join(await realPathOf(dirname(path)), basename(path));
  }
}

/** @param source the option or setting that contains it, for messages. @returns null for a directory. */
function bucketPlace(place: string, source: string): { readonly bucket: string; readonly prefix: string } | null {
  if (!URL_SCHEME.test(place)) return null;
  const path = urlPath(place, source);
  if (!isS3Scheme(path.scheme)) {
    throw new LocationError(
      `${source} ${place}: this is neither a directory nor a bucket. Give a path, or a bucket as s3://bucket/prefix.`,
    );
  }
  const { store, key } = placeOf(path);
  const bucket = store.slice('s3://'.length);
  const problem = unusableBucket(bucket);
  if (problem !== undefined) {
    throw new LocationError(`${source} ${place}: '${bucket}' ${problem}. Give a bucket as s3://bucket/prefix.`);
  }
  return { bucket, prefix: key === '' ? '' : `${key}/` };
}
