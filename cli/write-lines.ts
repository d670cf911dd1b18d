import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { UsageError } from './errors.ts';
import { interruptionOf } from './interruption.ts';
import { systemFailure } from './system-failure.ts';

/** Characters that are written at once. */
const CHUNK = 1 << 16;

/**
 * Writes one JSON document a line, however many there are.
 *
 * @throws UsageError where the file can't be written, Interruption where the signal stops it in the midst.
 */
export async function writeLines(file: string, lines: Iterable<object>, signal?: AbortSignal): Promise<void> {
  try {
    await pipeline(chunksOf(lines, signal), createWriteStream(file, { encoding: 'utf8' }));
  } catch (error) {
    const interruption = interruptionOf(signal, `${file} is not whole; nothing else was changed`);
    if (interruption !== undefined) {
      throw interruption;
    }
    const why = systemFailure(error, 'no such folder');
    throw new UsageError(`${file} can't be written: ${why}. Name a file in a folder that exists and has room.`, {
      cause: error,
    });
  }
}

function* chunksOf(lines: Iterable<object>, signal: AbortSignal | undefined): Generator<string> {
  let chunk = '';
  for (const line of lines) {
    chunk += `${JSON.stringify(line)}\n`;
    if (chunk.length >= CHUNK) {
      yield chunk;
      signal?.throwIfAborted();
      chunk = '';
    }
  }
  yield chunk;
}
