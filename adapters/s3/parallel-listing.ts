import { compareKeys } from '#core/key-order.ts';
import { type KeyRange, type ListedPage, StoreError } from '#ports/object-store.ts';
import { FolderCuts, levelsOf, type ProposedCut } from './folder-cuts.ts';
import { isBetween, isSameInAnyOrder, type NamePattern, patternOf, remainderOf } from './key-cuts.ts';
import type { ListPage } from './list-page-scanner.ts';
import { PageTrail } from './page-trail.ts';
import { type OpenPart, proposeCut } from './propose-cut.ts';
import type { RequestWidth } from './request-width.ts';

/** What one request of a listing asks for: what follows a key, or the page that a token names. */
export interface PageRequest {
  readonly prefix: string;
  readonly after?: string;
  readonly token?: string;
  /** Keys that are wanted, where fewer than a page is. */
  readonly most?: number;
}

export interface ParallelListing {
  /** The name of the place, for messages. */
  readonly store: string;
  readonly range: KeyRange;
  readonly fetch: (request: PageRequest, signal: AbortSignal) => Promise<ListPage>;
  /** Whole names of the folders below a prefix, page by page, to cut between them. @default cuts are guessed alone */
  readonly folders?: (prefix: string, signal: AbortSignal) => AsyncIterable<readonly string[]>;
  /**
   * How many keys the range is thought to hold. Then nothing is cut, and the first page asks for hardly more.
   * @default unknown
   */
  readonly expected?: number;
  /** How many requests may be under way. As many pages may wait for the consumer. */
  readonly width: RequestWidth;
  /** Where to cut. Whatever it answers, every key is listed once. @default by the folders and the patterns of names */
  readonly propose?: (part: OpenPart) => ProposedCut | null;
  readonly signal?: AbortSignal;
}

interface Part {
  after: string | undefined;
  until: string | undefined;
  token: string | undefined;
  readonly trail: PageTrail;
  pattern: NamePattern | null;
  hasShownKeys: boolean;
}

export const KEYS_PER_PAGE = 1_000;
/** A page that reaches beyond the part's end is read for nothing there; one that ends before costs another request. */
const MARGIN = 1.1;
const SPARE_KEYS = 40;
/** Of cuts with nothing behind them: so many, and one more for each so many pages. */
const MISSES_ALLOWED = 8;
const PAGES_PER_MISS = 8;
/** A cut ends a page early, which is a request: so many, and one more for each so many pages. */
const CUTS_ALLOWED = 36;
const PAGES_PER_CUT = 64;
/** Levels of folders that are asked for, and pages of each: more cuts than requests are ever under way. */
const MOST_LEVELS = 8;
const MOST_FOLDER_PAGES = 4;

/**
 * Lists a range page by page, its parts side by side.
 *
 * It begins as a plain listing, so a short range costs one request. When a page is full, the folders beside the job that
 * it shows are asked for, and when requests are free, the rest of the key space is cut, between folders or where names
 * let guess: one request goes on up to the cut, another one begins after it. The end of a part is
 * looked up when a page arrives, not when it was asked for: a cut that is made meanwhile takes effect at once, and no
 * key is seen from both sides. (A cut is always beyond the last key that was handed out.)
 *
 * Pages are handed out as they come. If the consumer is slow, requests wait for it.
 */
export async function* listInParallel(listing: ParallelListing): AsyncGenerator<ListedPage, void, undefined> {
  listing.signal?.throwIfAborted();
  const crew = new Crew(listing);
  try {
    yield* crew.pages();
  } finally {
    await crew.stop();
  }
}

class Crew {
  readonly #listing: ParallelListing;
  readonly #propose: (part: OpenPart) => ProposedCut | null;
  readonly #abort = new AbortController();
  readonly #signal: AbortSignal;
  readonly #waiting: Part[] = [];
  readonly #underWay = new Map<Part, Promise<void>>();
  readonly #folders = new FolderCuts();
  /** Where folders were or will be asked for. */
  readonly #levels = new Set<string>();
  readonly #levelsToAsk: string[] = [];
  readonly #asking = new Set<Promise<void>>();
  readonly #ready: ListedPage[] = [];
  readonly #mostReady: number;
  #failure: { readonly error: unknown } | undefined;
  #wake: () => void = () => {};
  #pages = 0;
  #misses = 0;
  #cuts = 0;

  constructor(listing: ParallelListing) {
    this.#listing = listing;
    const usual = (part: OpenPart) => (listing.expected === undefined ? proposeCut(part, this.#folders) : null);
    this.#propose = listing.propose ?? usual;
    this.#mostReady = listing.width.current;
    const { after, until } = listing.range;
    this.#waiting.push(this.#part(after, until, null));
    const { signal } = this.#abort;
    this.#signal = listing.signal === undefined ? signal : AbortSignal.any([signal, listing.signal]);
    this.#signal.addEventListener('abort', () => this.#wake(), { once: true });
  }

  #part(after: string | undefined, until: string | undefined, pattern: NamePattern | null): Part {
    const { store, range } = this.#listing;
    const trail = new PageTrail(`${store}/${range.prefix}`);
    return { after, until, token: undefined, trail, pattern, hasShownKeys: false };
  }

  async *pages(): AsyncGenerator<ListedPage, void, undefined> {
    for (;;) {
      this.#listing.signal?.throwIfAborted();
      if (this.#failure !== undefined) throw this.#failure.error;
      this.#sendRequests();
      const page = this.#ready.shift();
      if (page !== undefined) {
        yield page;
      } else if (this.#underWay.size === 0 && this.#waiting.length === 0) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }

  /** Ends what is under way. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await Promise.all([...this.#underWay.values(), ...this.#asking]);
  }

  #sendRequests(): void {
    while (
      this.#failure === undefined &&
      !this.#signal.aborted &&
      this.#underWay.size + this.#asking.size < this.#listing.width.current &&
      this.#ready.length < this.#mostReady
    ) {
      const level = this.#levelsToAsk.shift();
      if (level !== undefined) {
        this.#askForFolders(level);
        continue;
      }
      const part = this.#waiting.shift() ?? this.#cutOff();
      if (part === undefined) return;
      this.#underWay.set(part, this.#request(part));
    }
  }

  async #request(part: Part): Promise<void> {
    try {
      const { range, expected } = this.#listing;
      const most = this.#pages === 0 && expected !== undefined ? mostFor(expected) : {};
      const page = await this.#listing.fetch({ ...requestFor(part, range.prefix), ...most }, this.#signal);
      this.#listing.width.succeeded();
      this.#underWay.delete(part);
      this.#take(part, page);
      // The promises of requests that took long are old to the garbage collector, and dead: through them each page would
      // outlive all of its quick rounds.
      page.objects = [];
    } catch (error) {
      this.#underWay.delete(part);
      this.#failure ??= { error };
    }
    this.#sendRequests();
    this.#wake();
  }

  #take(part: Part, { objects, next }: ListPage): void {
    const last = objects.at(-1);
    this.#assertInOrder(part, objects);
    const within = objectsUpTo(objects, part.until);
    this.#pages++;
    if (within.length === 0 && !part.hasShownKeys) this.#misses++;
    if (within.length > 0) {
      part.hasShownKeys = true;
      this.#ready.push(within);
    }
    const isBehindEnd = last !== undefined && part.until !== undefined && compareKeys(last.key, part.until) >= 0;
    const pattern = patternOf(objects);
    this.#folders.learn(part.after, within, pattern);
    if (next === null || isBehindEnd) return;
    part.trail.follow(next, last === undefined);
    this.#noteLevels(last?.key);
    part.after = last?.key ?? part.after;
    part.token = next;
    part.pattern = pattern ?? part.pattern;
    this.#waiting.push(part);
  }

  #noteLevels(key: string | undefined): void {
    if (this.#listing.folders === undefined || key === undefined) return;
    for (const level of levelsOf(key, this.#listing.range.prefix)) {
      if (this.#levels.size >= MOST_LEVELS || this.#levels.has(level)) continue;
      this.#levels.add(level);
      this.#levelsToAsk.push(level);
    }
  }

  #askForFolders(level: string): void {
    const asked = this.#learnFolders(level).finally(() => {
      this.#asking.delete(asked);
      this.#sendRequests();
      this.#wake();
    });
    this.#asking.add(asked);
  }

  async #learnFolders(level: string): Promise<void> {
    try {
      let pages = 0;
      for await (const folders of this.#listing.folders?.(level, this.#signal) ?? []) {
        this.#folders.add(folders);
        this.#sendRequests();
        pages++;
        if (pages === MOST_FOLDER_PAGES) return;
      }
    } catch {
      // They are hints. What really hinders the listing, hinders its own requests, which say so.
    }
  }

  /** Cuts the rest of the longest part that is under way; undefined where that is not worth a request. */
  #cutOff(): Part | undefined {
    if (this.#misses > MISSES_ALLOWED + this.#pages / PAGES_PER_MISS) return undefined;
    if (this.#cuts >= CUTS_ALLOWED + this.#pages / PAGES_PER_CUT) return undefined;
    let longest: { readonly part: Part; readonly proposed: ProposedCut } | undefined;
    for (const part of this.#underWay.keys()) {
      const proposed = this.#propose(part);
      if (proposed !== null && this.#isUsable(proposed.cut, part) && proposed.keys > (longest?.proposed.keys ?? 0)) {
        longest = { part, proposed };
      }
    }
    if (longest === undefined) return undefined;
    const { part, proposed } = longest;
    const { until } = part;
    this.#cuts++;
    part.until = proposed.cut;
    // Of names that merely count upwards nobody knows how far: one cut, then both parts must show how they go on.
    if (!part.pattern?.isEven) part.pattern = null;
    return this.#part(proposed.cut, until, part.pattern);
  }

  #isUsable(cut: string, { after, until }: Part): boolean {
    const { prefix } = this.#listing.range;
    // What does not begin with the prefix lies before or behind all of its keys. These all begin with it.
    return isBetween(cut, after, until) && cut.startsWith(prefix) && isSameInAnyOrder(cut.slice(prefix.length));
  }

  /** Ranges hold nothing together if a store orders keys in another way, or begins elsewhere than it was told. */
  #assertInOrder(part: Part, objects: ListedPage): void {
    const { prefix } = this.#listing.range;
    const [first, last] = [objects.at(0), objects.at(-1)];
    const isBehind = part.after === undefined || first === undefined || compareKeys(part.after, first.key) < 0;
    // What lies between two keys that begin with the prefix, begins with it, too.
    if (objects.isInOrder && isBehind && first?.key.startsWith(prefix) && last?.key.startsWith(prefix)) return;
    let before = part.after;
    for (const { key } of objects) {
      // Not by JavaScript's own order, which is that of some stores: they have other keys before an end of a range.
      const isInOrder = before === undefined || compareKeys(before, key) < 0;
      if (!isInOrder || !key.startsWith(prefix)) {
        const where = before === undefined ? `below '${prefix}'` : `after '${before}'`;
        throw new StoreError(
          'unavailable',
          `${this.#listing.store} listed '${key}' where keys ${where} were requested in the order of their UTF-8 ` +
            'bytes, so its contents are unknown. This store does not list as S3 does, and the steward cannot scan it.',
        );
      }
      before = key;
    }
  }
}

function requestFor({ after, until, token, pattern }: Part, prefix: string): PageRequest {
  const start = token === undefined ? (after === undefined ? {} : { after }) : { token };
  if (pattern === null || after === undefined || until === undefined) return { prefix, ...start };
  const most = mostFor(remainderOf(pattern, after, until)?.keys ?? KEYS_PER_PAGE);
  return { prefix, ...start, ...(pattern.isEven ? most : {}) };
}

/** What to ask for where so many keys are expected: nothing, where that is a whole page. */
function mostFor(keys: number): { readonly most?: number } {
  const most = Math.ceil(keys * MARGIN) + SPARE_KEYS;
  return most < KEYS_PER_PAGE ? { most } : {};
}

function objectsUpTo(objects: ListedPage, until: string | undefined): ListedPage {
  const last = objects.at(-1);
  if (until === undefined || last === undefined || compareKeys(last.key, until) <= 0) return objects;
  let low = 0;
  let high = objects.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const key = objects.at(middle)?.key;
    if (key !== undefined && compareKeys(key, until) <= 0) low = middle + 1;
    else high = middle;
  }
  return objects.slice(0, low);
}
