import type { StorageClass } from '#core/inventory/storage-class.ts';

/**
 * The port to a place that holds checkpoints: a bucket, or a local directory that is a copy or a mount of one.
 *
 * Keys are whole S3 keys (of a local directory: the path below it, with `/`). Order of keys is that of their
 * UTF-8 bytes, as S3 lists them.
 */

/** One object of a listing. */
export interface ListedObject {
  readonly key: string;
  readonly bytes: number;
  /** LastModified in epoch milliseconds, by the store's clock. */
  readonly modified: number;
  /** Changes whenever the content may have changed. Opaque, without quotes. */
  readonly etag: string;
  /** Present where this is no ordinary object, and so must never be read, judged or deleted. */
  readonly special?: SpecialEntry;
  /** Present where its storage class does not answer every read at once. */
  readonly storage?: SlowStorage;
  /** By which it is billed. Absent where that is S3 Standard, or not known. */
  readonly storageClass?: StorageClass;
}

/** Objects of a listing that come together, in the order of keys. An array is one; others make an object when it is asked for. */
export interface ListedPage extends Iterable<ListedObject> {
  readonly length: number;
  /** Counted from the end where it is negative. */
  at(index: number): ListedObject | undefined;
  /** The objects from `start` up to but not including `end`. */
  slice(start: number, end: number): ListedPage;
  /** True where whoever made the page has seen that each key comes after the one before. */
  readonly isInOrder?: boolean;
}

/**
 * `archived`: it must be restored before it can be read. `tiering`: the store moves it between tiers by itself, and
 * whether it may be in an archive tier only the bucket's configuration tells ({@link ObjectStore.archiveTiers}).
 */
export type SlowStorage = 'archived' | 'tiering';

/** When a bucket moves objects of the class `tiering` into a tier that must be restored before it can be read. */
export interface ArchiveTier {
  /** Keys that it holds for. */
  readonly prefix: string;
  /** The fewest days without access after which an object is there. */
  readonly days: number;
}

/** A listed entry that is no ordinary object, such as a symbolic link. */
export interface SpecialEntry {
  /** In words, for people: "a symbolic link to /elsewhere". */
  readonly what: string;
  /** True where roots may hide behind it that a survey of this place does not see. */
  readonly mayHideRoots: boolean;
  /** Of a folder that was walked under another path: both paths, for people. It was not walked again. */
  readonly secondPath?: SecondPath;
}

/** Two paths of one folder: a bind mount, or one mount under two names. */
export interface SecondPath {
  readonly here: string;
  readonly there: string;
}

/**
 * A part of the key space: keys that start with `prefix`, are greater than `after` and not greater than
 * `until`. Ranges `(after, until]` laid end to end cover a prefix without gap and without overlap.
 */
export interface KeyRange {
  readonly prefix: string;
  readonly after?: string;
  readonly until?: string;
}

/** What lies directly below a prefix. */
export interface Children {
  /** Whole prefixes, each with its closing `/`. */
  readonly folders: readonly string[];
  readonly objects: readonly ListedObject[];
}

/** Which bytes of an object are read. @default all of them */
export interface ReadOptions {
  /** First byte, counted from 0. */
  readonly from?: number;
  /** Last byte, inclusive. */
  readonly to?: number;
  readonly signal?: AbortSignal;
}

/** An object's content, or the definite news that there is no such object. Every other failure is thrown. */
export type ReadOutcome =
  | {
      readonly found: true;
      readonly etag: string;
      /** Bytes of the whole object, also if only a range was requested. */
      readonly bytes: number;
      readonly modified: number;
      readonly chunks: AsyncIterable<Uint8Array>;
    }
  | { readonly found: false };

/** How a store is listed. */
export interface ListOptions {
  readonly signal?: AbortSignal;
  /**
   * How many keys a range is thought to hold. Then it is asked for page by page, and for hardly more keys than that.
   * @default unknown: parts of the range may be listed side by side
   */
  readonly expected?: number;
}

/** What was asked of a store that bills its requests. */
export interface StoreUsage {
  /** Where it lies. */
  readonly region: string;
  /** Requests that were sent, each attempt counted. */
  readonly listRequests: number;
  readonly getRequests: number;
}

/** Reads a bucket or a directory. It writes and deletes nothing. */
export interface ObjectStore {
  /** How people know this place: `s3://bucket` or the directory as it was given. */
  readonly name: string;
  /**
   * How many keys one request lists at most. Absent where listing takes no requests: of a directory, where walking
   * its folders is cheaper than listing their files.
   */
  readonly keysPerRequest?: number;
  /** The store's own clock, in epoch milliseconds. */
  now(options?: ListOptions): Promise<number>;
  /**
   * The archive tiers into which the store moves objects of the class `tiering`; absent where it has no such class.
   * Objects may be kept out of one by their tags, which nobody asks for here.
   * @throws StoreError where that could not be read.
   */
  archiveTiers?(options?: ListOptions): Promise<readonly ArchiveTier[]>;
  /** What was asked of it so far; absent where nobody bills. */
  usage?(): Promise<StoreUsage>;
  /**
   * All objects of a range, page by page: every key exactly once, within a page in key order. A store that lists parts
   * of a range side by side gives their pages in any order.
   * @throws StoreError when any part of the range could not be listed; then nothing is known of the range.
   */
  list(range: KeyRange, options?: ListOptions): AsyncIterable<ListedPage>;
  /**
   * Folders and objects directly below `prefix` (which is empty or ends in `/`), page by page.
   * @throws StoreError as {@link list}.
   */
  children(prefix: string, options?: ListOptions): AsyncIterable<Children>;
  /**
   * One object, as a stream.
   * @throws StoreError for everything but a definite absence, also while the chunks are read.
   */
  read(key: string, options?: ReadOptions): Promise<ReadOutcome>;
}

/** Why a store gave no answer. None of these says that an object is not there. */
export type StoreErrorCode =
  /** The place itself does not exist: no such folder, no such bucket. */
  | 'no-such-place'
  | 'denied'
  /** In an archive class: it exists, but can't be read now. */
  | 'archived'
  /** Anything else: timeouts, throttling, I/O errors. What was asked for is not known. */
  | 'unavailable';

/** What is known of a failure besides its sentence. */
export interface StoreErrorOptions extends ErrorOptions {
  /** The end of the message: what to do about it. */
  readonly advice?: string;
  /** The actions of IAM that the store refused for want of a right: `s3:ListBucket`. @default none */
  readonly lacking?: readonly string[];
}

/** A failure of a store, as a sentence. It never means that an object is absent. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  /** The end of the message: what to do about it. Null where that is not told apart. */
  readonly advice: string | null;
  /** The actions of IAM that the store refused for want of a right. Empty for any other failure. */
  readonly lacking: readonly string[];

  constructor(
    readonly code: StoreErrorCode,
    message: string,
    { advice, lacking = [], ...options }: StoreErrorOptions = {},
  ) {
    super(message, options);
    this.advice = advice ?? null;
    this.lacking = lacking;
  }
}
