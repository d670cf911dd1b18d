import { describe, expect, it } from 'vitest';
import { ByteColumn, NumberColumn, ShortColumn, WordColumn } from '#core/area/columns.ts';

const BLOCK = 32_768;

describe('growable columns', () => {
  it.each([
    ['bytes', new ByteColumn(), 0xff],
    ['shorts', new ShortColumn(), 0xffff],
    ['words', new WordColumn(), 0xffff_ffff],
    ['numbers', new NumberColumn(), Number.MAX_SAFE_INTEGER],
  ])('holds %s over the borders of blocks', (_what, column, greatest) => {
    for (let index = 0; index < 2 * BLOCK + 2; index++) {
      column.push(index % 200);
    }
    column.push(greatest);

    expect(column.length).toBe(2 * BLOCK + 3);
    const wrong = Array.from({ length: 2 * BLOCK + 2 }, (_, index) => index).filter(
      (index) => column.get(index) !== index % 200,
    );
    expect(wrong).toEqual([]);
    expect(column.get(2 * BLOCK + 2)).toBe(greatest);
  });

  it('reads 0 beyond the end', () => {
    const column = new WordColumn();
    expect(column.get(0)).toBe(0);
    column.push(7);
    expect([0, 1, BLOCK, -1].map((index) => column.get(index))).toEqual([7, 0, 0, 0]);
  });

  it('sets rows that were pushed, and refuses others', () => {
    const column = new NumberColumn();
    column.push(1);
    column.push(2);
    column.set(1, -0.5);

    expect([column.get(0), column.get(1), column.length]).toEqual([1, -0.5, 2]);
    expect(() => column.set(2, 0)).toThrow(new RangeError('No row 2 in a column of 2.'));
    expect(() => column.set(BLOCK, 0)).toThrow(new RangeError(`No row ${BLOCK} in a column of 2.`));
    expect(() => column.set(-1, 0)).toThrow(new RangeError('No row -1 in a column of 2.'));
  });
});
