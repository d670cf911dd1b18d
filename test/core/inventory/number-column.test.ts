import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NumberColumn } from '#core/inventory/number-column.ts';

/** Numbers that are laid down together. */
const BLOCK = 1_024;

function columnOf(unit: number, numbers: readonly number[]): NumberColumn {
  const column = new NumberColumn(unit);
  for (const number of numbers) {
    column.push(number);
  }
  return column;
}

describe('a column of numbers', () => {
  it.each([1, 1000])('gives every number back exactly, small multiples of %i and others', (unit) => {
    const odd = [
      ...[0, 1, unit, 7 * unit, 0xffff_ffff * unit, 0x1_0000_0000 * unit, Number.MAX_SAFE_INTEGER, 2 ** 53],
      ...[-1, -unit, -1.5, 0.1, 1_717_000_000_123, 1_717_000_000_123.25, 1000.0000000000001, unit + 2 ** -40],
      ...[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.MIN_VALUE],
    ];
    const column = columnOf(unit, odd);
    expect(odd.map((_, row) => column.get(row))).toEqual(odd);
    for (const number of odd) {
      expect(columnOf(unit, [unit, number]).get(1)).toBe(number);
      expect(columnOf(unit, [unit, number]).get(0)).toBe(unit);
    }
  });

  it('agrees with a plain list, whatever changes places', () => {
    const number = fc.oneof(
      fc.nat(),
      fc.integer(),
      fc.double({ noNaN: true }),
      fc.nat().map((seconds) => seconds * 1000),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(1, 1000),
        fc.array(number, { minLength: 1 }),
        fc.array(fc.tuple(fc.nat(), fc.nat())),
        (unit, numbers, swaps) => {
          // -0 is no number of bytes and no time; it may come back as 0.
          const model = numbers.map((each) => each + 0);
          const column = columnOf(unit, model);
          for (const [one, two] of swaps) {
            const [row, other] = [one % model.length, two % model.length];
            column.swap(row, other);
            const kept = model[row] ?? 0;
            model[row] = model[other] ?? 0;
            model[other] = kept;
          }
          expect(model.map((_, row) => column.get(row))).toEqual(model);
        },
      ),
      { seed: 23, numRuns: 100 },
    );
  });

  it('agrees with a plain list of several blocks, whatever changes places between them', () => {
    const unit = 1000;
    // Blocks of one number, of near ones, of far ones, of any: what comes from one into another may not fit there.
    const KINDS: readonly ((row: number) => number)[] = [
      () => 7 * unit,
      (row) => 1_717_000_000_000 + (row % 300) * unit,
      (row) => 1_717_000_000_000 - row * unit * 50_000,
      (row) => (row % 2) * 0xffff_ffff * unit,
      (row) => (row % 2) * 0x1_0000_0000 * unit,
      (row) => row + 0.5,
    ];
    const swap = fc.tuple(fc.nat({ max: 4 * BLOCK - 1 }), fc.nat({ max: 4 * BLOCK - 1 }));
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 5 }), { minLength: 4, maxLength: 4 }), fc.array(swap), (kinds, swaps) => {
        const numbers = kinds.flatMap((kind) => Array.from({ length: BLOCK }, (_, row) => KINDS[kind]?.(row) ?? 0));
        // The last block is not full.
        const model = numbers.slice(0, 4 * BLOCK - 100);
        const column = columnOf(unit, model);
        for (const [one, two] of swaps) {
          const [row, other] = [one % model.length, two % model.length];
          column.swap(row, other);
          const kept = model[row] ?? 0;
          model[row] = model[other] ?? 0;
          model[other] = kept;
        }
        expect(column.length).toBe(model.length);
        expect(model.map((_, row) => column.get(row))).toEqual(model);
      }),
      { seed: 33, numRuns: 60 },
    );
  });

  it('widens no block but that of the odd number', () => {
    const column = new NumberColumn(1000);
    for (let row = 0; row <= 2 * BLOCK; row++) {
      column.push(row === BLOCK ? 1_234.5 : row * 1000);
    }

    expect([0, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK].map((row) => column.get(row))).toEqual([
      ...[0, (BLOCK - 1) * 1000, 1_234.5, (BLOCK + 1) * 1000, 2 * BLOCK * 1000],
    ]);
    column.swap(1, BLOCK);
    expect([1, BLOCK].map((row) => column.get(row))).toEqual([1_234.5, 1000]);
  });

  it.each([
    ['near one another', (row: number) => 1_717_000_000_000 + row * 1_000],
    ['within 32 bits', (row: number) => row * 100_000_000_000],
    ['of any size', (row: number) => row + 0.25],
    ['that become odd late', (row: number) => (row === 150 ? -7.5 : row * 1_000)],
    ['that leave the neighbourhood late', (row: number) => (row === 150 ? 1_717_000_000_000 : row * 1_000)],
    ['of before 1970, and then of after', (row: number) => (row - 100) * 20_000_000_000],
  ])('holds hundreds of numbers %s', (_, numberOf) => {
    const numbers = Array.from({ length: 300 }, (_each, row) => numberOf(row));
    for (const unit of [1, 1000]) {
      const column = columnOf(unit, numbers);
      expect(numbers.map((_each, row) => column.get(row))).toEqual(numbers);
      expect(column.get(300)).toBe(0);
    }
  });

  it('reads 0 beyond the end, and moves nothing to there', () => {
    const column = columnOf(1, [5]);
    expect([column.get(1), column.get(BLOCK)]).toEqual([0, 0]);
    expect(() => column.swap(0, BLOCK)).toThrow(new RangeError(`No row ${BLOCK} in a column of 1.`));
  });
});
