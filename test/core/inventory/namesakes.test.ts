import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isUuid } from '#core/flink/names.ts';
import { ObjectTable } from '#core/inventory/object-table.ts';

const NAME = fc.oneof(
  { weight: 4, arbitrary: fc.nat({ max: 9 }).map((n) => `00000000-0000-4000-8000-00000000000${n}`) },
  // UUIDs that are no random ones are kept as text.
  { weight: 1, arbitrary: fc.nat({ max: 3 }).map((n) => `00000000-0000-1000-0000-00000000000${n}`) },
  { weight: 1, arbitrary: fc.uuid() },
  { weight: 1, arbitrary: fc.constantFrom('_metadata', '', 'notes.txt') },
);
const OBJECT = fc.record({
  location: fc.nat({ max: 1 }),
  directory: fc.constantFrom('', 'a/', 'a/b/', 'c/'),
  name: NAME,
  role: fc.constantFrom('wanted', 'other', 'neither'),
});

describe('the namesakes of objects', () => {
  it('are all pairs of a wanted and another object that have one UUID for a name, each told once', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(OBJECT, { maxLength: 60, selector: (one) => `${one.location}:${one.directory}${one.name}` }),
        (listed) => {
          const table = new ObjectTable();
          for (const { location, directory, name } of listed) {
            table.add({ location, key: directory + name, bytes: 1, modified: 1, etag: 'e' });
          }
          const roles = new Map(
            listed.map(({ location, directory, name, role }) => [table.find(location, directory + name), role]),
          );
          const pairs: string[] = [];

          table.forEachNamesake(
            (object) => roles.get(object) === 'wanted',
            (object) => roles.get(object) === 'other',
            (wanted, other) => pairs.push(`${wanted} ${other}`),
          );

          const expected = [...roles].flatMap(([wanted, role]) =>
            [...roles]
              .filter(([other, itsRole]) => role === 'wanted' && itsRole === 'other' && sameUuid(table, wanted, other))
              .map(([other]) => `${wanted} ${other}`),
          );
          expect(pairs.sort()).toEqual(expected.sort());
        },
      ),
      { numRuns: 500 },
    );
  });

  it('are looked for among many, which fill the table from its end to its beginning', () => {
    const table = new ObjectTable();
    const names = Array.from(
      { length: 5_000 },
      (_, n) => `0000${((n * 7_919) % 65_536).toString(16).padStart(4, '0')}-0000-4000-8000-00000000abcd`,
    );
    for (const [at, name] of names.entries()) {
      table.add({ location: 0, key: `a/${name}`, bytes: 1, modified: 1, etag: 'e' });
      table.add({ location: 0, key: `b${at % 3}/${name}`, bytes: 1, modified: 1, etag: 'e' });
    }
    let pairs = 0;

    table.forEachNamesake(
      (object) => table.directory(object).path === 'a/',
      (object) => table.directory(object).path !== 'a/',
      (wanted, other) => {
        pairs += Number(sameUuid(table, wanted, other));
      },
    );

    expect(pairs).toBe(names.length);
  });

  it('are none of objects that share a name which is no UUID', () => {
    const table = new ObjectTable();
    for (const key of ['a/_metadata', 'b/_metadata', 'a/', 'b/']) {
      table.add({ location: 0, key, bytes: 0, modified: 1, etag: 'e' });
    }

    table.forEachNamesake(
      (object) => object < 2,
      (object) => object >= 2,
      () => expect.fail('A pair was told.'),
    );
  });
});

function sameUuid(table: ObjectTable, one: number, other: number): boolean {
  return isUuid(table.name(one)) && table.name(one) === table.name(other);
}
