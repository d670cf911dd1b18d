import pMap from 'p-map';
import type { KeyBounds, RootSearch } from '#core/collect/root-search.ts';
import { type ListedRoot, listRoots } from '#operations/look/root-listing.ts';
import { listSearch } from '#operations/look/root-look.ts';
import { READINGS } from './answer-shard.ts';
import type { ShardContext } from './context.ts';
import { fromPlain } from './rich-json.ts';

/** Where a shard's roots are looked for again. */
export interface AreaSearch {
  readonly location: number;
  /** The part of the location that the shard has. */
  readonly within: KeyBounds;
  readonly search: RootSearch;
}

/** The phases of a run in which roots were looked for again, in their order. */
const LOOKS = ['look', 'look-again'];
/** Each makes up to 16 requests at once. */
const SEARCHES_AT_ONCE = 4;
/** Milliseconds. */
const SHORTEST_REST = 30_000;
/** A look takes at most such a part of the time. */
const SHARE_OF_LOOKS = 1 / 4;

/**
 * Looks at the roots of the whole area, while objects of some shards are deleted. It looks where all shards have looked in
 * this run, so it lists a few keys for each job, and not the shards.
 *
 * In an area of thousands of jobs a look takes minutes. So it looks again half a minute after it began to, or once three
 * times as long has passed as it took. In between, the roots are as it found them.
 */
export class AreaLook {
  readonly #context: ShardContext;
  /** By phase: read once, however often is looked. */
  readonly #searches = new Map<string, readonly AreaSearch[]>();
  #tried: ReadonlySet<string> | null = null;
  #began = Number.NEGATIVE_INFINITY;
  #took = 0;
  #found: readonly (readonly ListedRoot[])[] = [];

  constructor(context: ShardContext) {
    this.#context = context;
  }

  /**
   * What each of the two listings of a look shows. Twice, since one listing can miss both the old and the new root of a job.
   *
   * @throws StoreError where a listing failed; then nothing is known of the roots of now.
   */
  async *listings(): AsyncGenerator<readonly ListedRoot[], void, undefined> {
    if (this.#isRecent()) {
      yield* this.#found;
      return;
    }
    const began = this.#passed();
    const found: (readonly ListedRoot[])[] = [];
    for (const phase of LOOKS) {
      const listed = await this.#list(phase);
      found.push(listed);
      yield listed;
    }
    this.#found = found;
    this.#took = this.#passed() - began;
    this.#began = began;
  }

  #isRecent(): boolean {
    return this.#passed() - this.#began < Math.max(SHORTEST_REST, this.#took / SHARE_OF_LOOKS);
  }

  #passed(): number {
    return (this.#context.input.passed ?? (() => performance.now()))();
  }

  async #list(phase: string): Promise<readonly ListedRoot[]> {
    const { area, input } = this.#context;
    const walked = input.locations.flatMap(({ store }, location) =>
      store.keysPerRequest === undefined ? [listRoots(area, { location, store }, input.signal)] : [],
    );
    const searched = pMap(
      await this.#searchesOf(phase),
      async ({ location, within, search }) => {
        const store = input.locations[location]?.store;
        /* v8 ignore next -- all items of a run know the same locations */
        if (store === undefined) throw new RangeError(`The area has no location ${location}.`);
        return await listSearch({ location, store }, search, { area, within, signal: input.signal });
      },
      { concurrency: SEARCHES_AT_ONCE },
    );
    return [...(await Promise.all(walked)), ...(await searched)].flat();
  }

  async #searchesOf(phase: string): Promise<readonly AreaSearch[]> {
    const known = this.#searches.get(phase);
    if (known !== undefined) return known;
    const searches: AreaSearch[] = [];
    for await (const { lines } of this.#context.files.readAll(phase)) {
      for await (const line of lines('searches')) searches.push(fromPlain<AreaSearch>(line));
    }
    this.#searches.set(phase, searches);
    return searches;
  }

  /** The contents of roots that the run has read before. @throws LostPartError, StoreError */
  async triedContents(): Promise<ReadonlySet<string>> {
    if (this.#tried !== null) return this.#tried;
    const tried = new Set<string>();
    for (const phase of READINGS) {
      for await (const batch of this.#context.files.readAll(phase)) {
        for await (const line of batch.lines('tried')) tried.add(fromPlain<string>(line));
      }
    }
    this.#tried = tried;
    return tried;
  }
}
