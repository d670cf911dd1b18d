import { SHORT } from './byte-window.ts';
import type { FileReference } from './model.ts';
import type { Grammar, Reading } from './reading.ts';
import { isStoredPath } from './stored-path.ts';

/** Tags of the handles of one stream of bytes. */
export const STREAM = {
  none: 0,
  inline: 1,
  file: 2,
  keyGroups: 3,
  relativeFile: 6,
  segment: 15,
  emptySegment: 16,
} as const;

/** Least bytes of a key-group offset, or of any other 64-bit offset. */
export const OFFSET_BYTES = 8;

/**
 * Reads a stream handle as far as it is bounded, and answers its tag. After `keyGroups` the handle is not
 * over: {@link innerStreamHandle} reads the one that it wraps. Must be the last read of its element.
 */
export function readStreamHandle(reading: Reading): number {
  const window = reading.window;
  const at = window.position;
  const tag = window.u8();
  switch (tag) {
    case STREAM.none:
    case STREAM.emptySegment:
      return tag;
    case STREAM.file: {
      if (reading.fileOfFolder()) {
        return tag;
      }
      const bytes = window.i64();
      const path = readPath(reading, false);
      emitFile(reading, at, { path, relative: false, bytes, segment: false });
      return tag;
    }
    case STREAM.relativeFile: {
      const path = readPath(reading, true);
      const bytes = window.i64();
      emitFile(reading, at, { path, relative: true, bytes, segment: false });
      return tag;
    }
    case STREAM.segment:
      readSegment(reading);
      return tag;
    case STREAM.inline: {
      window.utfIgnored();
      const length = reading.count('bytes of an inline state', 1);
      reading.readInline(length);
      return tag;
    }
    case STREAM.keyGroups:
      readKeyGroupOffsets(reading);
      return tag;
    default:
      throw reading.error('unknown-tag', `${tag} is no tag of a stream state handle`, at);
  }
}

/** As {@link readStreamHandle}, where Flink takes no null. */
export function readRequiredStreamHandle(reading: Reading): number {
  const at = reading.window.position;
  const tag = readStreamHandle(reading);
  if (tag === STREAM.none) {
    throw reading.error('impossible-value', 'A stream state handle is missing where there must be one', at);
  }
  return tag;
}

/**
 * Reads a whole stream handle, whatever it wraps.
 *
 * @param depth how many handles this one is inside of, itself counted.
 * @returns the tag of the outermost.
 */
export function* streamHandle(reading: Reading, depth: number, required: boolean): Grammar<number> {
  checkDepth(reading, depth);
  const tag = yield* reading.element(required ? readRequiredStreamHandle : readStreamHandle);
  if (tag === STREAM.keyGroups) {
    yield* innerStreamHandle(reading, depth);
  }
  return tag;
}

/** Reads what a `keyGroups` stream handle at `depth` wraps, down to a handle that wraps nothing. */
export function* innerStreamHandle(reading: Reading, depth: number): Grammar<void> {
  let inner = depth;
  let tag: number;
  do {
    inner += 1;
    checkDepth(reading, inner);
    tag = yield* reading.element(readRequiredStreamHandle);
  } while (tag === STREAM.keyGroups);
}

/**
 * Reads entries that each end in a stream handle. The one loop that runs once for every file of an incremental
 * checkpoint, so it makes no generator per entry.
 */
export function* streamHandleEntries(
  reading: Reading,
  count: number,
  depth: number,
  readEntry: (reading: Reading) => number,
): Grammar<void> {
  if (count > 0) {
    checkDepth(reading, depth);
  }
  for (let index = 0; index < count; index += 1) {
    let tag = reading.attempt(readEntry);
    while (tag === SHORT) {
      yield;
      tag = reading.attempt(readEntry);
    }
    if (tag === STREAM.keyGroups) {
      yield* innerStreamHandle(reading, depth);
    }
  }
}

/** Refuses handles that are nested too deep: a stack must not decide how a file is read. @throws MetadataError */
export function checkDepth(reading: Reading, depth: number): void {
  if (depth > reading.maxDepth) {
    throw reading.error(
      'too-deep',
      `State handles are nested more than ${reading.maxDepth} deep`,
      reading.window.position,
    );
  }
}

/** Reads `first`, `count` and as many offsets. Ends in a skip. */
export function readKeyGroupOffsets(reading: Reading): void {
  const window = reading.window;
  const at = window.position;
  const first = window.i32();
  const count = reading.count('key groups', OFFSET_BYTES);
  if (keyGroupsIn(reading, first, count, at) !== count) {
    throw reading.error('impossible-value', `${count} key groups from ${first} on are no range`, at);
  }
  window.skip(count * OFFSET_BYTES);
}

/**
 * Reads a key-group range that no offsets follow.
 *
 * @returns how many groups Flink makes of it; it takes a nonsensical count for an empty range.
 */
export function readKeyGroupRange(reading: Reading): number {
  const at = reading.window.position;
  const first = reading.window.i32();
  return keyGroupsIn(reading, first, reading.window.i32(), at);
}

/** Follows `KeyGroupRange` in Java's 32-bit arithmetic, overflow included. */
function keyGroupsIn(reading: Reading, first: number, count: number, at: number): number {
  const last = (first + count - 1) | 0;
  if (first > last) {
    return 0;
  }
  const groups = (1 + last - first) | 0;
  if (first < 0 || groups < 0) {
    throw reading.error('impossible-value', `${count} key groups from ${first} on are no range`, at);
  }
  return groups;
}

function readSegment(reading: Reading): void {
  const window = reading.window;
  const start = window.i64();
  const bytes = window.i64();
  const scopeAt = window.position;
  const scope = window.i32();
  if (scope !== 0 && scope !== 1) {
    throw reading.error('impossible-value', `${scope} is no scope of a file segment`, scopeAt);
  }
  const path = readPath(reading, false);
  window.utfIgnored();
  reading.reference({ path, relative: false, bytes, start, segment: true });
}

/** Reads a path as Flink stores it. @throws MetadataError where Flink writes no such path. */
export function readPath(reading: Reading, relative: boolean): string {
  const at = reading.window.position;
  const path = reading.window.utf();
  if (!isStoredPath(path, relative)) {
    throw reading.error('impossible-value', 'A stored path is empty or malformed', at);
  }
  return path;
}

/** Flink takes no size below -1, its sign for unknown, except of a segment. */
function emitFile(reading: Reading, at: number, reference: FileReference): void {
  if (reference.bytes < -1n) {
    throw reading.error('impossible-value', `The size of a state file is ${reference.bytes}`, at);
  }
  reading.reference(reference);
}
