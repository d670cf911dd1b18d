import { foldersAbove } from '#core/area/folders-above.ts';
import { behindLast } from '#core/inventory/behind-last.ts';
import type { DirectoryStretch, ObjectTable } from '#core/inventory/object-table.ts';
import { compareKeys } from '#core/key-order.ts';
import { SpanWalk, spansOfRoots, unionOf } from './root-spans.ts';

/**
 * Where roots are looked for once all objects of a location were listed.
 *
 * The listing showed which keys are files other than roots. The key space between them is listed again, range by range, so
 * that the number of folders costs nothing. Only runs of files that would fill a request are skipped. A run ends where a root
 * may appear: at the checkpoints of a directory that holds or held roots. Where a run crosses a folder above such
 * directories, the children of that folder are listed, which shows what is new there.
 *
 * This misses a place that appears during the search, in a folder with more children than one request shows, or in a tree
 * that never held a root. docs/safety.md tells what follows from that.
 */
export interface RootSearch {
  readonly ranges: readonly SearchedRange[];
  readonly folders: readonly SearchedFolder[];
}

/** A part of a location. */
export interface SearchedRange extends KeyBounds {
  /** How many the listing showed. */
  readonly keys: number;
}

/** A folder whose new children may hold roots. */
export interface SearchedFolder {
  /** With a closing slash; empty at the top. */
  readonly path: string;
  /** The folders in it that hold listed objects, whole and with closing slashes. */
  readonly known: ReadonlySet<string>;
}

export interface RootSearchInput {
  readonly objects: ObjectTable;
  readonly location: number;
  /** Of the location. */
  readonly prefix: string;
  /** Directories that hold or held roots: of a savepoint its own, of checkpoints the one above `chk-N/`. */
  readonly held: ReadonlySet<string>;
  readonly keysPerRequest: number;
  /** The part of the location that the objects are of, and that is searched. @default the whole location */
  readonly within?: KeyBounds | undefined;
}

/** The whole keys after `after`, up to and including `until`. If one of them is absent, they are open at that end. */
export interface KeyBounds {
  readonly after?: string;
  readonly until?: string;
}

/** A long range is listed in parts of this many requests, side by side. */
const REQUESTS_OF_PART = 8;

/** Plans a look at the places where roots are or were, and beside these. */
export function searchForRoots(input: RootSearchInput): RootSearch {
  const folders = new FoldersAbove(input);
  const runs = runsWithoutRoots(input, folders);
  const asked = new Set(runs.flatMap(({ crossed }) => [...crossed]));
  return {
    ranges: rangesBetween(input, runs),
    folders: [...asked].map((path) => ({ path, known: folders.childrenOf(path) })),
  };
}

/** How many requests a search takes, if nothing has been added. */
export function requestsOf({ ranges, folders }: RootSearch, keysPerRequest: number): number {
  return ranges.reduce((sum, { keys }) => sum + Math.max(1, Math.ceil(keys / keysPerRequest)), folders.length);
}

/** The folders above directories with roots, as far as one request shows what is in them. */
class FoldersAbove {
  readonly #input: RootSearchInput;
  readonly #isAbove: ReadonlySet<string>;
  readonly #entries = new Map<string, number>();
  readonly #children = new Map<string, string[]>();

  constructor(input: RootSearchInput) {
    this.#input = input;
    const above = [...input.held].flatMap(foldersAbove).filter((path) => path.startsWith(input.prefix));
    this.#isAbove = new Set([input.prefix, ...above]);
    for (const { directory, count } of stretchesOf(input)) this.#note(directory.path, count);
  }

  has(folder: string): boolean {
    // Of other folders nothing is counted.
    return (this.#entries.get(folder) ?? Number.POSITIVE_INFINITY) < this.#input.keysPerRequest;
  }

  childrenOf(folder: string): ReadonlySet<string> {
    return new Set(this.#children.get(folder));
  }

  /** Directories come in the order of keys, so a child that was seen before is the last one. */
  #note(path: string, count: number): void {
    if (this.#isAbove.has(path)) this.#entries.set(path, (this.#entries.get(path) ?? 0) + count);
    for (let end = this.#input.prefix.length; end < path.length; ) {
      const folder = path.slice(0, end);
      end = path.indexOf('/', end) + 1;
      if (this.#isAbove.has(folder)) this.#noteChild(folder, path.slice(0, end));
    }
  }

  #noteChild(folder: string, child: string): void {
    const children = this.#children.get(folder) ?? [];
    if (children.at(-1) === child) return;
    children.push(child);
    this.#children.set(folder, children);
    this.#entries.set(folder, (this.#entries.get(folder) ?? 0) + 1);
  }
}

/** Files that follow one another in the listing and make a request of their own. */
interface Run {
  readonly first: number;
  readonly last: number;
  /** Folders above directories with roots, of which something new may lie between these files. */
  readonly crossed: ReadonlySet<string>;
}

function runsWithoutRoots(input: RootSearchInput, folders: FoldersAbove): readonly Run[] {
  const { objects, keysPerRequest } = input;
  const spans = new SpanWalk(unionOf([...input.held].flatMap(spansOfRoots)));
  const runs: Run[] = [];
  let run: { readonly first: number; last: number; readonly crossed: Set<string> } | undefined;
  const end = (): void => {
    if (run !== undefined && run.last - run.first + 1 >= keysPerRequest) runs.push(run);
    run = undefined;
  };
  for (const stretch of stretchesOf(input)) {
    for (const { first, last } of piecesOf(input, stretch, spans)) {
      if (run !== undefined) {
        const before = objects.key(run.last);
        const key = objects.key(first);
        if (spans.meets(before, key)) end();
        else for (const folder of foldersBetween(before, key)) if (folders.has(folder)) run.crossed.add(folder);
      }
      run ??= { first, last, crossed: new Set() };
      run.last = last;
    }
  }
  end();
  return runs;
}

/** A stretch without the roots in it, cut where keys of roots may come between its files. */
function* piecesOf(
  { objects, held }: RootSearchInput,
  { directory: { path }, first, count }: DirectoryStretch,
  spans: SpanWalk,
): Generator<{ readonly first: number; readonly last: number }> {
  const end = first + count;
  const [root, checkpoints] = spansOfRoots(path);
  const beginnings = spans.beginnings(objects.key(first), objects.key(end - 1));
  const cuts = [
    ...(spans.covers(root.from) ? [root] : []),
    // What was listed of a checkpoint lies in that span too, but files beside the checkpoints of a job may have such names.
    ...(held.has(path) ? [checkpoints] : []),
    ...[...beginnings].map((from) => ({ from, to: from })),
  ].sort((a, b) => compareKeys(a.from, b.from));
  let next = first;
  for (const { from, to } of cuts) {
    const at = firstNotBefore(objects, from, next, end);
    if (next < at) yield { first: next, last: at - 1 };
    next = firstNotBefore(objects, to, at, end);
  }
  if (next < end) yield { first: next, last: end - 1 };
}

/** The first object from `low` up to `high` whose key is not less; `high` where there is none. */
function firstNotBefore(objects: ObjectTable, key: string, low: number, high: number): number {
  return behindLast(low, high, (object) => (compareKeys(objects.key(object), key) < 0 ? -1 : 1));
}

function rangesBetween(input: RootSearchInput, runs: readonly Run[]): readonly SearchedRange[] {
  const { objects, keysPerRequest, within = {} } = input;
  const ranges: SearchedRange[] = [];
  const { begin, end } = extentOf(input);
  /** The last object that is behind us. */
  let passed = begin - 1;
  const range = (until: number | null): void => {
    const last = until ?? end - 1;
    const most = REQUESTS_OF_PART * keysPerRequest;
    while (last - passed > most) {
      add(passed + most, most);
      passed += most;
    }
    add(until, last - passed);
  };
  const add = (last: number | null, keys: number): void => {
    const after = passed < begin ? within.after : objects.key(passed);
    const until = last === null ? within.until : objects.key(last);
    ranges.push({ ...(after === undefined ? {} : { after }), ...(until === undefined ? {} : { until }), keys });
  };
  for (const { first, last } of runs) {
    range(first);
    passed = last;
  }
  range(null);
  return ranges;
}

/** Where the objects of the location lie among all of them: the first one, and the one behind the last. */
function extentOf(input: RootSearchInput): { readonly begin: number; readonly end: number } {
  let begin: number | undefined;
  let end = 0;
  for (const { first, count } of stretchesOf(input)) {
    begin ??= first;
    end = first + count;
  }
  return { begin: begin ?? 0, end };
}

function* stretchesOf({ objects, location }: RootSearchInput): Generator<DirectoryStretch> {
  for (const stretch of objects.stretches()) {
    if (stretch.directory.location === location) yield stretch;
  }
}

/** The folders that may hold a key between two others, with closing slashes: the common one, and those of either. */
function* foldersBetween(a: string, b: string): Generator<string> {
  let at = 0;
  while (a.charCodeAt(at) === b.charCodeAt(at)) at++;
  const common = a.slice(0, at).lastIndexOf('/') + 1;
  yield a.slice(0, common);
  for (const key of [a, b]) {
    for (let end = key.indexOf('/', common) + 1; end > 0; end = key.indexOf('/', end) + 1) yield key.slice(0, end);
  }
}
