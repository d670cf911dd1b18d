import { buffer } from 'node:stream/consumers';
import type { Area } from '#core/area/area.ts';
import { RootReading } from '#core/collect/root-reading.ts';
import { type Root, unreadRoot } from '#core/collect/roots.ts';
import { MetadataError } from '#core/flink/metadata/metadata-error.ts';
import { MetadataParser } from '#core/flink/metadata/metadata-parser.ts';
import { METADATA_NAME } from '#core/flink/names.ts';
import type { ObjectTable } from '#core/inventory/object-table.ts';
import { rootKind } from '#core/retention/root-kind.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import type { RetiredFile } from './remembered-objects.ts';
import { timeOfRun } from './run-records.ts';
import type { LedgerState, RetiredRoot } from './state.ts';

/**
 * Which files the savepoints reference that this ledger has retired. Files in a savepoint's directory are kept, because
 * they are their user's; of a retired one only its copy in the ledger tells which of them were its own.
 */

/** So much of the copies is read in one run, and one at least; the rest waits for the next run. */
const MOST_BYTES = 256 * 1024 * 1024;

/** The retired roots, and the objects among which their files are. */
export interface RetiredInput {
  readonly state: Pick<LedgerState, 'retired'>;
  readonly area: Area;
  readonly objects: ObjectTable;
  /** What earlier runs have read of the copies. */
  readonly known: readonly RetiredFile[];
}

/**
 * The objects that a retired savepoint references in its own directory, each with the path of its copy in the ledger. A
 * copy that is lost or can't be read to its end frees nothing.
 *
 * @throws StoreError where the ledger can't be read.
 */
export async function filesOfRetiredSavepoints(
  ledger: LedgerStore,
  { state, area, objects, known }: RetiredInput,
): Promise<ReadonlyMap<number, string>> {
  const files = new Map<number, string>();
  const wanted = withFiles(candidates(state, area, objects), objects);
  const retiredAt = new Map(wanted.map(({ entry }) => [entry.file, timeOfRun(entry.run)]));
  // What was written later was put there by somebody who wants it.
  const add = (object: number, copy: string): void => {
    if (objects.modified(object) <= (retiredAt.get(copy) ?? Number.NaN)) files.set(object, copy);
  };
  for (const { object, copy } of known) add(object, copy);
  const read = new Set(known.map(({ copy }) => copy));
  let bytes = 0;
  for (const candidate of wanted) {
    const { entry } = candidate;
    if (!read.has(entry.file) && (bytes === 0 || bytes + entry.bytes <= MOST_BYTES)) {
      bytes += entry.bytes;
      for (const object of await ownFiles(ledger, candidate, area, objects)) add(object, entry.file);
    }
  }
  return files;
}

interface Candidate {
  readonly entry: RetiredRoot;
  readonly location: number;
  readonly key: string;
  readonly directory: string;
}

/** Retired roots of which nothing is there again, by place, except in the directories of checkpoints. */
function candidates(
  { retired }: RetiredInput['state'],
  area: Area,
  objects: ObjectTable,
): ReadonlyMap<string, readonly Candidate[]> {
  const found = new Map<string, Candidate[]>();
  for (const entry of retired) {
    const place = entry.state === 'retired' ? area.placeOfUrl(entry.url) : null;
    if (place?.key.endsWith(METADATA_NAME) && objects.find(place.location, place.key) < 0) {
      const directory = place.key.slice(0, -METADATA_NAME.length);
      const id = `${place.location}:${directory}`;
      found.set(id, [...(found.get(id) ?? []), { ...place, entry, directory }]);
    }
  }
  return found;
}

/** Those whose directory still holds a file of Flink's. A marker that is left tells of no file. */
function withFiles(found: ReadonlyMap<string, readonly Candidate[]>, objects: ObjectTable): readonly Candidate[] {
  const left = new Set<string>();
  let last = -1;
  let id = '';
  for (let object = 0; found.size > 0 && object < objects.size; object++) {
    if (objects.directoryId(object) !== last) {
      last = objects.directoryId(object);
      const { location, path, class: itsClass } = objects.directory(object);
      id = itsClass.role === 'checkpoint' ? '' : `${location}:${path}`;
    }
    if (found.has(id) && objects.hasUuidName(object)) left.add(id);
  }
  return [...left].flatMap((each) => found.get(each) ?? []);
}

/** The files that one of them references in its own directory. */
async function ownFiles(
  ledger: LedgerStore,
  { entry, location, key, directory }: Candidate,
  area: Area,
  objects: ObjectTable,
): Promise<readonly number[]> {
  const { etag, bytes } = entry;
  const completed = Date.parse(entry.completed);
  const root = unreadRoot({ location, key, etag, bytes, completed, object: -1, late: false, writtenOff: false });
  const chunks = await ledger.readFile(entry.file);
  if (chunks === null || !isWhole(root, await buffer(chunks), area, objects) || rootKind(root) !== 'savepoint') {
    return [];
  }
  return [...root.objects].filter((object) => {
    const its = objects.directory(object);
    return its.location === location && its.path === directory && objects.hasUuidName(object);
  });
}

/** Reads a copy into the root. @returns whether it is the one that was retired, and could be read to its end. */
function isWhole(root: Root, content: Uint8Array, area: Area, objects: ObjectTable): boolean {
  const reading = new RootReading(area, objects, root, { named: () => {}, dangling: () => {} });
  if (content.length !== root.bytes) return false;
  try {
    const parser = new MetadataParser(reading, { fileBytes: content.length });
    parser.write(content);
    reading.complete(parser.end());
  } catch (error) {
    if (error instanceof MetadataError) return false;
    throw error;
  }
  return root.state === 'read';
}
