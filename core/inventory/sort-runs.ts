import { parseName } from '#core/uuid-names.ts';
import { numberAt, WordColumn } from './columns.ts';
import type { OrderedDirectory } from './directory-list.ts';
import type { ObjectRows } from './object-rows.ts';
import type { Runs } from './runs.ts';

/** Rows `from` to `to`, which is not one of them any more: of one directory, in the order of their names. */
export interface Stretch {
  readonly directory: number;
  readonly from: number;
  to: number;
}

/**
 * Brings rows into the order of locations and, within them, of keys.
 *
 * @param directories all of them, in order.
 * @param onTwice called for the first row that has the name of another one in the same directory; never returns.
 */
export function sortRuns(
  runs: Runs,
  rows: ObjectRows,
  directories: readonly OrderedDirectory[],
  onTwice: (directory: number, row: number) => never,
): readonly Stretch[] {
  const stretches = stretchesOf(runs, rows.length);
  const order = new KeyOrder(rows);
  for (const directory of directories) {
    const ofOne = stretches.get(directory.id) ?? [];
    sortStretches(ofOne, rows, (row) => onTwice(directory.id, row));
    order.enter(directory, ofOne);
  }
  return order.end();
}

function stretchesOf(runs: Runs, end: number): ReadonlyMap<number, Stretch[]> {
  const byDirectory = new Map<number, Stretch[]>();
  for (let run = 0; run < runs.count; run++) {
    const directory = runs.directory(run);
    const to = run + 1 < runs.count ? runs.firstRow(run + 1) : end;
    const stretch = { directory, from: runs.firstRow(run), to };
    const known = byDirectory.get(directory);
    if (known === undefined) {
      byDirectory.set(directory, [stretch]);
    } else {
      known.push(stretch);
    }
  }
  return byDirectory;
}

/** Sorts the stretches of one directory by name, and the rows themselves where the stretches overlap. */
function sortStretches(stretches: Stretch[], rows: ObjectRows, onTwice: (row: number) => never): void {
  const { names } = rows;
  stretches.sort((a, b) => names.compareRows(a.from, b.from));
  const overlap = stretches.some((stretch, index) => {
    const before = stretches[index - 1];
    return before !== undefined && names.compareRows(before.to - 1, stretch.from) >= 0;
  });
  if (overlap) {
    stretches.sort((a, b) => a.from - b.from);
    sortRows(stretches, rows, onTwice);
  }
}

/** Sorts the rows of a few stretches by name, so that they are in order from the first stretch to the last. */
function sortRows(stretches: readonly Stretch[], rows: ObjectRows, onTwice: (row: number) => never): void {
  const { names } = rows;
  const places = new WordColumn();
  for (const { from, to } of stretches) {
    for (let row = from; row < to; row++) {
      places.push(row);
    }
  }
  const order = Uint32Array.from({ length: places.length }, (_, place) => place);
  order.sort((a, b) => names.compareRows(places.get(a), places.get(b)));
  for (let place = 1; place < order.length; place++) {
    const row = places.get(numberAt(order, place));
    if (names.compareRows(places.get(numberAt(order, place - 1)), row) === 0) {
      onTwice(row);
    }
  }
  // Cycle by cycle: the row that belongs here comes, and what was here waits at the place that it left.
  for (let first = 0; first < order.length; first++) {
    let place = first;
    while (numberAt(order, place) !== first) {
      const next = numberAt(order, place);
      rows.swap(places.get(place), places.get(next));
      order[place] = place;
      place = next;
    }
    order[place] = place;
  }
}

interface Entered extends OrderedDirectory {
  /** What was not laid down yet, last first. */
  readonly rest: Stretch[];
}

/**
 * Lays the stretches of sorted directories down in the order of keys. All keys of `a/b/` lie between two names of
 * `a/`, so a stretch is cut where a directory below its own comes in between.
 */
class KeyOrder {
  readonly #rows: ObjectRows;
  readonly #laid: Stretch[] = [];
  /** The directory that was entered last, and those above it. */
  readonly #open: Entered[] = [];

  constructor(rows: ObjectRows) {
    this.#rows = rows;
  }

  enter(directory: OrderedDirectory, stretches: readonly Stretch[]): void {
    let above = this.#open.at(-1);
    while (above !== undefined && !isWithin(directory, above)) {
      this.#close(above);
      this.#open.pop();
      above = this.#open.at(-1);
    }
    if (above !== undefined) {
      this.#layUpTo(above, directory.path.slice(above.path.length));
    }
    this.#open.push({ ...directory, rest: stretches.toReversed() });
  }

  end(): readonly Stretch[] {
    for (const directory of this.#open.reverse()) {
      this.#close(directory);
    }
    return this.#laid;
  }

  #close({ rest }: Entered): void {
    for (const stretch of rest.reverse()) {
      this.#lay(stretch);
    }
  }

  /** All names of a directory that lie before a path below it. */
  #layUpTo({ rest }: Entered, path: string): void {
    for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
      const cut = this.#firstBehind(next, path);
      if (cut > next.from) {
        this.#lay({ ...next, to: cut });
      }
      if (cut < next.to) {
        rest.push({ ...next, from: cut });
        return;
      }
    }
  }

  #firstBehind({ from, to }: Stretch, path: string): number {
    const limit = parseName(path);
    let low = from;
    let high = to;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#rows.names.compare(middle, limit) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  #lay(stretch: Stretch): void {
    const before = this.#laid.at(-1);
    if (before?.directory === stretch.directory && before.to === stretch.from) {
      before.to = stretch.to;
    } else {
      this.#laid.push({ ...stretch });
    }
  }
}

function isWithin(directory: OrderedDirectory, above: OrderedDirectory): boolean {
  return directory.location === above.location && directory.path.startsWith(above.path);
}
