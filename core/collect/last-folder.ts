import type { ObjectTable } from '#core/inventory/object-table.ts';
import { NameReader, type UuidBytes } from '#core/uuid-names.ts';
import type { PlaceInArea } from '../area/area.ts';
import { FolderStart } from '../flink/metadata/folder-start.ts';

/**
 * The folder of the last reference. Most references of a root name files of one folder, and finding a folder in the area
 * takes longer than finding a file in it.
 */
export class LastFolder {
  readonly #objects: ObjectTable;
  readonly #name = new NameReader();
  #text = '';
  #directory = -1;
  #start: FolderStart | null = null;

  constructor(objects: ObjectTable) {
    this.#objects = objects;
  }

  /** Takes the path of an absolute reference, as it is written, and where in the area it leads. */
  learn(path: string, { location, key }: PlaceInArea): void {
    const slash = path.lastIndexOf('/') + 1;
    const name = path.slice(slash);
    const itsSlash = key.lastIndexOf('/') + 1;
    // A path without a plain name at its end leads to another folder than the one that is written. A path that ends in the
    // name of a bucket names no file.
    if (!isPlain(name) || key.slice(itsSlash) !== name) return;
    this.#text = path.slice(0, slash);
    this.#directory = this.#objects.directoryIdOf(location, key.slice(0, itsSlash));
    this.#start = this.#directory === -1 ? null : FolderStart.of(this.#text);
  }

  /** How absolute references to files of that folder begin; null where there is none, or their bytes don't tell it. */
  get start(): FolderStart | null {
    return this.#start;
  }

  /** The object of a file of that folder whose path begins with {@link start}; -1 where there is none. */
  findUuid(uuid: UuidBytes): number {
    return this.#objects.findIn(this.#directory, uuid);
  }

  /**
   * The object of an absolute reference to a file of that folder; -1 for any other, and where a path that is written so
   * may lead elsewhere.
   */
  find(path: string): number {
    if (this.#directory === -1 || this.#text === '' || !path.startsWith(this.#text)) return -1;
    const name = this.#name.read(path, this.#text.length);
    return name.uuid || isPlain(name.text) ? this.#objects.findIn(this.#directory, name) : -1;
  }
}

/** Whether Flink takes what follows a folder as one segment, as it is written. A colon may have it put `./` before a relative path. */
function isPlain(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[\\:/]/.test(name);
}
