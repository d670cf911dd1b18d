import type { FileReference } from './model.ts';

/**
 * Why a file could not be read to its last byte.
 *
 * * `not-metadata`: it does not begin with the format's magic number.
 * * `unsupported-version`: a format version outside 2 to 6.
 * * `unknown-tag`: a tag of no known handle, or of one that is not allowed in that place.
 * * `impossible-count`: a negative count or length, or one that the bytes left in the file can't hold.
 * * `impossible-value`: any other value that Flink's own reader refuses.
 * * `legacy-state`: a format 2 subtask with state of the pre-1.2 `Checkpointed` interface.
 * * `too-deep`: handles nested deeper than the reader follows.
 * * `truncated`: the file ends inside a structure, or before the length it was announced with.
 * * `unreadable-properties`: the checkpoint properties at the end are not what Flink writes. All references were read.
 * * `trailing-bytes`: the file goes on after its last structure, or past its announced length.
 */
export type MetadataErrorCode =
  | 'not-metadata'
  | 'unsupported-version'
  | 'unknown-tag'
  | 'impossible-count'
  | 'impossible-value'
  | 'legacy-state'
  | 'too-deep'
  | 'truncated'
  | 'unreadable-properties'
  | 'trailing-bytes';

/**
 * Says that a `_metadata` file is not one that this reader can vouch for. The message is one sentence that
 * names what was found and at which offset, not in which file: that the caller knows.
 */
export class MetadataError extends Error {
  readonly code: MetadataErrorCode;
  /** Bytes from the start of the file to what was refused; for `truncated`, where the bytes ended. */
  readonly offset: number;
  /** The version that the file claims, or null when it broke off before that. */
  readonly formatVersion: number | null;
  /** How many references had been read, and handed on, before the error. */
  readonly referencesRead: number;
  /** Those references, where the reader was asked to collect them; otherwise empty. */
  readonly references: readonly FileReference[];

  constructor(
    code: MetadataErrorCode,
    message: string,
    details: {
      readonly offset: number;
      readonly formatVersion: number | null;
      readonly referencesRead: number;
      readonly references?: readonly FileReference[];
    },
  ) {
    super(message);
    this.name = 'MetadataError';
    this.code = code;
    this.offset = details.offset;
    this.formatVersion = details.formatVersion;
    this.referencesRead = details.referencesRead;
    this.references = details.references ?? [];
  }

  /** The same error, with the references that were collected before it. */
  withReferences(references: readonly FileReference[]): MetadataError {
    return new MetadataError(this.code, this.message, {
      offset: this.offset,
      formatVersion: this.formatVersion,
      referencesRead: this.referencesRead,
      references,
    });
  }
}
