import type { LifecycleWriter } from '#ports/lifecycle-writer.ts';
import type { Steward } from './steward.ts';

/** The writer for the rules of a location's bucket; null for a directory. Only `lifecycle-rules` opens one. */
export function lifecycleWriterOf({ reach }: Steward['locations'][number]): LifecycleWriter | null {
  if (reach.kind !== 'bucket') return null;
  return {
    replace: async (document, options) => {
      const { S3LifecycleWriter } = await import('#adapters/s3/s3-lifecycle-writer.ts');
      await new S3LifecycleWriter(reach).replace(document, options);
    },
  };
}
