import type { Grammar, Reading } from './reading.ts';
import { OFFSET_BYTES, readPath, STREAM, streamHandle } from './stream-handle.ts';

const PARTITIONABLE = 4;
const MERGED_PARTITIONABLE = 17;
/** SPLIT_DISTRIBUTE, UNION, BROADCAST. */
const DISTRIBUTION_MODES = 3;

/** A name, a mode and a count. */
const LEAST_STATE_BYTES = 2 + 1 + 4;

/** Reads the handle of the operator state of one subtask; a null is none where Flink announced a handle. */
export function* operatorHandle(reading: Reading): Grammar<void> {
  const { tag, states } = yield* reading.element(readHead);
  for (let index = 0; index < states; index += 1) {
    yield* reading.element(readState);
  }
  if (tag === PARTITIONABLE) {
    yield* streamHandle(reading, 1, true);
    return;
  }
  yield* reading.element(readMergedDirectory);
  yield* reading.element(readMergedDirectory);
  yield* reading.element(readFlag);
  const at = reading.window.position;
  const delegate = yield* streamHandle(reading, 1, true);
  if (delegate !== STREAM.segment && delegate !== STREAM.emptySegment) {
    throw reading.error('impossible-value', `A merged operator state is held by a handle with tag ${delegate}`, at);
  }
}

function readHead(reading: Reading): { tag: number; states: number } {
  const at = reading.window.position;
  const tag = reading.window.u8();
  if (tag !== PARTITIONABLE && tag !== MERGED_PARTITIONABLE) {
    throw reading.error('unknown-tag', `${tag} is no tag of an operator state handle`, at);
  }
  return { tag, states: reading.count('states in an operator state handle', LEAST_STATE_BYTES) };
}

function readState(reading: Reading): void {
  const window = reading.window;
  window.utfIgnored();
  const at = window.position;
  const mode = window.u8();
  if (mode >= DISTRIBUTION_MODES) {
    throw reading.error('impossible-value', `${mode} is no distribution mode of operator state`, at);
  }
  window.skip(reading.count('partitions of an operator state', OFFSET_BYTES) * OFFSET_BYTES);
}

/** Two directories of merged files: lifetime markers to Flink, no claim that their files are needed. */
function readMergedDirectory(reading: Reading): void {
  readPath(reading, false);
}

function readFlag(reading: Reading): void {
  reading.window.u8();
}
