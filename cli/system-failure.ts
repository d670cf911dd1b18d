/** What an operating system says of a file, in words. */
const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is no folder',
  ENOSPC: 'no space left on the device',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'its symbolic links lead in a circle',
  EFBIG: 'the file grew too large for its file system',
  EIO: 'the device failed to do it',
};

/**
 * @param absent what it means here that there is no such thing.
 * @returns Node's own text where the failure is none of the usual.
 */
export function systemFailure(error: unknown, absent: 'no such file' | 'no such folder'): string {
  const code = systemCode(error) ?? '';
  const raw = error instanceof Error ? error.message : String(error);
  return code === 'ENOENT' ? absent : (WORDS[code] ?? raw);
}

/** The code that Node gives failures of the operating system, `ENOENT` and its like; undefined for other errors. */
export function systemCode(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;
}
