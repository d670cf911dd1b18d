import { resolve as resolvePath } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ByteWindow } from '#core/flink/metadata/byte-window.ts';
import { MetadataError } from '#core/flink/metadata/metadata-error.ts';
import type { FileReference } from '#core/flink/metadata/model.ts';
import { parseMetadata } from '#core/flink/metadata/read-metadata.ts';
import { parseFlinkPath, printFlinkPath, resolveReference } from '#core/flink/state-path.ts';
import { kindOf, operatorOf, VECTORS, type Vector, vectorsIn } from '#test/support/vectors.ts';

/** Those of the tree, and those of a folder that `STEWARD_VECTORS` names. */
const OWN = vectorsIn(VECTORS);
const more = process.env.STEWARD_VECTORS ?? '';
const FURTHER = more === '' ? [] : vectorsIn(resolvePath(more));

describe('The reader, beside that of Flink', () => {
  it('has vectors to be held against', () => {
    expect(OWN.length).toBeGreaterThan(30);
    expect(more === '' || FURTHER.length > 0, `no *.metadata in ${more}`).toBe(true);
  });

  it.each([...OWN, ...FURTHER].map((vector) => [vector.name, vector] as const))(
    'reads %s as Flink reads it',
    (_, { bytes, text, expected }) => {
      // Flink overlooks what follows the last structure.
      if (expected.error !== undefined || expected.trailingBytes > 0) {
        expect(() => parseMetadata(bytes)).toThrow(MetadataError);
        return;
      }

      // Act
      const { summary, operators, references } = parseMetadata(bytes);

      // Assess
      expect(summary).toEqual({
        formatVersion: expected.formatVersion,
        // From the text, because a Java long can be more than a number holds.
        checkpointId: BigInt(/"checkpointId": "?(\d+)/.exec(text)?.[1] ?? -1),
        kind: kindOf(expected.properties),
        operators: expected.operators.length,
        references: expected.fileReferences,
        inlineBytes: BigInt(expected.inlineBytes),
        propertiesRead: true,
        usesChangelog: Object.keys(expected.handleKinds).some((kind) => kind.includes('Changelog')),
        fileBytes: expected.fileLength,
      });
      expect(byId(operators)).toEqual(byId(expected.operators.map(operatorOf)));
      const paths = new Set(references.map((reference) => resolve(reference, expected.pointer)));
      expect([...paths].sort()).toEqual([...expected.distinctPaths].sort());
    },
  );
});

/** Every tag of a handle that Flink's reader knows, by what is read when it is met. */
const TAGS = {
  'keyed-handle': [0, 3, 5, 7, 8, 9, 10, 11, 12, 13, 14],
  'operator-handle': [4, 17],
  'stream-handle': [0, 1, 2, 3, 6, 15, 16],
  'channel-state': [1, 2, 3, 4],
};
/** By the names of Flink's classes. */
const KINDS = [
  'ByteStreamStateHandle',
  'ChangelogStateBackendHandleImpl',
  'ChangelogStateHandleStreamImpl',
  'EmptyFileMergingOperatorStreamStateHandle',
  'EmptySegmentFileStateHandle',
  'FileMergingOperatorStreamStateHandle',
  'FileStateHandle',
  'InMemoryChangelogStateHandle',
  'IncrementalRemoteKeyedStateHandle',
  'InputChannelStateHandle',
  'KeyGroupsSavepointStateHandle',
  'KeyGroupsStateHandle',
  'MergedInputChannelStateHandle',
  'MergedResultSubpartitionStateHandle',
  'OperatorStreamStateHandle',
  'RelativeFileStateHandle',
  'ResultSubpartitionStateHandle',
  'SegmentFileStateHandle',
];

describe('The vectors of the tree', () => {
  const read = OWN.flatMap(({ expected }) => (expected.error === undefined ? expected : []));

  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('have every version of the format that Flink reads', () => {
    expect(distinct(read.map(({ formatVersion }) => formatVersion))).toEqual([2, 3, 4, 5, 6]);
  });

  it('have every kind of handle', () => {
    expect(distinct(read.flatMap(({ handleKinds }) => Object.keys(handleKinds)))).toEqual(KINDS);
  });

  it('have every tag, those that Flink reads and no longer writes too', () => {
    expect(tagsOf(OWN)).toEqual(TAGS);
  });

  it('have checkpoints, savepoints of both formats, and some of which Flink says neither', () => {
    expect(distinct(read.map(({ properties }) => kindOf(properties)))).toEqual([
      'checkpoint',
      'savepoint-canonical',
      'savepoint-native',
      'unknown',
    ]);
  });

  it('have operators that finished, whole ones and some of their subtasks', () => {
    const operators = read.flatMap((expected) => expected.operators);
    expect(operators.filter(({ fullyFinished }) => fullyFinished)).not.toEqual([]);
    expect(operators.filter(({ finishedSubtasks }) => finishedSubtasks.length > 0)).not.toEqual([]);
  });

  it('have some that Flink refuses, and one of which it overlooks the end', () => {
    expect(OWN.filter(({ expected }) => expected.error !== undefined)).toHaveLength(8);
    expect(read.filter(({ trailingBytes }) => trailingBytes > 0)).toHaveLength(1);
  });
});

/** The tags that are read when they are read, by the file of the reader that asks for one. */
function tagsOf(vectors: readonly Vector[]): Readonly<Record<string, readonly number[]>> {
  const found = new Map<string, Set<number>>();
  const u8 = ByteWindow.prototype.u8;
  vi.spyOn(ByteWindow.prototype, 'u8').mockImplementation(function (this: ByteWindow) {
    const byte = u8.call(this);
    const [, asker = '', file = ''] =
      /at (\w+) .*\/metadata\/(?!byte-window)([\w-]+)\.ts/.exec(new Error('asked').stack ?? '') ?? [];
    // The other bytes are flags and modes.
    if (/^read(?:Tag|StreamHandle)$/.test(asker) || (file === 'operator-handle' && asker === 'readHead')) {
      found.set(file, (found.get(file) ?? new Set()).add(byte));
    }
    return byte;
  });
  for (const { bytes, expected } of vectors)
    if (expected.error === undefined && expected.trailingBytes === 0) parseMetadata(bytes);
  return Object.fromEntries([...found].map(([file, tags]) => [file, distinct([...tags])]));
}

function distinct<T extends string | number>(values: readonly T[]): readonly T[] {
  return [...new Set(values)].sort((left, right) => (left < right ? -1 : 1));
}

function byId<T extends { readonly id: string }>(operators: readonly T[]): T[] {
  return [...operators].sort((left, right) => (left.id < right.id ? -1 : 1));
}

function resolve(reference: FileReference, pointer: string): string {
  const directory = parseFlinkPath(pointer.slice(0, -'/_metadata'.length));
  const path = directory === null ? null : resolveReference(reference, directory);
  return path === null ? `${reference.path} does not resolve` : printFlinkPath(path);
}
