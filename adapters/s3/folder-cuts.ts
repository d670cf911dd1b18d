import { compareKeys } from '#core/key-order.ts';
import type { ListedPage } from '#ports/object-store.ts';
import type { NamePattern } from './key-cuts.ts';

/** A place to cut a part of the key space, with the number of keys that are guessed to lie in that part. */
export interface ProposedCut {
  readonly cut: string;
  readonly keys: number;
}

/** Flink names the folder of each submission after its job id. */
const JOB_FOLDER = /(?:^|\/)[0-9a-f]{32}\//;
const USUAL_KEYS = 1_000;

/**
 * The folders in which the jobs of `key` lie side by side: the one that holds its job's folder, and the one above,
 * where a name or a region comes before the job id. Empty where the key is in no job's folder, or that folder is not
 * below `prefix`.
 */
export function levelsOf(key: string, prefix: string): readonly string[] {
  const job = JOB_FOLDER.exec(key);
  if (job === null) return [];
  const level = key.slice(0, job[0].startsWith('/') ? job.index + 1 : job.index);
  const above = level.slice(0, level.lastIndexOf('/', level.length - 2) + 1);
  return [...new Set([level, above])].filter((folder) => folder.startsWith(prefix));
}

/**
 * Folders that are known to lie side by side. A listing that is cut between them finds keys behind every cut, where one
 * that only guesses comes from each job's last page to the next job's first one.
 */
export class FolderCuts {
  /** In the order of keys. */
  #folders: readonly string[] = [];
  #keys = 0;
  #begun = 0;

  add(folders: readonly string[]): void {
    this.#folders = [...new Set([...this.#folders, ...folders])].sort(compareKeys);
  }

  /** Learns how many keys a folder has, from a page that follows `after`. */
  learn(after: string | undefined, page: Pick<ListedPage, 'length' | 'at'>, pattern: NamePattern | null): void {
    const last = page.at(-1)?.key;
    if (last === undefined || this.#folders.length === 0) return;
    // A part that was cut at a folder begins with it.
    const begun = this.#indexOf(last) - (after === undefined ? 0 : this.#indexOf(after));
    this.#begun += begun;
    // A page of random names tells how many there are in all, so the next ones of the same folder tell nothing new.
    const inOne = begun <= 1 && pattern?.isEven ? begun * pattern.density : 0;
    this.#keys += Math.max(inOne, begun === 0 && pattern?.isEven ? 0 : page.length);
  }

  /** The folder in the middle of those between `after` and `until`; null where none is. */
  propose(after: string, until: string | undefined): ProposedCut | null {
    const from = this.#indexOf(after) + (this.has(after) ? 1 : 0);
    const to = until === undefined ? this.#folders.length : this.#indexOf(until);
    const cut = from < to ? this.#folders[(from + to) >> 1] : undefined;
    return cut === undefined ? null : { cut, keys: (to - from) * this.#keysPerFolder() };
  }

  has(key: string): boolean {
    return this.#folders[this.#indexOf(key)] === key;
  }

  #keysPerFolder(): number {
    return this.#begun === 0 ? USUAL_KEYS : this.#keys / this.#begun;
  }

  /** How many folders lie before `key`. */
  #indexOf(key: string): number {
    let low = 0;
    let high = this.#folders.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareKeys(this.#folders[middle] ?? '', key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
