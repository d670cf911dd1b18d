import { Buffer, isUtf8 } from 'node:buffer';

/**
 * Names of files are bytes, keys are strings. Bytes that are not UTF-8 become lone surrogates, byte 0x80 + n as
 * U+DC80 + n (the convention of Python's `surrogateescape`), so that every name has exactly one key and finds its
 * way back: a name that came back altered could not be read, or would delete another file.
 */
export function decodeFileName(bytes: Uint8Array): string {
  if (isUtf8(bytes)) return textOf(bytes);
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] ?? 0;
    const length = sequenceLength(first);
    const sequence = bytes.subarray(at, at + length);
    const valid = isUtf8(sequence);
    text += valid ? textOf(sequence) : String.fromCharCode(ESCAPE + first);
    at += valid ? length : 1;
  }
  return text;
}

/**
 * The bytes of a name, the inverse of {@link decodeFileName}.
 *
 * @returns undefined for a string that no name decodes to: with other lone surrogates, or with escapes that spell
 *   valid UTF-8. It would be a second name of some file, which compares as different from the listed one.
 */
export function encodeFileName(name: string): Buffer | undefined {
  if (!LONE_SURROGATE.test(name)) return Buffer.from(name);
  const bytes = Buffer.concat(Array.from(name, bytesOf));
  return decodeFileName(bytes) === name ? bytes : undefined;
}

const ESCAPE = 0xdc00;
/** With the `u` flag a surrogate pair is one character of another category, so this finds lone ones only. */
const LONE_SURROGATE = /\p{Cs}/u;
const ESCAPED_BYTE = /^[\udc80-\udcff]$/;

function bytesOf(character: string): Buffer {
  return ESCAPED_BYTE.test(character) ? Buffer.from([character.charCodeAt(0) - ESCAPE]) : Buffer.from(character);
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

/** How long the UTF-8 sequence is that begins with this byte, if one does. */
function sequenceLength(first: number): number {
  if (first >= 0xf0) return 4;
  if (first >= 0xe0) return 3;
  return first >= 0xc0 ? 2 : 1;
}
