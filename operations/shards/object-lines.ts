import type { ObjectEntry, ObjectTable } from '#core/inventory/object-table.ts';
import { STORAGE_CLASSES } from '#core/inventory/storage-class.ts';

/**
 * Objects as lines of short arrays: a line names a directory, and the lines after it what lies there. A line of an object
 * ends where nothing more is to be said.
 */

type DirectoryLine = readonly [location: number, path: string];
type ObjectLine = readonly [
  name: string,
  etag: string,
  bytes: number,
  /** Epoch milliseconds; a text where it is no number. */
  modified: number | string,
  /** 1 for `archived`, 2 for `tiering`. */
  storage?: number,
  /** Place in `STORAGE_CLASSES`, counted from 1. */
  storageClass?: number,
  special?: string,
];

/** @param wanted shortest in the order of the table. @default all */
export function* objectLines(objects: ObjectTable, wanted?: Iterable<number>): Generator<DirectoryLine | ObjectLine> {
  let directory = -1;
  for (const object of wanted ?? everyObject(objects)) {
    const id = objects.directoryId(object);
    if (id !== directory) {
      directory = id;
      const { location, path } = objects.directory(object);
      yield [location, path];
    }
    yield objectLine(objects, object);
  }
}

/** The numbers of all objects. */
export function* everyObject({ size }: ObjectTable): Generator<number> {
  for (let object = 0; object < size; object++) yield object;
}

function objectLine(objects: ObjectTable, object: number): ObjectLine {
  const modified = objects.modified(object);
  const line = [
    objects.name(object),
    objects.etag(object),
    objects.bytes(object),
    Number.isFinite(modified) ? modified : String(modified),
  ] as const;
  const storage = objects.isArchived(object) ? 1 : objects.isTiering(object) ? 2 : 0;
  const itsClass = objects.storageClass(object);
  const storageClass = itsClass === null ? 0 : STORAGE_CLASSES.indexOf(itsClass) + 1;
  const special = objects.special(object);
  if (special !== undefined) return [...line, storage, storageClass, special];
  if (storageClass !== 0) return [...line, storage, storageClass];
  return storage === 0 ? line : [...line, storage];
}

const STORAGES = [undefined, 'archived', 'tiering'] as const;

/** Reads such lines, one after the other. */
export class ObjectLineReader {
  #location = -1;
  #path = '';

  /** @returns null for the line of a directory. */
  read(line: unknown): ObjectEntry | null {
    if (isDirectoryLine(line)) {
      [this.#location, this.#path] = line;
      return null;
    }
    const [name, etag, bytes, modified, storage = 0, storageClass = 0, special] = line as ObjectLine;
    return {
      location: this.#location,
      key: this.#path + name,
      etag,
      bytes,
      modified: Number(modified),
      storage: STORAGES[storage],
      storageClass: STORAGE_CLASSES[storageClass - 1],
      special,
    };
  }
}

function isDirectoryLine(line: unknown): line is DirectoryLine {
  return Array.isArray(line) && typeof line[0] === 'number';
}

/** Puts what such lines tell into a table. @param isWanted of what is told, where not all is. */
export async function readObjects(
  objects: ObjectTable,
  lines: AsyncIterable<unknown>,
  isWanted: (entry: ObjectEntry) => boolean = () => true,
): Promise<void> {
  const reader = new ObjectLineReader();
  for await (const line of lines) {
    const entry = reader.read(line);
    if (entry !== null && isWanted(entry)) objects.add(entry);
  }
}
