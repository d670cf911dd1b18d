import { describe, expect, it } from 'vitest';
import { MetadataError, type MetadataErrorCode } from '#core/flink/metadata/metadata-error.ts';
import { parseMetadata } from '#core/flink/metadata/read-metadata.ts';
import { ByteSink } from '#test/support/byte-sink.ts';
import { type Operator, type Subtask, writeMetadata } from '#test/support/metadata-writer.ts';
import { NULL_PROPERTIES } from '#test/support/properties-writer.ts';
import type { KeyedHandle, OperatorHandle, StreamHandle } from '#test/support/state-handle-writer.ts';

const ID = '0123456789abcdef0011223344556677';

/** Where the operators begin in a file without master states. */
const OPERATORS_AT = 4 + 4 + 8 + 4 + 4;
/** Where the managed keyed handle of the first subtask begins in format 4. */
const KEYED_AT = OPERATORS_AT + 16 + 4 + 4 + 1 + 4 + 4 + 4 + 4;

function refusal(bytes: Uint8Array, options = {}): MetadataError {
  try {
    parseMetadata(bytes, options);
  } catch (error) {
    if (error instanceof MetadataError) {
      return error;
    }
    throw error;
  }
  throw new Error('The file was not refused.');
}

function expectRefusal(bytes: Uint8Array, code: MetadataErrorCode, offset: number, message: string): void {
  const error = refusal(bytes);
  expect([error.code, error.offset, error.message]).toEqual([code, offset, `${message} (offset ${offset}).`]);
}

function withOperator(operator: Partial<Operator>, version = 4): Buffer {
  return writeMetadata({ version, operators: [{ id: ID, subtasks: [], ...operator }] });
}

function withSubtask(subtask: Partial<Subtask>, version = 4): Buffer {
  return withOperator({ subtasks: [{ index: 0, ...subtask }] }, version);
}

function withKeyed(managedKeyed: KeyedHandle): Buffer {
  return withSubtask({ managedKeyed });
}

/** A key-group handle's stream begins after its tag, two groups and their offsets. */
const STREAM_AT = KEYED_AT + 1 + 4 + 4 + 16;

function withStream(of: StreamHandle): Buffer {
  return withKeyed({ tag: 12, of });
}

function patched(bytes: Buffer, at: number, value: number): Buffer {
  bytes.writeInt32BE(value, at);
  return bytes;
}

describe('The frame of a file', () => {
  it('must begin with the magic number', () => {
    const bytes = patched(writeMetadata({ version: 4 }), 0, 0xaced0005 | 0);
    expectRefusal(bytes, 'not-metadata', 0, 'The file does not begin as a _metadata file of Flink does');
    expect(refusal(bytes).formatVersion).toBeNull();
  });

  it.each([
    [1, 'Format version 1 was written by Flink 1.1 and 1.2, and no current Flink reads it'],
    [7, 'Format version 7 belongs to a Flink newer than 2.3, unreleased when this reader was made'],
    [0, 'Format version 0 is unknown; this reader knows 2 to 6'],
    [8, 'Format version 8 is unknown; this reader knows 2 to 6'],
    [-1, 'Format version -1 is unknown; this reader knows 2 to 6'],
  ])('must not claim version %i', (version, message) => {
    const bytes = patched(writeMetadata({ version: 4 }), 4, version);
    expectRefusal(bytes, 'unsupported-version', 4, message);
    expect(refusal(bytes).formatVersion).toBe(version);
  });

  it('must not have a negative checkpoint id', () => {
    expectRefusal(writeMetadata({ version: 4, checkpointId: -1 }), 'impossible-value', 8, 'The checkpoint id is -1');
  });

  it.each([
    [16, 'master states'],
    [20, 'operators'],
  ])('must have possible counts at offset %i', (at, what) => {
    const negative = patched(writeMetadata({ version: 4 }), at, -1);
    expectRefusal(negative, 'impossible-count', at, `The number of ${what} is -1`);
    const huge = patched(writeMetadata({ version: 4 }), at, 0x7fffffff);
    expectRefusal(
      huge,
      'impossible-count',
      at,
      `The number of ${what} is 2147483647, more than the rest of the file can hold`,
    );
  });

  it.each([2, 3, 4, 5, 6])('of version %i takes the count that its smallest operators fill', (version) => {
    const operators: Operator[] = [
      { id: ID, subtasks: [] },
      { id: ID, subtasks: [] },
    ];
    const bytes = writeMetadata({ version, operators, kind: 'unknown' });
    const least = (bytes.length - OPERATORS_AT - (version < 4 ? 0 : NULL_PROPERTIES.length)) / 2;
    const properties = version < 4 ? 0 : NULL_PROPERTIES.length;

    expect(parseMetadata(bytes).operators.length).toBe(2);
    expect(refusal(patched(bytes, 20, 3 + Math.floor(properties / least))).code).toBe('impossible-count');
  });
});

describe('A master state', () => {
  const at = 20;

  function withMaster(): Buffer {
    return writeMetadata({ version: 4, masterStates: [{ name: 'hook', bytes: 10 }] });
  }

  it('must begin with its own magic number', () => {
    const bytes = patched(withMaster(), at, 0);
    expectRefusal(bytes, 'impossible-value', at, 'A master state does not begin with its magic number');
  });

  it.each([0, -4])('must not have %i bytes', (length) => {
    const bytes = patched(withMaster(), at + 4, length);
    expectRefusal(bytes, 'impossible-count', at + 4, `The number of bytes of a master state is ${length}`);
  });

  it.each([23, 25])('must fill its block exactly, not %i bytes', (length) => {
    const bytes = patched(withMaster(), at + 4, length);
    expectRefusal(bytes, 'impossible-value', at + 4, `A master state does not fill its ${length} bytes`);
  });
});

describe('An operator', () => {
  it.each([
    [3, 2],
    [-1, 128],
  ])('must not have parallelism %i of at most %i', (parallelism, maxParallelism) => {
    expectRefusal(
      withOperator({ parallelism, maxParallelism }),
      'impossible-value',
      OPERATORS_AT + 16,
      `An operator has parallelism ${parallelism} and maximum parallelism ${maxParallelism}`,
    );
  });

  it.each([
    [{ file: 's3://b/x' }, 2],
    [{ emptySegment: true }, 16],
    [{ keyGroups: { first: 0, count: 1 }, of: { inline: 1 } }, 3],
  ] as const)('must not have its coordinator state in %o', (coordinator, tag) => {
    expectRefusal(
      withOperator({ coordinator }),
      'impossible-value',
      OPERATORS_AT + 24,
      `Coordinator state is held by a handle with tag ${tag}`,
    );
  });

  it('must not have coordinator state when it is finished', () => {
    expectRefusal(
      withOperator({ coordinator: { inline: 3, name: '' }, subtasks: 'finished' }),
      'impossible-value',
      OPERATORS_AT + 24 + 1 + 2 + 4 + 3,
      'A finished operator has coordinator state',
    );
  });

  it.each([3, 4, 5, 6])('of version %i must have subtasks below its parallelism', (version) => {
    const [before, message] = [refusal(withOperator({ subtasks: [{ index: 2 }] }, version)), 'has subtask 2'];
    expect(before.code).toBe('impossible-value');
    expect(before.message).toContain(`An operator of parallelism 2 ${message}`);
    expect(refusal(withOperator({ subtasks: [{ index: 2, finished: true }] }, version)).message).toContain(message);
  });

  it.each([2, -1])('of version 2 must have subtasks below its parallelism, not %i', (index) => {
    expectRefusal(
      withOperator({ subtasks: [{ index }] }, 2),
      'impossible-value',
      OPERATORS_AT + 16 + 4 + 4 + 4 + 4,
      `An operator of parallelism 2 has subtask ${index}`,
    );
  });

  it.each([1, -1])('of version 2 must have no legacy state, not %i', (legacy) => {
    const at = OPERATORS_AT + 16 + 4 + 4 + 4 + 4 + 4 + 8;
    const bytes = patched(withSubtask({}, 2), at, legacy);
    expectRefusal(bytes, 'legacy-state', at, 'A subtask has state of the old Checkpointed interface');
  });

  it('of version 2 must not have a negative number of subtasks', () => {
    const at = OPERATORS_AT + 16 + 4 + 4 + 4;
    expectRefusal(patched(withSubtask({}, 2), at, -1), 'impossible-count', at, 'The number of subtasks is -1');
  });

  it('must not have more subtasks than the file has room for', () => {
    const at = OPERATORS_AT + 25;
    expectRefusal(
      patched(withSubtask({}), at, 100_000),
      'impossible-count',
      at,
      'The number of subtasks is 100000, more than the rest of the file can hold',
    );
  });
});

describe('A stream state handle', () => {
  it.each([4, 5, 7, 14, 17, 255])('must not have tag %i', (tag) => {
    const bytes = withStream({ emptySegment: true });
    bytes[STREAM_AT] = tag;
    expectRefusal(bytes, 'unknown-tag', STREAM_AT, `${tag} is no tag of a stream state handle`);
  });

  it('must not be missing from key groups', () => {
    const message = 'A stream state handle is missing where there must be one';
    expectRefusal(withStream(null), 'impossible-value', STREAM_AT, message);
    const wrapped = withStream({ keyGroups: { first: 0, count: 1 }, of: null });
    expectRefusal(wrapped, 'impossible-value', STREAM_AT + 1 + 4 + 4 + 8, message);
  });

  it.each([
    [{ file: 's3://b/x', bytes: -2 }, -2],
    [{ relative: 'x', bytes: -9 }, -9],
  ] as const)('must not have a size below -1: %o', (handle, bytes) => {
    expectRefusal(withStream(handle), 'impossible-value', STREAM_AT, `The size of a state file is ${bytes}`);
  });

  it.each([
    [{ file: '' }, 1 + 8],
    [{ file: 's3:key' }, 1 + 8],
    [{ relative: '' }, 1],
    [{ relative: '/' }, 1],
    [{ segment: '' }, 1 + 8 + 8 + 4],
  ] as const)('must not have the path of %o', (handle, within) => {
    expectRefusal(withStream(handle), 'impossible-value', STREAM_AT + within, 'A stored path is empty or malformed');
  });

  it.each([-1, 2])('must not be a segment of scope %i', (scope) => {
    expectRefusal(
      withStream({ segment: 's3://b/x', scope }),
      'impossible-value',
      STREAM_AT + 1 + 16,
      `${scope} is no scope of a file segment`,
    );
  });

  it('must not hold a string that is no modified UTF-8', () => {
    const bytes = withStream({ file: 's3://b/x' });
    bytes[STREAM_AT + 1 + 8 + 2 + 7] = 0xf0;
    const message = 'A string is not well-formed modified UTF-8';
    expectRefusal(bytes, 'impossible-value', STREAM_AT + 1 + 8 + 2 + 7, message);
  });

  it.each([-1, 0x7fffffff])('must not hold %i bytes inline', (length) => {
    const bytes = patched(withStream({ inline: 4, name: '' }), STREAM_AT + 1 + 2, length);
    expect(refusal(bytes).code).toBe('impossible-count');
    expect(refusal(bytes).offset).toBe(STREAM_AT + 3);
  });

  it('must not be nested deeper than allowed', () => {
    // Prepare
    let of: StreamHandle = { inline: 0 };
    for (let depth = 2; depth < 16; depth += 1) {
      of = { keyGroups: { first: 0, count: 0 }, of };
    }
    const deepest = withStream(of);
    const deeper = withStream({ keyGroups: { first: 0, count: 0 }, of });

    // Act and assess
    expect(parseMetadata(deepest).summary.operators).toBe(1);
    expectRefusal(deeper, 'too-deep', STREAM_AT + 15 * 9, 'State handles are nested more than 16 deep');
    expect(refusal(deepest, { maxDepth: 15 }).code).toBe('too-deep');
    expect(parseMetadata(deeper, { maxDepth: 17 }).summary.operators).toBe(1);
  });
});

describe('A keyed state handle', () => {
  it.each([1, 2, 4, 6, 15, 17, 99, 255])('must not have tag %i', (tag) => {
    const bytes = withKeyed(null);
    bytes[KEYED_AT] = tag;
    expectRefusal(bytes, 'unknown-tag', KEYED_AT, `${tag} is no tag of a keyed state handle`);
  });

  it.each([
    [-1, 1],
    [0x7fffffff, 2],
    [-5, 1],
  ])('of key groups must not cover a range from %i of %i', (first, count) => {
    expectRefusal(
      withKeyed({ tag: 12, groups: { first, count }, of: { inline: 0 } }),
      'impossible-value',
      KEYED_AT + 1,
      `${count} key groups from ${first} on are no range`,
    );
  });

  it('of key groups must not have a negative number of them', () => {
    const bytes = withKeyed({ tag: 3, groups: { first: 0, count: -1 }, of: { inline: 0 } });
    expectRefusal(bytes, 'impossible-count', KEYED_AT + 5, 'The number of key groups is -1');
  });

  it.each([
    [-1, 1],
    [-2147483648, 2147483647],
  ])('of an incremental checkpoint must not cover a range from %i of %i', (first, count) => {
    const bytes = withKeyed({ tag: 11, groups: { first, count }, meta: null });
    expect(refusal(bytes).message).toContain(`${count} key groups from ${first} on are no range`);
  });

  it.each([0, 1])('of an incremental checkpoint must name a handle for each file (list %i)', (list) => {
    const files = [{ local: '1.sst', handle: null }];
    const bytes = withKeyed(
      list === 0 ? { tag: 11, meta: null, shared: files } : { tag: 11, meta: null, exclusive: files },
    );
    expect(refusal(bytes).message).toContain('A stream state handle is missing where there must be one');
  });

  it('of a changelog must cover a key group', () => {
    const bytes = withKeyed({ tag: 14, groups: { first: 0, count: 0 }, base: [], changes: [] });
    expectRefusal(bytes, 'impossible-value', KEYED_AT + 1, 'A changelog covers no key group');
  });

  it('of a changelog must have nothing but changes among its changes', () => {
    const at = KEYED_AT + 1 + 8 + 8 + 4 + 4;
    const wrong = withKeyed({ tag: 14, base: [], changes: [{ tag: 12, of: { inline: 20 } }] });
    expectRefusal(wrong, 'unknown-tag', at, 'A handle with tag 12 stands among the changes of a changelog');
    const none = withKeyed({ tag: 8, base: [], changes: [null] });
    expectRefusal(none, 'unknown-tag', at, 'A handle with tag 0 stands among the changes of a changelog');
  });

  it('of a changelog must not be nested deeper than allowed', () => {
    let handle: KeyedHandle = { tag: 3, of: { inline: 0 } };
    for (let depth = 2; depth < 16; depth += 1) {
      handle = { tag: 14, base: [handle], changes: [] };
    }
    expect(parseMetadata(withKeyed(handle)).summary.usesChangelog).toBe(true);
    expect(refusal(withKeyed({ tag: 14, base: [handle], changes: [] })).code).toBe('too-deep');
  });

  it('of an incremental checkpoint must not have its files deeper than allowed', () => {
    const bytes = withKeyed({ tag: 11, meta: null, shared: [{ local: 'x', handle: { inline: 0 } }] });
    expect(refusal(bytes, { maxDepth: 1 }).code).toBe('too-deep');
    const listed = withKeyed({ tag: 13, segments: [{ inline: 0 }] });
    expect(refusal(listed, { maxDepth: 1 }).code).toBe('too-deep');
    const empty = withKeyed({ tag: 13, segments: [] });
    expect(parseMetadata(empty, { maxDepth: 1 }).summary.usesChangelog).toBe(true);
  });

  it('of inline changes must not have a negative sequence number', () => {
    const bytes = withKeyed({ tag: 9, from: -1, changes: [] });
    expectRefusal(bytes, 'impossible-value', KEYED_AT + 9, 'The sequence number of a change is -1');
  });

  it('of inline changes must not have a key group below -1', () => {
    const bytes = withKeyed({ tag: 9, changes: [{ keyGroup: -2, bytes: 0 }] });
    expectRefusal(bytes, 'impossible-value', KEYED_AT + 1 + 8 + 16 + 4, 'The key group of a change is -2');
  });
});

describe('An operator state handle', () => {
  const AT = OPERATORS_AT + 16 + 4 + 4 + 1 + 4 + 4 + 4;

  function withHandle(managedOperator: OperatorHandle): Buffer {
    return withSubtask({ managedOperator });
  }

  it.each([0, 3, 12, 18])('must not have tag %i where one is announced', (tag) => {
    const bytes = withHandle({ tag: 4, of: { inline: 1 } });
    bytes[AT] = tag;
    expectRefusal(bytes, 'unknown-tag', AT, `${tag} is no tag of an operator state handle`);
  });

  it('must not have a state of mode 3', () => {
    const bytes = withHandle({ tag: 4, states: [{ name: '', mode: 3, offsets: 0 }], of: { inline: 1 } });
    expectRefusal(bytes, 'impossible-value', AT + 1 + 4 + 2, '3 is no distribution mode of operator state');
  });

  it('must have a stream', () => {
    expect(refusal(withHandle({ tag: 4, of: null })).message).toContain('missing where there must be one');
    expect(refusal(withHandle({ tag: 17, of: null })).message).toContain('missing where there must be one');
  });

  it('of merged files must lie in a segment', () => {
    const bytes = withHandle({ tag: 17, states: [], directories: ['/a', '/b'], of: { file: 's3://b/x' } });
    expectRefusal(
      bytes,
      'impossible-value',
      AT + 1 + 4 + 4 + 4 + 1,
      'A merged operator state is held by a handle with tag 2',
    );
  });

  it.each([
    ['', '/b', 5],
    ['/a', '', 9],
  ] as const)('of merged files must have both directories, not "%s" and "%s"', (worker, subtask, within) => {
    const bytes = withHandle({ tag: 17, states: [], directories: [worker, subtask], of: { emptySegment: true } });
    expectRefusal(bytes, 'impossible-value', AT + within, 'A stored path is empty or malformed');
  });
});

describe('Channel state', () => {
  it.each([
    ['input', 2],
    ['input', 4],
    ['result', 1],
    ['result', 3],
    ['input', 0],
    ['result', 5],
  ] as const)('of an %s must not have tag %i in version 6', (side, tag) => {
    // Prepare
    const bytes = withSubtask({ [side]: [{ offsets: 0, of: { inline: 1 } }] }, 6);
    const at = KEYED_AT + 4 + 2 + 4 + (side === 'result' ? 4 : 0);
    bytes[at] = tag;

    // Act and assess
    expectRefusal(bytes, 'unknown-tag', at, `${tag} is no tag of ${side} channel state`);
  });

  it.each([3, 6])('of version %i must have a stream unless it is merged', (version) => {
    const bytes = withSubtask({ input: [{ offsets: 0, of: null }] }, version);
    expect(refusal(bytes).message).toContain('missing where there must be one');
  });
});

describe('The properties', () => {
  it('must be a Java object stream', () => {
    const bytes = writeMetadata({ version: 4 });
    bytes[OPERATORS_AT] = 0;
    const message = 'The checkpoint properties are no Java object stream';
    expectRefusal(bytes, 'impossible-value', OPERATORS_AT, message);
  });

  it('that are not understood leave the kind unknown, and what follows them unnoticed', () => {
    const strange = new ByteSink().raw(writeMetadata({ version: 4, kind: 'unknown' })).bytes();
    strange[OPERATORS_AT + 4] = 0x75;
    expect(parseMetadata(Buffer.concat([strange, Buffer.alloc(200_000)])).summary).toMatchObject({
      kind: 'unknown',
      propertiesRead: false,
    });
  });

  it('of a class that Flink does not have are not read, though they name no file', () => {
    const bytes = writeMetadata({ version: 4, kind: 'checkpoint' });
    const at = bytes.indexOf('CheckpointProperties');
    bytes[at] = 'X'.charCodeAt(0);

    expect(parseMetadata(bytes).summary).toMatchObject({ kind: 'unknown', propertiesRead: false });
    expect(parseMetadata(writeMetadata({ version: 4, kind: 'unknown' })).summary.propertiesRead).toBe(true);
    expect(parseMetadata(writeMetadata({ version: 3 })).summary.propertiesRead).toBe(true);
  });

  it('of more than 64 KiB are not understood', () => {
    // Prepare: a long string where the object should be, 64 KiB with its header.
    const frame = writeMetadata({ version: 4, kind: 'unknown' }).subarray(0, OPERATORS_AT + 4);
    const text = new ByteSink().u8(0x74).utf('x'.repeat(65_529)).bytes();
    const longer = new ByteSink().u8(0x74).utf('x'.repeat(65_530)).bytes();

    // Act and assess
    expect(parseMetadata(Buffer.concat([frame, text])).summary.kind).toBe('unknown');
    expect(refusal(Buffer.concat([frame, text, Buffer.alloc(1)])).code).toBe('trailing-bytes');
    expect(parseMetadata(Buffer.concat([frame, longer])).summary.kind).toBe('unknown');
    expect(parseMetadata(Buffer.concat([frame, longer, Buffer.alloc(1)])).summary.kind).toBe('unknown');
  });
});

describe('The end of a file', () => {
  it.each([2, 3, 4, 5, 6])('of version %i must be where its contents end', (version) => {
    const whole = writeMetadata({ version });
    const bytes = Buffer.concat([whole, Buffer.alloc(3)]);
    expectRefusal(
      bytes,
      'trailing-bytes',
      whole.length,
      'The file goes on after its last structure, as Flink does not write it but a fork of Flink may',
    );
  });

  it('must not come inside what is passed over', () => {
    const whole = withSubtask({ input: [], result: [{ merged: 50, of: { inline: 1 } }] }, 6);
    const cut = whole.subarray(0, whole.length - writeMetadata({ version: 6 }).length + OPERATORS_AT - 20);
    const error = refusal(cut, { fileBytes: undefined });
    expect([error.code, error.offset]).toEqual(['truncated', cut.length]);
  });

  it('is told with the references before it', () => {
    const error = refusal(withStream({ file: 's3://b/x', bytes: 5 }).subarray(0, -1));
    expect(error.message).toMatch(/^The file ends before its contents do \(offset \d+\)\.$/);
    expect([error.name, error.formatVersion, error.referencesRead]).toEqual(['MetadataError', 4, 1]);
    expect(error.references).toEqual([{ path: 's3://b/x', relative: false, bytes: 5n, segment: false }]);
  });
});
