import type { StoreProbe } from '#ports/store-probe.ts';
import type { OpenedArea } from './open-area.ts';

/**
 * Opens what finds out about the store of a location. Null for a directory: there the steward itself compares before it
 * writes or deletes.
 */
export async function openProbe({ reach, area }: OpenedArea['locations'][number]): Promise<StoreProbe | null> {
  if (reach.kind === 'directory') return null;
  const { S3Probe } = await import('#adapters/s3/s3-probe.ts');
  return new S3Probe({ ...reach, prefix: area.prefix });
}
