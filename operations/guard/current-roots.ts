import pMap from 'p-map';
import type { Area } from '#core/area/area.ts';
import { classifyDirectory } from '#core/flink/layout.ts';
import { MetadataError } from '#core/flink/metadata/metadata-error.ts';
import { readMetadata } from '#core/flink/metadata/read-metadata.ts';
import { METADATA_NAME } from '#core/flink/names.ts';
import type { Namer } from '#core/guard/judge-suspect.ts';
import type { Reader } from '#core/guard/live-set.ts';
import { type NamedFile, NamedFiles } from '#core/guard/named-files.ts';
import { unlessParquet } from '#operations/look/parquet-file.ts';
import { type ListedRoot, listRootsOfDirectory } from '#operations/look/root-listing.ts';
import { type ObjectStore, type ReadOutcome, StoreError } from '#ports/object-store.ts';

/** Reads the roots of single directories as they are now, for some files that they may name. */

/** Where roots lie. */
export interface RootPlaces {
  readonly area: Area;
  /** By location. */
  readonly stores: readonly ObjectStore[];
  readonly signal?: AbortSignal | undefined;
}

/** A root that names at least one of the files that were asked for. */
export interface NamingRoot extends Omit<Namer, 'lent'> {
  /** Where it was listed. */
  readonly reader: Reader;
  readonly etag: string;
  /** Of the files that were asked for, those that it names, by URL. */
  readonly files: ReadonlyMap<string, NamedFile>;
  /** Some of the other files that it names. */
  readonly others: readonly string[];
}

const ROOTS_AT_ONCE = 8;
/** Of a directory so many are read, the newest first. Nobody retains more, and each may be large. */
const MOST_ROOTS = 50;

/** @throws StoreError where it is not known what the roots name. */
export async function rootsNaming(
  readers: readonly Reader[],
  wanted: ReadonlySet<string>,
  places: RootPlaces,
): Promise<readonly NamingRoot[]> {
  const listed = await pMap(
    readers,
    async (reader) => (await rootsOf(reader, places)).map((root) => ({ reader, root })),
    { concurrency: ROOTS_AT_ONCE },
  );
  const read = await pMap(
    listed.flat(),
    async ({ reader, root: { root, newest } }) => await readNaming(reader, root, newest, wanted, places),
    { concurrency: ROOTS_AT_ONCE },
  );
  return read.filter((root) => root !== null);
}

/**
 * The roots of a directory that are listed now, the newest first: by their numbers, since of several at a time one that
 * began earlier may end later.
 *
 * @throws StoreError
 */
export async function rootsOf(
  reader: Reader,
  { area, stores, signal }: RootPlaces,
): Promise<readonly { readonly root: ListedRoot; readonly newest: boolean }[]> {
  const place = area.placeOfUrl(reader.directory);
  const store = place === null ? undefined : stores[place.location];
  if (place === null || store === undefined) return [];
  const { holdsCheckpoints } = reader;
  const directory = { location: { location: place.location, store }, path: place.key, holdsCheckpoints };
  const listed = await listRootsOfDirectory(area, directory, signal);
  // A savepoint's directory may hold other folders, and their roots are theirs.
  const own = holdsCheckpoints ? listed : listed.filter(({ key }) => key === `${place.key}${METADATA_NAME}`);
  const numbered = own.map((root) => ({ root, number: numberOf(root) }));
  return numbered
    .toSorted((one, other) => (one.number < other.number ? 1 : -1))
    .slice(0, MOST_ROOTS)
    .map(({ root }, at) => ({ root, newest: at === 0 }));
}

/** Of a checkpoint; 0 of a savepoint, which is alone in its directory. */
function numberOf({ key }: ListedRoot): bigint {
  return classifyDirectory(key.slice(0, -METADATA_NAME.length)).checkpoint ?? 0n;
}

async function readNaming(
  reader: Reader,
  root: ListedRoot,
  newest: boolean,
  wanted: ReadonlySet<string>,
  places: RootPlaces,
): Promise<NamingRoot | null> {
  const url = places.area.url(root.location, root.key);
  const named = await namedBy(url, wanted, places);
  if (named === null || named.found.size === 0) return null;
  const { found: files, others } = named;
  return { url, completed: root.modified, newest, reader, etag: root.etag, files, others };
}

/**
 * What a root names now. Null where it is gone, or of no use: from such a root nothing can be restored, whatever is
 * missing, and the survey tells of it.
 *
 * @param url of the root.
 * @throws StoreError
 */
export async function namedBy(
  url: string,
  wanted: ReadonlySet<string> | 'all',
  { area, stores, signal }: RootPlaces,
): Promise<NamedFiles | null> {
  const place = area.placeOfUrl(url);
  const store = place === null ? undefined : stores[place.location];
  if (place === null || store === undefined) return null;
  const key = area.storeKey(place.location, place.key);
  return await namedIn(
    new NamedFiles(area, url, wanted),
    async () => await store.read(key, signal === undefined ? {} : { signal }),
  );
}

/**
 * What the content of a root names. Null where there is none, or it is of no use.
 *
 * @throws StoreError
 */
export async function namedIn(visitor: NamedFiles, open: () => Promise<ReadOutcome>): Promise<NamedFiles | null> {
  try {
    const read = await open();
    if (!read.found) return null;
    const content = await unlessParquet(read.chunks);
    if (content === null) return null;
    await readMetadata(content, visitor, { fileBytes: read.bytes });
    return visitor;
  } catch (error) {
    const isOfNoUse = error instanceof MetadataError || (error instanceof StoreError && error.code === 'archived');
    if (!isOfNoUse) throw error;
    return null;
  }
}
