import type { Grammar, Reading } from './reading.ts';
import {
  checkDepth,
  readKeyGroupOffsets,
  readKeyGroupRange,
  readRequiredStreamHandle,
  readStreamHandle,
  streamHandle,
  streamHandleEntries,
} from './stream-handle.ts';

/** Tags of the handles of keyed state. "Old" are those that current Flink reads but no longer writes. */
const KEYED = {
  none: 0,
  keyGroupsOld: 3,
  incrementalOld: 5,
  savepointKeyGroups: 7,
  changelogOld: 8,
  changesInline: 9,
  changesInFilesOld: 10,
  incremental: 11,
  keyGroups: 12,
  changesInFiles: 13,
  changelog: 14,
} as const;

/** What a keyed handle is wanted for: anything, or the changes of a changelog, which Flink casts. */
type Place = 'state' | 'changes';

/** Fewest bytes of a handle of changes, an inline one with neither change nor id. */
const LEAST_CHANGES_BYTES = 1 + 4 + 4 + 8 + 8 + 4 + 2;

/**
 * Reads one handle of keyed state, null allowed, and tells of the bytes it holds.
 *
 * @param depth how many handles this one is inside of, itself counted.
 * @returns how many of them this checkpoint wrote, of which nothing has been told: within a changelog, it alone says.
 */
export function* keyedHandle(reading: Reading, depth: number, place: Place): Grammar<number> {
  checkDepth(reading, depth);
  const tag = yield* reading.element(place === 'state' ? readTag : readTagOfChanges);
  switch (tag) {
    case KEYED.none:
      return 0;
    case KEYED.keyGroupsOld:
    case KEYED.savepointKeyGroups:
    case KEYED.keyGroups: {
      const from = reading.stateBytes;
      yield* reading.element(readKeyGroupOffsets);
      yield* streamHandle(reading, depth + 1, true);
      if (tag === KEYED.keyGroups) {
        yield* reading.element(readString);
      }
      return heldSince(reading, from);
    }
    case KEYED.incrementalOld:
    case KEYED.incremental:
      return yield* incremental(reading, depth, tag);
    case KEYED.changelogOld:
    case KEYED.changelog:
      return yield* changelog(reading, depth, tag);
    case KEYED.changesInline:
      return yield* changesInline(reading);
    default:
      return yield* changesInFiles(reading, depth, tag);
  }
}

function heldSince(reading: Reading, from: number): number {
  const bytes = reading.stateBytes - from;
  reading.state(bytes, 0);
  return bytes;
}

function* incremental(reading: Reading, depth: number, tag: number): Grammar<number> {
  const { place, stateBytes: from } = reading;
  const checkpointed = yield* reading.element(tag === KEYED.incremental ? readIncrementalHead : readIncrementalHeadOld);
  // Flink takes a null here, though it never writes one.
  reading.place = { ...place, part: 'meta' };
  yield* streamHandle(reading, depth + 1, false);
  const shared = yield* reading.element(readLocalFileCount);
  reading.place = { ...place, part: 'shared' };
  yield* streamHandleEntries(reading, shared, depth + 1, readLocalFile);
  const exclusive = yield* reading.element(readLocalFileCount);
  reading.place = { ...place, part: 'private' };
  yield* streamHandleEntries(reading, exclusive, depth + 1, readLocalFile);
  if (tag === KEYED.incremental) {
    yield* reading.element(readString);
  }
  reading.place = { ...place, part: 'shared' };
  const bytes = heldSince(reading, from);
  reading.place = place;
  return checkpointed < 0 ? bytes : checkpointed;
}

function* changelog(reading: Reading, depth: number, tag: number): Grammar<number> {
  const { place } = reading;
  const { checkpointed, materialized } = yield* reading.element(readChangelogHead);
  for (let index = 0; index < materialized; index += 1) {
    yield* keyedHandle(reading, depth + 1, 'state');
  }
  const changes = yield* reading.element(readChangesCount);
  reading.place = { ...place, kind: 'changelog' };
  let written = 0;
  for (let index = 0; index < changes; index += 1) {
    written += yield* keyedHandle(reading, depth + 1, 'changes');
  }
  yield* reading.element(tag === KEYED.changelog ? readChangelogTail : readChangelogTailOld);
  // The changelog's own size counts: what was materialized is new in one checkpoint only, and its handle says so in all.
  const newChanges = Math.min(written, checkpointed);
  reading.state(0, newChanges);
  reading.place = place;
  return checkpointed - newChanges;
}

function* changesInline(reading: Reading): Grammar<number> {
  const from = reading.stateBytes;
  const changes = yield* reading.element(readInlineHead);
  for (let index = 0; index < changes; index += 1) {
    yield* reading.element(readInlineChange);
  }
  yield* reading.element(readString);
  return heldSince(reading, from);
}

function* changesInFiles(reading: Reading, depth: number, tag: number): Grammar<number> {
  const from = reading.stateBytes;
  const segments = yield* reading.element(readChangeFilesHead);
  yield* streamHandleEntries(reading, segments, depth + 1, readChangeFile);
  const { bytes, checkpointed } = yield* reading.element(
    tag === KEYED.changesInFiles ? readChangeFilesTail : readChangeFilesTailOld,
  );
  // One file may hold the changes of several subtasks, and come several times.
  reading.stateBytes = from + bytes;
  heldSince(reading, from);
  return checkpointed;
}

function readTag(reading: Reading): number {
  const at = reading.window.position;
  const tag = reading.window.u8();
  switch (tag) {
    case KEYED.none:
    case KEYED.keyGroupsOld:
    case KEYED.incrementalOld:
    case KEYED.savepointKeyGroups:
    case KEYED.incremental:
    case KEYED.keyGroups:
      return tag;
    case KEYED.changelogOld:
    case KEYED.changesInline:
    case KEYED.changesInFilesOld:
    case KEYED.changesInFiles:
    case KEYED.changelog:
      reading.usesChangelog = true;
      return tag;
    default:
      throw reading.error('unknown-tag', `${tag} is no tag of a keyed state handle`, at);
  }
}

/** A null among the changes is read by Flink but fails when it adds up the size of the subtask's state. */
function readTagOfChanges(reading: Reading): number {
  const at = reading.window.position;
  const tag = readTag(reading);
  if (tag !== KEYED.changesInline && tag !== KEYED.changesInFilesOld && tag !== KEYED.changesInFiles) {
    throw reading.error('unknown-tag', `A handle with tag ${tag} stands among the changes of a changelog`, at);
  }
  return tag;
}

/** @returns how many bytes this checkpoint wrote; negative where that is not known. */
function readIncrementalHead(reading: Reading): number {
  readIncrementalHeadOld(reading);
  return Number(reading.window.i64());
}

function readIncrementalHeadOld(reading: Reading): number {
  reading.window.i64();
  reading.window.utfIgnored();
  readKeyGroupRange(reading);
  return -1;
}

function readLocalFileCount(reading: Reading): number {
  return reading.count('files of an incremental state', 2 + 1);
}

/** A file name on the worker, which is no reference, and where its copy is. */
function readLocalFile(reading: Reading): number {
  reading.window.utfIgnored();
  return readRequiredStreamHandle(reading);
}

function readChangelogHead(reading: Reading): { readonly checkpointed: number; readonly materialized: number } {
  const at = reading.window.position;
  if (readKeyGroupRange(reading) === 0) {
    throw reading.error('impossible-value', 'A changelog covers no key group', at);
  }
  const checkpointed = readSize(reading);
  return { checkpointed, materialized: reading.count('materialized states of a changelog', 1) };
}

function readChangesCount(reading: Reading): number {
  return reading.count('changes of a changelog', LEAST_CHANGES_BYTES);
}

function readChangelogTail(reading: Reading): void {
  reading.window.i64();
  readChangelogTailOld(reading);
}

function readChangelogTailOld(reading: Reading): void {
  reading.window.i64();
  reading.window.utfIgnored();
}

function readInlineHead(reading: Reading): number {
  readKeyGroupRange(reading);
  readSequenceNumber(reading);
  readSequenceNumber(reading);
  return reading.count('changes in an inline changelog', 4 + 4);
}

function readSequenceNumber(reading: Reading): void {
  const at = reading.window.position;
  const number = reading.window.i64();
  if (number < 0n) {
    throw reading.error('impossible-value', `The sequence number of a change is ${number}`, at);
  }
}

function readInlineChange(reading: Reading): void {
  const at = reading.window.position;
  const keyGroup = reading.window.i32();
  // -1 means a change of the state's description.
  if (keyGroup < -1) {
    throw reading.error('impossible-value', `The key group of a change is ${keyGroup}`, at);
  }
  const length = reading.count('bytes of a change', 1);
  reading.window.skip(length);
  reading.inline(length);
}

function readChangeFilesHead(reading: Reading): number {
  readKeyGroupRange(reading);
  return reading.count('files of a changelog', 8 + 1);
}

/** One file may come many times, at different offsets. Flink takes a null here, though it never writes one. */
function readChangeFile(reading: Reading): number {
  reading.window.i64();
  return readStreamHandle(reading);
}

interface ChangeSizes {
  readonly bytes: number;
  readonly checkpointed: number;
}

function readChangeFilesTail(reading: Reading): ChangeSizes {
  const sizes = readChangeFilesTailOld(reading);
  reading.window.utfIgnored();
  return sizes;
}

function readChangeFilesTailOld(reading: Reading): ChangeSizes {
  const sizes = { bytes: readSize(reading), checkpointed: readSize(reading) };
  reading.window.utfIgnored();
  return sizes;
}

/** A size that Flink does not know counts as none. */
function readSize(reading: Reading): number {
  return Math.max(0, Number(reading.window.i64()));
}

function readString(reading: Reading): void {
  reading.window.utfIgnored();
}
