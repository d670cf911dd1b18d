import { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { basename, dirname } from 'node:path';
import { nodeWritingFileSystem, TemporaryFile } from '#adapters/local/temporary-file.ts';

/**
 * Writes a local file as a whole: who reads it meanwhile sees the old content or the new one.
 *
 * @param path without symbolic links in its last name, so that a link stays one.
 * @throws the system's own errors.
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
