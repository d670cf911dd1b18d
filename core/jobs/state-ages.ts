import type { Evidence } from '#core/collect/evidence.ts';
import type { Root } from '#core/collect/roots.ts';

/** How old the files are that restores need: a lifecycle rule by age does not consider that. */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Ages that people put into rules, in milliseconds, ascending: they bound the bands in which files are counted. */
export const AGE_BOUNDS: readonly number[] = [
  HOUR,
  6 * HOUR,
  ...[1, 2, 3, 5, 7, 10, 14, 21, 30, 45, 60, 90, 180, 365].map((days) => days * DAY),
];

/** Objects and bytes by age: band `n` holds what is at least as old as bound `n - 1` and younger than bound `n`. */
export interface AgeBands {
  readonly objects: number[];
  readonly bytes: number[];
}

/** Bands that hold nothing. */
export function emptyBands(): AgeBands {
  return { objects: noBands(), bytes: noBands() };
}

function noBands(): number[] {
  return new Array<number>(AGE_BOUNDS.length + 1).fill(0);
}

/** @param age milliseconds; negative for what was written while the run lasted. */
export function bandOf(age: number): number {
  const older = AGE_BOUNDS.findIndex((bound) => age < bound);
  return older === -1 ? AGE_BOUNDS.length : older;
}

/** Adds one object to its band. @param age milliseconds. */
export function addToBands(to: AgeBands, age: number, bytes: number): void {
  const band = bandOf(age);
  to.objects[band] = Number(to.objects[band]) + 1;
  to.bytes[band] = Number(to.bytes[band]) + bytes;
}

/** When the files were written that a restore from one root reads, its `_metadata` among them. */
export interface RootAges {
  /** Epoch milliseconds of LastModified; the median is that of the files, not of their bytes. */
  readonly oldest: number;
  readonly median: number;
  readonly newest: number;
}

/** Of the files that exist: what is missing has no age. */
export function agesOf({ objects }: Pick<Evidence, 'objects'>, root: Root): RootAges {
  const times = [root.completed];
  for (const object of root.objects) {
    if (object !== root.object) {
      times.push(objects.modified(object));
    }
  }
  const sorted = Float64Array.from(times).sort();
  const last = sorted.length - 1;
  return { oldest: Number(sorted[0]), median: Number(sorted[last >> 1]), newest: Number(sorted[last]) };
}
