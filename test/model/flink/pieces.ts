import type { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { SnapshotKind } from '#core/flink/metadata/model.ts';
import { writeMetadata } from '#test/support/metadata-writer.ts';

/** A part of a job's state that lies in one file, or will: an SST, a changelog segment, a materialised file. */
export interface Piece {
  readonly number: number;
  /** The file that a next checkpoint names for it without uploading it again; null where it must be uploaded. */
  key: string | null;
  /** A part of a merged file, which is uploaded by its worker when that closes it. */
  readonly merged: boolean;
  /** Who deletes it: a merged file its worker, every other the JobManager. */
}

/** What a root names, by the model's own word. */
export interface NamedFile {
  readonly key: string;
  /** How the `_metadata` writes it: as it is, or (FLINK-39964) as if it lay beside the `_metadata`. */
  readonly written: 'absolute' | 'beside';
  readonly merged: boolean;
}

/** A `_metadata`, and what a restore from it needs. */
export interface RootTruth {
  /** Of the `_metadata`. */
  readonly key: string;
  readonly id: number;
  readonly kind: SnapshotKind;
  readonly jobId: string;
  /** Of the job: its checkpoints are there. */
  readonly directory: string;
  readonly shared: readonly NamedFile[];
  /** Files that only this root needs. */
  readonly exclusive: readonly string[];
  /** Files that are named only inside opaque state: those of write-ahead sinks. */
  readonly opaque: readonly string[];
  readonly written: number;
}

export function* needsOf(root: RootTruth): Generator<string> {
  for (const { key } of root.shared) {
    yield key;
  }
  yield* root.exclusive;
  yield* root.opaque;
}

/** The content of a state file; all of one size. */
export function stateContent(key: string): Buffer {
  return createHash('md5').update(key).digest();
}

const BYTES = 16;

/** The name of a state file. */
export function uuid(number: number): string {
  return `${number.toString(16).padStart(8, '0')}-0b6e-4d38-a3d1-${(number * 7 + 1).toString(16).padStart(12, '0')}`;
}

export function metadataOf(root: RootTruth, bucket: string): Buffer {
  const own = root.key.slice(0, -'_metadata'.length);
  const handleOf = (key: string): { relative: string; bytes: number } | { file: string; bytes: number } =>
    key.startsWith(own)
      ? { relative: key.slice(own.length), bytes: BYTES }
      : { file: `${bucket}/${key}`, bytes: BYTES };
  const shared = root.shared.map(({ key, written, merged }, index) => ({
    local: `${index}.sst`,
    handle: merged
      ? { segment: `${bucket}/${key}`, bytes: 4, start: 0 }
      : written === 'beside'
        ? { relative: key.slice(key.lastIndexOf('/') + 1), bytes: BYTES }
        : handleOf(key),
  }));
  return writeMetadata({
    version: 4,
    checkpointId: root.id,
    kind: root.kind,
    operators: [
      {
        id: '20ba6b65f97481d5570070de90e4e791',
        parallelism: 1,
        subtasks: [
          {
            index: 0,
            managedKeyed: {
              tag: 11,
              groups: { first: 0, count: 128 },
              meta: { inline: 8 },
              shared,
              exclusive: root.exclusive.map((key, index) => ({ local: `MANIFEST-${index}`, handle: handleOf(key) })),
            },
          },
        ],
      },
    ],
  });
}
