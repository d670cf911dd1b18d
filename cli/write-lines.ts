import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { UsageError } from './errors.ts';
import { interruptionOf } from './interruption.ts';
import { systemFailure } from './system-failure.ts';

/** The number of characters in one write. */
const CHUNK = 1 << 16;

/**
 * Writes lines, each with its line break, with constant memory.
 *
 * @throws UsageError if the file can't be written, Interruption if the signal stops the writing.
 */
export async function writeLines(
  file: string,
  lines: Iterable<string> | AsyncIterable<string>,
  signal?: AbortSignal,
): Promise<void> {
  try {
    await pipeline(chunksOf(lines, signal), createWriteStream(file, { encoding: 'utf8' }));
  } catch (error) {
    const interruption = interruptionOf(signal, `${file} is incomplete; nothing else was changed`);
    if (interruption !== undefined) {
      throw interruption;
    }
    const why = systemFailure(error, 'no such directory');
    throw new UsageError(
      `${file} can't be written: ${why}. Give a file in a directory that exists, that you may write to, and that has free space.`,
      {
        cause: error,
      },
    );
  }
}

/** One JSON document per line. */
export function* jsonLines(documents: Iterable<object>): Generator<string> {
  for (const document of documents) yield `${JSON.stringify(document)}\n`;
}

async function* chunksOf(
  lines: Iterable<string> | AsyncIterable<string>,
  signal: AbortSignal | undefined,
): AsyncGenerator<string, void, undefined> {
  let chunk = '';
  for await (const line of lines) {
    chunk += line;
    if (chunk.length >= CHUNK) {
      yield chunk;
      signal?.throwIfAborted();
      chunk = '';
    }
  }
  yield chunk;
}
