import { classifyDirectory } from '#core/flink/layout.ts';
import type { ListedRoot } from './root-listing.ts';

/** How a directory with roots is known from run to run. */
export function directoryId(location: number, path: string): string {
  return `${location}:${path}`;
}

/** The directory of an id. */
export function directoryOf(id: string): { readonly location: number; readonly path: string } {
  const colon = id.indexOf(':');
  return { location: Number(id.slice(0, colon)), path: id.slice(colon + 1) };
}

/** Directories that hold or held roots: of a savepoint its own, of checkpoints the one above `chk-N/`. */
export class HeldDirectories {
  readonly #paths = new Map<number, Set<string>>();

  constructor(ids: Iterable<string>) {
    for (const id of ids) {
      const { location, path } = directoryOf(id);
      this.#add(location, path);
    }
  }

  /** Adds the directory of a root that was listed. */
  add({ location, key }: Pick<ListedRoot, 'location' | 'key'>): void {
    const path = key.slice(0, key.lastIndexOf('/') + 1);
    const { role, base } = classifyDirectory(path);
    this.#add(location, role === 'checkpoint' ? base : path);
  }

  /** Whole keys, with closing slashes. */
  in(location: number): ReadonlySet<string> {
    return this.#paths.get(location) ?? new Set();
  }

  #add(location: number, path: string): void {
    const paths = this.#paths.get(location) ?? new Set();
    this.#paths.set(location, paths.add(path));
  }
}
