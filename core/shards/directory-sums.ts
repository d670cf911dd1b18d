import type { MarkedDirectory } from '#core/collect/rootless-directories.ts';
import { addWritten, writtenDirectories } from '#core/collect/written-directories.ts';
import { METADATA_NAME } from '#core/flink/names.ts';
import type { ObjectTable } from '#core/inventory/object-table.ts';

/** What a listing tells of a directory. Of one that lies in several shards these facts add up. */
export interface DirectorySums extends MarkedDirectory {
  /** Whether it holds files with Flink's names. */
  readonly holdsFlinkFiles: boolean;
  /** Whether it holds an object with the name of a root. */
  readonly holdsMetadata: boolean;
  /** Whether it holds something else than such objects and markers. */
  readonly holdsOthers: boolean;
}

/** The directories of a listing, by their ids in the table. */
export function sumDirectories(objects: ObjectTable): ReadonlyMap<number, DirectorySums> {
  const flink = new Set<number>();
  const metadata = new Set<number>();
  const others = new Set<number>();
  let last = -1;
  for (let object = 0; object < objects.size; object++) {
    const id = objects.directoryId(object);
    const isUuid = objects.hasUuidName(object);
    // Neighbours mostly share a directory, and nearly all bear a UUID.
    if (isUuid && id === last) continue;
    const kind = isUuid ? 'state' : objects.kind(object);
    if (kind !== 'unknown' && kind !== 'marker') flink.add(id);
    if (!isUuid && objects.name(object) === METADATA_NAME) metadata.add(id);
    else if (kind !== 'marker') others.add(id);
    last = isUuid ? id : -1;
  }
  return new Map(
    [...writtenDirectories(objects)].map(([id, written]) => [
      id,
      { ...written, holdsFlinkFiles: flink.has(id), holdsMetadata: metadata.has(id), holdsOthers: others.has(id) },
    ]),
  );
}

/** What two shards tell of one directory. */
export function addSums(a: DirectorySums, b: DirectorySums): DirectorySums {
  return {
    ...addWritten(a, b),
    holdsFlinkFiles: a.holdsFlinkFiles || b.holdsFlinkFiles,
    holdsMetadata: a.holdsMetadata || b.holdsMetadata,
    holdsOthers: a.holdsOthers || b.holdsOthers,
  };
}
