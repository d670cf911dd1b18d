import type { Area } from '../area/area.ts';
import { classifyDirectory } from '../flink/layout.ts';
import type { FileReference, MetadataVisitor } from '../flink/metadata/model.ts';
import {
  type FlinkPath,
  type Place,
  parseFlinkPath,
  placeOf,
  printFlinkPath,
  printPlace,
  resolveReference,
} from '../flink/state-path.ts';

/** A root outside the area, and what of the area it references. */

/** Why an outside root could not be read: as of a root of the area. */
export type OutsideFault = 'contents' | 'archived' | 'access';

/** One content of a root that is outside the area. */
export interface OutsideRoot {
  readonly key: string;
  readonly etag: string;
  /** How many references lead into the area. */
  readonly files: number;
  /** The first of them, as Flink prints it. */
  readonly first: string | null;
  /** Null where it was read to its last byte. */
  readonly failure: { readonly fault: OutsideFault; readonly sentence: string } | null;
}

/** Reads which files of the area an outside root references. */
export class OutsideReading implements MetadataVisitor {
  readonly #area: Area;
  readonly #directory: FlinkPath;
  #files = 0;
  #first: string | null = null;
  #unresolvable: string | null = null;

  /** @param place of the root itself. */
  constructor(area: Area, place: Place) {
    this.#area = area;
    const folder = { ...place, key: directoryOf(place.key) };
    /* v8 ignore next -- the place of an object is a path */
    this.#directory = parseFlinkPath(printPlace(folder)) ?? { scheme: null, authority: null, path: folder.key };
  }

  get files(): number {
    return this.#files;
  }

  get first(): string | null {
    return this.#first;
  }

  /** The first path that Flink itself can't resolve; null in a good root. */
  get unresolvable(): string | null {
    return this.#unresolvable;
  }

  reference(reference: FileReference): void {
    const path = resolveReference(reference, this.#directory);
    if (path === null) {
      this.#unresolvable ??= reference.path;
      return;
    }
    if (this.#area.locate(placeOf(path)).within === 'area') {
      this.#files++;
      this.#first ??= printFlinkPath(path);
    }
  }
}

/** Flink's magic number, with which every `_metadata` begins that Flink reads. */
const MAGIC = [0x49, 0x60, 0x67, 0x2d] as const;

/**
 * Whether a content that begins so may be a root. Flink refuses every other one at these four bytes, Parquet's
 * `_metadata` among them; of less than four bytes nobody can tell.
 */
export function mayBeRoot(head: Uint8Array): boolean {
  return MAGIC.every((byte, at) => at >= head.length || head[at] === byte);
}

/** The directory of a root whose roots are listed together: that of its job, or its own. With a closing slash. */
export function rootFolderOf(key: string): string {
  const directory = directoryOf(key);
  const { role, base } = classifyDirectory(directory);
  return role === 'checkpoint' ? base : directory;
}

/** The folder above a folder, both empty or with a closing slash; null of the top. */
export function folderAbove(folder: string): string | null {
  return folder === '' ? null : folder.slice(0, folder.slice(0, -1).lastIndexOf('/') + 1);
}

/**
 * The prefix that would bring a root into the area: that of the folder which holds its job directory or savepoint.
 *
 * @param others prefixes that must stay outside, such as the ledger's.
 */
export function prefixToAdd(key: string, others: readonly string[]): string {
  const folder = rootFolderOf(key);
  const above = folderAbove(folder) ?? folder;
  return others.some((other) => other.startsWith(above)) ? folder : above;
}

function directoryOf(key: string): string {
  return key.slice(0, key.lastIndexOf('/') + 1);
}
