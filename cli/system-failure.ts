/** Errors of the operating system about files, in words. */
const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of its path is not a directory',
  ENOSPC: 'no space left on the device',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'its symbolic links form a circle',
  EFBIG: 'the file grew too large for its file system',
  EPIPE: 'nobody reads it any more',
  EIO: 'the device reported an I/O error',
};

/**
 * @param absent the text if the file or folder does not exist.
 * @returns Node's own text for an unusual failure.
 */
export function systemFailure(error: unknown, absent: 'no such file' | 'no such directory'): string {
  const code = systemCode(error) ?? '';
  const raw = error instanceof Error ? error.message : String(error);
  return code === 'ENOENT' ? absent : (WORDS[code] ?? raw);
}

/** The code of an error of the operating system, such as `ENOENT`; undefined for other errors. */
export function systemCode(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;
}
