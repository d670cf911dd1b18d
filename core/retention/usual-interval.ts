import type { RememberedDirectory } from '../collect/memory.ts';
import type { Root } from '../collect/roots.ts';
import { checkpointNumber } from '../flink/names.ts';

/** One alone may be a pause of the job. */
const FEWEST_INTERVALS = 2;

interface Numbered {
  readonly number: bigint;
  readonly completed: number;
}

/**
 * Milliseconds from one checkpoint of a directory to the next, as usual: the median over those at hand and those that
 * earlier runs remember. Where some in between are not known, their numbers tell how many. 0 where fewer than three
 * follow one another, so that a comparison with it keeps the root: of a single interval nobody can say whether it is a
 * usual one or the time for which the job was down. The next run knows more.
 */
export function usualInterval(roots: readonly Root[], remembered: RememberedDirectory | null): number {
  const known: Numbered[] = [];
  for (const { completed, class: itsClass } of roots) {
    if (itsClass.checkpoint !== null) {
      known.push({ number: itsClass.checkpoint, completed });
    }
  }
  for (const { name, completed } of remembered?.roots ?? []) {
    const number = checkpointNumber(name);
    if (number !== null) {
      known.push({ number, completed });
    }
  }
  known.sort((a, b) => a.completed - b.completed);
  const intervals: number[] = [];
  for (const [at, { number, completed }] of known.entries()) {
    const before = known[at - 1];
    // Numbers that don't rise are those of one and the same checkpoint, or of another run.
    if (before !== undefined && number > before.number) {
      intervals.push((completed - before.completed) / Number(number - before.number));
    }
  }
  if (intervals.length < FEWEST_INTERVALS) {
    return 0;
  }
  intervals.sort((a, b) => a - b);
  /* v8 ignore next -- there are enough of them */
  return intervals[Math.floor((intervals.length - 1) / 2)] ?? 0;
}
