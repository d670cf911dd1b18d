import type { AreaWriter } from '#ports/area-writer.ts';
import type { Reach } from './open-area.ts';

/** Opens write access to a location, without the ability to delete, for programs that must not even have a deleter. */
export async function openWriter(reach: Reach): Promise<AreaWriter> {
  if (reach.kind === 'directory') {
    const { LocalWriter } = await import('#adapters/local/local-writer.ts');
    return new LocalWriter(reach.path);
  }
  // Loaded only for a bucket: loading the SDK takes longer than a survey of a small directory.
  const { S3Writer } = await import('#adapters/s3/s3-writer.ts');
  return new S3Writer(reach);
}
