import { ConfigError } from './config-error.ts';

/**
 * The text of a file as editors and shells write it: UTF-8, or UTF-16 where a byte order mark says so, which is what
 * Windows PowerShell redirects into a file.
 * @param source the name of the file, as messages shall call it
 * @throws ConfigError where it is neither
 */
export function decodeText(bytes: Uint8Array, source: string): string {
  try {
    return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
  } catch (error) {
    throw new ConfigError(`${source}: the file is not UTF-8 text, so it is refused. Save it as UTF-8.`, {
      cause: error,
    });
  }
}

function encodingOf([first, second, third, fourth]: Uint8Array): string {
  if (first === 0xfe && second === 0xff) {
    return 'utf-16be';
  }
  // Two zero bytes more, and the mark is that of UTF-32.
  return first === 0xff && second === 0xfe && !(third === 0 && fourth === 0) ? 'utf-16le' : 'utf-8';
}
