import { taggedChannels, untaggedChannels } from './channel-state.ts';
import { keyedHandle } from './keyed-handle.ts';
import type { OperatorHead, StateKind } from './model.ts';
import { operatorHandle } from './operator-handle.ts';
import type { Grammar, Reading } from './reading.ts';
import { readStreamHandle, STREAM } from './stream-handle.ts';

/** The first format with coordinator state and channel state, and without unused fields. */
const COORDINATORS_SINCE = 3;
/** The first format that names operators. */
const NAMES_SINCE = 5;
/** The first format with a tag before each channel state. */
const CHANNEL_TAGS_SINCE = 6;

/** An index, the unused fields of format 2, two flags and the tags of two keyed handles. */
const LEAST_OLD_SUBTASK_BYTES = 4 + 8 + 4 + 4 + 4 + 1 + 1;
/** The index of a finished subtask. */
const LEAST_SUBTASK_BYTES = 4;

/** Fewest bytes of an operator in that format: nobody's name, no coordinator, no subtask. */
export function leastOperatorBytes(version: number): number {
  const frame = 16 + 4 + 4 + 4;
  return frame + (version >= COORDINATORS_SINCE ? 1 : 4) + (version >= NAMES_SINCE ? 2 + 2 : 0);
}

/** Reads one operator and hands it, after the references in it, to the visitor. */
export function* operatorState(reading: Reading, version: number): Grammar<void> {
  const head = yield* reading.element(version >= NAMES_SINCE ? readNamedHead : readUnnamedHead);
  if (version < COORDINATORS_SINCE) {
    return yield* oldSubtasks(reading, head);
  }
  enter(reading, head, null, 'coordinator');
  const before = reading.stateBytes;
  const coordinator = yield* reading.element(readCoordinator);
  reading.state(reading.stateBytes - before, reading.stateBytes - before);
  const at = reading.window.position;
  const count = yield* reading.element(readSubtaskCount);
  if (count < 0) {
    if (coordinator !== STREAM.none) {
      throw reading.error('impossible-value', 'A finished operator has coordinator state', at);
    }
    reading.operator({ ...head, subtasks: 0, finishedSubtasks: 0, finished: true });
    return;
  }
  let finishedSubtasks = 0;
  for (let entry = 0; entry < count; entry += 1) {
    const indexAt = reading.window.position;
    const stored = yield* reading.element(readIndex);
    checkIndex(reading, head, stored < 0 ? -1 - stored : stored, indexAt);
    if (stored < 0) {
      finishedSubtasks += 1;
      continue;
    }
    yield* stateOfBackends(reading, head, stored);
    enter(reading, head, stored, 'channel');
    if (version >= CHANNEL_TAGS_SINCE) {
      yield* taggedChannels(reading, 'input');
      yield* taggedChannels(reading, 'result');
    } else {
      yield* untaggedChannels(reading);
      yield* untaggedChannels(reading);
    }
  }
  reading.operator({ ...head, subtasks: count - finishedSubtasks, finishedSubtasks, finished: false });
}

/** Format 2: before Flink 1.11. */
function* oldSubtasks(reading: Reading, head: OperatorHead): Grammar<void> {
  const count = yield* reading.element(readOldSubtaskCount);
  for (let entry = 0; entry < count; entry += 1) {
    const indexAt = reading.window.position;
    const subtask = yield* reading.element(readIndex);
    checkIndex(reading, head, subtask, indexAt);
    yield* reading.element(readUnusedFields);
    yield* stateOfBackends(reading, head, subtask);
  }
  reading.operator({ ...head, subtasks: count, finishedSubtasks: 0, finished: false });
}

function* stateOfBackends(reading: Reading, head: OperatorHead, subtask: number): Grammar<void> {
  enter(reading, head, subtask, 'operator');
  for (let role = 0; role < 2; role += 1) {
    if ((yield* reading.element(readIndex)) !== 0) {
      const before = reading.stateBytes;
      yield* operatorHandle(reading);
      reading.state(reading.stateBytes - before, reading.stateBytes - before);
    }
  }
  for (const kind of ['keyed', 'timers'] as const) {
    enter(reading, head, subtask, kind);
    const newBytes = yield* keyedHandle(reading, 1, 'state');
    reading.state(0, newBytes);
  }
}

function enter(reading: Reading, operator: OperatorHead, subtask: number | null, kind: StateKind): void {
  reading.place = { operator, subtask, kind, part: 'whole' };
}

function readNamedHead(reading: Reading): OperatorHead {
  const name = reading.window.utf();
  const uid = reading.window.utf();
  return { ...readUnnamedHead(reading), name: name === '' ? null : name, uid: uid === '' ? null : uid };
}

function readUnnamedHead(reading: Reading): OperatorHead {
  const window = reading.window;
  const id = window.hex(16);
  const at = window.position;
  const parallelism = window.i32();
  const maxParallelism = window.i32();
  if (parallelism < 0 || parallelism > maxParallelism) {
    throw reading.error(
      'impossible-value',
      `An operator has parallelism ${parallelism} and maximum parallelism ${maxParallelism}`,
      at,
    );
  }
  return { id, name: null, uid: null, parallelism, maxParallelism };
}

function readCoordinator(reading: Reading): number {
  const at = reading.window.position;
  const tag = readStreamHandle(reading);
  if (tag !== STREAM.none && tag !== STREAM.inline) {
    throw reading.error('impossible-value', `Coordinator state is held by a handle with tag ${tag}`, at);
  }
  return tag;
}

/** Negative for an operator of which every subtask had finished (since Flink 1.14). */
function readSubtaskCount(reading: Reading): number {
  const at = reading.window.position;
  const count = reading.window.i32();
  reading.checkFits('subtasks', count, LEAST_SUBTASK_BYTES, at);
  return count;
}

function readOldSubtaskCount(reading: Reading): number {
  reading.window.i32();
  return reading.count('subtasks', LEAST_OLD_SUBTASK_BYTES);
}

function readIndex(reading: Reading): number {
  return reading.window.i32();
}

function checkIndex(reading: Reading, head: OperatorHead, index: number, at: number): void {
  if (index < 0 || index >= head.parallelism) {
    throw reading.error('impossible-value', `An operator of parallelism ${head.parallelism} has subtask ${index}`, at);
  }
}

function readUnusedFields(reading: Reading): void {
  reading.window.i64();
  const at = reading.window.position;
  if (reading.window.i32() !== 0) {
    throw reading.error('legacy-state', 'A subtask has state of the old Checkpointed interface', at);
  }
}
