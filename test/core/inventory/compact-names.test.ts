import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isUuid } from '#core/flink/names.ts';
import { NameColumn } from '#core/inventory/compact-names.ts';
import { parseName, UuidBytes } from '#core/uuid-names.ts';

const NIL = '00000000-0000-0000-0000-000000000000';
const FILE = '0a1b2c3d-4e5f-4a6b-8c7d-9e8f7a6b5c4d';
const OF_ANOTHER_VARIANT = '0a1b2c3d-4e5f-4a6b-cc7d-9e8f7a6b5c4d';

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

/** As a UUID is told that stands in bytes. */
function fromBytes(uuid: string): UuidBytes {
  const bytes = new UuidBytes();
  expect(bytes.read(Buffer.from(`x/${uuid}`), 2)).toBe(true);
  return bytes;
}

/** The sign by which one text comes before another, as S3 lists them; a lone surrogate is a code point like others. */
function byBytes(a: string, b: string): number {
  const [one, two] = [[...a], [...b]].map((characters) =>
    characters.map((character) => (character.codePointAt(0) ?? 0).toString().padStart(8, '0')).join(' '),
  ) as [string, string];
  return one < two ? -1 : Number(one > two);
}

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

  it('takes a name from the end of a key as it takes the name by itself', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), NAME)), (keys) => {
        const column = new NameColumn();
        for (const [folder, name] of keys) column.push(folder + name, folder.length);
        expect(keys.map((_, row) => column.get(row))).toEqual(keys.map(([, name]) => name));
        expect(keys.map((_, row) => column.isUuid(row))).toEqual(keys.map(([, name]) => isUuid(name)));
      }),
      { seed: 10, numRuns: 500 },
    );
  });

  it('compares names as their UTF-8 bytes compare, by row and with any name', () => {
    fc.assert(
      fc.property(fc.array(NAME, { minLength: 1 }), NAME, (names, other) => {
        const column = columnOf(names);
        const last = names.length - 1;
        expect(names.map((_, row) => Math.sign(column.compareRows(row, last)))).toEqual(
          names.map((name) => byBytes(name, names[last] ?? '')),
        );
        for (const wanted of [...names, other]) {
          const parsed = parseName(wanted);
          expect(names.map((_, row) => Math.sign(column.compare(row, parsed)))).toEqual(
            names.map((name) => byBytes(name, wanted)),
          );
        }
      }),
      { seed: 9, numRuns: 500 },
    );
  });

  it('compares a UUID that is read from bytes as its text, with names of any sort', () => {
    fc.assert(
      fc.property(fc.array(NAME, { minLength: 1 }), fc.uuid(), (names, uuid) => {
        const column = columnOf([...names, uuid]);

        const read = fromBytes(uuid);

        expect(read.text).toBe(uuid);
        for (const row of [...names, uuid].keys()) {
          expect(column.compare(row, read)).toBe(column.compare(row, parseName(uuid)));
        }
      }),
      { seed: 15, numRuns: 500 },
    );
  });

  it('finds every name among rows in order, however the names lie, and no other one', () => {
    /** Close together, where guesses lead astray: most have the same first digits. */
    const close = fc
      .tuple(fc.constantFrom('00000000', '00000001', 'fffffffe', 'ffffffff'), fc.uuid())
      .map(([digits, uuid]) => digits + uuid.slice(8));
    fc.assert(
      fc.property(fc.uniqueArray(fc.oneof(NAME, close), { minLength: 1 }), NAME, (names, stranger) => {
        const sorted = names.toSorted(byBytes);
        const column = columnOf(['0', ...sorted, '~']);
        const find = (name: string) => column.find(1, sorted.length + 1, parseName(`x/${name}`, 2)) - 1;

        expect(sorted.map(find)).toEqual(sorted.map((_, row) => row));
        const uuids = sorted.filter(isUuid);
        expect(uuids.map((name) => column.find(1, sorted.length + 1, fromBytes(name)) - 1)).toEqual(uuids.map(find));
        expect(find(stranger)).toBe(sorted.includes(stranger) ? sorted.indexOf(stranger) : -2);
        expect(column.find(1, 1, parseName(stranger))).toBe(-1);
      }),
      { seed: 11, numRuns: 1_000 },
    );
  });

  it('compares UUIDs that differ in one word only', () => {
    const digits = [0, 9, 14, 19, 24, 28, 35];
    const names = [NIL, ...digits.map((at) => `${NIL.slice(0, at)}f${NIL.slice(at + 1)}`)];
    const column = columnOf(names);
    const rows = names.map((_, row) => row);
    expect(rows.toSorted((a, b) => column.compareRows(a, b)).map((row) => names[row])).toEqual([...names].sort());
    for (const name of names) {
      expect(rows.map((row) => Math.sign(column.compare(row, parseName(name))))).toEqual(
        names.map((each) => byBytes(each, name)),
      );
    }
  });

  it('takes a row beyond the end for some name, and not for one that is there', () => {
    expect(columnOf([]).get(7)).toBe('00000000-0000-4000-8000-000000000000');
    expect(columnOf([FILE]).get(5_000)).toBe('00000000-0000-4000-8000-000000000000');
  });

  it('holds thousands of names, random UUIDs and others, whatever changes places', () => {
    const names = Array.from({ length: 3_000 }, (_, row) => {
      const digits = (Math.imul(row + 1, 0x9e37_79b1) >>> 0).toString(16).padStart(8, '0');
      const version = row % 7 === 0 ? '1' : '4';
      const variant = '89abc'[row % 5] ?? '8';
      return `${digits}-${digits.slice(4)}-${version}${digits.slice(1, 4)}-${variant}${digits.slice(5)}-${digits}beef`;
    });
    const column = columnOf(names);
    for (let row = 0; row < names.length; row += 11) {
      const other = (row * 17 + 5) % names.length;
      column.swap(row, other);
      [names[row], names[other]] = [names[other] ?? '', names[row] ?? ''];
    }

    expect(names.map((_, row) => column.get(row))).toEqual(names);
    expect(names.filter((_, row) => !column.isUuid(row))).toEqual([]);
  });

  it('filters rows by a set of names', () => {
    fc.assert(
      fc.property(fc.array(NAME), fc.array(NAME), fc.nat(), (names, strangers, pick) => {
        const wanted = new Set([...strangers, ...names.filter((_, row) => (row + pick) % 3 === 0)]);
        const isWanted = columnOf(names).filter(wanted);
        expect(names.filter((_, row) => isWanted(row))).toEqual(names.filter((name) => wanted.has(name)));
      }),
      { seed: 13, numRuns: 500 },
    );
  });

  it('tells the first other name from the UUID of the same words', () => {
    const column = columnOf(['CURRENT', NIL]);
    expect([0, 1].map(column.filter(new Set(['CURRENT'])))).toEqual([true, false]);
    expect([0, 1].map(column.filter(new Set([NIL])))).toEqual([false, true]);
    expect(column.compareRows(0, 1)).toBeGreaterThan(0);
  });

  it('takes the words of a UUID for its text', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.uuid(), fc.constantFrom(FILE, OF_ANOTHER_VARIANT, NIL))), (names) => {
        const column = new NameColumn();
        for (const name of names) {
          const { a, b, c, d } = fromBytes(name);
          column.pushUuid(a, b, c, d);
        }

        expect(names.map((_, row) => column.get(row))).toEqual(names);
        expect(names.map((_, row) => column.hash(row))).toEqual(names.map((_, row) => columnOf(names).hash(row)));
      }),
      { seed: 14, numRuns: 200 },
    );
  });

  it.each([FILE.toUpperCase(), FILE.replace('-', '_'), FILE.slice(1), `g${FILE.slice(1)}`, `${FILE.slice(0, 35)}é`])(
    'reads no words from %s',
    (name) => {
      expect(new UuidBytes().read(Buffer.from(name), 0)).toBe(false);
    },
  );

  it('lets two names change places', () => {
    const column = columnOf([FILE, 'CURRENT', NIL]);
    column.swap(0, 1);
    column.swap(1, 2);
    expect([0, 1, 2].map((row) => column.get(row))).toEqual(['CURRENT', NIL, FILE]);
    expect([0, 1, 2].map((row) => column.isUuid(row))).toEqual([false, true, true]);
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
