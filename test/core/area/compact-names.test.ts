import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NameColumn } from '#core/area/compact-names.ts';
import { isUuid } from '#core/flink/names.ts';

const NIL = '00000000-0000-0000-0000-000000000000';
const FILE = '0a1b2c3d-4e5f-4a6b-8c7d-9e8f7a6b5c4d';

function columnOf(names: readonly string[]): NameColumn {
  const column = new NameColumn();
  for (const name of names) {
    column.push(name);
  }
  return column;
}

/** UUIDs, and texts that nearly are one. */
const NAME = fc.oneof(
  fc.uuid(),
  fc.uuid().map((uuid) => uuid.toUpperCase()),
  fc
    .tuple(fc.uuid(), fc.nat({ max: 35 }), fc.constantFrom('-', 'g', 'F', '`', '/', ':', '0', 'é'))
    .map(([uuid, at, letter]) => uuid.slice(0, at) + letter + uuid.slice(at + 1)),
  fc.constantFrom('', '_metadata', NIL, 'ffffffff-ffff-ffff-ffff-ffffffffffff', 'CURRENT'),
  fc.string({ unit: 'binary' }),
);

describe('a column of names', () => {
  it('gives back every name, and tells UUIDs exactly where the layout does', () => {
    fc.assert(
      fc.property(fc.array(NAME), (names) => {
        const column = columnOf(names);
        expect(names.map((_, index) => column.get(index))).toEqual(names);
        expect(names.map((_, index) => column.isUuid(index))).toEqual(names.map(isUuid));
      }),
      { seed: 8, numRuns: 1_000 },
    );
  });

  it('matches a query with the rows of that name and no others', () => {
    fc.assert(
      fc.property(fc.array(NAME, { minLength: 1 }), fc.nat(), (names, pick) => {
        const column = columnOf(names);
        const wanted = names[pick % names.length];
        const query = wanted === undefined ? null : column.query(wanted);
        const matching = names.map((_, index) => query !== null && column.matches(index, query));
        expect(matching).toEqual(names.map((name) => name === wanted));
        const sameHash = names.map((_, index) => column.hashAt(index) === query?.hash);
        expect(names.filter((name, index) => name === wanted && !sameHash[index])).toEqual([]);
      }),
      { seed: 9, numRuns: 1_000 },
    );
  });

  it('has no query for a text that no row has, but one for every UUID', () => {
    const column = columnOf(['_metadata']);
    expect(column.query('CURRENT')).toBeNull();
    expect(column.query(FILE.toUpperCase())).toBeNull();
    expect(column.query(FILE)?.uuid).toBe(true);
    expect(column.query('_metadata')?.uuid).toBe(false);
  });

  it('tells the first other name from the UUID of the same words', () => {
    const column = columnOf(['CURRENT', NIL]);
    const current = column.query('CURRENT');
    const nil = column.query(NIL);
    expect(current?.hash).toBe(nil?.hash);
    expect([0, 1].map((index) => current !== null && column.matches(index, current))).toEqual([true, false]);
    expect([0, 1].map((index) => nil !== null && column.matches(index, nil))).toEqual([false, true]);
  });

  it('tells whether two rows have the same name', () => {
    fc.assert(
      fc.property(fc.array(NAME, { minLength: 1 }), (names) => {
        const column = columnOf(names);
        const last = names.length - 1;
        expect(names.map((_, index) => column.same(index, last))).toEqual(names.map((name) => name === names[last]));
      }),
      { seed: 13, numRuns: 500 },
    );
    expect(columnOf(['CURRENT', NIL]).same(0, 1)).toBe(false);
  });

  it('has no name where it has no row', () => {
    expect(new NameColumn().get(0)).toBe('');
  });

  it('forgets nothing of a name that begins like a UUID', () => {
    const column = columnOf([`${FILE.slice(0, 35)}x`, FILE, `${FILE.slice(0, 35)}x`]);
    expect([0, 1, 2].map((index) => column.get(index))).toEqual([
      `${FILE.slice(0, 35)}x`,
      FILE,
      `${FILE.slice(0, 35)}x`,
    ]);
  });
});
