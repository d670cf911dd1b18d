/**
 * Bounds in the order of the keys' UTF-8 bytes, for searches that compare some twenty keys each.
 */
import { compareKeys } from '#core/key-order.ts';

const SURROGATE = /[\ud800-\udfff]/;

/** Whether no character of a key lies beyond U+FFFF. Among such keys JavaScript's own `<` has the order of the bytes. */
export function isPlain(key: string): boolean {
  return !SURROGATE.test(key);
}

/** @param allPlain of the keys that will be compared with the bound. */
export function lessThan(bound: string, allPlain: boolean): (key: string) => boolean {
  return allPlain && isPlain(bound) ? (key) => key < bound : (key) => compareKeys(key, bound) < 0;
}

/** @param allPlain of the keys that will be compared with the bound. */
export function notGreaterThan(bound: string, allPlain: boolean): (key: string) => boolean {
  return allPlain && isPlain(bound) ? (key) => key <= bound : (key) => compareKeys(key, bound) <= 0;
}
