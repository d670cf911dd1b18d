import type { ObjectTable } from '#core/inventory/object-table.ts';
import { newestFirst, numberOf } from './root-order.ts';
import type { Root } from './roots.ts';
import type { CollectSettings } from './settings.ts';

/**
 * Runs of a job that a later one under the same id has followed, with numbers that begin again: a job whose id is fixed
 * was started without its state.
 *
 * Two clusters that share a directory look alike, and so do a run whose JobManager was only cut off, and roots that were
 * copied onto themselves. So runs are told apart only where the directory was silent in between for as long as a job must
 * be to count as ended, `deadAfter`: no object in it, referenced or not, bears a time of that while. Then nobody of
 * before is left, and all later writes are of those who came after. Each run must be whole in itself: what its roots
 * reference was written while it lasted, and before the root.
 */

/** A time without silence in a former run, with the checkpoints that were complete in it. */
export interface FormerRun {
  readonly roots: ReadonlySet<Root>;
  /** When the newest of them was complete, epoch milliseconds. */
  readonly newest: number;
}

/** In application mode every job had this id, so several clusters may share it. */
const NO_ID = '0'.repeat(32);

/** One owner, whose checkpoints are ordered differently by number and by time. */
export interface RunsInput {
  readonly job: string | null;
  /** All of it. */
  readonly roots: readonly Root[];
  readonly objects: ObjectTable;
  /** When its directories were written to. */
  readonly writes: Writes;
  readonly settings: Pick<CollectSettings, 'deadAfter' | 'minAge'>;
}

/** The former runs, the oldest first; null where nothing shows that these are runs one after the other. */
export function formerRuns({ job, roots, objects, writes, settings }: RunsInput): readonly FormerRun[] | null {
  const directories = new Set(roots.map(({ location, class: { base } }) => `${location}:${base}`));
  const isKnown = roots.every(({ state, class: { checkpoint } }) => state !== 'unreadable' && checkpoint !== null);
  if (job === null || job === NO_ID || directories.size !== 1 || !isKnown) {
    return null;
  }
  const silences = writes.silences(Math.max(settings.deadAfter, settings.minAge), roots);
  /** How many silences there were before. */
  const epochOf = (time: number): number => silences.filter((end) => end <= time).length;
  const epochs = new Map<number, Root[]>();
  for (const root of roots.toSorted(newestFirst).reverse()) {
    const epoch = epochOf(root.completed);
    epochs.set(epoch, [...(epochs.get(epoch) ?? []), root]);
  }
  const groups = [...epochs.entries()];
  if (groups.some(([, group]) => !isRising(group))) {
    return null;
  }
  /** The first epochs of runs: there the numbers begin again. */
  const begins = groups.filter(([, group], at) => !isRising([...(groups[at - 1]?.[1] ?? []), ...group]));
  const current = begins.at(-1)?.[0];
  const runOf = (epoch: number): number => begins.filter(([begin]) => begin <= epoch).length;
  const isWhole = (root: Root): boolean =>
    !root.objects.some((object) => {
      const modified = objects.modified(object);
      const isLate = modified > root.completed && objects.kind(object) !== 'merged';
      return isLate || runOf(epochOf(modified)) !== runOf(epochOf(root.completed));
    });
  // A root without files does not show that it was written when it seems to have been.
  const isShown = (root: Root): boolean => root.state !== 'read' || root.objects.size > 0;
  if (current === undefined || !roots.every((root) => isWhole(root) && isShown(root))) {
    return null;
  }
  return groups
    .filter(([epoch]) => epoch < current)
    .map(([, group]) => ({ roots: new Set(group), newest: Math.max(...group.map(({ completed }) => completed)) }));
}

/** Whether the numbers of these, in the order of their times, never fall. */
function isRising(group: readonly Root[]): boolean {
  return group.every((root, at) => {
    const before = group[at - 1];
    return before === undefined || numberOf(before) <= numberOf(root);
  });
}

/** When the objects of some owners were written: so coarsely that ten million of them are few numbers. */
export class Writes {
  readonly #span: number;
  readonly #times = new Map<number, { first: number; last: number }>();

  /** @param silence milliseconds of the shortest silence that is asked for. */
  constructor(silence: number) {
    this.#span = Math.max(1, silence / 16);
  }

  add(time: number): void {
    const at = Math.floor(time / this.#span);
    const known = this.#times.get(at);
    if (known === undefined) {
      this.#times.set(at, { first: time, last: time });
    } else {
      known.first = Math.min(known.first, time);
      known.last = Math.max(known.last, time);
    }
  }

  /** Times that tell as much as all that were added: who adds these knows the same. */
  *times(): Generator<number> {
    for (const { first, last } of this.#times.values()) {
      yield first;
      yield last;
    }
  }

  /** When silences of at least so many milliseconds ended. @param roots those of the same owner, which count too. */
  silences(atLeast: number, roots: readonly Root[]): readonly number[] {
    for (const { completed } of roots) this.add(completed);
    const spans = [...this.#times.values()].sort((a, b) => a.first - b.first);
    return spans.flatMap(({ first }, at) => {
      const before = spans[at - 1];
      return before !== undefined && first - before.last >= atLeast ? [first] : [];
    });
  }
}
