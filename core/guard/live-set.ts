import type { Evidence } from '#core/collect/evidence.ts';
import type { Root } from '#core/collect/roots.ts';
import { NameFilter } from '#core/inventory/name-filter.ts';
import { hashText, spread } from './text-hash.ts';

/**
 * What a survey found live, so small that it can be asked of each object that somebody deletes: some two megabytes for a
 * million objects. Of files it says only what may be live; whether it is, the roots of now tell. The roots themselves it names.
 */

/** A directory of which the roots name files of another one. */
export interface Reader {
  /** URL, with a closing slash. */
  readonly directory: string;
  /** Whether it is that of a job: its roots lie in `chk-` directories. Otherwise it is a savepoint's. */
  readonly holdsCheckpoints: boolean;
}

/** By the URL of a directory, who else reads files in it. */
export type Readers = ReadonlyMap<string, readonly Reader[]>;

/** The names of live objects, as a filter, and who reads files of whom. */
export class LiveSet {
  /** When the survey began, epoch milliseconds by the stores' clock. What was written later is not in it. */
  readonly start: number;
  /** How many names are in it. */
  readonly names: number;
  readonly filter: NameFilter;
  readonly readers: Readers;
  /** URLs of all roots, none else among them. */
  readonly roots: ReadonlySet<string>;
  /** Of the survey before, those that are none any more. */
  readonly former: ReadonlySet<string>;

  constructor(kept: Pick<LiveSet, 'start' | 'names' | 'filter' | 'readers' | 'roots' | 'former'>) {
    this.start = kept.start;
    this.names = kept.names;
    this.filter = kept.filter;
    this.readers = kept.readers;
    this.roots = kept.roots;
    this.former = kept.former;
  }

  /** False only of what the survey did not find live. @param url under the area's own name of its place. */
  mayHold(url: string): boolean {
    return this.filter.mayHold(spread(hashText(url)));
  }

  /** Whether a root lay there, in this survey or in the one before: one may go while a survey lists. */
  hadRoot(url: string): boolean {
    return this.roots.has(url) || this.former.has(url);
  }

  /** Who reads files of a directory from elsewhere. */
  readersOf(directory: string): readonly Reader[] {
    return this.readers.get(directory) ?? [];
  }
}

/** What there is before any survey has left a live set: nothing is known to be live. */
export const NOTHING_KNOWN = new LiveSet({
  start: 0,
  names: 0,
  filter: new NameFilter(0),
  readers: new Map(),
  roots: new Set(),
  former: new Set(),
});

/**
 * The roots that could be read, and the objects that they name: also those that are missing already, of which it may be told
 * only later that somebody has deleted them.
 *
 * @param before roots of the survey before.
 */
export function liveSetOf(
  survey: Pick<Evidence, 'start' | 'area' | 'objects' | 'reachability'>,
  before: ReadonlySet<string> = new Set(),
): LiveSet {
  const { start, area, objects, reachability } = survey;
  const roots = reachability.roots.filter(({ state }) => state !== 'vanished');
  let live = 0;
  for (let object = 0; object < objects.size; object++) {
    if (reachability.isLive(object)) live++;
  }
  const missing = new Set(roots.flatMap((root) => root.missing.map(({ url }) => url)));
  const urls = new Set(roots.map(({ location, key }) => area.url(location, key)));
  const former = new Set([...before].filter((url) => !urls.has(url)));
  const names = live + urls.size + former.size + missing.size;
  const filter = new NameFilter(names);
  for (const url of [...missing, ...urls, ...former]) filter.add(spread(hashText(url)));
  for (const { directory, first, count } of objects.stretches()) {
    const before = hashText(area.url(directory.location, directory.path));
    for (let object = first; object < first + count; object++) {
      if (reachability.isLive(object)) filter.add(spread(hashText(objects.name(object), before)));
    }
  }
  return new LiveSet({ start, names, filter, readers: readersIn(survey, roots), roots: urls, former });
}

function readersIn({ area, objects }: Pick<Evidence, 'area' | 'objects'>, roots: readonly Root[]): Readers {
  const readers = new Map<string, Map<string, Reader>>();
  for (const root of roots) {
    const own = area.url(root.location, root.class.base);
    const reader = { directory: own, holdsCheckpoints: root.class.role === 'checkpoint' };
    let last = -1;
    for (const object of root.objects) {
      const id = objects.directoryId(object);
      if (id === last) continue;
      last = id;
      const { location, class: its } = objects.directory(object);
      const read = area.url(location, its.base);
      if (read === own) continue;
      const known = readers.get(read) ?? new Map<string, Reader>();
      readers.set(read, known.set(own, reader));
    }
  }
  return new Map([...readers].map(([directory, by]) => [directory, [...by.values()]]));
}
