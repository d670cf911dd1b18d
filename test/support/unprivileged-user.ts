const NOBODY = 65_534;

/**
 * Does something without the superuser's right to read everything, where the tests run with it (as in containers).
 * The whole process changes user, so nothing else may run meanwhile: not for concurrent tests, nor in worker threads.
 */
export async function asUnprivilegedUser<T>(act: () => Promise<T>): Promise<T> {
  const isSuperuser = process.geteuid?.() === 0;
  if (!isSuperuser) return act();
  process.seteuid?.(NOBODY);
  try {
    return await act();
  } finally {
    process.seteuid?.(0);
  }
}
