import { parseHalf, printHex, readHalf } from './hex-words.ts';

/** UUIDs as four words of 32 bits. */

/** Characters of a UUID. */
export const UUID_LENGTH = 36;
const HYPHEN = 0x2d;
/** The first digit of the third group of a random UUID: by it and by {@link VARIANT} it says that it is one. */
export const VERSION = 4;
/** The first two bits of its fourth group. */
export const VARIANT = 0b10;

/** The four words of a UUID, each signed or not. */
export interface UuidWords {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

/** A name with the four words of its UUID; where it is none, the words tell nothing. */
export interface Name extends UuidWords {
  readonly text: string;
  readonly uuid: boolean;
}

/**
 * Reads a lower-case UUID. Anything else is another name, upper case included: it is not a name of Flink's.
 *
 * @param path what ends with the name. To read it there takes half the time that it takes to read a part by itself.
 * @param from where the name begins.
 */
export function parseName(path: string, from = 0): Name {
  const { uuid, a, b, c, d } = new NameReader().read(path, from);
  return { text: path.slice(from), uuid, a, b, c, d };
}

/** Reads names one after another, without an object and a text for each: a root has a hundred thousand of them. */
export class NameReader implements Name {
  uuid = false;
  a = 0;
  b = 0;
  c = 0;
  d = 0;
  #path = '';
  #from = 0;

  get text(): string {
    return this.#path.slice(this.#from);
  }

  /** As {@link parseName}. @returns itself: what it tells holds until it reads the next name. */
  read(path: string, from: number): Name {
    this.#path = path;
    this.#from = from;
    this.uuid = hasLayoutOfUuid(path, from) && this.#readWords(path, from);
    return this;
  }

  #readWords(path: string, from: number): boolean {
    this.a = joinHalves(parseHalf(path, from), parseHalf(path, from + 4));
    this.b = joinHalves(parseHalf(path, from + 9), parseHalf(path, from + 14));
    this.c = joinHalves(parseHalf(path, from + 19), parseHalf(path, from + 24));
    this.d = joinHalves(parseHalf(path, from + 28), parseHalf(path, from + 32));
    return this.a !== -1 && this.b !== -1 && this.c !== -1 && this.d !== -1;
  }
}

/**
 * Reads UUIDs where they stand in the bytes of a text, one after another. Its words are signed numbers: one that is never
 * negative would take memory of its own.
 */
export class UuidBytes implements Name {
  /** Of a name that was read. */
  readonly uuid = true;
  a = 0;
  b = 0;
  c = 0;
  d = 0;

  get text(): string {
    return printUuid(this.a, this.b, this.c, this.d);
  }

  /** Whether the {@link UUID_LENGTH} bytes from an offset on are a lower-case UUID; its words hold until the next one. */
  read(bytes: Uint8Array, from: number): boolean {
    const isLaidOut =
      bytes[from + 8] === HYPHEN &&
      bytes[from + 13] === HYPHEN &&
      bytes[from + 18] === HYPHEN &&
      bytes[from + 23] === HYPHEN;
    if (!isLaidOut) return false;
    const a = readHalf(bytes, from);
    const b = readHalf(bytes, from + 4);
    const c = readHalf(bytes, from + 9);
    const d = readHalf(bytes, from + 14);
    const e = readHalf(bytes, from + 19);
    const f = readHalf(bytes, from + 24);
    const g = readHalf(bytes, from + 28);
    const h = readHalf(bytes, from + 32);
    this.a = (a << 16) | b;
    this.b = (c << 16) | d;
    this.c = (e << 16) | f;
    this.d = (g << 16) | h;
    return (a | b | c | d | e | f | g | h) >= 0;
  }
}

/** Whether a text ends, from there on, with something that is as long as a UUID and has its hyphens. */
export function hasLayoutOfUuid(text: string, from: number): boolean {
  return (
    text.length === from + UUID_LENGTH &&
    text.charCodeAt(from + 8) === HYPHEN &&
    text.charCodeAt(from + 13) === HYPHEN &&
    text.charCodeAt(from + 18) === HYPHEN &&
    text.charCodeAt(from + 23) === HYPHEN
  );
}

/** Whether a name is a random UUID: Flink makes no others. */
export function isRandom({ uuid, b, c }: Pick<Name, 'uuid' | 'b' | 'c'>): boolean {
  return uuid && ((b >>> 12) & 0xf) === VERSION && c >>> 30 === VARIANT;
}

function joinHalves(high: number, low: number): number {
  return (high | low) < 0 ? -1 : high * 0x1_0000 + low;
}

/** The UUID of four words. */
export function printUuid(a: number, b: number, c: number, d: number): string {
  const middle = `${printHex(b)}${printHex(c)}`;
  return `${printHex(a)}-${middle.slice(0, 4)}-${middle.slice(4, 8)}-${middle.slice(8, 12)}-${middle.slice(12)}${printHex(d)}`;
}
