import { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { basename, dirname } from 'node:path';
import { nodeWritingFileSystem, TemporaryFile } from '#adapters/local/temporary-file.ts';

/**
 * Writes a local file atomically: a reader sees either the old content or the new one.
 *
 * @param path whose last name is not a symbolic link: the link would be replaced.
 * @throws errors of the operating system.
 */
export async function writeWholeFile(path: string, content: string): Promise<void> {
  const temporary = await TemporaryFile.write(
    nodeWritingFileSystem,
    Buffer.from(dirname(path)),
    Buffer.from(`.${basename(path).slice(0, 100)}-${randomUUID()}.tmp`),
    Buffer.from(content, 'utf8'),
  );
  try {
    await temporary.renameTo(Buffer.from(path));
  } finally {
    await temporary.dispose();
  }
}
