import { incrementalCheckpoint } from '#test/support/metadata-writer.ts';
import { type CheckpointShape, generatedCheckpoints } from '#tools/embedded-s3/generated-checkpoints.ts';
import type { ObjectSource } from '#tools/embedded-s3/generated-objects.ts';

/** Share of a job's shared files that its checkpoint names. */
const LIVE_SHARE = 0.6;
const IN_CHECKPOINT = 3;
const UPLOAD_MILLISECONDS = 2_000;

/**
 * The generated checkpoints with something to restore: each job's `_metadata` names the first part of its shared files,
 * and the rest is garbage. Files are older than the checkpoint that completes them.
 *
 * @param bucket what the references say.
 */
export function restorableCheckpoints(shape: CheckpointShape, bucket: string): ObjectSource {
  const source = generatedCheckpoints(shape);
  const perJob = Math.floor(shape.objects / shape.jobs);
  const live = Math.floor((perJob - IN_CHECKPOINT) * LIVE_SHARE);
  const contents = new Map<number, Buffer>();

  const metadataOf = (job: number): Buffer => {
    const first = job * perJob;
    const file = (rank: number): { path: string; bytes: number } => {
      const { content } = source.objectAt(rank, source.keyAt(rank));
      return { path: `s3://${bucket}/${source.keyAt(rank)}`, bytes: typeof content === 'number' ? content : 0 };
    };
    return incrementalCheckpoint({
      id: 1_000,
      kind: 'checkpoint',
      shared: Array.from({ length: live }, (_, index) => file(first + IN_CHECKPOINT + index)),
      exclusive: [file(first), file(first + 2)],
    });
  };

  return {
    ...source,
    objectAt: (rank, key) => {
      const object = source.objectAt(rank, key);
      if (!key.includes('/chk-')) return { ...object, modified: object.modified - UPLOAD_MILLISECONDS };
      if (!key.endsWith('/_metadata')) return { ...object, modified: shape.newest - UPLOAD_MILLISECONDS };
      const job = Math.min(shape.jobs - 1, Math.floor(rank / perJob));
      const content = contents.get(job) ?? metadataOf(job);
      contents.set(job, content);
      return { content, modified: shape.newest };
    },
  };
}
