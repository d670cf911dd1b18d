import { ObjectSet } from '#core/inventory/object-set.ts';
import type { Mapping } from '../area/area.ts';
import { classifyDirectory, type DirectoryClass } from '../flink/layout.ts';
import type { MetadataSummary } from '../flink/metadata/model.ts';

/** A reference of a root that does not resolve to an object of the area as it should. */
export interface MissingReference {
  /** Where it points, as Flink prints it. */
  readonly resolved: string;
  /** URL of the object that should answer, under the area's own name of its place. */
  readonly url: string;
  readonly problem: 'missing' | 'wrong-size';
  /** Bytes that the root expects; -1 if it does not contain the size, or references only a part of a file. */
  readonly expectedBytes: number;
  readonly segment: boolean;
}

/** Why a root could not be read, in a sentence without its name. */
export interface RootFailure {
  readonly sentence: string;
  /** Its contents are no whole `_metadata`; it is in an archive class; or it could not be read at all. */
  readonly fault: 'contents' | 'archived' | 'access';
}

/** `vanished`: the root was listed and had been deleted when it was to be read. */
export type RootState = 'read' | 'unreadable' | 'vanished';

/** One `_metadata` that was seen in this run. */
export interface Root {
  readonly location: number;
  /** Whole key. */
  readonly key: string;
  /** Whole key prefix of its directory, with a closing slash. */
  readonly directory: string;
  readonly class: DirectoryClass;
  readonly etag: string;
  readonly bytes: number;
  /**
   * When the checkpoint was complete: its LastModified, or the original one where it was retired and put back, or where
   * an earlier run saw the same content here: one that was copied onto itself has become no younger. Epoch milliseconds.
   */
  completed: number;
  /** What tells its content from any other; null until it was read to its end. */
  content: string | null;
  /** Its index in the object table, or -1 where it appeared after the listing. */
  readonly object: number;
  /** True where it was completed while the area was listed: files that it names may be missing from the listing. */
  readonly late: boolean;
  /** The operator has declared this very content dead: that it can't be read holds nobody up. */
  readonly writtenOff: boolean;
  state: RootState;
  summary: MetadataSummary | null;
  failure: RootFailure | null;
  /** The objects of the area that it references. */
  objects: ObjectSet;
  missing: MissingReference[];
  /** References out of the area: to places that are declared (`outside`), and to others. */
  declaredOutside: number;
  outside: number;
  /**
   * References to the original of the declared copy that this root lies in, where only the copy holds the file: Flink
   * finds it once it has been put back there.
   */
  toPutBack: number;
  /**
   * The first object of the area that has the name of a file which this root misses at another place of the area; -1
   * where there is none. Many of them mean that the area was given a wrong name.
   */
  foundElsewhere: number;
  /** The first object that it names and that is a symbolic link or the like; -1 where there is none. */
  linked: number;
  /** References outside the area: these decide whether the root is of another place altogether. */
  inArea: number;
  /** One of the places outside, for messages. */
  firstOutside: string | null;
  /** It lies in a declared copy, and references files of the original, where a restore will read them. */
  readsOriginal: boolean;
  /** The alias by which its absolute references name this area; null where they use the area's own name. */
  calledBy: Mapping | null;
  /** The S3 scheme its absolute references into the area are written with: `s3a`. Null for other stores. */
  scheme: string | null;
  /**
   * How many of its files, its own `_metadata` among them, must be restored from an archive before they can be read; and
   * the first of them, -1 where there is none.
   */
  archived: number;
  firstArchived: number;
  /** Bytes of the distinct objects that it references. */
  reachableBytes: number;
}

/** A root that is known from a listing only. */
export function unreadRoot(
  listed: Pick<Root, 'location' | 'key' | 'etag' | 'bytes' | 'completed' | 'object' | 'late' | 'writtenOff'>,
): Root {
  const { location, key, etag, bytes, completed, object, late, writtenOff } = listed;
  const directory = key.slice(0, key.lastIndexOf('/') + 1);
  // Field by field: of objects that are spread V8 keeps a description each, longer than the rest of the root.
  return {
    location,
    key,
    directory,
    class: classifyDirectory(directory),
    etag,
    bytes,
    completed,
    content: null,
    object,
    late,
    writtenOff,
    state: 'vanished',
    summary: null,
    failure: null,
    objects: ObjectSet.EMPTY,
    missing: [],
    declaredOutside: 0,
    outside: 0,
    toPutBack: 0,
    inArea: 0,
    firstOutside: null,
    foundElsewhere: -1,
    linked: -1,
    readsOriginal: false,
    calledBy: null,
    scheme: null,
    archived: 0,
    firstArchived: -1,
    reachableBytes: 0,
  };
}

/**
 * A restore point is a root that Flink could start from now: its own file was read to the end, and every referenced
 * object exists, with the right size where the size can be known, and in a storage class that answers a read at once.
 * References outside the area can't be checked, so such a root is not verified.
 */
export function isRestorePoint(root: Root): boolean {
  return isUsable(root) && !isUnverified(root);
}

/** That nothing in the area keeps Flink from starting from it. What it names elsewhere is not known. */
export function isUsable(root: Root): boolean {
  return root.state === 'read' && root.missing.length === 0 && root.archived === 0 && !lacksProperties(root);
}

/**
 * A root whose checkpoint properties, the last structure of the file, can't be read. Flink can't start from it, but all
 * that it references is known, so it protects as any other.
 */
export function lacksProperties({ summary }: Root): boolean {
  return summary?.propertiesRead === false;
}

/**
 * A root that names files outside the area, so that nobody here can say whether it is whole; or files that only its copy
 * holds, so that Flink can't start from it as things are.
 */
export function isUnverified(root: Root): boolean {
  return root.outside + root.declaredOutside + root.toPutBack > 0;
}

/**
 * A root with a missing or wrong-sized reference. It still protects all that it names. What a late root misses may
 * only be missing from the listing.
 */
export function isDamaged(root: Root): boolean {
  return root.state !== 'vanished' && root.missing.length > 0 && !root.late;
}

/** A completed checkpoint proper: neither a savepoint nor a full checkpoint, and where checkpoints lie. */
export function isCheckpointProper(root: Root): boolean {
  return root.class.role === 'checkpoint' && root.state !== 'unreadable' && root.summary?.kind === 'checkpoint';
}
