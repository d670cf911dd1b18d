import { compareKeys } from '#core/key-order.ts';

/**
 * Where to cut a part of the key space in two, guessed from keys that a listing has shown. No guess can do harm: parts
 * `(after, until]` cover everything wherever they are cut ({@link isSameInAnyOrder}). A bad one costs a request.
 */

/** How the names go on after `stem`, learnt from one page. */
export interface NamePattern {
  /** What the page's keys have in common: a directory with its slash, or more where the names count upwards. */
  readonly stem: string;
  readonly digits: string;
  /** Keys for the whole way from the first possible name to the last, if they go on as they did. */
  readonly density: number;
  /** Random names (UUIDs, job ids) go on as they did; of others nobody knows where they end. */
  readonly isEven: boolean;
}

/** What is left of a part of the key space, by a pattern. */
export interface Remainder {
  readonly keys: number;
  /** Lies between the part's two ends. */
  readonly cut: string;
}

const HEX = '0123456789abcdef';
const DECIMAL = '0123456789';
/** What can follow in a name, as far as it matters for a guess: '!' to '~'. */
const PRINTABLE = Array.from({ length: 94 }, (_, index) => String.fromCharCode(0x21 + index)).join('');
const POSITION_DIGITS = 8;
/** 32 bits of a UUID tell four thousand million names apart. */
const HEX_START = /^[0-9a-f]{8}/;
const FEWEST_KEYS = 50;

/** Objects of a page, of which no more than the keys matters here. */
interface PageOfKeys {
  readonly length: number;
  at(index: number): { readonly key: string } | undefined;
}

/** The pattern of a page's names, or null where there is none to see. The keys are in order. */
export function patternOf(page: PageOfKeys): NamePattern | null {
  const whole = patternBetween(page, 0);
  // A page may begin in one directory and end in the next one, of which more is to come.
  return whole?.isEven ? whole : (evenOrNull(patternBetween(page, page.length >> 1)) ?? whole);
}

function evenOrNull(pattern: NamePattern | null): NamePattern | null {
  return pattern?.isEven ? pattern : null;
}

function patternBetween(page: PageOfKeys, start: number): NamePattern | null {
  const count = page.length - start;
  const keys = [page.at(start), page.at(start + (count >> 1)), page.at(-1)].map((object) => object?.key ?? '');
  const [first = '', , last = ''] = keys;
  if (count < FEWEST_KEYS) return null;
  const common = commonLength(first, last);
  const directory = first.slice(0, first.slice(0, common).lastIndexOf('/') + 1);
  const isEven = keys.every((key) => HEX_START.test(key.slice(directory.length)));
  const stem = isEven ? directory : first.slice(0, common);
  const digits = isEven ? HEX : digitsAfter(stem.length, keys);
  const width = position(last, stem, digits) - position(first, stem, digits);
  return width > 0 ? { stem, digits, density: count / width, isEven } : null;
}

/**
 * What a pattern says of the keys from `after` to `until`, with a cut in their middle. Null where it says nothing of
 * that part or sees nothing to cut there.
 */
export function remainderOf(pattern: NamePattern, after: string, until: string | undefined): Remainder | null {
  const { stem, digits, density } = pattern;
  const from = position(after, stem, digits);
  const to = until === undefined ? 1 : position(until, stem, digits);
  if (!(from < to)) return null;
  const cut = cutAt((from + to) / 2, pattern, after, until);
  return cut === undefined ? null : { keys: density * (to - from), cut };
}

/**
 * A key after all that begin with `stem`: what lies beyond it follows other patterns. Undefined where that is not
 * between `after` and `until`.
 */
export function cutBehind(stem: string, after: string, until: string | undefined): string | undefined {
  const unit = stem.charCodeAt(stem.length - 1);
  // An ASCII character that has a printable one after it.
  if (!(unit >= 0x20 && unit < 0x7e)) return undefined;
  const cut = stem.slice(0, -1) + String.fromCharCode(unit + 1);
  return isBetween(cut, after, until) ? cut : undefined;
}

export function isBetween(cut: string, after: string | undefined, until: string | undefined): boolean {
  return (
    cut !== '' &&
    (after === undefined || compareKeys(after, cut) < 0) &&
    (until === undefined || compareKeys(cut, until) < 0)
  );
}

/**
 * Whether the same keys lie before a cut in the order of UTF-8 bytes and in that of UTF-16 units, which is the order of
 * some stores: only keys that differ beyond U+D7FF tell the two apart. Where they do not agree, a key that one part leaves
 * to the other is listed by none of them, and nothing shows it.
 */
export function isSameInAnyOrder(cut: string): boolean {
  for (let at = 0; at < cut.length; at++) {
    if (cut.charCodeAt(at) > 0xd7ff) return false;
  }
  return true;
}

function cutAt(
  place: number,
  { stem, digits }: NamePattern,
  after: string,
  until: string | undefined,
): string | undefined {
  let cut = stem;
  let rest = place;
  for (let length = 1; length <= POSITION_DIGITS; length++) {
    const digit = Math.min(Math.floor(rest * digits.length), digits.length - 1);
    cut += digits.charAt(digit);
    rest = rest * digits.length - digit;
    // The shortest that lies well inside: of what is shorter than the step from key to key nobody knows the order.
    if (length >= 3 && isBetween(cut, after, until)) return cut;
  }
  return undefined;
}

/** Where a key lies among all that could begin with `stem`: 0 before the first of them, 1 after the last. */
function position(key: string, stem: string, digits: string): number {
  if (!key.startsWith(stem)) return compareKeys(key, stem) < 0 ? 0 : 1;
  let place = 0;
  let weight = 1;
  const end = Math.min(key.length, stem.length + POSITION_DIGITS);
  for (let at = stem.length; at < end; at++) {
    const digit = digits.indexOf(key.charAt(at));
    weight /= digits.length;
    if (digit === -1) {
      return place + (key.charAt(at) > digits ? weight * (digits.length - 1) : 0);
    }
    place += digit * weight;
  }
  return place;
}

function digitsAfter(start: number, keys: readonly string[]): string {
  const samples = keys.map((key) => key.slice(start, start + POSITION_DIGITS));
  if (samples.every((sample) => /^\d/.test(sample))) return DECIMAL;
  return samples.every((sample) => /^[0-9a-f]/.test(sample)) ? HEX : PRINTABLE;
}

function commonLength(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a.charCodeAt(length) === b.charCodeAt(length)) length++;
  // Not within a surrogate pair: half of one is no key.
  const unit = a.charCodeAt(length - 1);
  return unit >= 0xd800 && unit <= 0xdbff ? length - 1 : length;
}
