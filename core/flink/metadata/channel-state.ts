import type { Grammar, Reading } from './reading.ts';
import { innerStreamHandle, OFFSET_BYTES, readRequiredStreamHandle, STREAM, streamHandle } from './stream-handle.ts';

/** Which in-flight data a list is of. Format 6 gives each its own tags. */
export type ChannelSide = 'input' | 'result';

const TAGS = {
  input: { single: 1, merged: 3 },
  result: { single: 2, merged: 4 },
} as const;

/** A subtask, two indexes, a count, a size and the tag of a stream handle. */
const LEAST_SINGLE_BYTES = 4 * 4 + 8 + 1;
/** A tag, a subtask, a size, the tag of a stream handle and a length. */
const LEAST_TAGGED_BYTES = 1 + 4 + 8 + 1 + 4;

/** Reads the in-flight data of one subtask in formats 3 to 5. */
export function* untaggedChannels(reading: Reading): Grammar<void> {
  const count = yield* reading.element(readUntaggedCount);
  for (let index = 0; index < count; index += 1) {
    yield* singleChannel(reading);
  }
}

/** Reads the in-flight data of one subtask in format 6. */
export function* taggedChannels(reading: Reading, side: ChannelSide): Grammar<void> {
  const tags = TAGS[side];
  const count = yield* reading.element(readTaggedCount);
  for (let index = 0; index < count; index += 1) {
    const at = reading.window.position;
    const tag = yield* reading.element(readTag);
    if (tag === tags.single) {
      yield* singleChannel(reading);
    } else if (tag === tags.merged) {
      yield* mergedChannels(reading);
    } else {
      throw reading.error('unknown-tag', `${tag} is no tag of ${side} channel state`, at);
    }
  }
}

function* singleChannel(reading: Reading): Grammar<void> {
  yield* reading.element(readChannelHead);
  const from = reading.stateBytes;
  const { bytes, tag } = yield* reading.element(readSizedHandle);
  if (tag === STREAM.keyGroups) {
    yield* innerStreamHandle(reading, 1);
  }
  countAs(reading, from, bytes);
}

/** All channels of a subtask that share a file. Flink takes a null handle here, though it never writes one. */
function* mergedChannels(reading: Reading): Grammar<void> {
  const bytes = yield* reading.element(readMergedHead);
  const from = reading.stateBytes;
  yield* streamHandle(reading, 1, false);
  yield* reading.element(readMergedOffsets);
  countAs(reading, from, bytes);
}

/** A file of channel state holds that of several subtasks, so the size is the one beside the handle. */
function countAs(reading: Reading, from: number, bytes: bigint): void {
  const counted = Math.max(0, Number(bytes));
  reading.stateBytes = from + counted;
  reading.state(counted, counted);
}

function readUntaggedCount(reading: Reading): number {
  return reading.count('channel states', LEAST_SINGLE_BYTES);
}

function readTaggedCount(reading: Reading): number {
  return reading.count('channel states', LEAST_TAGGED_BYTES);
}

function readTag(reading: Reading): number {
  return reading.window.u8();
}

function readChannelHead(reading: Reading): void {
  reading.window.i32();
  reading.window.i32();
  reading.window.i32();
  reading.window.skip(reading.count('offsets of a channel state', OFFSET_BYTES) * OFFSET_BYTES);
}

function readSizedHandle(reading: Reading): { readonly bytes: bigint; readonly tag: number } {
  const bytes = reading.window.i64();
  return { bytes, tag: readRequiredStreamHandle(reading) };
}

function readMergedHead(reading: Reading): bigint {
  reading.window.i32();
  return reading.window.i64();
}

/** A blob of Flink's own, without any reference; it is part of the format, not of the state. */
function readMergedOffsets(reading: Reading): void {
  reading.window.skip(reading.count('bytes of merged channel offsets', 1));
}
