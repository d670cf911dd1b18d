import { S3LifecycleWriter } from '#adapters/s3/s3-lifecycle-writer.ts';
import type { LifecycleWriter } from '#ports/lifecycle-writer.ts';
import type { Steward } from './steward.ts';

/** The writer for the rules of a location's bucket; null for a directory. Only `lifecycle-rules` opens one. */
export function lifecycleWriterOf({ reach }: Steward['locations'][number]): LifecycleWriter | null {
  return reach.kind === 'bucket' ? new S3LifecycleWriter(reach) : null;
}
