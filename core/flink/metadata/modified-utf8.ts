/**
 * Java's modified UTF-8, as `DataInputStream.readUTF` takes it: UTF-16 code units encoded one by one in one to
 * three bytes, so that a character beyond U+FFFF is two groups of three and U+0000 may be `C0 80`.
 * Over-long forms and lone surrogates are accepted, because Java accepts them.
 */

/** What {@link scanModifiedUtf8} answers for text of single bytes only. */
export const ASCII = -1;
/** What {@link scanModifiedUtf8} answers for well-formed text with longer groups. */
export const MULTIBYTE = -2;

/**
 * Looks through `bytes` from `start` to `end` without decoding.
 *
 * @returns {@link ASCII}, {@link MULTIBYTE}, or the index of the group that Java would refuse with a
 * `UTFDataFormatException`: a group cut off by `end`, a continuation byte that is none, or a lead byte that
 * begins no group of one to three bytes.
 */
export function scanModifiedUtf8(bytes: DataView, start: number, end: number): number {
  let index = start;
  // Paths are ASCII, and looking at four bytes at once makes the whole reader a third faster.
  while (index + 4 <= end && (bytes.getInt32(index) & 0x80808080) === 0) {
    index += 4;
  }
  while (index < end && bytes.getUint8(index) < 0x80) {
    index += 1;
  }
  if (index === end) {
    return ASCII;
  }
  while (index < end) {
    const length = groupLength(bytes.getUint8(index));
    if (length === 0 || index + length > end) {
      return index;
    }
    for (let next = index + 1; next < index + length; next += 1) {
      if ((bytes.getUint8(next) & 0xc0) !== 0x80) {
        return index;
      }
    }
    index += length;
  }
  return MULTIBYTE;
}

/** Decodes text that {@link scanModifiedUtf8} found to be {@link MULTIBYTE}. */
export function decodeModifiedUtf8(bytes: DataView, start: number, end: number): string {
  const units = new Uint16Array(end - start);
  let length = 0;
  let index = start;
  while (index < end) {
    const lead = bytes.getUint8(index);
    const size = groupLength(lead);
    if (size === 1) {
      units[length] = lead;
    } else if (size === 2) {
      units[length] = ((lead & 0x1f) << 6) | (bytes.getUint8(index + 1) & 0x3f);
    } else {
      units[length] =
        ((lead & 0x0f) << 12) | ((bytes.getUint8(index + 1) & 0x3f) << 6) | (bytes.getUint8(index + 2) & 0x3f);
    }
    length += 1;
    index += size;
  }
  return textOf(units.subarray(0, length));
}

/** Bytes of the group that `lead` begins, 0 where it begins none. */
function groupLength(lead: number): number {
  if (lead < 0x80) {
    return 1;
  }
  if (lead >= 0xc0 && lead < 0xe0) {
    return 2;
  }
  return lead >= 0xe0 && lead < 0xf0 ? 3 : 0;
}

function textOf(units: Uint16Array): string {
  // In slices, because every unit becomes an argument and the stack holds only so many.
  const slice = 8192;
  let text = '';
  for (let at = 0; at < units.length; at += slice) {
    text += String.fromCharCode(...units.subarray(at, at + slice));
  }
  return text;
}
