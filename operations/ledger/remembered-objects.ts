import * as z from 'zod';
import type { Area } from '#core/area/area.ts';
import { Candidacies } from '#core/collect/candidacies.ts';
import type { Grounds } from '#core/collect/evidence.ts';
import { isGarbage } from '#core/collect/garbage.ts';
import type { Verdicts } from '#core/collect/judge.ts';
import { candidacyOf, type LookedAt } from '#core/collect/memory.ts';
import type { ObjectTable } from '#core/inventory/object-table.ts';
import { compareKeys } from '#core/key-order.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { type Part, type PartTrace, readLines, writeLines } from './line-parts.ts';

/**
 * Lists of objects in the ledger: a line names a directory, and the lines after it what lies there. Places are named
 * by their own names, so that the area may be written differently from run to run.
 */

const directoryLine = z.object({ store: z.string(), path: z.string() });
/** Name, ETag, since when garbage (epoch milliseconds), in how many runs. */
const candidateLine = z.tuple([z.string(), z.string(), z.number(), z.int()]);
/** Name, ETag. */
const namedLine = z.tuple([z.string(), z.string()]);
/** Name, ETag, what a look at it has shown. */
const lookedLine = z.tuple([z.string(), z.string(), z.enum(['flink', 'other', 'unread'])]);

/** Name, the copy in the ledger of the retired savepoint that references it. */
const retiredLine = z.tuple([z.string(), z.string()]);

/** An area, or a part of one, as it was judged. */
export type Seen = Grounds & Pick<ListedArea, 'area'>;

/**
 * The garbage of this run, each with since when. An undecidable run makes nothing garbage and nothing older; it forgets
 * only what it sees alive, since the rules that look at checkpoints may have missed the one that could not be read.
 */
export function* candidateLines(seen: Seen, verdicts: Verdicts): Generator<unknown> {
  const { objects, start, reachability } = seen;
  const undecidable = seen.undecidable.length > 0;
  const entryOf = (object: number): readonly [string, string, number, number] | null => {
    if (undecidable) {
      const known = candidacyOf(object, seen);
      const isAlive =
        reachability.isLive(object) ||
        reachability.isKeptByName(object) ||
        reachability.isKeptByRenamed(object) ||
        reachability.isCopy(object);
      return known === null || isAlive ? null : [objects.name(object), objects.etag(object), known.since, known.runs];
    }
    if (!isGarbage(verdicts.rule(object))) {
      return null;
    }
    const known = candidacyOf(object, seen);
    return [objects.name(object), objects.etag(object), known?.since ?? start, (known?.runs ?? 0) + 1];
  };
  yield* byDirectory(seen, entryOf);
}

/** Files under `taskowned/` that some root names or has named: no sink's. */
export function* namedTaskOwnedLines(seen: Seen): Generator<unknown> {
  const { objects, reachability, memory } = seen;
  yield* byDirectory(seen, (object) =>
    objects.kind(object) === 'taskowned' && (reachability.isLive(object) || memory.wasNamed(object))
      ? [objects.name(object), objects.etag(object)]
      : null,
  );
}

/** Objects of unknown name that were looked at, in this run or before, with what the look has shown. */
export function* lookedAtLines(seen: ListedArea, looks: ReadonlyMap<number, LookedAt>): Generator<unknown> {
  const { objects } = seen;
  yield* byDirectory(seen, (object) => {
    const look = looks.get(object);
    return look === undefined ? null : [objects.name(object), objects.etag(object), look];
  });
}

/** A file of a retired savepoint. */
export interface RetiredFile {
  readonly object: number;
  /** Where the ledger has the copy of the savepoint. */
  readonly copy: string;
}

/** Files that retired savepoints reference in their own directories. */
export function* retiredFileLines(seen: Seen): Generator<unknown> {
  const { objects, memory } = seen;
  yield* byDirectory(seen, (object) => {
    const copy = memory.retiredSavepointOf(object);
    return copy === null ? null : [objects.name(object), copy];
  });
}

function* byDirectory(
  { area, objects }: ListedArea,
  entryOf: (object: number) => readonly unknown[] | null,
): Generator<unknown> {
  let directory = -1;
  for (let object = 0; object < objects.size; object++) {
    const entry = entryOf(object);
    if (entry !== null) {
      const id = objects.directoryId(object);
      if (id !== directory) {
        directory = id;
        const { location, path } = objects.directory(object);
        yield { store: area.locations[location]?.store ?? '', path };
      }
      yield entry;
    }
  }
}

/**
 * Writes such lines, in the order of keys, in parts that tell which keys they cover: who knows a part of an area reads no
 * other parts. @throws StoreError
 */
export async function writeObjectLines(
  store: LedgerStore,
  prefix: string,
  lines: Iterable<unknown>,
): Promise<readonly Part[]> {
  return await writeLines(store, prefix, lines, undefined, new KeysOfPart());
}

/** Of the lines of a part the first key and the last. Of a part with two places nothing is told. */
class KeysOfPart implements PartTrace {
  #within = { store: '', path: '' };
  #first: { readonly store: string; readonly key: string } | null = null;
  #last = '';
  #isOfOnePlace = true;

  note(line: unknown): void {
    if (!Array.isArray(line)) {
      this.#within = directoryLine.parse(line);
      return;
    }
    const { store, path } = this.#within;
    this.#last = `${path}${line[0]}`;
    this.#first ??= { store, key: this.#last };
    this.#isOfOnePlace &&= this.#first.store === store;
  }

  take(): Part['covers'] {
    const first = this.#first;
    const isTold = this.#isOfOnePlace;
    this.#first = null;
    this.#isOfOnePlace = true;
    return first === null || !isTold
      ? undefined
      : { store: first.store, first: first.key, last: this.#last, end: this.#within };
  }
}

/** An area and all its objects, as this run listed them. */
export interface ListedArea {
  readonly area: Area;
  readonly objects: ObjectTable;
}

/** @throws LostPartError, StoreError */
export async function readCandidates(
  store: LedgerStore,
  parts: readonly Part[],
  listed: ListedArea,
): Promise<Candidacies> {
  const candidacies = new Candidacies();
  const { objects } = listed;
  await eachRemembered(store, parts, listed, (object, entry) => {
    const [, etag, since, runs] = candidateLine.parse(entry);
    // Another content is another object: its clock starts anew.
    if (objects.etag(object) === etag) {
      candidacies.set(object, since, runs);
    }
  });
  return candidacies;
}

/** @throws LostPartError, StoreError */
export async function readNamedTaskOwned(
  store: LedgerStore,
  parts: readonly Part[],
  listed: ListedArea,
): Promise<ReadonlySet<number>> {
  const named = new Set<number>();
  const { objects } = listed;
  await eachRemembered(store, parts, listed, (object, entry) => {
    const [, etag] = namedLine.parse(entry);
    if (objects.etag(object) === etag) {
      named.add(object);
    }
  });
  return named;
}

/** @throws LostPartError, StoreError */
export async function readLookedAt(
  store: LedgerStore,
  parts: readonly Part[],
  listed: ListedArea,
): Promise<ReadonlyMap<number, LookedAt>> {
  const looks = new Map<number, LookedAt>();
  const { objects } = listed;
  await eachRemembered(store, parts, listed, (object, entry) => {
    const [, etag, look] = lookedLine.parse(entry);
    if (objects.etag(object) === etag) {
      looks.set(object, look);
    }
  });
  return looks;
}

/** @throws LostPartError, StoreError */
export async function readRetiredFiles(
  store: LedgerStore,
  parts: readonly Part[],
  listed: ListedArea,
): Promise<readonly RetiredFile[]> {
  const files: RetiredFile[] = [];
  await eachRemembered(store, parts, listed, (object, entry) => {
    const [, copy] = retiredLine.parse(entry);
    files.push({ object, copy });
  });
  return files;
}

async function eachRemembered(
  store: LedgerStore,
  parts: readonly Part[],
  { area, objects }: ListedArea,
  tell: (object: number, entry: readonly unknown[]) => void,
): Promise<void> {
  const isListed = mayBeListed({ area, objects });
  let within: { readonly location: number; readonly path: string } | null = null;
  const enter = ({ store: place, path }: z.output<typeof directoryLine>): void => {
    const found = area.locate({ store: place, key: path });
    within = found.within === 'area' ? { location: found.location, path: found.key } : null;
  };
  for (const part of parts) {
    if (part.covers !== undefined && !isListed(part.covers)) {
      enter(part.covers.end);
      continue;
    }
    for await (const line of readLines(store, [part])) {
      if (Array.isArray(line)) {
        const entry: readonly unknown[] = line;
        const object = objectIn(within, entry[0], objects);
        if (object >= 0) {
          tell(object, entry);
        }
      } else {
        enter(directoryLine.parse(line));
      }
    }
  }
}

function objectIn(
  within: { readonly location: number; readonly path: string } | null,
  name: unknown,
  objects: ObjectTable,
): number {
  return within === null ? -1 : objects.find(within.location, `${within.path}${name}`);
}

/**
 * Whether objects with keys in some range may be among those that were listed. Where an alias has come since for a folder amid
 * the range, what lies in that folder may be passed over: its quarantine begins anew.
 */
function mayBeListed({ area, objects }: ListedArea): (covers: NonNullable<Part['covers']>) => boolean {
  const extents = new Map<number, { readonly first: string; last: string }>();
  for (const { directory, first, count } of objects.stretches()) {
    const { location } = directory;
    const last = objects.key(first + count - 1);
    const known = extents.get(location);
    if (known === undefined) extents.set(location, { first: objects.key(first), last });
    else known.last = last;
  }
  return ({ store, first, last }) => {
    const [from, to] = [first, last].map((key) => area.locate({ store, key }));
    // What lies in two locations, or partly outside, is read.
    if (from?.within !== 'area' || to?.within !== 'area' || from.location !== to.location) return true;
    const extent = extents.get(from.location);
    return extent !== undefined && compareKeys(from.key, extent.last) <= 0 && compareKeys(extent.first, to.key) <= 0;
  };
}

/**
 * The candidates without some objects. One part is held in memory at a time.
 *
 * @param urls of those objects, under the area's own names.
 * @param prefix of the paths of the new list.
 * @throws LostPartError, StoreError
 */
export async function withoutCandidates(
  store: LedgerStore,
  parts: readonly Part[],
  {
    area,
    urls,
    prefix,
  }: { readonly area: Pick<Area, 'locate' | 'url'>; readonly urls: ReadonlySet<string>; readonly prefix: string },
): Promise<readonly Part[]> {
  const left: Part[] = [];
  // A directory may go on in the next part.
  let urlOf: (name: string) => string | null = () => null;
  for (const [at, part] of parts.entries()) {
    const lines: unknown[] = [];
    for await (const line of readLines(store, [part])) {
      if (Array.isArray(line)) {
        const [name] = candidateLine.parse(line);
        if (!urls.has(urlOf(name) ?? '')) lines.push(line);
      } else {
        const { store: place, path } = directoryLine.parse(line);
        const found = area.locate({ store: place, key: path });
        urlOf = (name) => (found.within === 'area' ? area.url(found.location, `${found.key}${name}`) : null);
        lines.push(line);
      }
    }
    left.push(...(await writeLines(store, `${prefix}${at + 1}-`, lines)));
  }
  return left;
}
