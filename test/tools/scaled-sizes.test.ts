import { describe, expect, it } from 'vitest';
import { parseMetadata } from '#core/flink/metadata/read-metadata.ts';
import { contentsOf, RECORDINGS, recordedBucket } from '#test/support/corpus.ts';
import { type MetadataFile, writeMetadata } from '#test/support/metadata-writer.ts';
import { SCALE, scaledMetadata } from '#tools/demo/scaled-sizes.ts';

/** Every kind of handle that names a file; one file twice, as Flink does. */
function fileWith(scale: number): MetadataFile {
  const shared = { local: '000012.sst', handle: { file: 's3://bucket/shared/a', bytes: 7 * scale } };
  return {
    version: 4,
    operators: [
      {
        id: '0'.repeat(32),
        subtasks: [
          {
            index: 0,
            managedOperator: { tag: 4, of: { segment: 's3://bucket/merged', bytes: 5 * scale, start: 2 * scale } },
            rawOperator: { tag: 4, of: { relative: 'operator', bytes: 3 * scale } },
            managedKeyed: { tag: 11, meta: { file: 's3://bucket/unknown', bytes: -1 }, shared: [shared, shared] },
          },
        ],
      },
    ],
  };
}

describe('A _metadata of the demo', () => {
  it('differs from the recorded one in the sizes and the offsets of files, and in nothing else', () => {
    // Act
    const scaled = scaledMetadata(writeMetadata(fileWith(1)));
    // Assess
    expect(scaled).toEqual(writeMetadata(fileWith(SCALE)));
  });

  it.each(RECORDINGS)('has the sizes that the objects of the demo would have: %s', async (name) => {
    // Prepare
    const recording = await recordedBucket(name);
    const contents = await contentsOf(recording);
    for (const { metadata } of recording.roots) {
      const content = contents.get(metadata) ?? new Uint8Array();
      // Act
      const scaled = parseMetadata(scaledMetadata(content));
      // Assess
      const { summary, references } = parseMetadata(content);
      expect(scaled.summary).toEqual(summary);
      expect(scaled.references).toEqual(
        references.map(({ start, ...reference }) => ({
          ...reference,
          bytes: reference.bytes * BigInt(SCALE),
          ...(start === undefined ? {} : { start: start * BigInt(SCALE) }),
        })),
      );
    }
  });
});
