/**
 * Values that JSON does not have, in JSON: numbers that are none or infinite, long integers, maps and sets. The files of a
 * run in shards are read by the same version that wrote them, and their checksums are compared, so nothing is checked again.
 */

/** What {@link fromPlain} makes the same value of, for `JSON.stringify`. */
export function toPlain(value: unknown): unknown {
  if (typeof value === 'bigint') return { $: 'bigint', of: value.toString() };
  if (typeof value === 'number') return Number.isFinite(value) ? value : { $: 'number', of: String(value) };
  if (value instanceof Map) return { $: 'map', of: [...value].map(toPlain) };
  if (value instanceof Set) return { $: 'set', of: [...value].map(toPlain) };
  if (Array.isArray(value)) return value.map(toPlain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, toPlain(each)]));
}

/** The value that {@link toPlain} was given. The caller knows of which type it was. */
export function fromPlain<T>(plain: unknown): T {
  return richValue(plain) as T;
}

function richValue(plain: unknown): unknown {
  if (Array.isArray(plain)) return plain.map(richValue);
  if (typeof plain !== 'object' || plain === null) return plain;
  if ('$' in plain && 'of' in plain) return specialOf(plain);
  return Object.fromEntries(Object.entries(plain).map(([key, each]) => [key, richValue(each)]));
}

function specialOf({ $: kind, of }: { readonly $: unknown; readonly of: unknown }): unknown {
  if (kind === 'bigint') return BigInt(`${of}`);
  if (kind === 'number') return Number(of);
  const members = (Array.isArray(of) ? of : []).map(richValue);
  return kind === 'map' ? new Map(members as [unknown, unknown][]) : new Set(members);
}
