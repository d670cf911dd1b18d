import pMap from 'p-map';
import type { Area } from '#core/area/area.ts';
import type { FirstRoots } from '#core/collect/first-roots.ts';
import type { Root } from '#core/collect/roots.ts';
import type { ObjectTable } from '#core/inventory/object-table.ts';
import type { Wait } from '#operations/wait.ts';
import { directoryId, directoryOf, HeldDirectories } from './held-directories.ts';
import { type Attempt, contentId, giveUp, type ReadInput, readRoot } from './read-root.ts';
import { type ListedRoot, listRootsOfDirectory, type SurveyedLocation } from './root-listing.ts';
import { listRootsAgain } from './root-look.ts';

/** Reads every root of the area while Flink continues to complete and delete checkpoints. */

const MOST_ROUNDS = 5;
/** New job directories and savepoints are looked for in this many rounds; later rounds look only where roots moved. */
const WHOLE_ROUNDS = 2;
const ROOTS_AT_ONCE = 16;
/** Milliseconds before the round after a contradiction, doubled before each further one. */
const FIRST_WAIT = 1_000;
/** The most requests of the search for first roots in each whole round. The second one searches only if few are needed. */
const REQUESTS_FOR_FIRST_ROOTS = [20, 6];
/** Milliseconds. A job that wrote within a day before the run may be about to complete its first checkpoint. */
export const LATELY = 24 * 60 * 60 * 1_000;

/** How far first roots are looked for in a round. @param round counted from 1. */
export function firstRootsOf(start: number, round: number): FirstRoots {
  return { lately: start - LATELY, requests: REQUESTS_FOR_FIRST_ROOTS[round - 1] ?? 0 };
}

/** What reading all roots of an area takes. */
export interface SweepInput extends ReadInput {
  readonly locations: readonly SurveyedLocation[];
  /**
   * All objects, to look for roots everywhere in the first rounds. Null where others look everywhere: then only the
   * directories of the roots that were given are listed again.
   */
  readonly everywhere: ObjectTable | null;
  /** Directories (`location:prefix`) that held a root in the last run; empty where nothing is remembered. */
  readonly earlierDirectories: ReadonlySet<string>;
  readonly onRootRead?: () => void;
  /** How the time before a round passes. */
  readonly wait: Wait;
}

/** What reading all roots could not settle. Both lists are empty in a good run. */
export interface SweepResult {
  /**
   * Vanished roots of which nothing later could be read in their directory: what they named is unknown.
   */
  readonly unsettled: readonly Root[];
  /** The roots that vanished after the last listing; what is unsettled depends on them. */
  readonly restless: readonly Root[];
  /** URLs of directories that held a root in the last run, but in which this run could read none. */
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
  /** The contents of roots that need no attempt any more. */
  readonly #tried = new Set<string>();
  /** The contents of roots that were read. */
  readonly #read = new Set<string>();
  /** The locations that gave a root's content as they had listed it. */
  readonly #truthful = new Set<number>();
  /** Listed as roots, and found to be Parquet files, by their directory. */
  readonly #parquet = new Map<string, ListedRoot>();

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

  /** Every object that has the name of a root and is a Parquet file. */
  get parquetFiles(): readonly ListedRoot[] {
    return [...this.#parquet.values()];
  }

  /**
   * Reads roots round by round until no directory shows one that was not read, at most five rounds.
   *
   * A listing is no snapshot, and `chk-10` sorts before `chk-9`: one listing can pass the place of `chk-10`, then Flink
   * completes `chk-10` and deletes `chk-9`, and the listing shows neither. Waiting for the whole area to stand still
   * would starve busy buckets, so only directories that moved are listed again.
   *
   * A listing that was begun after the store had denied a root, or had given another content in its place, and that
   * shows the same root again, contradicts the store: MinIO denies objects while drives are offline, caches and
   * replicas give what was there before. It may come right, so later rounds wait. What does not is a root that can't
   * be had: what it names is unknown, whatever else was read of its job.
   *
   * @param alreadyListed the roots that the listing of all objects showed.
   */
  async read(alreadyListed: readonly ListedRoot[] = []): Promise<SweepResult> {
    const input = this.#input;
    const directories = this.#directories;
    let listed = alreadyListed;
    let moved = new Set<string>();
    /** Of the last round. */
    let missed: readonly Attempt[] = [];
    let contradicted: readonly Attempt[] = [];
    let waits = 0;
    for (let round = 1; round <= MOST_ROUNDS; round++) {
      if (contradicted.length > 0) {
        await input.wait(FIRST_WAIT * 2 ** waits++, input.signal);
      }
      input.signal?.throwIfAborted();
      const again =
        round <= WHOLE_ROUNDS && input.everywhere !== null
          ? await this.#listEverywhere(round, alreadyListed, input.everywhere)
          : await listMoved(input, directories, moved);
      const fresh = [...listed, ...again].filter((root) => this.#isFresh(root));
      listed = [];
      const before = idsOf(missed);
      const shownAgain = new Set(again.map(contentId).filter((id) => before.has(id)));
      if (fresh.length === 0 && round >= WHOLE_ROUNDS) {
        missed = [];
        contradicted = [];
        break;
      }
      const attempts = await pMap(fresh, (root) => this.#attempt(root), { concurrency: ROOTS_AT_ONCE });
      missed = attempts.filter((attempt) => attempt.missed !== null);
      contradicted = missed.filter((attempt) => shownAgain.has(contentId(attempt.listed)));
      for (const attempt of missed) {
        // Where a later listing shows the very same root again it must be read.
        this.#tried.delete(contentId(attempt.listed));
      }
      moved = new Set(attempts.map((attempt) => note(input, directories, attempt)));
    }
    const lies = missed.filter((attempt) => attempt.missed?.how === 'other-content' || contradicted.includes(attempt));
    this.#giveUp(lies);
    const restless = missed.filter((attempt) => !lies.includes(attempt)).map(({ root }) => root);
    return {
      unsettled: [...directories.values()].flatMap(({ roots }) => unsettledRoots(roots, restless)),
      restless,
      lost: [...input.earlierDirectories]
        .filter((id) => !hasReadRoot(directories.get(id)))
        // Not lost: an earlier run took that very file for a root, or it was overwritten.
        .filter((id) => !this.#parquet.has(id) || this.#heldCheckpoints(id))
        .map((id) => urlOfDirectory(input.area, id)),
    };
  }

  async #listEverywhere(
    round: number,
    alreadyListed: readonly ListedRoot[],
    objects: ObjectTable,
  ): Promise<readonly ListedRoot[]> {
    const { area, locations, start, signal, earlierDirectories } = this.#input;
    const held = new HeldDirectories([...earlierDirectories, ...this.#directories.keys()]);
    for (const root of [...alreadyListed, ...this.#parquet.values()]) held.add(root);
    const first = firstRootsOf(start, round);
    const lists: (readonly ListedRoot[])[] = [];
    for (const place of locations) {
      lists.push(await listRootsAgain(place, { area, objects, held: held.in(place.location), signal, first }));
    }
    return lists.flat();
  }

  /** A Parquet file in the directory of a job says nothing of the job's checkpoints. */
  #heldCheckpoints(id: string): boolean {
    const file = this.#parquet.get(id);
    if (file === undefined) return false;
    const directory = file.key.slice(0, file.key.lastIndexOf('/') + 1);
    const known = this.#input.memory.remembered(file.location, directory);
    return known?.roots.some(({ name }) => name !== '') ?? false;
  }

  /** Whether this content of a root was not tried yet. A root that was overwritten is another root. */
  #isFresh(root: ListedRoot): boolean {
    return isNew(this.#tried, contentId(root));
  }

  async #attempt(listed: ListedRoot): Promise<Attempt> {
    const input = this.#input;
    const { store } = locationOf(input, listed.location);
    const attempt = await readRoot(input, store, listed, (content) => {
      const id = contentId(content);
      // Where it is what a later listing shows, it is known already.
      this.#tried.add(id);
      return isNew(this.#read, id);
    });
    if (attempt.isParquet) {
      this.#parquet.set(directoryId(listed.location, attempt.root.directory), listed);
    }
    if (attempt.missed === null && (attempt.root.failure?.fault ?? 'contents') === 'contents') {
      this.#truthful.add(listed.location);
    }
    input.onRootRead?.();
    return attempt;
  }

  /** Counts roots as unreadable that the store lists, but does not give. */
  #giveUp(lies: readonly Attempt[]): void {
    const input = this.#input;
    const others = new Map<number, number>();
    for (const { listed, missed } of lies) {
      if (missed?.how === 'other-content') others.set(listed.location, (others.get(listed.location) ?? 0) + 1);
    }
    for (const { listed, missed } of lies) {
      const { location } = listed;
      const isEveryRoot = (others.get(location) ?? 0) > 1 && !this.#truthful.has(location);
      const sentence =
        missed?.how === 'other-content'
          ? sayOther(listed, missed.etag, isEveryRoot ? locationOf(input, location).store.name : null)
          : 'the store lists it, but answers that it does not exist';
      note(input, this.#directories, { root: giveUp(input, listed, sentence), isNews: true });
    }
  }
}

/** @param store that does so with every root; null where it does not. */
function sayOther(listed: ListedRoot, etag: string, store: string | null): string {
  const every =
    store === null
      ? ''
      : `. ${store} does so for every root: perhaps a cache or a gateway is in front of it, or the ETags in its listings are not real`;
  return `it is listed with the ETag ${listed.etag}, but the store returned content with the ETag ${etag}${every}`;
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
      return directory === undefined ? [] : await listRootsOfDirectory(area, directory, signal);
    },
    { concurrency: ROOTS_AT_ONCE },
  );
  return lists.flat();
}

function isNew(known: Set<string>, id: string): boolean {
  const before = known.size;
  return known.add(id).size > before;
}

function idsOf(attempts: readonly Attempt[]): ReadonlySet<string> {
  return new Set(attempts.map(({ listed }) => contentId(listed)));
}

/** Puts a root down with its directory. @returns the directory's id. */
function note(
  input: SweepInput,
  directories: Map<string, RootDirectory>,
  { root, isNews }: Pick<Attempt, 'root' | 'isNews'>,
): string {
  const holdsCheckpoints = root.class.role === 'checkpoint';
  const path = holdsCheckpoints ? root.class.base : root.directory;
  const id = directoryId(root.location, path);
  const known = directories.get(id);
  if (known === undefined) {
    directories.set(id, {
      location: locationOf(input, root.location),
      path,
      holdsCheckpoints,
      roots: isNews ? [root] : [],
    });
  } else if (isNews) {
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

function urlOfDirectory(area: Area, id: string): string {
  const { location, path } = directoryOf(id);
  return area.url(location, path);
}

/**
 * A vanished root is settled by a later one of its directory that was read: Flink deletes a checkpoint only when a
 * newer one is complete, and what both need is named by the newer. An unreadable later root settles nothing by
 * itself, but makes the area undecidable anyway.
 *
 * Where several jobs may share a directory, the later one may be another job's. Then a listing after the root had
 * gone must have shown the one that its own job has put in its place.
 *
 * @param roots of one directory.
 * @param restless the roots that vanished after the last listing.
 */
export function unsettledRoots(roots: readonly Root[], restless: readonly Root[]): readonly Root[] {
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
