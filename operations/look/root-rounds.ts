import { Buffer } from 'node:buffer';
import { Readable } from 'node:stream';
import pMap from 'p-map';
import type { Area } from '#core/area/area.ts';
import type { Memory } from '#core/collect/evidence.ts';
import type { Reachability } from '#core/collect/reachability.ts';
import { type Root, type RootFailure, unreadRoot } from '#core/collect/roots.ts';
import { MetadataError } from '#core/flink/metadata/metadata-error.ts';
import { readMetadata } from '#core/flink/metadata/read-metadata.ts';
import type { ObjectTable } from '#core/inventory/object-table.ts';
import type { RootCache } from '#operations/ledger/root-cache.ts';
import { StoreError } from '#ports/object-store.ts';
import { type ListedRoot, listRoots, listRootsOfDirectory, type SurveyedLocation } from './root-listing.ts';

/** Reads every root of the area, while Flink goes on completing and deleting checkpoints. */

const MOST_ROUNDS = 5;
/** New job directories and savepoints are looked for in this many rounds; later rounds look only where roots moved. */
const WHOLE_ROUNDS = 2;
const ROOTS_AT_ONCE = 16;

export interface SweepInput {
  readonly area: Area;
  readonly locations: readonly SurveyedLocation[];
  readonly objects: ObjectTable;
  readonly reachability: Reachability;
  /** When the listing of all objects began, epoch milliseconds by the store's clock. */
  readonly start: number;
  readonly memory: Memory;
  readonly cache?: RootCache;
  /** Directories (`location:prefix`) that held a root in the last run; empty where nothing is remembered. */
  readonly earlierDirectories: ReadonlySet<string>;
  readonly signal?: AbortSignal;
  readonly onRootRead?: () => void;
}

export interface SweepResult {
  /**
   * Vanished roots of which nothing later could be read in their directory: what they named is unknown.
   */
  readonly unsettled: readonly Root[];
  /** URLs of directories that held a root in the last run and of which none could be read in this one. */
  readonly lost: readonly string[];
}

/** A directory whose roots follow one another: a job directory, or a savepoint by itself. */
interface RootDirectory {
  readonly location: SurveyedLocation;
  readonly path: string;
  readonly holdsCheckpoints: boolean;
  readonly roots: Root[];
}

/** The reading of all roots, which can be taken up again later: what was read once is not read again. */
export class RootSweep {
  readonly #input: SweepInput;
  readonly #directories = new Map<string, RootDirectory>();
  /** The contents of roots that were tried. */
  readonly #seen = new Set<string>();

  constructor(input: SweepInput) {
    this.#input = input;
  }

  /** Every directory of which a root was read. */
  *directoriesWithRoots(): Generator<{ readonly location: number; readonly path: string }> {
    for (const directory of this.#directories.values()) {
      if (hasReadRoot(directory)) {
        yield { location: directory.location.location, path: directory.path };
      }
    }
  }

  /**
   * Reads roots round by round until no directory shows one that was not read, at most five rounds.
   *
   * A listing is no snapshot, and `chk-10` sorts before `chk-9`: one listing can pass the place of `chk-10`, then Flink
   * completes `chk-10` and deletes `chk-9`, and the listing shows neither. Waiting for the whole area to stand still
   * would starve busy buckets, so only directories that moved are listed again.
   *
   * @param alreadyListed the roots that the listing of all objects showed.
   */
  async read(alreadyListed: readonly ListedRoot[] = []): Promise<SweepResult> {
    const input = this.#input;
    const directories = this.#directories;
    let listed = alreadyListed;
    let moved = new Set<string>();
    let restless: readonly Root[] = [];
    for (let round = 1; round <= MOST_ROUNDS; round++) {
      input.signal?.throwIfAborted();
      const again = round <= WHOLE_ROUNDS ? await listEverywhere(input) : await listMoved(input, directories, moved);
      const fresh = [...listed, ...again].filter((root) => isFresh(root, this.#seen));
      listed = [];
      if (fresh.length === 0 && round >= WHOLE_ROUNDS) {
        restless = [];
        break;
      }
      const read = await pMap(fresh, (root) => readRoot(input, root), { concurrency: ROOTS_AT_ONCE });
      restless = read.filter(({ state }) => state === 'vanished');
      for (const root of restless) {
        // Where a later listing shows the very same root again it has come back, and must be read.
        this.#seen.delete(contentId(root));
      }
      moved = new Set(read.map((root) => note(input, directories, root)));
    }
    return {
      unsettled: [...directories.values()].flatMap((directory) => unsettledRoots(directory, restless)),
      lost: [...input.earlierDirectories]
        .filter((id) => !hasReadRoot(directories.get(id)))
        .map((id) => urlOfDirectory(input.area, id)),
    };
  }
}

async function listEverywhere({ area, locations, signal }: SweepInput): Promise<readonly ListedRoot[]> {
  const lists: (readonly ListedRoot[])[] = [];
  for (const location of locations) {
    lists.push(await listRoots(area, location, signal));
  }
  return lists.flat();
}

async function listMoved(
  { area, signal }: SweepInput,
  directories: ReadonlyMap<string, RootDirectory>,
  moved: ReadonlySet<string>,
): Promise<readonly ListedRoot[]> {
  const lists = await pMap(
    moved,
    async (id) => {
      const directory = directories.get(id);
      return directory === undefined
        ? []
        : await listRootsOfDirectory(area, directory.location, directory.path, directory.holdsCheckpoints, signal);
    },
    { concurrency: ROOTS_AT_ONCE },
  );
  return lists.flat();
}

/** Whether this content of a root was not tried yet. A root that was overwritten is another root. */
function isFresh(root: ListedRoot, seen: Set<string>): boolean {
  const id = contentId(root);
  const fresh = !seen.has(id);
  seen.add(id);
  return fresh;
}

function contentId({ location, key, etag }: { location: number; key: string; etag: string }): string {
  return `${location}:${key}\n${etag}`;
}

function note(input: SweepInput, directories: Map<string, RootDirectory>, root: Root): string {
  const holdsCheckpoints = root.class.role === 'checkpoint';
  const path = holdsCheckpoints ? root.class.base : root.directory;
  const id = directoryId(root.location, path);
  const known = directories.get(id);
  if (known === undefined) {
    directories.set(id, { location: locationOf(input, root.location), path, holdsCheckpoints, roots: [root] });
  } else {
    known.roots.push(root);
  }
  return id;
}

/** A root of a location that nobody opened would be a mistake of ours; it must not pass for one that has vanished. */
function locationOf({ locations }: SweepInput, index: number): SurveyedLocation {
  const found = locations.find(({ location }) => location === index);
  if (found === undefined) {
    throw new RangeError(`No location ${index} among ${locations.length}.`);
  }
  return found;
}

/** How a directory with roots is remembered from run to run. */
export function directoryId(location: number, path: string): string {
  return `${location}:${path}`;
}

function urlOfDirectory(area: Area, id: string): string {
  const colon = id.indexOf(':');
  return area.url(Number(id.slice(0, colon)), id.slice(colon + 1));
}

/**
 * A vanished root is settled by a later one of its directory that was read: Flink deletes a checkpoint only when a
 * newer one is complete, and what both need is named by the newer. An unreadable later root settles nothing by
 * itself, but makes the area undecidable anyway.
 *
 * Where several jobs may share a directory, the later one may be another job's. Then a listing after the root had
 * gone must have shown the one that its own job has put in its place.
 *
 * @param restless the roots that vanished after the last listing.
 */
function unsettledRoots({ roots }: RootDirectory, restless: readonly Root[]): readonly Root[] {
  const unsettled = roots.filter(
    (root) =>
      root.state === 'vanished' &&
      ((root.class.job === null && restless.includes(root)) ||
        !roots.some((other) => other.state !== 'vanished' && isNoOlder(other, root))),
  );
  // One that came and went was tried more than once.
  return [...new Map(unsettled.map((root) => [root.key, root])).values()];
}

/** By number and by time: where a job id is used again, a `chk-60` of the run before is older than `chk-9` of this. */
function isNoOlder(other: Root, than: Root): boolean {
  const number = other.class.checkpoint ?? 0n;
  return number >= (than.class.checkpoint ?? 0n) && other.completed >= than.completed;
}

function hasReadRoot(directory: RootDirectory | undefined): boolean {
  return directory?.roots.some(({ state }) => state !== 'vanished') ?? false;
}

async function readRoot(input: SweepInput, listed: ListedRoot): Promise<Root> {
  const root = rootOf(listed, input);
  const reading = input.reachability.begin(root);
  try {
    const content = await contentOf(input, root);
    if (content === null) {
      reading.vanish();
    } else {
      input.objects.markHoldsRoot(root.location, root.directory);
      reading.complete(await readMetadata(content.chunks, reading, { fileBytes: content.bytes }));
    }
  } catch (error) {
    input.signal?.throwIfAborted();
    reading.fail(asFailure(error));
  }
  input.onRootRead?.();
  return root;
}

interface RootContent {
  readonly bytes: number;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** From where it lies, or of an archived one from its copy; null where it has vanished. */
async function contentOf(input: SweepInput, root: Root): Promise<RootContent | null> {
  const { area, cache, signal } = input;
  const url = area.url(root.location, root.key);
  const { store } = locationOf(input, root.location);
  try {
    const outcome = await store.read(area.storeKey(root.location, root.key), signal === undefined ? {} : { signal });
    if (!outcome.found) {
      return null;
    }
    // What is kept is known by the ETag that was read, which may be younger than the one that was listed.
    const { etag, bytes, chunks } = outcome;
    const isWanted = cache?.wants({ url, etag, completed: root.completed, bytes }) ?? false;
    return { bytes, chunks: cache !== undefined && isWanted ? keeping(chunks, cache, url, etag) : chunks };
  } catch (error) {
    const isArchived = error instanceof StoreError && error.code === 'archived';
    const copy = isArchived ? ((await cache?.read(url, root.etag)) ?? null) : null;
    if (copy === null) {
      throw error;
    }
    return { bytes: copy.length, chunks: Readable.from([copy]) };
  }
}

/** Passes a root's content on, and keeps a copy of it once it was read to its end. */
async function* keeping(
  chunks: AsyncIterable<Uint8Array>,
  cache: RootCache,
  url: string,
  etag: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const read: Uint8Array[] = [];
  for await (const chunk of chunks) {
    read.push(chunk);
    yield chunk;
  }
  await cache.keep(url, etag, Buffer.concat(read));
}

/** Only a definite absence is absence. Whatever else went wrong, the root exists and its references are unknown. */
function asFailure(error: unknown): RootFailure {
  if (!(error instanceof StoreError || error instanceof MetadataError)) {
    throw error;
  }
  // It goes into the middle of a longer text.
  const sentence = error.message.replace(/\.$/, '');
  if (error instanceof MetadataError) {
    return { sentence, fault: 'contents' };
  }
  return { sentence, fault: error.code === 'archived' ? 'archived' : 'access' };
}

function rootOf({ location, key, etag, bytes, modified }: ListedRoot, input: SweepInput): Root {
  const { area, objects, memory, start } = input;
  const object = objects.find(location, key);
  const url = area.url(location, key);
  // One that was put back was complete long before, and takes its old place in the order.
  const completed = memory.completionOf(url, etag) ?? modified;
  const late = object < 0 || modified >= start;
  return unreadRoot({
    location,
    key,
    etag,
    bytes,
    completed,
    object,
    late,
    writtenOff: memory.isWrittenOff(url, etag),
  });
}
