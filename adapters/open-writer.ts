import type { AreaWriter } from '#ports/area-writer.ts';
import { LocalWriter } from './local/local-writer.ts';
import type { Reach } from './open-area.ts';
import { S3Writer } from './s3/s3-writer.ts';

/** What writes into a location and can delete nothing there, for programs that must not even hold a deleter. */
export function openWriter(reach: Reach): AreaWriter {
  return reach.kind === 'directory' ? new LocalWriter(reach.path) : new S3Writer(reach);
}
