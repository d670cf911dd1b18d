import { SHORT } from './byte-window.ts';
import { readCheckpointProperties } from './checkpoint-properties.ts';
import { leastOperatorBytes, operatorState } from './operator-state.ts';
import type { Grammar, Reading } from './reading.ts';

/** The first four bytes of every `_metadata`, as a big-endian number. */
export const MAGIC = 0x4960672d;
const MASTER_STATE_MAGIC = 0xc96b1696 | 0;

/**
 * The format versions that Flink 1.3 to 2.3 write: 2 since 1.3, 3 since 1.11, 4 since 1.16, 5 since 2.0, 6 since 2.1
 * (the serializers in the sources of Flink 1.8.3 to 2.3.0). Version 1, of Flink 1.1 and 1.2, no current Flink reads.
 *
 * This is said of the format, and the name is another matter: an externalized checkpoint of Flink 1.3 or 1.4 has this
 * format, but its file is not called `_metadata`. It can be read here, and a survey does not find it.
 */
const OLDEST_VERSION = 2;
const NEWEST_VERSION = 6;
/** The first format with checkpoint properties. */
const PROPERTIES_SINCE = 4;

/** Magic, length, version, name and length. */
const LEAST_MASTER_STATE_BYTES = 4 + 4 + 4 + 2 + 4;

/** The properties that Flink writes take less than 1 KiB; longer ones are taken for some other object. */
const MOST_PROPERTIES_BYTES = 64 * 1024;

/** Reads a whole `_metadata` file. */
export function* metadataFile(reading: Reading): Grammar<void> {
  yield* reading.element(readMagic);
  const version = yield* reading.element(readVersion);
  const masterStates = yield* reading.element(readHead);
  for (let index = 0; index < masterStates; index += 1) {
    yield* reading.element(readMasterState);
  }
  const operators = yield* reading.element(readOperatorCount);
  for (let index = 0; index < operators; index += 1) {
    yield* operatorState(reading, version);
  }
  if (version >= PROPERTIES_SINCE) {
    yield* properties(reading);
  }
}

function readMagic(reading: Reading): void {
  if (reading.window.i32() !== MAGIC) {
    throw reading.error('not-metadata', 'The file does not begin as a _metadata file of Flink does', 0);
  }
}

function readVersion(reading: Reading): number {
  const at = reading.window.position;
  const version = reading.window.i32();
  reading.formatVersion = version;
  if (version < OLDEST_VERSION || version > NEWEST_VERSION) {
    throw reading.error('unsupported-version', versionRefusal(version), at);
  }
  return version;
}

function versionRefusal(version: number): string {
  switch (version) {
    case 1:
      return 'Format version 1 was written by Flink 1.1 and 1.2, and no current Flink reads it';
    case 7:
      return 'Format version 7 belongs to a Flink newer than 2.3, unreleased when this reader was made';
    default:
      return `Format version ${version} is unknown; this reader knows ${OLDEST_VERSION} to ${NEWEST_VERSION}`;
  }
}

function readHead(reading: Reading): number {
  const at = reading.window.position;
  const id = reading.window.i64();
  if (id < 0n) {
    throw reading.error('impossible-value', `The checkpoint id is ${id}`, at);
  }
  reading.checkpointId = id;
  return reading.count('master states', LEAST_MASTER_STATE_BYTES);
}

/** The state of a master hook: opaque, and without references. It must fill its block exactly. */
function readMasterState(reading: Reading): void {
  const window = reading.window;
  const at = window.position;
  if (window.i32() !== MASTER_STATE_MAGIC) {
    throw reading.error('impossible-value', 'A master state does not begin with its magic number', at);
  }
  const blockAt = window.position;
  const block = window.i32();
  if (block <= 0) {
    throw reading.error('impossible-count', `The number of bytes of a master state is ${block}`, blockAt);
  }
  window.i32();
  const name = window.utfIgnored();
  const length = reading.count('payload bytes of a master state', 1);
  if (4 + name + 4 + length !== block) {
    throw reading.error('impossible-value', `A master state does not fill its ${block} bytes`, blockAt);
  }
  window.skip(length);
}

function readOperatorCount(reading: Reading): number {
  // The version has been read, and found to be one, by the time that operators are counted.
  return reading.count('operators', leastOperatorBytes(reading.formatVersion as number));
}

/**
 * Reads the Java object that ends the file. It tells checkpoint from savepoint and names no file, so one that can't be
 * understood leaves the kind unknown and does not make the file unreadable: every reference has been read by then. But
 * Flink refuses such a file, which the summary tells. The price is that nothing tells where such an object should end,
 * so bytes after it go unnoticed.
 */
function* properties(reading: Reading): Grammar<void> {
  const window = reading.window;
  const at = window.position;
  reading.propertiesAt = at;
  // Tried once there are more bytes than properties can have, or no more to come.
  while (!window.closed && reading.attempt(awaitProperties) === SHORT) {
    yield;
  }
  const outcome = readCheckpointProperties(window.peek(MOST_PROPERTIES_BYTES));
  if (outcome.status === 'no-object-stream') {
    throw reading.error('impossible-value', 'The checkpoint properties are no Java object stream', at);
  }
  if (outcome.status === 'understood') {
    reading.kind = outcome.kind;
    reading.propertiesRead = outcome.known;
    window.skip(outcome.bytes);
  } else if (outcome.status === 'cut-off' && window.closed) {
    throw reading.truncated();
  } else {
    reading.propertiesRead = false;
    reading.openEnded = true;
  }
}

function awaitProperties(reading: Reading): void {
  reading.window.require(MOST_PROPERTIES_BYTES + 1);
}
