import { Buffer } from 'node:buffer';
import { realpath } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type FileSystem, nodeFileSystem } from '#adapters/local/file-system.ts';
import { LocalDirectory } from '#adapters/local/local-directory.ts';
import { WalkedFolders } from '#adapters/local/walked-folders.ts';
import { unusableBucket } from '#adapters/s3/bucket-name.ts';
import type { S3BucketOptions } from '#adapters/s3/s3-bucket.ts';
import type { S3Connection } from '#adapters/s3/s3-client.ts';
import type { AreaEntry, BucketSettings } from '#config/steward-config.ts';
import { accessPointOf, insteadOf, isListable } from '#core/area/access-points.ts';
import { type AreaLocation, overlap, type PlaceMapping } from '#core/area/area.ts';
import { bucketLocation, overlapProblem } from '#core/area/overlapping.ts';
import { type FlinkPath, isS3Scheme, parseFlinkPath, placeOf } from '#core/flink/state-path.ts';
import type { BucketFacts } from '#ports/bucket-facts.ts';
import type { ObjectStore } from '#ports/object-store.ts';

/** Opens the locations of the user as an area with its stores. */

export interface OpenedArea {
  readonly locations: readonly {
    readonly area: AreaLocation;
    readonly store: ObjectStore;
    /** The folders that a directory is in. Empty for a bucket, whose store can read those itself. */
    readonly above: readonly ObjectStore[];
    /** The settings of the bucket itself; null for a directory. */
    readonly facts: BucketFacts | null;
    readonly reach: Reach;
    /** The path of the directory without symbolic links; null for a bucket. */
    readonly real: string | null;
    /** Whether it is a directory that stands for something else: `as` says for what. */
    readonly isMount: boolean;
  }[];
  /** Other names of these directories, from symbolic links. */
  readonly aliases: readonly PlaceMapping[];
}

/** How a location is reached, for opening write access later. */
export type Reach =
  | { readonly kind: 'directory'; readonly path: string }
  | ({ readonly kind: 'bucket' } & Pick<
      S3BucketOptions,
      'bucket' | 'client' | 'clientFor' | 'expectedBucketOwner' | 'requesterPays'
    >);

export type { SentRequest } from '#adapters/s3/watch-requests.ts';

/** How to reach an S3 store, and whether to accept the charges of requester-pays buckets. */
export interface BucketConnection extends S3Connection {
  readonly requesterPays?: boolean;
}

/** A location can't be surveyed. The message is a sentence. */
export class LocationError extends Error {
  override readonly name = 'LocationError';
}

/**
 * @param entries directories relative to `cwd`.
 * @param clock the clock of directories, epoch milliseconds. Buckets have their own clocks.
 * @param connection how to reach the stores of the buckets; it overrides the settings of the entries.
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
  // The real paths are compared first: even if two directories have different URLs, no file may be judged under two
  // names. It would be garbage under the name that no checkpoint uses.
  const nested = overlap(
    opened.flatMap(({ area, real }) => (real === null ? [] : [{ ...placeOnDisk(real), name: area.name }])),
  );
  if (nested !== null) {
    throw new LocationError(
      `${nested[1].name} is inside ${nested[0].name}, so its objects would be judged twice. Nothing was done. Give only the outer location.`,
    );
  }
  await refuseOneDirectory(
    opened.flatMap(({ real }) => real ?? []),
    walked,
  );
  const both = overlapProblem(opened.map(({ area }) => area));
  if (both !== null) {
    throw new LocationError(`${both.problem} Nothing was done. ${both.advice}`);
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

/** Nearest last. */
function foldersAbove(path: string): readonly string[] {
  const parent = dirname(path);
  return parent === path ? [] : [...foldersAbove(parent), parent];
}

function placeOnDisk(real: string): AreaLocation {
  return { name: real, store: 'file://', prefix: real.endsWith('/') ? real : `${real}/`, hidden: 0 };
}

interface OpenedLocation {
  readonly area: AreaLocation;
  readonly store: ObjectStore;
  readonly above: readonly ObjectStore[];
  readonly facts: BucketFacts | null;
  readonly reach: Reach;
  /** The path of the directory without symbolic links; null for a bucket. */
  readonly real: string | null;
  readonly isMount: boolean;
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
    const area = bucketLocation(entry.url, urlPath(entry.url, 'location'));
    const settings = { ...entry, ...connection };
    const bucket = await openOwnBucket(area.store.slice('s3://'.length), area.prefix, entry.url, settings);
    return {
      area,
      ...bucket,
      above: [],
      real: null,
      isMount: false,
      alias: null,
    };
  }
  const directory = resolve(cwd, entry.path);
  const ownUrl = filePath(directory);
  const referencedAs = entry.as === undefined ? ownUrl : urlPath(entry.as, '--as');
  const place = placeOf(referencedAs);
  const real = await realPath(directory);
  const prefix = place.key === '' ? '' : `${place.key}/`;
  return {
    area: { name: entry.path, store: place.store, prefix, hidden: prefix.length },
    store: new LocalDirectory(directory, { now: clock, walked }),
    above: foldersAbove(real).map((folder) => new LocalDirectory(folder, { now: clock })),
    facts: null,
    reach: { kind: 'directory', path: directory },
    real,
    isMount: entry.as !== undefined,
    // If a job is configured with the real path of a directory, its references contain the real path, not the link.
    alias: entry.as === undefined && real !== directory ? { from: filePath(real), to: ownUrl } : null,
  };
}

/**
 * Opens a bucket as a store.
 *
 * @param prefix below which objects are read.
 * @param typed the location as the user wrote it, for messages.
 * @throws LocationError for an invalid name of a bucket, or a directory bucket.
 */
export async function openBucket(
  bucket: string,
  prefix: string,
  typed: string,
  connection: BucketConnection & Pick<BucketSettings, 'owner'> = {},
): Promise<ObjectStore> {
  return (await openOwnBucket(bucket, prefix, typed, connection)).store;
}

async function openOwnBucket(
  bucket: string,
  prefix: string,
  typed: string,
  connection: BucketConnection & Pick<BucketSettings, 'owner'>,
): Promise<{ readonly store: ObjectStore; readonly facts: BucketFacts; readonly reach: Reach }> {
  const point = accessPointOf(typed);
  if (point !== null && !isListable(point)) {
    throw new LocationError(`${typed} can't be surveyed. ${insteadOf(point)}`);
  }
  const problem = unusableBucket(bucket);
  if (problem !== undefined) {
    throw new LocationError(`${typed}: '${bucket}' ${problem}. Give a general purpose bucket as s3://bucket/prefix.`);
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
 * @param source the option or setting that contains it, for messages: `--as`, `aliases`.
 * @throws LocationError
 */
export function urlPath(url: string, source: string): FlinkPath {
  const path = parseFlinkPath(url);
  if (path === null || path.scheme === null || (isS3Scheme(path.scheme) && path.authority === null)) {
    throw new LocationError(
      `${source} ${url}: this is not a URL with which a reference can begin. Write the URL with which Flink's jobs reach these files, such as s3://my-bucket or file:///opt/flink/checkpoints.`,
    );
  }
  return path;
}

async function realPath(directory: string): Promise<string> {
  try {
    return await realpath(directory);
  } catch {
    // The listing reports that the directory does not exist.
    return directory;
  }
}

function filePath(path: string): FlinkPath {
  return parseFlinkPath(`file://${path}`) ?? { scheme: 'file', authority: null, path };
}
