import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { contentsOf, RECORDINGS, recordedBucket } from '#test/support/corpus.ts';
import { fileHeavyMetadata, inlineHeavyMetadata, type LargeMetadata } from '#test/support/large-metadata.ts';
import { VECTORS, vectorsIn } from '#test/support/vectors.ts';
import { manyChannels, manyOperators } from './large-job-metadata.ts';

/** `_metadata` files that are measured together, below a folder of their own. */
export interface MetadataSet {
  readonly name: string;
  readonly folder: string;
  readonly files: number;
  readonly bytes: number;
}

const MEBIBYTE = 1024 * 1024;

/**
 * Lays out the files that both readers read: the vectors that Flink takes, the roots of the recorded buckets, and
 * generated files of about 8 MiB.
 *
 * @param into is made, with a folder for each set.
 * @param each whether every vector and every recorded bucket is a set by itself.
 */
export async function layMetadataSets(into: string, each: boolean): Promise<readonly MetadataSet[]> {
  const vectors = takenVectors();
  const recorded = await recordedRoots();
  const sets = [
    named('one recorded checkpoint', recorded.flatMap(({ roots }) => roots).slice(0, 1)),
    ...(each ? vectors.map((vector) => named(`vector ${vector.name}`, [vector])) : [named('vectors', vectors)]),
    ...(each
      ? recorded.map(({ bucket, roots }) => named(`recording ${bucket}`, roots))
      : [
          named(
            'recordings',
            recorded.flatMap(({ roots }) => roots),
          ),
        ]),
    named('60,000 files of incremental state', [whole(fileHeavyMetadata(8 * MEBIBYTE))]),
    named('state inline', [whole(inlineHeavyMetadata(8 * MEBIBYTE))]),
    named('2,000 operators of 4 subtasks', [{ name: '0', bytes: manyOperators(2_000, 4) }]),
    named('channels of 1,600 subtasks', [{ name: '0', bytes: manyChannels(100, 16, 32) }]),
  ];
  return sets.map(({ name, files }, at) => {
    const folder = join(into, String(at));
    for (const file of files) {
      mkdirSync(join(folder, file.name), { recursive: true });
      writeFileSync(join(folder, file.name, '_metadata'), file.bytes);
    }
    return { name, folder, files: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes.length, 0) };
  });
}

interface MetadataFile {
  /** Of the folder in which it lies. */
  readonly name: string;
  readonly bytes: Buffer;
}

function named(name: string, files: readonly MetadataFile[]): { name: string; files: readonly MetadataFile[] } {
  return { name, files };
}

/** Flink overlooks bytes after the last structure, which the steward refuses. */
function takenVectors(): readonly MetadataFile[] {
  return vectorsIn(VECTORS).filter(({ expected }) => expected.error === undefined && expected.trailingBytes === 0);
}

async function recordedRoots(): Promise<readonly { bucket: string; roots: readonly MetadataFile[] }[]> {
  return await Promise.all(
    RECORDINGS.map(async (bucket) => {
      const recording = await recordedBucket(bucket);
      const contents = await contentsOf(recording);
      const roots = recording.roots.map(({ metadata }, at) => ({
        name: `${bucket}-${at}`,
        bytes: contents.get(metadata) ?? Buffer.alloc(0),
      }));
      return { bucket, roots };
    }),
  );
}

function whole(file: LargeMetadata): MetadataFile {
  return { name: '0', bytes: Buffer.concat([...file.chunks()].map((chunk) => Buffer.from(chunk))) };
}
