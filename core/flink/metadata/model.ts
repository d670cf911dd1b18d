import type { UuidBytes } from '#core/uuid-names.ts';
import type { FolderStart } from './folder-start.ts';

/**
 * What a `_metadata` file says, as far as a collector needs it.
 *
 * A root can name millions of files, so the reader never gathers them: it hands each one to a
 * {@link MetadataVisitor} and keeps only the small {@link MetadataSummary}.
 */

/**
 * One state handle that names a file (stream tags 2, 6 and 15 of the format).
 */
export interface FileReference {
  /** The path exactly as stored; Flink stores it decoded, so a `%` is a `%`. */
  readonly path: string;
  /** True for tag 6: the path is relative to the directory that holds this `_metadata`. */
  readonly relative: boolean;
  /** Bytes of the named state; -1 where Flink did not know. Of a segment: its own length, not the file's. */
  readonly bytes: bigint;
  /** Of a segment: where in the file it begins. */
  readonly start?: bigint;
  /** True for tag 15: one part of a merged physical file, so `bytes` can't be held against the object's size. */
  readonly segment: boolean;
}

/** An operator, as it is described before its state. */
export interface OperatorHead {
  /** 32 hex digits. */
  readonly id: string;
  /** Null before format version 5 and where Flink stored none. */
  readonly name: string | null;
  readonly uid: string | null;
  readonly parallelism: number;
  readonly maxParallelism: number;
}

/**
 * What sort of state an operator holds.
 *
 * * `keyed`: managed keyed state, the timers that RocksDB holds among it; of a changelog, what it materialized.
 * * `operator`: managed and raw operator state.
 * * `channel`: in-flight data of an unaligned checkpoint.
 * * `timers`: raw keyed state, which is where Flink writes timers that a heap holds beside RocksDB.
 * * `changelog`: changes since the last materialization.
 * * `coordinator`: the state of the operator's coordinator, such as the splits that a source has not handed out.
 */
export const STATE_KINDS = ['keyed', 'operator', 'channel', 'timers', 'changelog', 'coordinator'] as const;
/** One of {@link STATE_KINDS}. */
export type StateKind = (typeof STATE_KINDS)[number];

/**
 * Which part of a handle names a file: of an incremental one a file of the database that checkpoints share (an SST), one
 * that they do not (MANIFEST, CURRENT, OPTIONS), or the description of the states in it; the whole of any other.
 */
export type StatePart = 'shared' | 'private' | 'meta' | 'whole';

/** Whose state it is. */
export interface StatePlace {
  readonly operator: OperatorHead;
  /** Null for coordinator state, which belongs to no subtask. */
  readonly subtask: number | null;
  readonly kind: StateKind;
  readonly part: StatePart;
}

/** One operator of a checkpoint or savepoint. */
export interface OperatorSummary extends OperatorHead {
  /** Subtasks with an entry that carries state (a fully stateless one may be left out by Flink). */
  readonly subtasks: number;
  /** Subtasks recorded as finished, without state. */
  readonly finishedSubtasks: number;
  /** True where every subtask had finished. */
  readonly finished: boolean;
}

/**
 * What sort of snapshot a root is, by the checkpoint properties stored in it. `unknown` where there are
 * none (format versions 2 and 3, a null) or where they could not be understood.
 */
export type SnapshotKind = 'checkpoint' | 'full-checkpoint' | 'savepoint-canonical' | 'savepoint-native' | 'unknown';

/** What a `_metadata` file says, without its references. */
export interface MetadataSummary {
  /** 2 to 6. */
  readonly formatVersion: number;
  /** A Java long. */
  readonly checkpointId: bigint;
  readonly kind: SnapshotKind;
  readonly operators: number;
  /** How many handles name a file; the same file may be named many times. */
  readonly references: number;
  /** Payload bytes of all byte-stream handles, coordinator state and in-memory changelog; master state not. */
  readonly inlineBytes: bigint;
  /**
   * False where the checkpoint properties that end a file of format 4 and newer are not what Flink writes, so that
   * Flink can't read the file. Everything before them was read.
   */
  readonly propertiesRead: boolean;
  /** True where a changelog handle (tags 8, 9, 10, 13, 14) occurs. */
  readonly usesChangelog: boolean;
  /** Length of the file in bytes. */
  readonly fileBytes: number;
}

/** What was read of a file that may not be whole: null what it broke off before. */
export interface PartialSummary extends Omit<MetadataSummary, 'formatVersion' | 'checkpointId'> {
  readonly formatVersion: number | null;
  readonly checkpointId: bigint | null;
}

/** Receives what the reader finds, in file order, before it is known whether the file is whole. */
export interface MetadataVisitor {
  reference(reference: FileReference, place: StatePlace): void;
  /**
   * The folder of which the visitor takes files by their names; asked before each file. Most references of a root lead to
   * one folder, and to make the text of each path takes longer than to read all else.
   */
  readonly folder?: FolderStart | null;
  /**
   * Takes an absolute reference to a whole file of {@link folder} that is named by a UUID.
   *
   * @param uuid holds until the call returns.
   * @param bytes of the file, not negative.
   * @returns false if it does not; then the file comes as a {@link reference}.
   */
  fileOfFolder?(uuid: UuidBytes, bytes: number): boolean;
  /**
   * State of a place, in bytes as Flink itself counts them, and how many of them this checkpoint wrote. Comes any number
   * of times for one place: they add up. The part is `shared` for the whole of an incremental handle.
   */
  state?(place: StatePlace, bytes: number, newBytes: number): void;
  /** The description of a keyed backend that stands in the file itself: see `described-states.ts`. */
  description?(bytes: Uint8Array, place: StatePlace): void;
  operator?(operator: OperatorSummary): void;
}
