/**
 * Compares two keys in the order in which S3 lists them: that of their UTF-8 bytes, which is that of their code
 * points. A lone surrogate, which represents a byte of a file name that is not UTF-8, counts as the code point that
 * it is (so all of U+DC80–U+DCFF lie between U+D7FF and U+E000): the order stays total.
 *
 * JavaScript's own `<` compares UTF-16 units and would put U+10000 and above before U+E000–U+FFFF.
 *
 * @returns a negative number, zero or a positive number, as `Array.prototype.sort` wants it.
 */
export function compareKeys(a: string, b: string): number {
  if (a === b) return 0;
  const common = Math.min(a.length, b.length);
  for (let at = 0; at < common; at++) {
    const unitOfA = a.charCodeAt(at);
    const unitOfB = b.charCodeAt(at);
    if (unitOfA === unitOfB) continue;
    if (unitOfA < FIRST_SURROGATE && unitOfB < FIRST_SURROGATE) return unitOfA - unitOfB;
    return rank(a, at, unitOfA) - rank(b, at, unitOfB);
  }
  return a.length - b.length;
}

const FIRST_SURROGATE = 0xd800;
const FIRST_LOW_SURROGATE = 0xdc00;
const FIRST_AFTER_SURROGATES = 0xe000;
const FIRST_BEYOND_UNITS = 0x10000;

/**
 * Where the unit at `at` sorts among units that may stand in its place, after a common beginning: the units of a
 * surrogate pair after all units that are code points of their own.
 */
function rank(key: string, at: number, unit: number): number {
  return isHalfOfPair(key, at, unit) ? FIRST_BEYOND_UNITS + unit : unit;
}

function isHalfOfPair(key: string, at: number, unit: number): boolean {
  // charCodeAt is NaN outside the string, and NaN is neither a high nor a low surrogate.
  if (isHigh(unit)) return isLow(key.charCodeAt(at + 1));
  return isLow(unit) && isHigh(key.charCodeAt(at - 1));
}

function isHigh(unit: number): boolean {
  return unit >= FIRST_SURROGATE && unit < FIRST_LOW_SURROGATE;
}

function isLow(unit: number): boolean {
  return unit >= FIRST_LOW_SURROGATE && unit < FIRST_AFTER_SURROGATES;
}
