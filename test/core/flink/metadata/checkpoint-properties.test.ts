import { assert, constantFrom, nat, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCheckpointProperties } from '#core/flink/metadata/checkpoint-properties.ts';
import { ByteSink } from '#test/support/byte-sink.ts';
import { NULL_PROPERTIES, properties, writeProperties } from '#test/support/properties-writer.ts';

const KINDS = ['checkpoint', 'full-checkpoint', 'savepoint-canonical', 'savepoint-native'] as const;
const NOT_UNDERSTOOD = { status: 'not-understood' };

/** A stream with whatever follows its header. */
function stream(): ByteSink {
  return new ByteSink().raw(Buffer.from('aced0005', 'hex'));
}

/** A class description without annotations and without a parent. */
function plainClass(sink: ByteSink, name: string, flags = 2, fields: readonly (readonly [string, string])[] = []) {
  sink.u8(0x72).utf(name).i64(1).u8(flags).u16(fields.length);
  for (const [type, field] of fields) {
    sink.u8(type.charCodeAt(0)).utf(field);
    if (type === 'L' || type === '[') {
      sink.u8(0x74).utf('Lsome/Type;');
    }
  }
  return sink.u8(0x78).u8(0x70);
}

function read(sink: ByteSink) {
  return readCheckpointProperties(sink.bytes());
}

describe('Checkpoint properties', () => {
  it.each(KINDS)('tell a %s', (kind) => {
    const bytes = writeProperties(kind);
    expect(readCheckpointProperties(bytes)).toEqual({ status: 'understood', kind, known: true, bytes: bytes.length });
  });

  it('may be a null, which leaves the kind unknown', () => {
    expect(readCheckpointProperties(NULL_PROPERTIES)).toEqual({
      status: 'understood',
      kind: 'unknown',
      known: true,
      bytes: 5,
    });
  });

  it('are measured, whatever follows them', () => {
    const bytes = writeProperties('checkpoint');
    expect(readCheckpointProperties(Buffer.concat([bytes, Buffer.alloc(9)]))).toMatchObject({ bytes: bytes.length });
  });

  it.each([
    ['another sharing strategy', properties('CheckpointType', [['sharingFilesStrategy', ['X', 'NO_SHARING']]])],
    ['a strategy that is no enum', properties('CheckpointType', [['sharingFilesStrategy', 'FORWARD']])],
    ['no strategy', properties('CheckpointType', [])],
    ['another savepoint format', properties('SavepointType', [['formatType', ['X', 'COLUMNAR']]])],
    ['another type of snapshot', properties('RegionalType', [['name', 'x']])],
    ['another class', properties('CheckpointType', [], 'SomeProperties')],
  ])('of %s are understood but leave the kind unknown', (_, bytes) => {
    expect(readCheckpointProperties(bytes)).toEqual({
      status: 'understood',
      kind: 'unknown',
      known: false,
      bytes: bytes.length,
    });
  });

  it('without a type of snapshot leave the kind unknown', () => {
    const sink = stream().u8(0x73);
    plainClass(sink, 'org.apache.flink.runtime.checkpoint.CheckpointProperties');
    expect(read(sink)).toMatchObject({ status: 'understood', kind: 'unknown', known: false });
  });

  it.each([
    ['a string', () => stream().u8(0x74).utf('x')],
    ['an enum', () => plainClass(stream().u8(0x7e), 'E', 0x12).u8(0x74).utf('A')],
  ])('that are %s leave the kind unknown', (_, make) => {
    expect(read(make())).toMatchObject({ status: 'understood', kind: 'unknown' });
  });

  it('may have fields of every primitive type, and unknown ones', () => {
    // Prepare
    const types = ['B', 'C', 'D', 'F', 'I', 'J', 'S', 'Z'];
    const fields = types.map((type) => [type, `field${type}`] as const);
    const sink = plainClass(stream().u8(0x73), 'X', 2, [...fields, ['L', 'object'], ['[', 'array']]);
    sink.raw(Buffer.alloc(1 + 2 + 8 + 4 + 4 + 8 + 2 + 1));
    sink.u8(0x74).utf('ü').u8(0x71).i32(0x7e0004);

    // Act and assess
    expect(read(sink)).toEqual({ status: 'understood', kind: 'unknown', known: false, bytes: sink.bytes().length });
  });

  it('may point back to a class, a string, an object and a null', () => {
    // Prepare
    const sink = plainClass(stream().u8(0x73), 'X', 2, [
      ['L', 'same'],
      ['L', 'itself'],
      ['L', 'nothing'],
    ]);
    // Handles: 0 the class, 1 to 3 its field types, 4 the object, 5 the object in its first field.
    sink.u8(0x73).u8(0x71).i32(0x7e0000).u8(0x71).i32(0x7e0001).u8(0x71).i32(0x7e0004).u8(0x70);
    sink.u8(0x71).i32(0x7e0005).u8(0x70);

    // Act and assess
    expect(read(sink)).toMatchObject({ status: 'understood', bytes: sink.bytes().length });
  });

  it('may share the name of a type between fields', () => {
    // Prepare
    const sink = stream().u8(0x73).u8(0x72).utf('X').i64(1).u8(2).u16(2);
    sink.u8(0x4c).utf('first').u8(0x74).utf('Lsome/Type;').u8(0x4c).utf('second').u8(0x71).i32(0x7e0001);
    sink.u8(0x78).u8(0x70).u8(0x70).u8(0x70);

    // Act and assess
    expect(read(sink)).toMatchObject({ status: 'understood', bytes: sink.bytes().length });
  });

  it('may inherit fields, the parent first', () => {
    // Prepare
    const sink = stream().u8(0x73).u8(0x72).utf('Child').i64(1).u8(2).u16(1).u8(0x5a).utf('flag').u8(0x78);
    plainClass(sink, 'Parent', 2, [['J', 'id']]);
    sink.raw(Buffer.alloc(9));

    // Act and assess
    expect(read(sink)).toMatchObject({ status: 'understood', bytes: sink.bytes().length });
  });

  it.each([
    ['block data', () => stream().u8(0x77).u8(0)],
    ['an array', () => stream().u8(0x75)],
    ['a class of its own code', () => stream().u8(0x73).u8(0x7d)],
    ['an object without a class', () => stream().u8(0x73).u8(0x70)],
    ['an enum without a class', () => stream().u8(0x7e).u8(0x70)],
    ['an enum of a class that is none', () => plainClass(stream().u8(0x7e), 'X')],
    ['an enum without a name', () => plainClass(stream().u8(0x7e), 'E', 0x12).u8(0x70)],
    ['an object with a hand-written form', () => plainClass(stream().u8(0x73), 'X', 3)],
    ['an externalizable object', () => plainClass(stream().u8(0x73), 'X', 4)],
    ['a field of an unknown type', () => stream().u8(0x73).u8(0x72).utf('X').i64(1).u8(2).u16(1).u8(0x51).utf('q')],
    ['annotations of a class', () => stream().u8(0x73).u8(0x72).utf('X').i64(1).u8(2).u16(0).u8(0x74).utf('a')],
    [
      'a class as a value',
      () =>
        plainClass(stream().u8(0x73), 'X', 2, [['L', 'x']])
          .u8(0x71)
          .i32(0x7e0000),
    ],
    [
      'a string as a class',
      () =>
        plainClass(stream().u8(0x73), 'X', 2, [['L', 'x']])
          .u8(0x73)
          .u8(0x71)
          .i32(0x7e0001),
    ],
    [
      'an object as a class',
      () =>
        plainClass(stream().u8(0x73), 'X', 2, [['L', 'x']])
          .u8(0x73)
          .u8(0x71)
          .i32(0x7e0002),
    ],
    [
      'a class inside itself',
      () => stream().u8(0x73).u8(0x72).utf('X').i64(1).u8(2).u16(0).u8(0x78).u8(0x71).i32(0x7e0000),
    ],
    [
      'a class as the name of a field type',
      () => stream().u8(0x73).u8(0x72).utf('X').i64(1).u8(2).u16(1).u8(0x4c).utf('x').u8(0x71).i32(0x7e0000),
    ],
    ['a reference to nothing', () => stream().u8(0x71).i32(0x7e0000)],
    ['a reference to before the beginning', () => stream().u8(0x71).i32(-1)],
    ['malformed text', () => stream().u8(0x74).u16(1).u8(0xff)],
  ])('with %s are not understood', (_, make) => {
    expect(read(make())).toEqual(NOT_UNDERSTOOD);
  });

  it('are not followed into endless depth', () => {
    // Prepare: objects in objects, and parents of parents.
    const objects = plainClass(stream().u8(0x73), 'X', 2, [['L', 'x']]);
    const parents = stream().u8(0x73);
    for (let index = 0; index < 40; index += 1) {
      objects.u8(0x73).u8(0x71).i32(0x7e0000);
      parents.u8(0x72).utf('X').i64(1).u8(2).u16(0).u8(0x78);
    }

    // Act and assess
    expect(read(objects.u8(0x70))).toEqual(NOT_UNDERSTOOD);
    expect(read(parents.u8(0x70))).toEqual(NOT_UNDERSTOOD);
  });

  it.each(['adec0005', 'aced0004', '00'])('that begin with %s are no object stream', (hex) => {
    expect(readCheckpointProperties(Buffer.from(hex, 'hex'))).toEqual({ status: 'no-object-stream' });
  });

  it('that end early are cut off, wherever', () => {
    for (const kind of KINDS) {
      const bytes = writeProperties(kind);
      for (let length = 0; length < bytes.length; length += 1) {
        expect(readCheckpointProperties(bytes.subarray(0, length))).toEqual({ status: 'cut-off' });
      }
    }
  });

  it('with any byte changed have an outcome', () => {
    assert(
      property(constantFrom(...KINDS), nat(), nat(255), (kind, at, value) => {
        const bytes = writeProperties(kind);
        bytes[at % bytes.length] = value;
        expect(['understood', 'not-understood', 'cut-off', 'no-object-stream']).toContain(
          readCheckpointProperties(bytes).status,
        );
      }),
      { seed: 20_250_611, numRuns: 3000 },
    );
  });
});
