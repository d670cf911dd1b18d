import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { UsageError } from './errors.ts';
import { systemFailure } from './system-failure.ts';

/**
 * Writes one JSON document a line, however many there are.
 *
 * @throws UsageError where the file can't be written.
 */
export async function writeLines(file: string, lines: Iterable<object>): Promise<void> {
  const stream = createWriteStream(file, { encoding: 'utf8' });
  const done = finished(stream);
  try {
    await Promise.race([once(stream, 'open'), done]);
    for (const line of lines) {
      if (!stream.write(`${JSON.stringify(line)}\n`)) {
        await Promise.race([once(stream, 'drain'), done]);
      }
    }
    stream.end();
    await done;
  } catch (error) {
    const why = systemFailure(error, 'no such folder');
    throw new UsageError(`${file} can't be written: ${why}. Name a file in a folder that exists and has room.`, {
      cause: error,
    });
  }
}
