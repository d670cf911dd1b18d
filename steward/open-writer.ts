import type { AreaWriter } from '#ports/area-writer.ts';
import type { Reach } from './open-area.ts';

/** What writes into a location and can delete nothing there, for programs that must not even hold a deleter. */
export async function openWriter(reach: Reach): Promise<AreaWriter> {
  if (reach.kind === 'directory') {
    const { LocalWriter } = await import('#adapters/local/local-writer.ts');
    return new LocalWriter(reach.path);
  }
  // Loaded only where there is a bucket: the SDK takes longer to load than a small directory to survey.
  const { S3Writer } = await import('#adapters/s3/s3-writer.ts');
  return new S3Writer(reach);
}
