import type { FileReference, MetadataVisitor } from '../flink/metadata/model.ts';
import { type FlinkPath, placeOf, resolveReference } from '../flink/state-path.ts';

/** The files that a root names, and the parts of merged ones: what a later root names too, that one has not written. */
export class NamedFiles implements MetadataVisitor {
  readonly #directory: FlinkPath;
  readonly #files = new Set<string>();

  /** @param directory of the root, against which relative references resolve. */
  constructor(directory: FlinkPath) {
    this.#directory = directory;
  }

  reference(reference: FileReference): void {
    const file = fileOf(reference, this.#directory);
    if (file !== null) this.#files.add(file);
  }

  /** @param directory of the root that has the reference. */
  has(reference: FileReference, directory: FlinkPath): boolean {
    const file = fileOf(reference, directory);
    return file !== null && this.#files.has(file);
  }
}

function fileOf(reference: FileReference, directory: FlinkPath): string | null {
  const path = resolveReference(reference, directory);
  if (path === null) return null;
  const { store, key } = placeOf(path);
  return `${store}/${key}${reference.segment ? `@${reference.start ?? 0n}` : ''}`;
}
