import { UuidBytes } from '#core/uuid-names.ts';
import { LONGEST_DESCRIPTION } from '../described-states.ts';
import { ByteWindow, MalformedText, SHORT } from './byte-window.ts';
import { MetadataError, type MetadataErrorCode } from './metadata-error.ts';
import type { FileReference, MetadataVisitor, OperatorSummary, SnapshotKind, StatePlace } from './model.ts';

/** Before the first operator, where nothing is referenced. */
const NOWHERE: StatePlace = {
  operator: { id: '', name: null, uid: null, parallelism: 0, maxParallelism: 0 },
  subtask: null,
  kind: 'coordinator',
  part: 'whole',
};

/** A part of the grammar: yields whenever it needs more bytes than have arrived. */
export type Grammar<T> = Generator<undefined, T>;

/** One read of one whole element, taken back and repeated when the bytes run out in the middle. */
export type ElementReader<T> = (reading: Reading) => T;

/**
 * One `_metadata` file being read: its bytes, what it must keep to, and what has been found so far.
 *
 * The grammar is made of elements, each small and bounded. An {@link ElementReader} changes the counts here, or
 * calls the visitor, only after its last read, because it may have to run again from the start.
 */
export class Reading {
  readonly window = new ByteWindow();
  readonly maxDepth: number;

  formatVersion: number | null = null;
  checkpointId: bigint | null = null;
  kind: SnapshotKind = 'unknown';
  operators = 0;
  references = 0;
  /** A number is exact here: no file has 2^53 bytes. */
  inlineBytes = 0;
  /** Bytes of all state until now, as Flink counts them: a size that it does not know counts as none. */
  stateBytes = 0;
  /** Whose the references are that come now. Set between elements only. */
  place: StatePlace = NOWHERE;
  usesChangelog = false;
  propertiesRead = true;
  /** Where the checkpoint properties begin; null where the format has none. */
  propertiesAt: number | null = null;
  /** True once the rest of the file can't be understood and is let pass unread. */
  openEnded = false;

  readonly #uuid = new UuidBytes();
  readonly #visitor: MetadataVisitor;
  readonly #fileBytes: number | null;

  constructor(visitor: MetadataVisitor, limits: { readonly fileBytes: number | null; readonly maxDepth: number }) {
    this.#visitor = visitor;
    this.#fileBytes = limits.fileBytes;
    this.maxDepth = limits.maxDepth;
  }

  /**
   * Tries to read one element. {@link SHORT} means that the grammar must yield and try again.
   *
   * @throws MetadataError `truncated` where more bytes are needed and none will come.
   */
  attempt<T>(read: ElementReader<T>): T | typeof SHORT {
    this.window.mark();
    try {
      return read(this);
    } catch (error) {
      if (error === SHORT) {
        if (this.window.closed) {
          throw this.truncated();
        }
        this.window.rewind();
        return SHORT;
      }
      if (error instanceof MalformedText) {
        throw this.error('impossible-value', 'A string is not well-formed modified UTF-8', error.offset);
      }
      throw error;
    }
  }

  *element<T>(read: ElementReader<T>): Grammar<T> {
    let value = this.attempt(read);
    while (value === SHORT) {
      yield;
      value = this.attempt(read);
    }
    return value;
  }

  /**
   * Reads the count of what follows and refuses one that can't be true. Where Flink's own loop would take a
   * negative count for zero it is refused too: Flink never writes one, so the bytes are not what they seem.
   *
   * @param elementBytes the fewest bytes that one of them takes.
   */
  count(what: string, elementBytes: number): number {
    const at = this.window.position;
    const count = this.window.i32();
    if (count < 0) {
      throw this.error('impossible-count', `The number of ${what} is ${count}`, at);
    }
    this.checkFits(what, count, elementBytes, at);
    return count;
  }

  /** Refuses a count, stored at `at`, of more than the rest of a file of known length can hold. */
  checkFits(what: string, count: number, elementBytes: number, at: number): void {
    if (this.#fileBytes !== null && count * elementBytes > this.#fileBytes - this.window.position) {
      throw this.error(
        'impossible-count',
        `The number of ${what} is ${count}, more than the rest of the file can hold`,
        at,
      );
    }
  }

  /**
   * Reads the size and the path of a file if the visitor takes it by its name; else nothing. The last read of its element.
   *
   * @returns whether it was taken.
   */
  fileOfFolder(): boolean {
    const folder = this.#visitor.folder ?? null;
    if (folder === null) {
      return false;
    }
    const bytes = this.window.peekFile(folder, this.#uuid);
    if (bytes < 0 || this.#visitor.fileOfFolder?.(this.#uuid, bytes) !== true) {
      return false;
    }
    this.window.takeFile(folder);
    this.references += 1;
    this.stateBytes += bytes;
    return true;
  }

  reference(reference: FileReference): void {
    this.references += 1;
    this.stateBytes += Math.max(0, Number(reference.bytes));
    this.#visitor.reference(reference, this.place);
  }

  /** Reads an inline state, the last read of its element: a description for the visitor, any other one is passed over. */
  readInline(bytes: number): void {
    const isWanted = this.place.part === 'meta' && this.#visitor.description !== undefined;
    const description = isWanted && bytes <= LONGEST_DESCRIPTION ? this.window.bytes(bytes) : null;
    if (description === null) {
      this.window.skip(bytes);
    } else {
      this.#visitor.description?.(description, this.place);
    }
    this.inline(bytes);
  }

  inline(bytes: number): void {
    this.inlineBytes += bytes;
    this.stateBytes += bytes;
  }

  /** Tells of state at {@link place}. Between elements only. */
  state(bytes: number, newBytes: number): void {
    this.#visitor.state?.(this.place, bytes, newBytes);
  }

  operator(operator: OperatorSummary): void {
    this.operators += 1;
    this.#visitor.operator?.(operator);
  }

  truncated(): MetadataError {
    return this.error('truncated', 'The file ends before its contents do', this.window.received);
  }

  /** The error of this file at `offset`; `found` is a sentence without its end. */
  error(code: MetadataErrorCode, found: string, offset: number): MetadataError {
    return new MetadataError(code, `${found} (offset ${offset}).`, {
      offset,
      formatVersion: this.formatVersion,
      referencesRead: this.references,
    });
  }
}
