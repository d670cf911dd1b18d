import { Buffer } from 'node:buffer';
import type { FileReference } from '#core/flink/metadata/model.ts';
import { parseMetadata } from '#core/flink/metadata/read-metadata.ts';
import { DemoError } from './demo-error.ts';

/** The factor of the scaling: each byte of the recording becomes five megabytes. */
export const SCALE = 5_000_000;

const LONG = 8;
const INT = 4;
/** Of the length before a string, as Java's writeUTF writes it. */
const UTF_LENGTH = 2;

/**
 * The same `_metadata` with the sizes of files that are {@link SCALE} times as large. A root whose references have
 * other sizes than the files would count as damaged. Nothing else changes, the length neither.
 *
 * @throws DemoError where a size is not where Flink's format has it.
 */
export function scaledMetadata(content: Uint8Array): Buffer {
  const scaled = Buffer.from(content);
  let behind = 0;
  for (const reference of parseMetadata(content).references) {
    const path = utf(reference.path);
    const at = scaled.indexOf(path, behind);
    behind = at + path.length;
    for (const { position, recorded } of longsOf(reference, at, behind)) {
      const found = at < 0 ? null : scaled.readBigInt64BE(position);
      if (found === null || (recorded !== null && found !== recorded)) {
        throw new DemoError(`The size of ${reference.path} was not found in the _metadata of the recording.`);
      }
      // A negative size is Flink's sign for an unknown one.
      if (found > 0n) scaled.writeBigInt64BE(found * BigInt(SCALE), position);
    }
  }
  return scaled;
}

interface RecordedLong {
  readonly position: number;
  /** What the reader of the format found there; null for what it passes over. */
  readonly recorded: bigint | null;
}

/** Where Flink writes the size, before or behind the path: the order of its `MetadataV2V3SerializerBase`. */
function longsOf({ relative, segment, bytes }: FileReference, pathAt: number, behind: number): readonly RecordedLong[] {
  if (relative) return [{ position: behind, recorded: bytes }];
  if (!segment) return [{ position: pathAt - LONG, recorded: bytes }];
  // A part of a merged file: where it begins, how long it is, and its scope.
  const size = pathAt - INT - LONG;
  return [
    { position: size - LONG, recorded: null },
    { position: size, recorded: bytes },
  ];
}

function utf(text: string): Buffer {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(UTF_LENGTH);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
