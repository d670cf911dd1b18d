import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NameColumn } from '#core/inventory/compact-names.ts';
import { NameFilter, scaled } from '#core/inventory/name-filter.ts';

const NAMES = 20_000;

/** Random UUIDs, the same in each run. */
function uuids(from: number): readonly string[] {
  return Array.from({ length: NAMES }, (_, index) => {
    const hex = createHash('md5')
      .update(String(from + index))
      .digest('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
  });
}

/** UUIDs that differ in a few bits of one place only: of such a series a weak hash sees little. */
function series(from: number, at: number): readonly string[] {
  return Array.from({ length: NAMES }, (_, index) => {
    const digits = '0'.repeat(27).split('');
    digits.splice(at, 5, ...(from + index).toString(16).padStart(5, '0'));
    const hex = digits.join('');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(12, 15)}-8${hex.slice(15, 18)}-${hex.slice(18, 27)}000`;
  });
}

/** The share of the second names that seem to be among the first. */
function falsePositives(added: readonly string[], asked: readonly string[]): number {
  const column = new NameColumn();
  for (const name of [...added, ...asked]) {
    column.push(name);
  }
  const filter = new NameFilter(added.length);
  for (let row = 0; row < added.length; row++) {
    filter.add(column.hash(row));
  }
  const wrong = asked.filter((_, at) => {
    const row = added.length + at;
    return filter.mayHold(column.hash(row));
  });
  return wrong.length / asked.length;
}

describe('a filter of names', () => {
  it('holds every name that was added, however many were promised', () => {
    const word = fc.nat({ max: 2 ** 32 - 1 });

    fc.assert(
      fc.property(fc.array(word), fc.nat({ max: 100 }), (names, promised) => {
        const filter = new NameFilter(promised);
        for (const name of names) {
          filter.add(name);
        }
        expect(names.filter((name) => !filter.mayHold(name))).toEqual([]);
      }),
    );
  });

  it('takes two in a thousand other names for one of its own', () => {
    const rate = falsePositives(uuids(0), uuids(NAMES));

    expect(rate).toBeGreaterThan(0.001);
    expect(rate).toBeLessThan(0.0025);
  });

  it.each([0, 4, 9, 13, 16, 20])('takes no more where names differ in a few digits only, from %i on', (at) => {
    expect(falsePositives(series(0, at), series(NAMES, at))).toBeLessThan(0.003);
  });

  it('is the same again from its bytes, and none from bytes that no filter has', () => {
    const filter = new NameFilter(100);
    filter.add(7);
    filter.add(0xffff_ffff);

    const again = NameFilter.fromBytes(filter.bytes.slice());

    expect(again?.bytes).toEqual(filter.bytes);
    expect([7, 0xffff_ffff, 8].map((hash) => again?.mayHold(hash))).toEqual([true, true, false]);
    expect(NameFilter.fromBytes(new Uint8Array(0))).toBeNull();
    expect(NameFilter.fromBytes(new Uint8Array(65))).toBeNull();
  });

  it('spreads words over a range without leaving it', () => {
    expect([0, 2 ** 31, -1, 2 ** 32 - 1].map((word) => scaled(word, 10))).toEqual([0, 5, 9, 9]);
  });
});
