import type { Area } from '#core/area/area.ts';
import { type FlinkPath, parseFlinkPath, placeOf, resolveReference } from '#core/flink/state-path.ts';
import type { FileReference, MetadataVisitor } from '../flink/metadata/model.ts';

/** Of the files that a root names so many are remembered beside the suspects, spread over all of them. */
const SAMPLE = 64;

const NOWHERE: FlinkPath = { scheme: null, authority: null, path: '' };

/** A file that a root names. */
export interface NamedFile {
  readonly url: string;
  /** Bytes that the root expects; -1 where it does not say, or names only a part of the file. */
  readonly bytes: number;
}

/** Reads a root for some files, in memory that does not grow with it. */
export class NamedFiles implements MetadataVisitor {
  readonly #area: Area;
  readonly #directory: FlinkPath;
  readonly #wanted: ReadonlySet<string> | 'all';
  readonly #found = new Map<string, NamedFile>();
  #others: string[] = [];
  #step = 1;
  #passed = 0;

  /** @param root its URL. @param wanted URLs under the area's own names, or all of them, and then memory does grow. */
  constructor(area: Area, root: string, wanted: ReadonlySet<string> | 'all') {
    this.#area = area;
    /* v8 ignore next -- what an area calls a root is a path that Flink can read */
    this.#directory = parseFlinkPath(root.slice(0, root.lastIndexOf('/'))) ?? NOWHERE;
    this.#wanted = wanted;
  }

  reference(reference: FileReference): void {
    const path = resolveReference(reference, this.#directory);
    const place = path === null ? null : this.#area.locate(placeOf(path));
    if (place?.within !== 'area') return;
    const url = this.#area.url(place.location, place.key);
    if (this.#wanted === 'all' || this.#wanted.has(url)) {
      this.#found.set(url, { url, bytes: reference.segment ? -1 : Number(reference.bytes) });
    } else {
      this.#sample(url);
    }
  }

  /** Of the wanted files, those that the root names, by URL. */
  get found(): ReadonlyMap<string, NamedFile> {
    return this.#found;
  }

  /** Some of the other files that it names. */
  get others(): readonly string[] {
    return this.#others;
  }

  /** Every so many, and ever fewer: the same for the same root, without chance. */
  #sample(url: string): void {
    if (this.#passed++ % this.#step !== 0) return;
    this.#others.push(url);
    if (this.#others.length < 2 * SAMPLE) return;
    this.#others = this.#others.filter((_, at) => at % 2 === 0);
    this.#step *= 2;
  }
}
