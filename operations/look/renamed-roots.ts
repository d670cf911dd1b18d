import { Buffer } from 'node:buffer';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import pMap from 'p-map';
import type { LookedAt, Memory } from '#core/collect/memory.ts';
import { type Candidates, isNamedSo, renamedRootCandidates } from '#core/collect/renamed-root-candidates.ts';
import { type Root, unreadRoot } from '#core/collect/roots.ts';
import { comparableEtag } from '#core/etag.ts';
import { MetadataError } from '#core/flink/metadata/metadata-error.ts';
import { MAGIC } from '#core/flink/metadata/metadata-file.ts';
import { readMetadata } from '#core/flink/metadata/read-metadata.ts';
import type { ObjectTable } from '#core/inventory/object-table.ts';
import { StoreError } from '#ports/object-store.ts';
import type { BegunReading } from './read-root.ts';
import { type ContentInput, openRoot } from './root-content.ts';
import type { ListedRoot, SurveyedLocation } from './root-listing.ts';

/**
 * Roots under other names than `_metadata`. Flink restores from any path, so a copy that somebody has called
 * `_metadata.bak` before Flink deleted the original is a checkpoint like any other.
 *
 * Only the listing of all objects is searched for them, and it is not searched again before a batch is deleted. What
 * appears under such a name later was copied from something: from a root or a renamed root that some run has read, for
 * whose files no quarantine has been served; or from a root that was completed and withdrawn since the listing, and what
 * that names is too young, or is named by the later roots that are read before each batch. A copy that comes from
 * outside the area is a snapshot outside the area, which nobody here can see.
 */

/** Objects that are looked at in one run, by their first four bytes. */
export const MOST_LOOKS = 10_000;
/** Of a file of any name so much is read. */
export const MOST_BYTES = 64 * 1024 * 1024;
/** So many objects are looked at in all, run after run, and remembered. */
export const MOST_CANDIDATES = 200_000;
const MAGIC_BYTES = 4;
const LOOKS_AT_ONCE = 16;
/** After so many refusals, and not a single answer, it is the role that may not read such names. */
const MOST_REFUSALS = 8;

/** What looking for them takes. */
export interface RenamedInput extends ContentInput {
  /** In which the candidates are. */
  readonly objects: ObjectTable;
  readonly reachability: { beginRenamed(root: Root): BegunReading };
  readonly memory: Pick<Memory, 'lookedAt'>;
  readonly locations: readonly SurveyedLocation[];
}

/** What was found. The roots themselves are in {@link Reachability.renamedRoots}. */
export interface RenamedRoots {
  /** What is known of the objects that may be such roots, from this run or an earlier one. */
  readonly looks: ReadonlyMap<number, LookedAt>;
  /** Objects that may be such roots, and of which nothing is known, because this run may read no more of them. */
  readonly left: number;
  /** Those that could not be read, or may not be read by this role. */
  readonly unread: number;
  /** One of the unread ones, with the reason; null where there is none. */
  readonly firstUnread: { readonly url: string; readonly why: string } | null;
}

/** Looks at what may be a root under another name, and marks what these reference. Nothing in it makes an area undecidable. */
export async function readRenamedRoots(input: RenamedInput): Promise<RenamedRoots> {
  return await readCandidates(input, renamedRootCandidates(input.objects, MOST_CANDIDATES));
}

/** Looks at some candidates, as {@link readRenamedRoots} does. */
export async function readCandidates(input: RenamedInput, candidates: Candidates): Promise<RenamedRoots> {
  return await new Search(input).run(candidates);
}

class Search {
  readonly #input: RenamedInput;
  readonly #looks = new Map<number, LookedAt>();
  /** Of names that a role may or may not read, by location. */
  readonly #refusals = new Map<string, { denied: number; answered: number }>();
  #unread = 0;
  #firstUnread: RenamedRoots['firstUnread'] = null;

  constructor(input: RenamedInput) {
    this.#input = input;
  }

  async run(candidates: Candidates): Promise<RenamedRoots> {
    const { memory } = this.#input;
    const known = candidates.objects.filter((object) => memory.lookedAt(object) === 'flink');
    const unknown = candidates.objects.filter((object) => memory.lookedAt(object) === null);
    // Last, or those that can't be read would be in the way of the others in every run.
    const unread = candidates.objects.filter((object) => memory.lookedAt(object) === 'unread');
    const asked = [...unknown, ...unread];
    for (const object of candidates.objects) {
      const look = memory.lookedAt(object);
      if (look !== null) this.#looks.set(object, look);
    }
    await pMap(known, (object) => this.#read(object, true), { concurrency: LOOKS_AT_ONCE });
    await pMap(asked.slice(0, MOST_LOOKS), (object) => this.#look(object), { concurrency: LOOKS_AT_ONCE });
    return {
      looks: this.#looks,
      left: candidates.left + Math.max(0, asked.length - MOST_LOOKS),
      unread: this.#unread,
      firstUnread: this.#firstUnread,
    };
  }

  async #look(object: number): Promise<void> {
    const { area, signal } = this.#input;
    const refusals = this.#refusalsOf(object);
    if (refusals.answered === 0 && refusals.denied >= MOST_REFUSALS) {
      this.#unread++;
      return;
    }
    const { location, key, etag } = this.#listed(object);
    try {
      const options = { from: 0, to: MAGIC_BYTES - 1, ...(signal === undefined ? {} : { signal }) };
      const outcome = await this.#storeOf(location).read(area.storeKey(location, key), options);
      refusals.answered++;
      // One that has another content by now is looked at by the next run, which lists it.
      if (!outcome.found) return;
      const head = await buffer(outcome.chunks);
      const isFlink = head.length >= MAGIC_BYTES && Buffer.from(head).readUInt32BE(0) === MAGIC;
      if (comparableEtag(outcome.etag) === comparableEtag(etag)) this.#looks.set(object, isFlink ? 'flink' : 'other');
      if (isFlink) await this.#read(object, false);
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof StoreError)) throw error;
      if (error.code === 'denied') refusals.denied++;
      this.#looks.set(object, 'unread');
      this.#unread++;
      this.#firstUnread ??= { url: area.url(location, key), why: error.message.replace(/\.$/, '') };
    }
  }

  /** Reads one that begins like a root. Where it breaks off, what it references up to there is kept. */
  async #read(object: number, wasKnown: boolean): Promise<void> {
    const { signal } = this.#input;
    const root = this.#rootOf(object);
    try {
      const content = await this.#open(root, wasKnown);
      if (content === null) return;
      const reading = this.#input.reachability.beginRenamed(root);
      try {
        reading.complete(await readMetadata(content.chunks, reading, { fileBytes: content.bytes }));
      } catch (error) {
        signal?.throwIfAborted();
        reading.fail({ sentence: sayUnread(error, content.bytes), fault: 'contents' });
      }
    } catch (error) {
      signal?.throwIfAborted();
      this.#input.reachability.beginRenamed(root).fail({ sentence: sayUnread(error, root.bytes), fault: 'access' });
    }
  }

  async #open(
    root: Root,
    wasKnown: boolean,
  ): Promise<{ readonly bytes: number; readonly chunks: AsyncIterable<Uint8Array> } | null> {
    const { area, cache } = this.#input;
    const copy = wasKnown ? await this.#copyOf(area.url(root.location, root.key), root.etag) : null;
    if (copy !== null) {
      return { bytes: copy.length, chunks: Readable.from([copy]) };
    }
    const store = this.#storeOf(root.location);
    const listed = { ...root, modified: root.completed };
    // As if it were old: whoever gives a checkpoint another name wants it for longer.
    return await openRoot(
      { ...this.#input, ...(cache === undefined ? {} : { cache }) },
      store,
      listed,
      Number.NEGATIVE_INFINITY,
      MOST_BYTES,
    );
  }

  async #copyOf(url: string, etag: string): Promise<Uint8Array | null> {
    try {
      return (await this.#input.cache?.read(url, etag)) ?? null;
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      return null;
    }
  }

  #rootOf(object: number): Root {
    const { location, key, etag, bytes, modified } = this.#listed(object);
    return unreadRoot({ location, key, etag, bytes, completed: modified, object, late: false, writtenOff: false });
  }

  #listed(object: number): ListedRoot {
    const { objects } = this.#input;
    return {
      location: objects.location(object),
      key: objects.key(object),
      etag: objects.etag(object),
      bytes: objects.bytes(object),
      modified: objects.modified(object),
    };
  }

  #refusalsOf(object: number): { denied: number; answered: number } {
    const { objects } = this.#input;
    const id = `${objects.location(object)}:${isNamedSo(objects.name(object))}`;
    const known = this.#refusals.get(id) ?? { denied: 0, answered: 0 };
    this.#refusals.set(id, known);
    return known;
  }

  #storeOf(location: number): SurveyedLocation['store'] {
    const found = this.#input.locations.find((surveyed) => surveyed.location === location);
    if (found === undefined) throw new RangeError(`No location ${location} among ${this.#input.locations.length}.`);
    return found.store;
  }
}

/** @param bytes of the whole file. */
function sayUnread(error: unknown, bytes: number): string {
  if (!(error instanceof StoreError || error instanceof MetadataError)) throw error;
  return bytes > MOST_BYTES && error instanceof MetadataError
    ? 'it is larger than 64 MiB, and no more of it was read'
    : error.message.replace(/\.$/, '');
}
