import type { MetadataError } from './metadata-error.ts';
import { metadataFile } from './metadata-file.ts';
import type { MetadataSummary, MetadataVisitor, PartialSummary } from './model.ts';
import { type Grammar, Reading } from './reading.ts';

/**
 * Handles inside handles are followed this far. Flink writes at most four: a changelog, a state that it
 * materialized, the stream of that state, and a stream inside that one.
 */
export const DEFAULT_MAX_DEPTH = 16;

/** What is known of a file before it is parsed, and how deep it may be nested. */
export interface MetadataParserOptions {
  /**
   * Length of the file in bytes, where it is known. It lets the parser refuse an impossible count before it reads
   * on, and notice a file that ends early between two structures.
   */
  readonly fileBytes?: number | undefined;
  /** How many handles may lie inside each other; {@link DEFAULT_MAX_DEPTH} unless told. */
  readonly maxDepth?: number | undefined;
}

/**
 * Reads one `_metadata` file of format version 2 to 6 (Flink 1.3 to 2.3) that is pushed in as chunks of any size.
 *
 * Memory does not grow with the file: payloads and offsets are passed over, references go to the visitor as they
 * come, and no chunk is read after `write` returns, so its buffer may be used again. What comes out does not
 * depend on how the file was cut into chunks.
 *
 * Whatever Flink 2.3 refuses is refused, and besides that negative counts, bytes after the last structure, and
 * nesting beyond `maxDepth`.
 */
export class MetadataParser {
  readonly #reading: Reading;
  readonly #grammar: Grammar<void>;
  readonly #fileBytes: number | null;
  #complete = false;
  #failure: { readonly error: unknown } | null = null;

  /**
   * @param visitor is handed what is read in file order, before it is known whether the file is whole. What it
   * throws comes out of `write` or `end` unchanged.
   */
  constructor(visitor: MetadataVisitor, options: MetadataParserOptions = {}) {
    this.#fileBytes = options.fileBytes ?? null;
    this.#reading = new Reading(visitor, {
      fileBytes: this.#fileBytes,
      maxDepth: options.maxDepth ?? DEFAULT_MAX_DEPTH,
    });
    this.#grammar = metadataFile(this.#reading);
  }

  /**
   * Takes the next bytes of the file.
   *
   * @throws MetadataError once something can't be read, and the same one ever after.
   */
  write(chunk: Uint8Array): void {
    this.#remembering(() => {
      const announced = this.#fileBytes ?? Number.POSITIVE_INFINITY;
      const left = announced - this.#reading.window.received;
      this.#take(chunk.length > left ? chunk.subarray(0, left) : chunk);
      if (chunk.length > left) {
        throw this.#reading.error(
          'trailing-bytes',
          `The file is longer than the ${announced} bytes announced`,
          announced,
        );
      }
    });
  }

  /**
   * Says that the file ends here.
   *
   * @throws MetadataError where it should not, or where an earlier `write` threw it.
   */
  end(): MetadataSummary {
    return this.#remembering(() => {
      const reading = this.#reading;
      const window = reading.window;
      if (!this.#complete) {
        window.close();
        this.#resume();
      }
      if (!reading.openEnded && window.position > window.received) {
        throw reading.truncated();
      }
      if (this.#fileBytes !== null && window.received < this.#fileBytes) {
        throw reading.truncated();
      }
      this.#refuseTrailingBytes();
      return {
        ...this.soFar(),
        formatVersion: reading.formatVersion as number,
        checkpointId: reading.checkpointId as bigint,
      };
    });
  }

  /** Why Flink refuses a file of which everything but the checkpoint properties was read; null of any other. */
  unreadableProperties(): MetadataError | null {
    const { propertiesRead, propertiesAt } = this.#reading;
    return propertiesRead || propertiesAt === null
      ? null
      : this.#reading.error(
          'unreadable-properties',
          'The checkpoint properties at its end are not what Flink writes',
          propertiesAt,
        );
  }

  /** What has been read until now, also of a file that turned out not to be whole. */
  soFar(): PartialSummary {
    const { formatVersion, checkpointId, kind, operators, references, inlineBytes, usesChangelog } = this.#reading;
    const { propertiesRead, window } = this.#reading;
    return {
      formatVersion,
      checkpointId,
      kind,
      operators,
      references,
      inlineBytes: BigInt(inlineBytes),
      propertiesRead,
      usesChangelog,
      fileBytes: window.received,
    };
  }

  #take(chunk: Uint8Array): void {
    this.#reading.window.offer(chunk);
    while (!this.#complete && this.#reading.window.advance()) {
      this.#resume();
    }
    this.#refuseTrailingBytes();
  }

  #resume(): void {
    this.#complete = this.#grammar.next().done === true;
  }

  #refuseTrailingBytes(): void {
    const { window, openEnded } = this.#reading;
    if (this.#complete && !openEnded && window.received > window.position) {
      throw this.#reading.error(
        'trailing-bytes',
        'The file goes on after its last structure, as Flink does not write it but a fork of Flink may',
        window.position,
      );
    }
  }

  #remembering<T>(act: () => T): T {
    if (this.#failure !== null) {
      throw this.#failure.error;
    }
    try {
      return act();
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
  }
}
