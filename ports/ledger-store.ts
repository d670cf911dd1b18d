/**
 * The port to the place where the ledger is kept: a folder, or a prefix of a bucket. It knows nothing of what the
 * ledger means. Paths are relative to it, with `/`, of letters, digits, `-`, `.` and `_`.
 *
 * There is no way to remove anything: what is no longer wanted is overwritten, or expires by a rule of the bucket.
 */
export interface LedgerStore {
  /** How people know this place: `s3://bucket/prefix` or the folder as it was given. */
  readonly name: string;
  /**
   * A document: small, and changed only from a state that is known.
   *
   * @throws StoreError for everything but a definite absence.
   */
  readDocument(path: string): Promise<LedgerDocument | null>;
  /**
   * Replaces a document as a whole, if it is still the one that was read; readers see the old or the new one. Of
   * several writers that read the same state exactly one succeeds.
   *
   * @param tag of the document that was read; null where there was none.
   * @returns the new tag; null where somebody else was first, and then nothing was written.
   * @throws StoreError where it is not known whether it was written: read it again.
   */
  writeDocument(path: string, text: string, tag: string | null): Promise<string | null>;
  /**
   * A file as a stream; null where there is none.
   *
   * @throws StoreError for everything else, also while it is read.
   */
  readFile(path: string): Promise<AsyncIterable<Uint8Array> | null>;
  /** Writes a file as a whole, over the one that was there; readers see the old or the new one. */
  writeFile(path: string, content: Uint8Array): Promise<void>;
  /** The paths of all files (not documents) below a folder (`runs/`), in ascending order of their UTF-8 bytes. */
  listFiles(folder: string): AsyncIterable<string>;
}

/** A document of the ledger. Its tag is needed to replace it, and changes with each write. */
export interface LedgerDocument {
  readonly text: string;
  readonly tag: string;
}
