import type { SnapshotKind } from '#core/flink/metadata/model.ts';
import { ByteSink } from './byte-sink.ts';
import { writeProperties } from './properties-writer.ts';
import {
  type KeyedHandle,
  type OperatorHandle,
  type StreamHandle,
  writeKeyedHandle,
  writeOffsets,
  writeOperatorHandle,
  writeStreamHandle,
} from './state-handle-writer.ts';

/** In-flight data: of one channel, or (format 6) merged over the channels of a subtask. */
export type Channel =
  | { readonly offsets: number; readonly of: StreamHandle }
  | { readonly merged: number; readonly of: StreamHandle };

export interface Subtask {
  readonly index: number;
  readonly finished?: boolean;
  readonly managedOperator?: OperatorHandle;
  readonly rawOperator?: OperatorHandle;
  readonly managedKeyed?: KeyedHandle;
  readonly rawKeyed?: KeyedHandle;
  readonly input?: readonly Channel[];
  readonly result?: readonly Channel[];
}

export interface Operator {
  /** 32 hex digits. */
  readonly id: string;
  readonly name?: string;
  readonly uid?: string;
  readonly parallelism?: number;
  readonly maxParallelism?: number;
  readonly coordinator?: StreamHandle;
  readonly subtasks: readonly Subtask[] | 'finished';
}

export interface MetadataFile {
  readonly version: number;
  readonly checkpointId?: number | bigint;
  readonly kind?: SnapshotKind;
  readonly masterStates?: readonly { readonly name: string; readonly bytes: number }[];
  readonly operators?: readonly Operator[];
}

/** Writes a `_metadata` file in the layout of any format version from 2 to 6, as Flink of that age did. */
export function writeMetadata(file: MetadataFile): Buffer {
  const sink = new ByteSink()
    .i32(0x4960672d)
    .i32(file.version)
    .i64(file.checkpointId ?? 1);
  const masterStates = file.masterStates ?? [];
  sink.i32(masterStates.length);
  for (const state of masterStates) {
    const block = new ByteSink().i32(1).utf(state.name).i32(state.bytes).raw(Buffer.alloc(state.bytes)).bytes();
    sink.i32(0xc96b1696).i32(block.length).raw(block);
  }
  const operators = file.operators ?? [];
  sink.i32(operators.length);
  for (const operator of operators) {
    writeOperator(sink, file.version, operator);
  }
  if (file.version >= 4) {
    sink.raw(writeProperties(file.kind ?? 'checkpoint'));
  }
  return sink.bytes();
}

/** One state file by its whole path and its size. */
export interface StateFile {
  readonly path: string;
  readonly bytes: number;
}

/**
 * Writes the `_metadata` of a checkpoint like those of RocksDB incremental checkpoints: one operator, one subtask, a
 * meta file and shared and private files. Paths with a scheme are stored as they are, others as relative ones.
 */
export function incrementalCheckpoint(checkpoint: {
  readonly id: number | bigint;
  readonly version?: number;
  readonly kind?: SnapshotKind;
  readonly shared: readonly StateFile[];
  /** The first is the meta file; without any, the meta state is inline. */
  readonly exclusive?: readonly StateFile[];
}): Buffer {
  const version = checkpoint.version ?? 4;
  const [meta, ...exclusive] = checkpoint.exclusive ?? [];
  return writeMetadata({
    version,
    checkpointId: checkpoint.id,
    kind: checkpoint.kind ?? 'checkpoint',
    operators: [
      {
        id: '20ba6b65f97481d5570070de90e4e791',
        parallelism: 1,
        maxParallelism: 128,
        subtasks: [
          {
            index: 0,
            managedKeyed: {
              tag: version === 2 ? 5 : 11,
              groups: { first: 0, count: 128 },
              meta: meta === undefined ? { inline: 64 } : handleOf(meta),
              shared: checkpoint.shared.map((file, index) => ({ local: `${index}.sst`, handle: handleOf(file) })),
              exclusive: exclusive.map((file, index) => ({ local: `MANIFEST-${index}`, handle: handleOf(file) })),
            },
          },
        ],
      },
    ],
  });
}

function handleOf({ path, bytes }: StateFile): StreamHandle {
  return path.includes(':') || path.startsWith('/') ? { file: path, bytes } : { relative: path, bytes };
}

function writeOperator(sink: ByteSink, version: number, operator: Operator): void {
  if (version >= 5) {
    sink.utf(operator.name ?? '').utf(operator.uid ?? '');
  }
  sink.raw(Buffer.from(operator.id, 'hex'));
  sink.i32(operator.parallelism ?? 2).i32(operator.maxParallelism ?? 128);
  if (version === 2) {
    sink.i32(1);
  } else {
    writeStreamHandle(sink, operator.coordinator ?? null);
  }
  if (operator.subtasks === 'finished') {
    sink.i32(-1);
    return;
  }
  sink.i32(operator.subtasks.length);
  for (const subtask of operator.subtasks) {
    sink.i32(subtask.finished ? -(subtask.index + 1) : subtask.index);
    if (!subtask.finished) {
      writeSubtask(sink, version, subtask);
    }
  }
}

function writeSubtask(sink: ByteSink, version: number, subtask: Subtask): void {
  if (version === 2) {
    sink.i64(-1).i32(0);
  }
  for (const handle of [subtask.managedOperator, subtask.rawOperator]) {
    sink.i32(handle === undefined ? 0 : 1);
    if (handle !== undefined) {
      writeOperatorHandle(sink, handle);
    }
  }
  writeKeyedHandle(sink, subtask.managedKeyed ?? null);
  writeKeyedHandle(sink, subtask.rawKeyed ?? null);
  if (version >= 3) {
    writeChannels(sink, version, subtask.input ?? [], 1);
    writeChannels(sink, version, subtask.result ?? [], 2);
  }
}

function writeChannels(sink: ByteSink, version: number, channels: readonly Channel[], singleTag: number): void {
  sink.i32(channels.length);
  for (const channel of channels) {
    if ('merged' in channel) {
      sink
        .u8(singleTag + 2)
        .i32(0)
        .i64(77);
      writeStreamHandle(sink, channel.of);
      sink.i32(channel.merged).raw(Buffer.alloc(channel.merged));
      continue;
    }
    if (version >= 6) {
      sink.u8(singleTag);
    }
    sink.i32(0).i32(1).i32(2);
    writeOffsets(sink, channel.offsets);
    sink.i64(77);
    writeStreamHandle(sink, channel.of);
  }
}
