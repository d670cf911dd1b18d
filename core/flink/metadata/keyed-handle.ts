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
 * Reads one handle of keyed state, null allowed.
 *
 * @param depth how many handles this one is inside of, itself counted.
 */
export function* keyedHandle(reading: Reading, depth: number, place: Place): Grammar<void> {
  checkDepth(reading, depth);
  const tag = yield* reading.element(place === 'state' ? readTag : readTagOfChanges);
  switch (tag) {
    case KEYED.none:
      return;
    case KEYED.keyGroupsOld:
    case KEYED.savepointKeyGroups:
    case KEYED.keyGroups:
      yield* reading.element(readKeyGroupOffsets);
      yield* streamHandle(reading, depth + 1, true);
      if (tag === KEYED.keyGroups) {
        yield* reading.element(readString);
      }
      return;
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

function* incremental(reading: Reading, depth: number, tag: number): Grammar<void> {
  yield* reading.element(tag === KEYED.incremental ? readIncrementalHead : readIncrementalHeadOld);
  // Flink takes a null here, though it never writes one.
  yield* streamHandle(reading, depth + 1, false);
  const shared = yield* reading.element(readLocalFileCount);
  yield* streamHandleEntries(reading, shared, depth + 1, readLocalFile);
  const exclusive = yield* reading.element(readLocalFileCount);
  yield* streamHandleEntries(reading, exclusive, depth + 1, readLocalFile);
  if (tag === KEYED.incremental) {
    yield* reading.element(readString);
  }
}

function* changelog(reading: Reading, depth: number, tag: number): Grammar<void> {
  const materialized = yield* reading.element(readChangelogHead);
  for (let index = 0; index < materialized; index += 1) {
    yield* keyedHandle(reading, depth + 1, 'state');
  }
  const changes = yield* reading.element(readChangesCount);
  for (let index = 0; index < changes; index += 1) {
    yield* keyedHandle(reading, depth + 1, 'changes');
  }
  yield* reading.element(tag === KEYED.changelog ? readChangelogTail : readChangelogTailOld);
}

function* changesInline(reading: Reading): Grammar<void> {
  const changes = yield* reading.element(readInlineHead);
  for (let index = 0; index < changes; index += 1) {
    yield* reading.element(readInlineChange);
  }
  yield* reading.element(readString);
}

function* changesInFiles(reading: Reading, depth: number, tag: number): Grammar<void> {
  const segments = yield* reading.element(readChangeFilesHead);
  yield* streamHandleEntries(reading, segments, depth + 1, readChangeFile);
  yield* reading.element(tag === KEYED.changesInFiles ? readChangeFilesTail : readChangeFilesTailOld);
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

function readIncrementalHead(reading: Reading): void {
  readIncrementalHeadOld(reading);
  reading.window.i64();
}

function readIncrementalHeadOld(reading: Reading): void {
  reading.window.i64();
  reading.window.utfIgnored();
  readKeyGroupRange(reading);
}

function readLocalFileCount(reading: Reading): number {
  return reading.count('files of an incremental state', 2 + 1);
}

/** A file name on the worker, which is no reference, and where its copy is. */
function readLocalFile(reading: Reading): number {
  reading.window.utfIgnored();
  return readRequiredStreamHandle(reading);
}

function readChangelogHead(reading: Reading): number {
  const at = reading.window.position;
  if (readKeyGroupRange(reading) === 0) {
    throw reading.error('impossible-value', 'A changelog covers no key group', at);
  }
  reading.window.i64();
  return reading.count('materialized states of a changelog', 1);
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
  reading.inlineBytes += length;
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

function readChangeFilesTail(reading: Reading): void {
  readChangeFilesTailOld(reading);
  reading.window.utfIgnored();
}

function readChangeFilesTailOld(reading: Reading): void {
  reading.window.i64();
  reading.window.i64();
  reading.window.utfIgnored();
}

function readString(reading: Reading): void {
  reading.window.utfIgnored();
}
