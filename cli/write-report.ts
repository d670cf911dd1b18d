import { resolve } from 'node:path';
import { writeWholeFile } from '#steward/write-whole-file.ts';
import { UsageError } from './errors.ts';
import type { Io } from './io.ts';
import { realPlace } from './local-paths.ts';
import { systemFailure } from './system-failure.ts';

/**
 * Writes a page atomically: a reader sees either the old page or the new one.
 *
 * @throws UsageError if the file can't be written.
 */
export async function writeReport(file: string, page: string, io: Io): Promise<void> {
  io.signal?.throwIfAborted();
  try {
    // The target of a symbolic link is written, so that the link itself is kept.
    await writeWholeFile(await realPlace(resolve(io.cwd, file)), page);
  } catch (error) {
    throw new UsageError(
      `${file} can't be written: ${systemFailure(error, 'no such directory')}. Give a file in a directory that exists, that you may write to, and that has free space.`,
      { cause: error },
    );
  }
}
