import { MetadataError } from '#core/flink/metadata/metadata-error.ts';
import { MetadataParser } from '#core/flink/metadata/metadata-parser.ts';
import type { FileReference, MetadataSummary, OperatorSummary, StatePlace } from '#core/flink/metadata/model.ts';
import { type FlinkPath, printFlinkPath, resolveReference } from '#core/flink/state-path.ts';
import { maskCredentials } from '#core/secrets.ts';
import { OperatorBytesCounter } from '#core/states/operator-bytes.ts';
import { type SubtaskedState, viewRootState } from '../states/root-state-view.ts';

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
  /** Whose the state is. */
  readonly state: SubtaskedState;
}

/** What was read of a file until it could not be read further: null what it broke off before. */
export interface PartialInspection extends Omit<Inspection, 'formatVersion' | 'checkpointId'> {
  readonly formatVersion: number | null;
  readonly checkpointId: string | null;
}

/** A whole file, or what could be read of one that Flink refuses or that has bytes after its end. */
export type InspectOutcome =
  | { readonly error: null; readonly read: Inspection }
  | { readonly error: MetadataError | UnresolvableError; readonly read: PartialInspection };

/** A reference that Flink itself could not resolve, so Flink can't read the file. */
export class UnresolvableError extends Error {
  override readonly name = 'UnresolvableError';
}

/**
 * @param directory against which relative handles resolve.
 * @throws MetadataError, UnresolvableError where {@link inspectAll} has an error.
 */
export async function inspect(
  chunks: AsyncIterable<Uint8Array>,
  directory: FlinkPath,
  fileBytes?: number,
): Promise<Inspection> {
  const { error, read } = await inspectAll(chunks, directory, fileBytes);
  if (error !== null) {
    throw error;
  }
  return read;
}

/**
 * Reads as far as it can.
 *
 * @param directory against which relative handles resolve.
 * @throws whatever `chunks` throws
 */
export async function inspectAll(
  chunks: AsyncIterable<Uint8Array>,
  directory: FlinkPath,
  fileBytes?: number,
): Promise<InspectOutcome> {
  const operators: OperatorSummary[] = [];
  const references: ReferenceView[] = [];
  const counter = new OperatorBytesCounter();
  const visitor = {
    state: (place: StatePlace, bytes: number, newBytes: number): void => counter.state(place, bytes, newBytes),
    operator: (operator: OperatorSummary): void => {
      operators.push(operator);
    },
    reference: (reference: FileReference): void => {
      references.push(view(reference, directory));
    },
  };
  const parser = new MetadataParser(visitor, { fileBytes });
  try {
    for await (const chunk of chunks) {
      parser.write(chunk);
    }
    const { formatVersion, checkpointId } = parser.end();
    const state = viewRootState(counter.operators());
    const read = { ...partOf(parser), formatVersion, checkpointId: `${checkpointId}`, operators, references, state };
    const properties = parser.unreadableProperties();
    if (properties !== null) {
      return { error: properties, read };
    }
    const unresolvable = references.find(({ resolved }) => resolved === null);
    return unresolvable === undefined
      ? { error: null, read }
      : {
          error: new UnresolvableError(
            `It references a path that Flink can't resolve: ${JSON.stringify(maskCredentials(unresolvable.path))}`,
          ),
          read,
        };
  } catch (error) {
    if (!(error instanceof MetadataError)) {
      throw error;
    }
    const part = partOf(parser);
    const state = viewRootState(counter.operators());
    return { error, read: { ...part, operators, references, fileBytes: fileBytes ?? part.fileBytes, state } };
  }
}

function partOf(parser: MetadataParser): Omit<PartialInspection, 'operators' | 'references' | 'state'> {
  const { formatVersion, checkpointId, kind, inlineBytes, fileBytes, usesChangelog } = parser.soFar();
  return {
    formatVersion,
    checkpointId: checkpointId?.toString() ?? null,
    kind,
    inlineBytes: inlineBytes.toString(),
    fileBytes,
    usesChangelog,
  };
}

function view(reference: FileReference, directory: FlinkPath): ReferenceView {
  const resolved = resolveReference(reference, directory);
  return {
    path: maskCredentials(reference.path),
    relative: reference.relative,
    resolved: resolved === null ? null : printFlinkPath(resolved),
    bytes: reference.bytes.toString(),
    segment: reference.segment,
  };
}
