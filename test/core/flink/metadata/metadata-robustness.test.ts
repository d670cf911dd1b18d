import { array, assert, constantFrom, integer, nat, type Parameters, property, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MetadataError } from '#core/flink/metadata/metadata-error.ts';
import { MetadataParser } from '#core/flink/metadata/metadata-parser.ts';
import type { FileReference, MetadataSummary, OperatorSummary } from '#core/flink/metadata/model.ts';
import { parseMetadata } from '#core/flink/metadata/read-metadata.ts';
import { type Channel, type MetadataFile, type Operator, writeMetadata } from '#test/support/metadata-writer.ts';
import type { KeyedHandle, StreamHandle } from '#test/support/state-handle-writer.ts';

/** A new seed each run finds new cases; fast-check prints the seed of a failure, and STEWARD_SEED repeats it. */
const RUNS: Parameters<unknown> =
  process.env.STEWARD_SEED === undefined ? { numRuns: 400 } : { numRuns: 400, seed: Number(process.env.STEWARD_SEED) };

const STREAMS: readonly StreamHandle[] = [
  { inline: 300 },
  { file: 's3://b/cp/shared/a-file', bytes: 2n ** 60n },
  { relative: 'ünïcode-😀', bytes: -1 },
  { segment: 's3://b/cp/shared/merged', bytes: 12 },
  { emptySegment: true },
  { keyGroups: { first: 3, count: 4 }, of: { file: 's3://b/wrapped' } },
];

const INCREMENTAL: KeyedHandle = {
  tag: 11,
  meta: { relative: 'meta' },
  shared: STREAMS.map((handle, index) => ({ local: `${index}.sst`, handle })),
  exclusive: [{ local: 'CURRENT', handle: { inline: 16 } }],
};

const CHANGELOG: KeyedHandle = {
  tag: 14,
  base: [INCREMENTAL, null, { tag: 7, of: { relative: 'base' } }],
  changes: [
    { tag: 9, changes: [{ keyGroup: -1, bytes: 40 }] },
    { tag: 13, segments: [{ file: 's3://b/log' }, { inline: 4 }] },
  ],
};

const CHANNELS: readonly Channel[] = [{ offsets: 3, of: { file: 's3://b/channel' } }];

function everything(version: number): MetadataFile {
  const merged: readonly Channel[] = version === 6 ? [{ merged: 30, of: { relative: 'merged' } }] : [];
  const operators: Operator[] = [
    {
      id: '0123456789abcdef0011223344556677',
      name: 'Näme',
      coordinator: { inline: 50 },
      subtasks: [
        {
          index: 0,
          managedOperator: { tag: 17, of: { segment: 's3://b/merged' } },
          rawOperator: { tag: 4, of: { relative: 'raw' } },
          managedKeyed: CHANGELOG,
          rawKeyed: { tag: 12, of: { inline: 10 } },
          input: [...CHANNELS, ...merged],
          result: [...merged, ...CHANNELS],
        },
        { index: 1, managedKeyed: { tag: 5, meta: null } },
      ],
    },
  ];
  if (version > 2) {
    operators.push({ id: 'ff'.repeat(16), subtasks: 'finished' }, { id: '00'.repeat(16), subtasks: [] });
  }
  return { version, checkpointId: 7, masterStates: [{ name: 'hook', bytes: 20 }], operators };
}

const FILES = [2, 3, 4, 5, 6].map((version) => writeMetadata(everything(version)));
const anyFile = constantFrom(...FILES);

interface Outcome {
  readonly references: readonly FileReference[];
  readonly operators: readonly OperatorSummary[];
  readonly end: MetadataSummary | Pick<MetadataError, 'code' | 'offset' | 'message' | 'referencesRead'>;
}

/** What comes of the bytes in chunks that end at the given places; anything but a MetadataError is thrown on. */
function outcomeOf(bytes: Uint8Array, ends: readonly number[], fileBytes?: number): Outcome {
  const references: FileReference[] = [];
  const operators: OperatorSummary[] = [];
  const visitor = {
    reference: (reference: FileReference) => references.push(reference),
    operator: (operator: OperatorSummary) => operators.push(operator),
  };
  const parser = new MetadataParser(visitor, { fileBytes });
  try {
    let at = 0;
    for (const end of [...ends, bytes.length]) {
      const chunk = Uint8Array.from(bytes.subarray(at, end));
      parser.write(chunk);
      chunk.fill(0xee);
      at = Math.max(at, end);
    }
    return { references, operators, end: parser.end() };
  } catch (error) {
    if (!(error instanceof MetadataError)) {
      throw error;
    }
    const { code, offset, message, referencesRead } = error;
    return { references, operators, end: { code, offset, message, referencesRead } };
  }
}

function everyByte(bytes: Uint8Array): number[] {
  return Array.from(bytes, (_, index) => index + 1);
}

function changed(file: Uint8Array, changes: readonly (readonly [number, number])[]): Uint8Array {
  const bytes = Uint8Array.from(file);
  for (const [at, value] of changes) {
    bytes[at % bytes.length] = value;
  }
  return bytes;
}

describe('A file of every handle there is', () => {
  it.each(FILES.map((file, index) => [index + 2, file] as const))('is read in format version %i', (version, file) => {
    const { summary, references } = parseMetadata(file);
    expect(summary.formatVersion).toBe(version);
    expect(references.length).toBe({ 2: 9, 6: 13 }[version] ?? 11);
  });

  it.each(FILES.map((file, index) => [index + 2, file] as const))(
    'of format version %i cut off anywhere is truncated, and never anything else',
    (_, file) => {
      for (let length = 0; length < file.length; length += 1) {
        const cut = file.subarray(0, length);
        expect(outcomeOf(cut, []).end).toMatchObject({ code: 'truncated', offset: length });
        expect(outcomeOf(cut, [], file.length).end).toMatchObject({ code: 'truncated', offset: length });
        expect(() => parseMetadata(cut)).toThrow(MetadataError);
      }
    },
  );

  it('names, cut off anywhere, the first of the references of the whole', () => {
    assert(
      property(anyFile, nat(), (file, at) => {
        const whole = outcomeOf(file, []).references;
        const { references, end } = outcomeOf(file.subarray(0, at % file.length), []);
        expect(references).toEqual(whole.slice(0, references.length));
        expect(end).toMatchObject({ referencesRead: references.length });
      }),
      RUNS,
    );
  });
});

describe('What comes out of a file', () => {
  it('is the same byte by byte', () => {
    for (const file of FILES) {
      expect(outcomeOf(file, everyByte(file))).toEqual(outcomeOf(file, []));
      expect(outcomeOf(file, everyByte(file), file.length)).toEqual(outcomeOf(file, [], file.length));
    }
  });

  it('does not depend on the chunks, whole or changed, of known length or not', () => {
    assert(
      property(
        anyFile,
        array(nat(2000), { maxLength: 40 }),
        array(
          constantFrom(0, 1, 2, 16, 127, 128, 192, 255).chain((value) => nat().map((at) => [at, value] as const)),
          {
            maxLength: 2,
          },
        ),
        integer({ min: -5, max: 5 }),
        (file, cuts, changes, extra) => {
          const bytes = changed(file, changes);
          const ends = cuts.filter((cut) => cut < bytes.length).sort((left, right) => left - right);
          expect(outcomeOf(bytes, ends)).toEqual(outcomeOf(bytes, []));
          const announced = bytes.length + extra;
          expect(outcomeOf(bytes, ends, announced)).toEqual(outcomeOf(bytes, [], announced));
        },
      ),
      RUNS,
    );
  });
});

describe('Bytes that are no _metadata file', () => {
  it('are read or refused, never anything else, with any byte changed', () => {
    assert(
      property(
        anyFile,
        array(
          nat().chain((at) => nat(255).map((value) => [at, value] as const)),
          { maxLength: 8 },
        ),
        (file, changes) => {
          const { references, end } = outcomeOf(changed(file, changes), []);
          expect('code' in end ? end.referencesRead : end.references).toBe(references.length);
        },
      ),
      { ...RUNS, numRuns: 1500 },
    );
  });

  it('are refused when they are random', () => {
    assert(
      property(uint8Array({ maxLength: 300 }), (bytes) => {
        expect(() => parseMetadata(bytes)).toThrow(MetadataError);
      }),
      RUNS,
    );
  });

  it('are read or refused when they are random after a good beginning', () => {
    assert(
      property(anyFile, nat(), uint8Array({ maxLength: 200 }), (file, at, bytes) => {
        const beginning = file.subarray(0, 20 + (at % (file.length - 20)));
        const { end } = outcomeOf(Buffer.concat([beginning, bytes]), []);
        expect(Object.keys(end).length).toBeGreaterThan(3);
      }),
      { ...RUNS, numRuns: 1500 },
    );
  });

  it('cost no memory for counts that they only claim', () => {
    // Prepare: each 32-bit word in turn becomes the largest count, without a length to hold it against.
    for (const file of FILES) {
      for (let at = 8; at + 4 <= file.length; at += 1) {
        const bytes = Buffer.from(file);
        bytes.writeInt32BE(0x7fffffff, at);

        // Act and assess
        expect(outcomeOf(bytes, []).references.length).toBeLessThan(20);
      }
    }
  });
});
