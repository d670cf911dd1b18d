import { ObjectSetBuilder } from '#core/inventory/object-set.ts';
import type { ObjectTable } from '#core/inventory/object-table.ts';
import type { UuidBytes } from '#core/uuid-names.ts';
import type { Area, PlaceInArea, Whereabouts } from '../area/area.ts';
import type { FolderStart } from '../flink/metadata/folder-start.ts';
import type { FileReference, MetadataSummary, MetadataVisitor } from '../flink/metadata/model.ts';
import {
  type FlinkPath,
  isS3Scheme,
  parseFlinkPath,
  placeOf,
  printFlinkPath,
  resolveReference,
} from '../flink/state-path.ts';
import { maskCredentials } from '../secrets.ts';
import { LastFolder } from './last-folder.ts';
import type { MissingReference, Root, RootFailure } from './roots.ts';

/** Where a reference points that no object of the area answers to. */
export type Beyond = Whereabouts['within'];

/** Where a root's references leave their marks. */
export interface Marks {
  /** This root references that object. Called once for each object, when the root has been read. */
  named(object: number): void;
  dangling(resolved: string, within: Beyond): void;
}

/** Reads the references of one root into the marks. */
export class RootReading implements MetadataVisitor {
  readonly #area: Area;
  readonly #objects: ObjectTable;
  readonly #root: Root;
  readonly #marks: Marks;
  readonly #directory: FlinkPath;
  readonly #named = new ObjectSetBuilder();
  readonly #folder: LastFolder;
  /** References that were reported already, as Flink prints them. */
  readonly #told = new Set<string>();
  #unresolvable: string | null = null;

  constructor(area: Area, objects: ObjectTable, root: Root, marks: Marks) {
    this.#area = area;
    this.#objects = objects;
    this.#root = root;
    this.#marks = marks;
    this.#directory = directoryPath(area, root);
    this.#folder = new LastFolder(objects);
  }

  get folder(): FolderStart | null {
    return this.#folder.start;
  }

  fileOfFolder(uuid: UuidBytes, bytes: number): boolean {
    return this.#nameBeside(this.#folder.findUuid(uuid), bytes);
  }

  reference(reference: FileReference): void {
    if (!reference.relative && this.#nameBeside(this.#folder.find(reference.path), expectedBytes(reference))) {
      return;
    }
    const path = resolveReference(reference, this.#directory);
    if (path === null) {
      this.#unresolvable ??= reference.path;
      return;
    }
    const place = placeOf(path);
    const whereabouts = this.#area.locate(place);
    const copy = this.#area.ownCopyOf(place, this.#root);
    if (copy !== null) {
      this.#root.readsOriginal = true;
    }
    if (copy !== null && this.#isListed(copy) && !this.#isListed(whereabouts)) {
      this.#root.inArea++;
      this.#root.toPutBack++;
      this.#name(copy, path, reference);
      return;
    }
    switch (whereabouts.within) {
      case 'declared':
        this.#root.declaredOutside++;
        this.#dangle(printFlinkPath(path), 'declared');
        return;
      case 'elsewhere':
        this.#root.outside++;
        this.#root.firstOutside ??= printFlinkPath(path);
        this.#dangle(printFlinkPath(path), 'elsewhere');
        return;
      case 'area':
        this.#root.inArea++;
        if (isS3Scheme(path.scheme) && !reference.relative) {
          this.#root.scheme ??= path.scheme;
        }
        if (!reference.relative) {
          this.#root.calledBy ??= this.#area.aliasOf(place);
          if (this.#area.isLiteral) this.#folder.learn(reference.path, whereabouts);
        }
        this.#name(whereabouts, path, reference);
        return;
    }
  }

  /** The root was read to its last byte. */
  complete(summary: MetadataSummary): void {
    this.#root.summary = summary;
    if (this.#unresolvable !== null) {
      // Flink refuses to build such a path, so it can't read the root either; and what it names can't be known.
      this.fail({
        sentence: `it references a path that Flink can't resolve: ${maskCredentials(this.#unresolvable)}`,
        fault: 'contents',
      });
      return;
    }
    this.#close('read');
  }

  /** The root could not be read to its end. What was read up to there stays marked. */
  fail(failure: RootFailure): void {
    this.#root.failure = failure;
    this.#close('unreadable');
  }

  /** The root was gone (404) when it was to be read: Flink has subsumed it. */
  vanish(): void {
    this.#close('vanished');
  }

  #isListed(place: Whereabouts): boolean {
    return place.within === 'area' && this.#objects.find(place.location, place.key) >= 0;
  }

  /**
   * @param object in the folder of the last reference, or -1.
   * @returns false where there is none, or there is something to say of it.
   */
  #nameBeside(object: number, expected: number): boolean {
    if (object < 0 || this.#objects.special(object) !== undefined || !this.#hasRightSize(object, expected)) {
      return false;
    }
    this.#root.inArea++;
    this.#named.add(object);
    return true;
  }

  #name(place: PlaceInArea, path: FlinkPath, reference: FileReference): void {
    const object = this.#objects.find(place.location, place.key);
    if (object >= 0) {
      this.#named.add(object);
    }
    if (object >= 0 && this.#objects.special(object) !== undefined && this.#root.linked < 0) {
      this.#root.linked = object;
    }
    // What a symbolic link leads to may lie in the area as well, and is not kept by the link.
    if (object < 0 || this.#objects.special(object) !== undefined) {
      const resolved = printFlinkPath(path);
      if (this.#dangle(resolved, 'area')) {
        this.#report(place, resolved, 'missing', reference);
      }
    } else if (!this.#hasRightSize(object, expectedBytes(reference))) {
      const resolved = printFlinkPath(path);
      if (this.#isNews(resolved)) {
        this.#report(place, resolved, 'wrong-size', reference);
      }
    }
  }

  #hasRightSize(object: number, expected: number): boolean {
    if (expected < 0) {
      return true;
    }
    const size = this.#objects.bytes(object);
    // Changelog files begin with a byte that Flink does not count (seen with 1.20), and may hold more than one
    // checkpoint took of them.
    return size === expected || (size > expected && this.#objects.kind(object) === 'changelog');
  }

  #dangle(resolved: string, within: Beyond): boolean {
    const isNews = this.#isNews(resolved);
    if (isNews) {
      this.#marks.dangling(resolved, within);
    }
    return isNews;
  }

  #isNews(resolved: string): boolean {
    const before = this.#told.size;
    return this.#told.add(resolved).size > before;
  }

  #report(place: PlaceInArea, resolved: string, problem: MissingReference['problem'], reference: FileReference): void {
    this.#root.missing.push({
      resolved,
      url: this.#area.url(place.location, place.key),
      problem,
      expectedBytes: expectedBytes(reference),
      segment: reference.segment,
    });
  }

  #noteArchived(object: number): void {
    if (this.#objects.isArchived(object)) {
      this.#root.firstArchived = this.#root.archived === 0 ? object : this.#root.firstArchived;
      this.#root.archived++;
    }
  }

  #close(state: Root['state']): void {
    this.#root.state = state;
    this.#root.objects = this.#named.build();
    let bytes = 0;
    this.#root.objects.forEach((object) => {
      this.#marks.named(object);
      bytes += this.#objects.bytes(object);
      this.#noteArchived(object);
    });
    this.#root.reachableBytes += bytes;
    if (this.#root.object >= 0 && !this.#root.objects.has(this.#root.object)) {
      this.#noteArchived(this.#root.object);
    }
  }
}

/**
 * The size that the object of a reference must have; negative where it is not known: to Flink itself, or of a segment,
 * whose length does not show the size of the merged file.
 */
function expectedBytes({ bytes, segment }: FileReference): number {
  // A size that no number holds exactly becomes one that is larger than that of any object.
  return segment ? -1 : Number(bytes);
}

/** The directory of a root as a path, so that relative handles resolve into the area under its own name. */
export function directoryPath(area: Area, root: Pick<Root, 'location' | 'directory'>): FlinkPath {
  const url = area.url(root.location, root.directory);
  // A directory name that Flink would write differently (a backslash, a double slash) can't be a place where Flink
  // wrote relative handles; taken literally it names nothing, and the base-name rule keeps what it could mean.
  return parseFlinkPath(url) ?? { scheme: null, authority: null, path: root.directory };
}
