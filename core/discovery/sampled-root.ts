import type { FileReference, MetadataVisitor } from '../flink/metadata/model.ts';
import { type Place, parseFlinkPath, placeOf, printPlace } from '../flink/state-path.ts';

/** What one checkpoint or savepoint references, folder by folder. */

/** A folder whose files a root references. */
export interface ReferencedFolder {
  /** With a key that ends in a slash. */
  readonly folder: Place;
  readonly files: number;
  /** One of these files. */
  readonly example: Place;
}

/** A root that was read, as far as it could be. */
export interface SampledRoot {
  readonly root: Place;
  readonly folders: readonly ReferencedFolder[];
  /** Whether it was read to its end. */
  readonly isWhole: boolean;
}

/** More folders than that tell nothing new. */
const MOST_FOLDERS = 5_000;

/** Gathers the references of one root. */
export class ReferenceSample implements MetadataVisitor {
  readonly #root: Place;
  readonly #folders = new Map<string, { folder: Place; files: number; example: Place }>();

  /** @param root the place of the `_metadata`. */
  constructor(root: Place) {
    this.#root = root;
  }

  reference(reference: FileReference): void {
    // A relative one is beside the root, under whatever name that is known.
    const path = reference.relative ? null : parseFlinkPath(reference.path);
    if (path === null) return;
    const file = placeOf(path);
    const folder = { store: file.store, key: folderOf(file.key) };
    const id = printPlace(folder);
    const known = this.#folders.get(id);
    if (known !== undefined) known.files++;
    else if (this.#folders.size < MOST_FOLDERS) this.#folders.set(id, { folder, files: 1, example: file });
  }

  /** What was gathered. */
  end(isWhole: boolean): SampledRoot {
    return { root: this.#root, folders: [...this.#folders.values()], isWhole };
  }
}

/** The folder of a key, empty or with a closing slash. */
export function folderOf(key: string): string {
  return key.slice(0, key.lastIndexOf('/') + 1);
}
