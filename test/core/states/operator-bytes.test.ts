import { describe, expect, it } from 'vitest';
import { MetadataParser } from '#core/flink/metadata/metadata-parser.ts';
import { parseMetadata } from '#core/flink/metadata/read-metadata.ts';
import { NamedFiles } from '#core/states/named-files.ts';
import { type OperatorBytes, OperatorBytesCounter, operatorName, skewOf } from '#core/states/operator-bytes.ts';
import { type Subtask, writeMetadata } from '#test/support/metadata-writer.ts';
import type { LocalFile } from '#test/support/state-handle-writer.ts';
import { VECTORS, vectorsIn } from '#test/support/vectors.ts';

const READABLE = vectorsIn(VECTORS).flatMap(({ name, bytes, expected }) =>
  expected.error === undefined && expected.trailingBytes === 0 ? [{ name, bytes, operators: expected.operators }] : [],
);
const ID = 'a'.repeat(32);
/** The size that the writer of the tests puts beside the handle of a channel, whatever file that names. */
const CHANNEL_BYTES = 77;

function counted(bytes: Uint8Array): readonly OperatorBytes[] {
  const counter = new OperatorBytesCounter();
  const parser = new MetadataParser({ reference: () => {}, state: (...told) => counter.state(...told) });
  parser.write(bytes);
  parser.end();
  return counter.operators();
}

function ofSubtasks(subtasks: readonly Subtask[], parallelism: number): OperatorBytes | undefined {
  return counted(writeMetadata({ version: 4, operators: [{ id: ID, parallelism, subtasks }] }))[0];
}

function withState(index: number, bytes: number): Subtask {
  return { index, managedKeyed: { tag: 12, of: { file: `s3://b/${index}`, bytes } } };
}

describe('the state of a root by operator', () => {
  it.each(READABLE)("is what Flink's own reader counts, all of it and what is new: $name", ({ bytes, operators }) => {
    const ours = new Map(counted(bytes).map((one) => [one.operator.id, one]));

    const found = operators.map(({ id }) => [id, ours.get(id)?.bytes ?? 0, ours.get(id)?.newBytes ?? 0]);

    expect(found).toEqual(operators.map(({ id, stateBytes, newBytes }) => [id, stateBytes, newBytes]));
  });

  it.each(READABLE)('is the sum of its subtasks and its coordinator: $name', ({ bytes }) => {
    const operators = counted(bytes);

    expect(operators.map(({ subtasks, byKind }) => sum(subtasks) + byKind.coordinator)).toEqual(
      operators.map((operator) => operator.bytes),
    );
  });

  it.each(['flink1.20-s3-claim-chain--5bfa24-chk-17', 'flink2.3-s3-rocksdb-inc-retained3--172902-chk-14'])(
    'sums up to the files and the inline state of a root that names each file once: %s',
    (name) => {
      const bytes = READABLE.find((vector) => vector.name === name)?.bytes ?? Buffer.of();
      const { references, summary } = parseMetadata(bytes);

      const files = new Map(references.map((reference) => [reference.path, reference]));

      expect(sum(counted(bytes))).toBe(sum([...files.values()]) + Number(summary.inlineBytes));
    },
  );

  it('tells each kind apart', () => {
    // Prepare
    const subtask: Subtask = {
      index: 1,
      managedOperator: { tag: 4, of: { inline: 1 } },
      rawOperator: { tag: 4, of: { file: 's3://b/1', bytes: 20 } },
      managedKeyed: { tag: 12, of: { file: 's3://b/2', bytes: 300 } },
      rawKeyed: { tag: 12, of: { file: 's3://b/3', bytes: 4_000 } },
      input: [{ offsets: 1, of: { file: 's3://b/4', bytes: 99 } }],
    };
    const operator = { id: ID, parallelism: 2, coordinator: { inline: 600_000 }, subtasks: [subtask] };

    // Act
    const [found] = counted(writeMetadata({ version: 4, operators: [operator] }));

    // Assess
    expect(found).toMatchObject({
      bytes: 604_321 + CHANNEL_BYTES,
      newBytes: 604_321 + CHANNEL_BYTES,
      byKind: {
        keyed: 300,
        operator: 21,
        channel: CHANNEL_BYTES,
        timers: 4_000,
        changelog: 0,
        coordinator: 600_000,
      },
      subtasks: [{ subtask: 1, bytes: 4_321 + CHANNEL_BYTES }],
    });
  });

  it('adds up an operator that a file has twice, and puts the largest first', () => {
    const one = { id: ID, parallelism: 1, subtasks: [withState(0, 5)] };
    const other = { id: 'b'.repeat(32), parallelism: 1, subtasks: [withState(0, 9)] };

    const found = counted(writeMetadata({ version: 4, operators: [one, other, one] }));

    expect(found.map(({ operator, bytes }) => [operator.id.slice(0, 1), bytes])).toEqual([
      ['a', 10],
      ['b', 9],
    ]);
  });
});

describe('the skew of an operator', () => {
  it.each([
    [
      'of an even number of subtasks',
      [10, 30, 90, 20],
      4,
      { subtask: 2, bytes: 90, median: 25, keyGroups: { first: 64, last: 95 } },
    ],
    ['of an odd number', [10, 30, 90], 3, { subtask: 2, bytes: 90, median: 30, keyGroups: { first: 86, last: 127 } }],
    [
      'with subtasks that hold nothing',
      [90, 10],
      4,
      { subtask: 0, bytes: 90, median: 5, keyGroups: { first: 0, last: 31 } },
    ],
    ['of which most hold nothing', [90], 4, { subtask: 0, bytes: 90, median: 0, keyGroups: { first: 0, last: 31 } }],
  ])('is its largest subtask beside the median: %s', (_, sizes, parallelism, expected) => {
    const operator = ofSubtasks(
      sizes.map((bytes, index) => withState(index, bytes)),
      parallelism,
    );

    expect(operator && skewOf(operator)).toEqual(expected);
  });

  it.each([
    ['one subtask', [withState(0, 7)], 1],
    ['no state', [withState(0, 0), withState(1, 0)], 2],
  ])('is none with %s', (_, subtasks, parallelism) => {
    const operator = ofSubtasks(subtasks, parallelism);

    expect(operator && skewOf(operator)).toBeNull();
  });

  it('is none of an operator of which every subtask has finished', () => {
    const operators = [{ id: ID, parallelism: 3, subtasks: 'finished' as const }];

    expect(counted(writeMetadata({ version: 5, operators })).map(skewOf)).toEqual([null]);
  });
});

it('calls an operator by its name, else its uid, else its id', () => {
  const names = [
    { name: 'dedupe', uid: 'dedupe-v2', id: ID },
    { name: null, uid: 'dedupe-v2', id: ID },
    { name: null, uid: null, id: ID },
  ];

  expect(names.map(operatorName)).toEqual(['dedupe', 'dedupe-v2', ID]);
});

function sum(sizes: readonly { readonly bytes: number | bigint }[]): number {
  return sizes.reduce((all, { bytes }) => all + Number(bytes), 0);
}

describe('what is new since the root before', () => {
  const inline = { inline: 9 } as const;
  const handle = (file: string, bytes: number) => ({ local: `${file}.sst`, handle: { file: `s3://b/${file}`, bytes } });
  const root = (files: readonly LocalFile[]) =>
    writeMetadata({
      version: 4,
      operators: [{ id: ID, subtasks: [{ index: 0, managedKeyed: { tag: 11, meta: inline, shared: files } }] }],
    });
  const newOf = (before: Uint8Array, bytes: Uint8Array): number | undefined => {
    const directory = { scheme: 's3', authority: 'b', path: '/chk-2/' };
    const named = new NamedFiles({ ...directory, path: '/chk-1/' });
    for (const reference of parseMetadata(before).references) named.reference(reference);
    const counter = new OperatorBytesCounter({ has: (reference) => named.has(reference, directory) });
    const parser = new MetadataParser({
      reference: (...told) => counter.reference(...told),
      state: (...told) => counter.state(...told),
    });
    parser.write(bytes);
    parser.end();
    return counter.operators()[0]?.newBytes;
  };

  it('is what that one does not name', () => {
    expect(newOf(root([handle('1', 100)]), root([handle('1', 100), handle('2', 30)]))).toBe(39);
  });

  it('counts a file whose size is not known as nothing', () => {
    const unknown = { local: '1.sst', handle: { file: 's3://b/1', bytes: -1 } };

    expect(newOf(root([handle('1', 100)]), root([unknown]))).toBe(9);
  });

  it('takes a part without a start for the first of its file, and all of other kinds of state for new', () => {
    const directory = { scheme: 's3', authority: 'b', path: '/chk-1/' };
    const named = new NamedFiles(directory);
    const part = { path: 's3://b/m', relative: false, bytes: 50n, segment: true };
    named.reference(part);
    const counter = new OperatorBytesCounter({ has: (reference) => named.has(reference, directory) });
    const operator = { id: ID, name: null, uid: null, parallelism: 1, maxParallelism: 128 };
    for (const kind of ['keyed', 'changelog', 'operator'] as const) {
      const place = { operator, subtask: 0, kind, part: 'whole' } as const;
      counter.state(place, 50, 0);
      counter.reference({ ...part, start: 0n }, place);
    }

    expect(counter.operators()).toMatchObject([{ bytes: 150, newBytes: 50 }]);
  });

  it('passes over a path that Flink itself cannot resolve', () => {
    const directory = { scheme: 's3', authority: 'b', path: '/chk-1/' };
    const named = new NamedFiles(directory);
    const reference = { path: ':', relative: false, bytes: 1n, segment: false };
    named.reference(reference);

    expect(named.has(reference, directory)).toBe(false);
  });

  it('tells parts of one merged file apart', () => {
    const part = (start: number) => ({
      local: `${start}.sst`,
      handle: { segment: 's3://b/m', start, bytes: 50 },
    });
    expect(newOf(root([part(0)]), root([part(0), part(50)]))).toBe(59);
  });
});
