import { Buffer } from 'node:buffer';
import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type FileSystem, nodeFileSystem } from '#adapters/local/file-system.ts';
import { LocalDirectory } from '#adapters/local/local-directory.ts';
import { WalkedFolders } from '#adapters/local/walked-folders.ts';
import { unusableBucket } from '#adapters/s3/bucket-name.ts';
import type { S3BucketOptions } from '#adapters/s3/s3-bucket.ts';
import type { S3Connection } from '#adapters/s3/s3-client.ts';
import type { AreaEntry, BucketSettings } from '#config/steward-config.ts';
import { accessPointOf, insteadOf, isListable } from '#core/area/access-points.ts';
import { type AreaLocation, overlap, type PlaceMapping } from '#core/area/area.ts';
import { type FlinkPath, isS3Scheme, parseFlinkPath, placeOf } from '#core/flink/state-path.ts';
import type { BucketFacts } from '#ports/bucket-facts.ts';
import type { ObjectStore } from '#ports/object-store.ts';

/** Turns the locations that a user names into an area with stores behind it. */

export interface OpenedArea {
  readonly locations: readonly {
    readonly area: AreaLocation;
    readonly store: ObjectStore;
    /** What the bucket says of itself; null for a directory. */
    readonly facts: BucketFacts | null;
    readonly reach: Reach;
  }[];
  /** Other names of these places that the file system itself tells. */
  readonly aliases: readonly PlaceMapping[];
}

/** How a location was reached, for who is to write there too. */
export type Reach =
  | { readonly kind: 'directory'; readonly path: string }
  | ({ readonly kind: 'bucket' } & Pick<
      S3BucketOptions,
      'bucket' | 'client' | 'clientFor' | 'expectedBucketOwner' | 'requesterPays'
    >);

/** How to reach a store of buckets, and whether to pay for it. */
export interface BucketConnection extends S3Connection {
  readonly requesterPays?: boolean;
}

/** A location that can't be surveyed, as a sentence. */
export class LocationError extends Error {
  override readonly name = 'LocationError';
}

/**
 * @param entries directories relative to `cwd`.
 * @param clock what the directories tell as their time, epoch milliseconds. Buckets have clocks of their own.
 * @param connection how to reach the stores of the buckets, whatever their entries say.
 * @throws LocationError
 */
export async function openArea(
  entries: readonly AreaEntry[],
  cwd: string,
  clock: () => number,
  connection: BucketConnection = {},
): Promise<OpenedArea> {
  const walked = new WalkedFolders();
  const opened = await Promise.all(entries.map((entry) => openLocation(entry, cwd, { clock, connection, walked })));
  // By their real paths first: whatever two directories stand for, no file may be judged under two names. It would
  // be garbage under the one that no checkpoint uses.
  const nested = overlap(
    opened.flatMap(({ area, real }) => (real === null ? [] : [{ ...placeOnDisk(real), name: area.name }])),
  );
  if (nested !== null) {
    throw new LocationError(
      `${nested[1].name} lies within ${nested[0].name}, so its objects would be judged twice. Name the outer one only.`,
    );
  }
  await refuseOneDirectory(
    opened.flatMap(({ real }) => real ?? []),
    walked,
  );
  const both = overlap(opened.map(({ area }) => area));
  if (both !== null) {
    const [outer, inner] = both.map(({ name, store, prefix }) => `${name} (as ${store}/${prefix})`);
    throw new LocationError(
      `${inner} stands for a part of what ${outer} stands for, so references there could mean either. Give them different names with "as", or name the outer one only.`,
    );
  }
  return { locations: opened, aliases: opened.flatMap(({ alias }) => alias ?? []) };
}

/**
 * Refuses two paths of one directory, which a bind mount makes and no path shows. The directories are noted before one of
 * them is walked: so a part of one that is another one is found, whichever is walked first.
 *
 * @throws LocationError
 */
export async function refuseOneDirectory(
  paths: readonly string[],
  walked: WalkedFolders,
  fileSystem: FileSystem = nodeFileSystem,
): Promise<void> {
  for (const shown of paths) {
    const path = Buffer.from(shown);
    const identity = await fileSystem.lstat(path).catch(() => null);
    // The listing says in its own words what is wrong with a directory that can't be looked at.
    const other = identity === null ? null : await walked.meet({ path, shown }, identity, fileSystem);
    if (other !== null) {
      throw new LocationError(
        `${shown} and ${other} are one directory (a bind mount, or one mount under two names), so its objects would be judged twice, and are garbage under one of the two names. Name one of them only.`,
      );
    }
  }
}

function placeOnDisk(real: string): AreaLocation {
  return { name: real, store: 'file://', prefix: real.endsWith('/') ? real : `${real}/`, hidden: 0 };
}

interface OpenedLocation {
  readonly area: AreaLocation;
  readonly store: ObjectStore;
  readonly facts: BucketFacts | null;
  readonly reach: Reach;
  /** Where the directory really lies, behind symbolic links; null for a bucket. */
  readonly real: string | null;
  readonly alias: PlaceMapping | null;
}

interface SharedByAll {
  readonly clock: () => number;
  readonly connection: BucketConnection;
  readonly walked: WalkedFolders;
}

async function openLocation(
  entry: AreaEntry,
  cwd: string,
  { clock, connection, walked }: SharedByAll,
): Promise<OpenedLocation> {
  if (entry.kind === 's3') {
    const { store, key } = placeOf(urlPath(entry.url, 'location'));
    const prefix = key === '' ? '' : `${key}/`;
    const settings = { ...entry, ...connection };
    const bucket = await openOwnBucket(store.slice('s3://'.length), prefix, entry.url, settings);
    return { area: { name: entry.url, store, prefix, hidden: 0 }, ...bucket, real: null, alias: null };
  }
  const directory = resolve(cwd, entry.path);
  const here = filePath(directory);
  const standsFor = entry.as === undefined ? here : urlPath(entry.as, '--as');
  const place = placeOf(standsFor);
  const real = await realPath(directory);
  const prefix = place.key === '' ? '' : `${place.key}/`;
  return {
    area: { name: entry.path, store: place.store, prefix, hidden: prefix.length },
    store: new LocalDirectory(directory, { now: clock, walked }),
    facts: null,
    reach: { kind: 'directory', path: directory },
    real,
    // A job that was given the real path of a directory behind a symbolic link writes that path into its references.
    alias: entry.as === undefined && real !== directory ? { from: filePath(real), to: here } : null,
  };
}

/**
 * A bucket as a store.
 *
 * @param prefix what is asked of it lies below.
 * @param said how the user wrote it, for the message.
 * @throws LocationError for a name that is none, or that of a directory bucket.
 */
export async function openBucket(
  bucket: string,
  prefix: string,
  said: string,
  connection: BucketConnection & Pick<BucketSettings, 'owner'> = {},
): Promise<ObjectStore> {
  return (await openOwnBucket(bucket, prefix, said, connection)).store;
}

async function openOwnBucket(
  bucket: string,
  prefix: string,
  said: string,
  connection: BucketConnection & Pick<BucketSettings, 'owner'>,
): Promise<{ readonly store: ObjectStore; readonly facts: BucketFacts; readonly reach: Reach }> {
  const point = accessPointOf(said);
  if (point !== null && !isListable(point)) {
    throw new LocationError(`${said} can't be surveyed. ${insteadOf(point)}`);
  }
  const problem = unusableBucket(bucket);
  if (problem !== undefined) {
    throw new LocationError(`${said}: '${bucket}' ${problem}. Name a general purpose bucket as s3://bucket/prefix.`);
  }
  // Loaded only where there is a bucket: the SDK takes longer to load than a small directory to survey.
  const [{ createS3Clients }, { S3Bucket }, { S3BucketFacts }] = await Promise.all([
    import('#adapters/s3/s3-client.ts'),
    import('#adapters/s3/s3-bucket.ts'),
    import('#adapters/s3/s3-bucket-facts.ts'),
  ]);
  const { owner, requesterPays = false } = connection;
  const options = {
    ...(await createS3Clients(connection)),
    bucket,
    requesterPays,
    ...(owner === undefined ? {} : { expectedBucketOwner: owner }),
  };
  return {
    store: new S3Bucket({ ...options, prefix }),
    facts: new S3BucketFacts(options),
    reach: { kind: 'bucket', ...options },
  };
}

/**
 * A URL that references may begin with.
 *
 * @param said where it was said, for the message: `--as`, `aliases`.
 * @throws LocationError
 */
export function urlPath(url: string, said: string): FlinkPath {
  const path = parseFlinkPath(url);
  if (path === null || path.scheme === null || (isS3Scheme(path.scheme) && path.authority === null)) {
    throw new LocationError(
      `${said} ${url}: that is no URL that references could begin with. Write what Flink's jobs call this place, such as s3://my-bucket or file:///opt/flink/checkpoints.`,
    );
  }
  return path;
}

async function realPath(directory: string): Promise<string> {
  try {
    return await realpath(directory);
  } catch {
    // The listing will say in its own words that the directory is not there.
    return directory;
  }
}

function filePath(path: string): FlinkPath {
  return parseFlinkPath(`file://${path}`) ?? { scheme: 'file', authority: null, path };
}
