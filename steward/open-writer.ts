import { LocalWriter } from '#adapters/local/local-writer.ts';
import { S3Writer } from '#adapters/s3/s3-writer.ts';
import type { AreaWriter } from '#ports/area-writer.ts';
import type { Reach } from './open-area.ts';

/** What writes into a location and can delete nothing there, for programs that must not even hold a deleter. */
export function openWriter(reach: Reach): AreaWriter {
  return reach.kind === 'directory' ? new LocalWriter(reach.path) : new S3Writer(reach);
}
