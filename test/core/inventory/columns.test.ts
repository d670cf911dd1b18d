import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitColumn, BLOCK, ByteColumn, TupleColumn, WordColumn } from '#core/inventory/columns.ts';

const GREATEST = 0xffff_ffff;

describe('a column of words', () => {
  it('holds them over the borders of blocks', () => {
    const column = new WordColumn();
    for (let index = 0; index < 2 * BLOCK + 2; index++) {
      column.push(index % 200);
    }
    column.push(GREATEST);

    expect(column.length).toBe(2 * BLOCK + 3);
    const wrong = Array.from({ length: 2 * BLOCK + 2 }, (_, index) => index).filter(
      (index) => column.get(index) !== index % 200,
    );
    expect(wrong).toEqual([]);
    expect(column.get(2 * BLOCK + 2)).toBe(GREATEST);
  });

  it('reads 0 beyond the end', () => {
    const column = new WordColumn();
    expect(column.get(0)).toBe(0);
    column.push(7);
    expect([0, 1, 64, BLOCK, -1].map((index) => column.get(index))).toEqual([7, 0, 0, 0, 0]);
  });
});

describe('a column of several words a row', () => {
  const rowOf = (column: TupleColumn, row: number): readonly number[] =>
    [0, 1, 2, 3].map((word) => column.get(row, word));

  it('holds them over the borders of blocks, and lets rows change places', () => {
    const column = new TupleColumn(4);
    for (let row = 0; row < BLOCK + 2; row++) {
      column.push(row, GREATEST - row, row * 2, GREATEST);
    }

    column.swap(1, BLOCK + 1);
    column.swap(2, 2);

    expect(column.length).toBe(BLOCK + 2);
    expect(rowOf(column, 0)).toEqual([0, GREATEST, 0, GREATEST]);
    expect(rowOf(column, 1)).toEqual([BLOCK + 1, GREATEST - BLOCK - 1, 2 * BLOCK + 2, GREATEST]);
    expect(rowOf(column, 2)).toEqual([2, GREATEST - 2, 4, GREATEST]);
    expect(rowOf(column, BLOCK + 1)).toEqual([1, GREATEST - 1, 2, GREATEST]);
  });

  it('holds three words as well', () => {
    const column = new TupleColumn(3);
    column.push(1, 2, GREATEST);
    column.push(4, 5, 6);

    column.swap(0, 1);

    expect([0, 1].map((row) => [0, 1, 2].map((word) => column.get(row, word)))).toEqual([
      [4, 5, 6],
      [1, 2, GREATEST],
    ]);
  });

  it('reads 0 beyond the end, and moves nothing there', () => {
    const column = new TupleColumn(4);
    column.push(1, 2, 3, 4);

    expect([rowOf(column, 1), rowOf(column, BLOCK)]).toEqual([
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ]);
    expect(() => column.swap(0, 1)).toThrow(new RangeError('No row 1 in a column of 1.'));
    expect(() => column.swap(-1, 0)).toThrow(new RangeError('No row -1 in a column of 1.'));
    expect(rowOf(column, 0)).toEqual([1, 2, 3, 4]);
  });
});

/** What is done to a column, row by row, near the borders of its blocks. */
const ROW = fc.constantFrom(0, 1, 7, 8, BLOCK - 1, BLOCK, 3 * BLOCK, 8 * BLOCK - 1, 8 * BLOCK, 17 * BLOCK + 5);

describe('a column of bytes', () => {
  it('agrees with a map in which 0 stands for nothing', () => {
    const change = fc.oneof(
      fc.record({ row: ROW, value: fc.constantFrom(0, 1, 254, 255) }),
      fc.record({ row: ROW, other: ROW }),
    );
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        const column = new ByteColumn();
        const model = new Map<number, number>();
        for (const change of changes) {
          if ('value' in change) {
            column.set(change.row, change.value);
            model.set(change.row, change.value);
          } else {
            column.swap(change.row, change.other);
            const kept = model.get(change.row) ?? 0;
            model.set(change.row, model.get(change.other) ?? 0);
            model.set(change.other, kept);
          }
          for (const [row, value] of model) {
            expect(column.get(row)).toBe(value);
          }
        }
      }),
      { seed: 21, numRuns: 300 },
    );
    expect(new ByteColumn().get(5)).toBe(0);
  });
});

describe('a set of rows', () => {
  it('agrees with a plain set', () => {
    const change = fc.record({ what: fc.constantFrom('add', 'delete', 'swap'), row: ROW, other: ROW });
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        const column = new BitColumn();
        const model = new Set<number>();
        for (const { what, row, other } of changes) {
          if (what === 'add') {
            column.add(row);
            model.add(row);
          } else if (what === 'delete') {
            column.delete(row);
            model.delete(row);
          } else {
            column.swap(row, other);
            const [hasRow, hasOther] = [model.has(row), model.has(other)];
            model[hasOther ? 'add' : 'delete'](row);
            model[hasRow ? 'add' : 'delete'](other);
          }
          for (const { row: each } of changes) {
            expect(column.has(each)).toBe(model.has(each));
          }
        }
      }),
      { seed: 22, numRuns: 300 },
    );
  });
});
