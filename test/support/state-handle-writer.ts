import type { ByteSink } from './byte-sink.ts';

/** A handle of one stream of bytes. A payload given as a number is that many zeros. */
export type StreamHandle =
  | null
  | { readonly inline: number | Uint8Array; readonly name?: string }
  | { readonly file: string; readonly bytes?: number | bigint }
  | { readonly relative: string; readonly bytes?: number | bigint }
  | { readonly segment: string; readonly bytes?: number | bigint; readonly start?: number; readonly scope?: number }
  | { readonly emptySegment: true }
  | { readonly keyGroups: KeyGroups; readonly of: StreamHandle };

export interface KeyGroups {
  readonly first: number;
  readonly count: number;
}

export interface LocalFile {
  readonly local: string;
  readonly handle: StreamHandle;
}

/** A handle of keyed state, by its tag in the file. */
export type KeyedHandle =
  | null
  | { readonly tag: 3 | 7 | 12; readonly groups?: KeyGroups; readonly of: StreamHandle }
  | {
      readonly tag: 5 | 11;
      readonly groups?: KeyGroups;
      readonly meta: StreamHandle;
      readonly shared?: readonly LocalFile[];
      readonly exclusive?: readonly LocalFile[];
    }
  | {
      readonly tag: 8 | 14;
      readonly groups?: KeyGroups;
      readonly base: readonly KeyedHandle[];
      readonly changes: readonly KeyedHandle[];
    }
  | {
      readonly tag: 9;
      readonly groups?: KeyGroups;
      readonly from?: number;
      readonly changes: readonly { readonly keyGroup: number; readonly bytes: number }[];
    }
  | { readonly tag: 10 | 13; readonly groups?: KeyGroups; readonly segments: readonly StreamHandle[] };

export interface OperatorHandle {
  readonly tag: 4 | 17;
  readonly states?: readonly { readonly name: string; readonly mode: number; readonly offsets: number }[];
  readonly of: StreamHandle;
  /** Of tag 17: the worker's directory, and the subtask's. */
  readonly directories?: readonly [string, string];
}

const GROUPS: KeyGroups = { first: 0, count: 2 };

export function writeOperatorHandle(sink: ByteSink, handle: OperatorHandle): void {
  const states = handle.states ?? [{ name: 'list', mode: 0, offsets: 2 }];
  sink.u8(handle.tag).i32(states.length);
  for (const state of states) {
    sink.utf(state.name).u8(state.mode);
    writeOffsets(sink, state.offsets);
  }
  if (handle.tag === 17) {
    const [worker, subtask] = handle.directories ?? ['s3://b/cp/taskowned/job_tm', 's3://b/cp/shared/job_op_0'];
    sink.utf(worker).utf(subtask).u8(0);
  }
  writeStreamHandle(sink, handle.of);
}

export function writeKeyedHandle(sink: ByteSink, handle: KeyedHandle): void {
  if (handle === null) {
    sink.u8(0);
    return;
  }
  sink.u8(handle.tag);
  const groups = handle.groups ?? GROUPS;
  switch (handle.tag) {
    case 3:
    case 7:
    case 12:
      writeKeyGroupOffsets(sink, groups);
      writeStreamHandle(sink, handle.of);
      if (handle.tag === 12) {
        sink.utf('state-handle-id');
      }
      return;
    case 5:
    case 11:
      sink.i64(3).utf('7a1ba4ee-0b6e-4d38-a3d1-000000000001');
      writeGroups(sink, groups);
      if (handle.tag === 11) {
        sink.i64(999);
      }
      writeStreamHandle(sink, handle.meta);
      writeLocalFiles(sink, handle.shared ?? []);
      writeLocalFiles(sink, handle.exclusive ?? []);
      if (handle.tag === 11) {
        sink.utf('state-handle-id');
      }
      return;
    case 8:
    case 14:
      writeGroups(sink, groups);
      sink.i64(555);
      writeKeyedHandles(sink, handle.base);
      writeKeyedHandles(sink, handle.changes);
      sink.i64(4);
      if (handle.tag === 14) {
        sink.i64(5);
      }
      sink.utf('state-handle-id');
      return;
    case 9:
      writeGroups(sink, groups);
      sink
        .i64(handle.from ?? 0)
        .i64(9)
        .i32(handle.changes.length);
      for (const change of handle.changes) {
        sink.i32(change.keyGroup).i32(change.bytes).raw(Buffer.alloc(change.bytes));
      }
      sink.utf('state-handle-id');
      return;
    case 10:
    case 13:
      writeGroups(sink, groups);
      sink.i32(handle.segments.length);
      for (const segment of handle.segments) {
        sink.i64(12);
        writeStreamHandle(sink, segment);
      }
      sink.i64(100).i64(50).utf('state-handle-id');
      if (handle.tag === 13) {
        sink.utf('filesystem');
      }
  }
}

function writeKeyedHandles(sink: ByteSink, handles: readonly KeyedHandle[]): void {
  sink.i32(handles.length);
  for (const handle of handles) {
    writeKeyedHandle(sink, handle);
  }
}

function writeLocalFiles(sink: ByteSink, files: readonly LocalFile[]): void {
  sink.i32(files.length);
  for (const file of files) {
    sink.utf(file.local);
    writeStreamHandle(sink, file.handle);
  }
}

export function writeStreamHandle(sink: ByteSink, handle: StreamHandle): void {
  if (handle === null) {
    sink.u8(0);
  } else if ('inline' in handle) {
    const payload = typeof handle.inline === 'number' ? Buffer.alloc(handle.inline) : handle.inline;
    sink
      .u8(1)
      .utf(handle.name ?? 's3://b/cp/chk-1/inline')
      .i32(payload.length)
      .raw(payload);
  } else if ('file' in handle) {
    sink
      .u8(2)
      .i64(handle.bytes ?? 0)
      .utf(handle.file);
  } else if ('relative' in handle) {
    sink
      .u8(6)
      .utf(handle.relative)
      .i64(handle.bytes ?? 0);
  } else if ('segment' in handle) {
    sink
      .u8(15)
      .i64(handle.start ?? 0)
      .i64(handle.bytes ?? 0);
    sink
      .i32(handle.scope ?? 1)
      .utf(handle.segment)
      .utf('logical-file-id');
  } else if ('emptySegment' in handle) {
    sink.u8(16);
  } else {
    sink.u8(3);
    writeKeyGroupOffsets(sink, handle.keyGroups);
    writeStreamHandle(sink, handle.of);
  }
}

function writeGroups(sink: ByteSink, groups: KeyGroups): void {
  sink.i32(groups.first).i32(groups.count);
}

function writeKeyGroupOffsets(sink: ByteSink, groups: KeyGroups): void {
  sink.i32(groups.first);
  writeOffsets(sink, groups.count);
}

export function writeOffsets(sink: ByteSink, count: number): void {
  sink.i32(count).raw(Buffer.alloc(8 * Math.max(count, 0)));
}
