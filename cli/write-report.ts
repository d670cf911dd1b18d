import { resolve } from 'node:path';
import { writeWholeFile } from '#steward/write-whole-file.ts';
import { UsageError } from './errors.ts';
import type { Io } from './io.ts';
import { realPlace } from './local-places.ts';
import { systemFailure } from './system-failure.ts';

/**
 * Writes a page as a whole: who looks at the file meanwhile sees the old one or the new one.
 *
 * @throws UsageError where the file can't be written.
 */
export async function writeReport(file: string, page: string, io: Io): Promise<void> {
  io.signal?.throwIfAborted();
  try {
    // Through a link, so that the link stays one.
    await writeWholeFile(await realPlace(resolve(io.cwd, file)), page);
  } catch (error) {
    throw new UsageError(
      `${file} can't be written: ${systemFailure(error, 'no such folder')}. Name a file in a folder that exists and has room.`,
      { cause: error },
    );
  }
}
