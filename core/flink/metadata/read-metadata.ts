import { MetadataError } from './metadata-error.ts';
import { MetadataParser, type MetadataParserOptions } from './metadata-parser.ts';
import type { FileReference, MetadataSummary, MetadataVisitor, OperatorSummary } from './model.ts';

/** All of a small `_metadata` file. */
export interface CollectedMetadata {
  readonly summary: MetadataSummary;
  readonly operators: readonly OperatorSummary[];
  /** In file order, repeated where the file repeats them. */
  readonly references: readonly FileReference[];
}

/**
 * Reads a `_metadata` file from a stream of chunks, in memory that does not grow with the file.
 *
 * @throws MetadataError where the file is not whole; and whatever `chunks` throws.
 */
export async function readMetadata(
  chunks: AsyncIterable<Uint8Array>,
  visitor: MetadataVisitor,
  options: MetadataParserOptions = {},
): Promise<MetadataSummary> {
  const parser = new MetadataParser(visitor, options);
  for await (const chunk of chunks) {
    parser.write(chunk);
  }
  return parser.end();
}

/**
 * Reads a whole `_metadata` file that is in memory, and collects what it names.
 *
 * @throws MetadataError with the references read before the error.
 */
export function parseMetadata(bytes: Uint8Array, options: MetadataParserOptions = {}): CollectedMetadata {
  const operators: OperatorSummary[] = [];
  const references: FileReference[] = [];
  const parser = new MetadataParser(
    {
      reference: (reference) => references.push(reference),
      operator: (operator) => operators.push(operator),
    },
    { fileBytes: bytes.length, ...options },
  );
  try {
    parser.write(bytes);
    return { summary: parser.end(), operators, references };
  } catch (error) {
    /* v8 ignore next -- the visitor above throws nothing, so nothing else can arrive here */
    throw error instanceof MetadataError ? error.withReferences(references) : error;
  }
}
