import { ByteSink } from './byte-sink.ts';
import { writeProperties } from './properties-writer.ts';
import { writeKeyedHandle } from './state-handle-writer.ts';

/** A `_metadata` file too large to hold: its chunks are made as they are read, in buffers that are used again. */
export interface LargeMetadata {
  readonly bytes: number;
  readonly references: number;
  readonly inlineBytes: number;
  chunks(): Generator<Buffer>;
}

const CHUNK_BYTES = 64 * 1024;
const INLINE_BYTES = 1024 * 1024;
const FILES_PER_SUBTASK = 1000;

/** A file of about `bytes` bytes whose state is all inline, 1 MiB for each subtask. */
export function inlineHeavyMetadata(bytes: number): LargeMetadata {
  const sink = new ByteSink();
  writeKeyedHandle(sink, { tag: 12, of: { inline: INLINE_BYTES } });
  return largeMetadata(bytes, sink.bytes(), 0, INLINE_BYTES);
}

/** A file of about `bytes` bytes whose state is all in files, a thousand for each subtask. */
export function fileHeavyMetadata(bytes: number): LargeMetadata {
  const directory = 's3://my-bucket/flink/checkpoints/eu/0f6b7d1f4f0b4b0c9a3d2e1c5b6a7988';
  const sink = new ByteSink();
  writeKeyedHandle(sink, {
    tag: 11,
    meta: { relative: 'c1b5a0e2-9d3f-4a6b-8c7d-000000000000', bytes: 1234 },
    shared: Array.from({ length: FILES_PER_SUBTASK - 1 }, (_, index) => ({
      local: `${String(index).padStart(6, '0')}.sst`,
      handle: {
        file: `${directory}/shared/c1b5a0e2-9d3f-4a6b-8c7d-${String(index).padStart(12, '0')}`,
        bytes: 67_108_864,
      },
    })),
  });
  return largeMetadata(bytes, sink.bytes(), FILES_PER_SUBTASK, 0);
}

function largeMetadata(about: number, handle: Buffer, referencesEach: number, inlineBytesEach: number): LargeMetadata {
  // An index, two flags, two keyed handles and two counts of channels.
  const subtask = new ByteSink().i32(0).i32(0).i32(0).raw(handle).u8(0).i32(0).i32(0).bytes();
  const subtasks = Math.max(1, Math.round(about / subtask.length));
  const head = new ByteSink().i32(0x4960672d).i32(6).i64(42).i32(0).i32(1).utf('map').utf('uid-map');
  head.raw(Buffer.alloc(16, 0xab)).i32(subtasks).i32(Math.max(128, subtasks)).u8(0).i32(subtasks);
  const start = head.bytes();
  const tail = writeProperties('checkpoint');
  return {
    bytes: start.length + subtasks * subtask.length + tail.length,
    references: subtasks * referencesEach,
    inlineBytes: subtasks * inlineBytesEach,
    *chunks() {
      yield start;
      for (let index = 0; index < subtasks; index += 1) {
        subtask.writeInt32BE(index, 0);
        for (let at = 0; at < subtask.length; at += CHUNK_BYTES) {
          yield subtask.subarray(at, at + CHUNK_BYTES);
        }
      }
      yield tail;
    },
  };
}
