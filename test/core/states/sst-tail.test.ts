import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LONGEST_TAIL, readSstTail, USUAL_TAIL } from '#core/states/sst-tail.ts';
import { block, footer, handle, sst, varint } from '#test/support/sst-writer.ts';

const UNKNOWN = {
  family: null,
  entries: null,
  deletions: null,
  merges: null,
  rawKeyBytes: null,
  rawValueBytes: null,
  compression: null,
  written: null,
  oldest: null,
};
/** Of the tables of these tests: two handles under their names, a restart, and a trailer. */
const DIRECTORY_BYTES = 48;
const PAYLOAD = {
  'column.family.name': 'payload',
  'num.entries': 400,
  'deleted.keys': 12,
  'merge.operands': 3,
  'raw.key.size': 8_800,
  'raw.value.size': 53_200,
  compression: 'Snappy',
  'file.creation.time': 1_795_326_702,
  'creation.time': 1_795_326_693,
  'oldest.key.time': 0,
};
const READ = {
  family: 'payload',
  entries: 400,
  deletions: 12,
  merges: 3,
  rawKeyBytes: 8_800,
  rawValueBytes: 53_200,
  compression: 'Snappy',
  written: 1_795_326_702_000,
  oldest: 1_795_326_693_000,
};

function read(table: Uint8Array, known = table.length) {
  return readSstTail(table.subarray(table.length - known), table.length);
}

/** Gives what is asked for until nothing is. */
function readOn(table: Uint8Array) {
  const asked: number[] = [];
  let known = Math.min(table.length, USUAL_TAIL);
  for (;;) {
    const found = read(table, known);
    if (found.outcome !== 'need-more') return { found, asked };
    asked.push(found.from);
    if (table.length - found.from <= known) throw new Error('It asks for what it has.');
    known = table.length - found.from;
  }
}

describe('the end of an SST', () => {
  it.each([4, 5, 6, 7])('tells the state that it is of, and what is in it, in format %i', (format) => {
    expect(read(sst({ properties: PAYLOAD, format }))).toEqual({ outcome: 'table', properties: READ });
  });

  it('tells a name beyond ASCII, and the time of the oldest key', () => {
    const properties = { 'column.family.name': 'Zähler', 'oldest.key.time': 5, 'creation.time': 9 };

    expect(read(sst({ properties }))).toEqual({
      outcome: 'table',
      properties: { ...UNKNOWN, family: 'Zähler', oldest: 5_000 },
    });
  });

  it('tells nothing that is not there, and no time that is none', () => {
    const properties = { 'column.family.name': '', 'file.creation.time': 2 ** 50 };

    expect(read(sst({ properties }))).toEqual({ outcome: 'table', properties: UNKNOWN });
    expect(read(sst({ properties: null }))).toEqual({ outcome: 'table', properties: null });
  });

  it('has no number where its bytes are none', () => {
    const tail = sst({ properties: { 'num.entries': '\x7f\x7f' } });
    const found = read(Buffer.from(tail.toString('latin1').replace('\x7f\x7f', '\xff\xff'), 'latin1'));

    expect(found).toMatchObject({ properties: { entries: null } });
  });

  it('is read in the last kilobytes, or from where the properties begin', () => {
    const near = readOn(sst({ properties: PAYLOAD, data: 100_000 }));
    const far = readOn(sst({ properties: PAYLOAD, data: 100_000, between: 50_000 }));

    expect(near).toEqual({ found: { outcome: 'table', properties: READ }, asked: [] });
    expect(far).toEqual({ found: { outcome: 'table', properties: READ }, asked: [100_000] });
  });

  it('asks for the directory of its blocks where that is larger than what is known', () => {
    const table = sst({ properties: PAYLOAD, data: 500 });

    expect(read(table, 53)).toEqual({ outcome: 'need-more', from: table.length - 53 - DIRECTORY_BYTES });
  });

  it('asks for the usual bytes where less than a footer is known, and never for more than there is', () => {
    expect(readSstTail(Buffer.of(), 100_000)).toEqual({ outcome: 'need-more', from: 100_000 - USUAL_TAIL });
    expect(readSstTail(Buffer.of(), 100)).toEqual({ outcome: 'need-more', from: 0 });
  });

  it('looks at the last bytes of a segment alone', () => {
    const table = sst({ properties: PAYLOAD });

    expect(readSstTail(Buffer.concat([Buffer.alloc(500), table]), table.length)).toMatchObject({ outcome: 'table' });
  });

  it.each([
    ['nothing', Buffer.of()],
    ['less than a footer', sst().subarray(-52)],
    ['another file', Buffer.alloc(4_000, 'MANIFEST')],
    ['a table that lacks its last byte', sst().subarray(0, -1)],
  ])('is none of a file with %s', (_, bytes) => {
    expect(read(bytes)).toEqual({ outcome: 'not-a-table' });
  });

  it.each([
    ['its beginning is missing', sst({ properties: PAYLOAD, data: 5_000 }).subarray(4_000), 'its directory would lie'],
    ['its footer is of no version', footer(0, 0, 8), 'its footer is none'],
    [
      'its footer has no handle',
      Buffer.concat([Buffer.alloc(41, 0xff), footer(0, 0, 5).subarray(41)]),
      'its footer is',
    ],
    ['its directory is shorter than a block', tableOf(Buffer.alloc(3 + 5)), 'the directory of its blocks is none'],
    [
      'its directory has more restarts than bytes',
      tableOf(Buffer.from([9, 0, 0, 0, ...Buffer.alloc(5)])),
      'the directory of its blocks',
    ],
    ['an entry of its directory is cut', tableOf(rawBlock([0, 99, 0])), 'the directory of its blocks is none'],
    ['a key shares more than there is', tableOf(rawBlock([7, 0, 0])), 'the directory of its blocks is none'],
    ['an entry has no length', tableOf(rawBlock([0xff])), 'the directory of its blocks is none'],
    ['its properties are nowhere', tableOf(block([['rocksdb.properties', Buffer.of(0x80)]])), 'the directory of its'],
    [
      'its properties are behind its end',
      tableOf(block([['rocksdb.properties', handle(1_000, 10)]])),
      'its properties would lie behind its own end',
    ],
    [
      'its properties are compressed',
      Buffer.concat([Buffer.alloc(20, 7), tableOf(block([['rocksdb.properties', handle(0, 10)]]), 20)]),
      "its properties can't be read",
    ],
    [
      'its properties are no block',
      Buffer.concat([
        Buffer.alloc(20),
        Buffer.of(9),
        Buffer.alloc(9),
        tableOf(block([['rocksdb.properties', handle(0, 21)]]), 30),
      ]),
      'its properties are not what RocksDB writes',
    ],
  ])('is torn where %s', (_, bytes, why) => {
    expect(read(bytes)).toEqual({ outcome: 'torn', why: expect.stringContaining(why) });
  });

  it('is torn rather than larger than any that Flink writes', () => {
    const end = tableOf(block([['rocksdb.properties', handle(10, 10)]]), 2 * LONGEST_TAIL);

    expect(readSstTail(end, 2 * LONGEST_TAIL + end.length)).toEqual({
      outcome: 'torn',
      why: 'its properties would be larger than any that Flink writes',
    });
  });

  it('answers for any bytes, and asks only for what is there and not known yet', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(10_000), fc.boolean(), (bytes, more, ends) => {
        const end = ends
          ? Buffer.concat([bytes, footer(bytes[0] ?? 0, bytes[1] ?? 0, bytes[2] ?? 5).subarray(-12)])
          : bytes;
        const size = end.length + more;

        const found = readSstTail(end, size);

        return (
          found.outcome !== 'need-more' ||
          (found.from >= 0 && size - found.from > end.length && size - found.from <= LONGEST_TAIL)
        );
      }),
      { numRuns: 2_000 },
    );
  });

  it('answers for a table in which any bytes have changed', () => {
    const table = sst({ properties: PAYLOAD });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(table.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        (changes) => {
          const mutant = Buffer.from(table);
          for (const [at, byte] of changes) mutant[at] = byte;

          const found = read(mutant);

          return found.outcome !== 'need-more';
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

/** The end of a table with this directory, at an offset. */
function tableOf(directory: Buffer, at = 0): Buffer {
  return Buffer.concat([directory, footer(at, directory.length - 5, 5)]);
}

function rawBlock(entries: readonly number[]): Buffer {
  return Buffer.concat([Buffer.from(entries), Buffer.alloc(4), Buffer.from([1, 0, 0, 0]), Buffer.alloc(5)]);
}

it('writes numbers as RocksDB does', () => {
  expect([...varint(300)]).toEqual([0xac, 0x02]);
});
