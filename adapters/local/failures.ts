import { StoreError } from '#ports/object-store.ts';

/** The operating system's name of a failure, like `ENOENT`, or undefined where it is none of its failures. */
export function errnoOf(error: unknown): string | undefined {
  const isObject = typeof error === 'object' && error !== null;
  return isObject && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** True for the failures that say: nothing has this name. */
export function saysAbsent(error: unknown): boolean {
  const errno = errnoOf(error);
  // ENOTDIR: something on the way there is a file, so nothing can be below it.
  return errno === 'ENOENT' || errno === 'ENOTDIR';
}

/**
 * A failure of the operating system as a sentence.
 *
 * @param what the beginning of the sentence: "The folder 'x' can't be listed".
 * @param follows what follows from it: "nothing is known of what it holds".
 */
export function storeErrorOf(error: unknown, what: string, follows: string): StoreError {
  const errno = errnoOf(error);
  const options = { cause: error };
  if (errno === 'EACCES' || errno === 'EPERM') {
    const advice = 'Give this user read permission (for folders: read and search), then try again.';
    return new StoreError('denied', `${what}: permission denied (${errno}); ${follows}. ${advice}`, options);
  }
  const cause = errno ?? (error instanceof Error ? error.message : String(error));
  const advice = 'Check the disk or the mount, then try again.';
  return new StoreError(
    'unavailable',
    `${what}: the operating system answered ${cause}; ${follows}. ${advice}`,
    options,
  );
}

/** A path for people: what would move the cursor, or is no character at all, is shown by its code. */
export function shown(path: string): string {
  const visible = path.replaceAll(INVISIBLE, (unit) => {
    const code = unit.charCodeAt(0);
    return code >= 0xdc80 && code <= 0xdcff ? `\\x${hex(code - 0xdc00, 2)}` : `\\u${hex(code, 4)}`;
  });
  return `'${visible}'`;
}

const INVISIBLE = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
