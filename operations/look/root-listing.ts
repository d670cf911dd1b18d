import pMap from 'p-map';
import type { Area } from '#core/area/area.ts';
import { checkpointNumber, isJobId, METADATA_NAME } from '#core/flink/names.ts';
import { ownText } from '#core/own-text.ts';
import type { ListedObject, ObjectStore } from '#ports/object-store.ts';

/** One location of the area, with the store that holds it. */
export interface SurveyedLocation {
  /** Index in the area. */
  readonly location: number;
  readonly store: ObjectStore;
}

/** A `_metadata` as a listing showed it. */
export interface ListedRoot {
  readonly location: number;
  /** Whole key. */
  readonly key: string;
  readonly etag: string;
  readonly bytes: number;
  readonly modified: number;
}

const FOLDERS_AT_ONCE = 16;

/**
 * Lists all roots of a location, without listing the state: folder by folder, `chk-` directories as a whole.
 *
 * Only what cannot hold a root is left out: `shared/`, `taskowned/` and changelog directories of a job. Everything
 * else is walked, so that new job directories and savepoints anywhere are found.
 */
export async function listRoots(
  area: Area,
  { location, store }: SurveyedLocation,
  signal?: AbortSignal,
): Promise<readonly ListedRoot[]> {
  const prefix = area.locations[location]?.prefix ?? '';
  const options = signal === undefined ? {} : { signal };
  // Lists of lists: a bucket can hold more roots than a call takes arguments.
  const roots: (readonly ListedRoot[])[] = [];
  let level: readonly string[] = [prefix];
  while (level.length > 0) {
    const listed = await pMap(level, (folder) => listFolder(area, { location, store }, folder, options), {
      concurrency: FOLDERS_AT_ONCE,
    });
    roots.push(listed.flatMap(({ found }) => found));
    level = listed.flatMap(({ folders }) => folders);
  }
  return roots.flat();
}

/** A directory whose roots can be listed by themselves. */
export interface ListableDirectory {
  readonly location: SurveyedLocation;
  /** Whole key prefix with a closing slash. */
  readonly path: string;
  /** Whether it is a job directory. Otherwise it is that of a savepoint. */
  readonly holdsCheckpoints: boolean;
}

/** Lists the roots of one directory again: the `chk-` directories of a job directory, or the one root of a savepoint. */
export async function listRootsOfDirectory(
  area: Area,
  { location, path, holdsCheckpoints }: ListableDirectory,
  signal?: AbortSignal,
): Promise<readonly ListedRoot[]> {
  const prefix = `${path}${holdsCheckpoints ? 'chk-' : METADATA_NAME}`;
  return await listBelow(area, location, prefix, signal);
}

async function listFolder(
  area: Area,
  { location, store }: SurveyedLocation,
  folder: string,
  options: { readonly signal?: AbortSignal },
): Promise<{ readonly folders: readonly string[]; readonly found: readonly ListedRoot[] }> {
  const folders: string[] = [];
  const found: ListedRoot[] = [];
  for await (const page of store.children(area.storeKey(location, folder), options)) {
    folders.push(...page.folders.map((child) => area.wholeKey(location, child)));
    found.push(...rootsAmong(page.objects, area, location));
  }
  const hasCheckpoints = folders.some((child) => checkpointNumber(lastSegment(child)) !== null);
  const checkpoints = hasCheckpoints ? await listBelow(area, { location, store }, `${folder}chk-`, options.signal) : [];
  const isJobDirectory = hasCheckpoints || isJobId(lastSegment(folder));
  return {
    found: found.concat(checkpoints),
    folders: folders.filter((child) => {
      const name = lastSegment(child);
      const listedAlready = hasCheckpoints && name.startsWith('chk-');
      return !listedAlready && !(isJobDirectory && holdsNoRoots(name));
    }),
  };
}

/** Directories of a job, or of a checkpoint directory shared by jobs, in which Flink never writes a `_metadata`. */
function holdsNoRoots(name: string): boolean {
  return name === 'shared' || name === 'taskowned' || name === 'dstl';
}

/** Lists all roots whose keys begin so. */
export async function listBelow(
  area: Area,
  { location, store }: SurveyedLocation,
  prefix: string,
  signal?: AbortSignal,
): Promise<readonly ListedRoot[]> {
  const found: ListedRoot[] = [];
  const options = signal === undefined ? {} : { signal };
  for await (const page of store.list({ prefix: area.storeKey(location, prefix) }, options)) {
    found.push(...rootsAmong(page, area, location));
  }
  return found;
}

/**
 * The roots among the objects of one page; what is no ordinary object is none. They are kept for the whole survey, so
 * they must not keep the page with them.
 */
export function rootsAmong(objects: Iterable<ListedObject>, area: Area, location: number): readonly ListedRoot[] {
  const roots: ListedRoot[] = [];
  for (const { key, etag, bytes, modified, special } of objects) {
    if (special === undefined && isRootKey(key)) {
      roots.push({ location, key: ownText(area.wholeKey(location, key)), etag: ownText(etag), bytes, modified });
    }
  }
  return roots;
}

function lastSegment(folder: string): string {
  return folder.slice(0, -1).split('/').at(-1) ?? '';
}

/** Whether a key is a root's. */
export function isRootKey(key: string): boolean {
  return key === METADATA_NAME || key.endsWith(`/${METADATA_NAME}`);
}
