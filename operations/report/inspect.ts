import type { FileReference, MetadataSummary, OperatorSummary } from '#core/flink/metadata/model.ts';
import { readMetadata } from '#core/flink/metadata/read-metadata.ts';
import { type FlinkPath, printFlinkPath, resolveReference } from '#core/flink/state-path.ts';

/** One `_metadata`, as it is written. */

/** One reference of a root. Sizes are decimal text, because Java longs don't fit into JSON numbers. */
export interface ReferenceView {
  readonly path: string;
  readonly relative: boolean;
  /** As Flink's `Path` prints it, or null where Flink could not build it. */
  readonly resolved: string | null;
  readonly bytes: string;
  /** Only a part of the file: file merging. */
  readonly segment: boolean;
}

/** What one `_metadata` holds: the document of `steward inspect --json`. */
export interface Inspection {
  readonly formatVersion: number;
  readonly checkpointId: string;
  readonly kind: MetadataSummary['kind'];
  readonly operators: readonly OperatorSummary[];
  readonly references: readonly ReferenceView[];
  readonly inlineBytes: string;
  readonly fileBytes: number;
  readonly usesChangelog: boolean;
}

/** A reference that Flink itself could not resolve, so Flink can't read the file. */
export class UnresolvableError extends Error {
  override readonly name = 'UnresolvableError';
}

/**
 * @param directory against which relative handles resolve.
 * @throws MetadataError where the file is not a whole `_metadata` that current Flink reads.
 */
export async function inspect(
  chunks: AsyncIterable<Uint8Array>,
  directory: FlinkPath,
  fileBytes?: number,
): Promise<Inspection> {
  const operators: OperatorSummary[] = [];
  const references: ReferenceView[] = [];
  const visitor = {
    operator: (operator: OperatorSummary): void => {
      operators.push(operator);
    },
    reference: (reference: FileReference): void => {
      references.push(view(reference, directory));
    },
  };
  const summary = await readMetadata(chunks, visitor, fileBytes === undefined ? {} : { fileBytes });
  const unresolvable = references.find(({ resolved }) => resolved === null);
  if (unresolvable !== undefined) {
    throw new UnresolvableError(`It references a path that Flink can't resolve: ${JSON.stringify(unresolvable.path)}`);
  }
  return {
    formatVersion: summary.formatVersion,
    checkpointId: summary.checkpointId.toString(),
    kind: summary.kind,
    operators,
    references,
    inlineBytes: summary.inlineBytes.toString(),
    fileBytes: summary.fileBytes,
    usesChangelog: summary.usesChangelog,
  };
}

function view(reference: FileReference, directory: FlinkPath): ReferenceView {
  const resolved = resolveReference(reference, directory);
  return {
    path: reference.path,
    relative: reference.relative,
    resolved: resolved === null ? null : printFlinkPath(resolved),
    bytes: reference.bytes.toString(),
    segment: reference.segment,
  };
}
