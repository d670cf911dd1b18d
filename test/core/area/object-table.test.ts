import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ObjectTable } from '#core/area/object-table.ts';
import { classifyDirectory, classifyObject } from '#core/flink/layout.ts';

const JOB = '9468946f38e9d60efc7468a374aec04f';
const FILE = '0a1b2c3d-4e5f-4a6b-8c7d-9e8f7a6b5c4d';
const NIL = '00000000-0000-0000-0000-000000000000';
const MD5 = 'd41d8cd98f00b204e9800998ecf8427e';

interface Listed {
  readonly location: number;
  readonly key: string;
  readonly bytes: number;
  readonly modified: number;
  readonly etag: string;
  readonly special: string | undefined;
}

function tableOf(listed: readonly Listed[]): ObjectTable {
  const table = new ObjectTable();
  for (const { location, key, bytes, modified, etag, special } of listed) {
    table.add(location, key, bytes, modified, etag, special);
  }
  return table;
}

function split(key: string): { readonly path: string; readonly name: string } {
  const at = key.lastIndexOf('/') + 1;
  return { path: key.slice(0, at), name: key.slice(at) };
}

const DIRECTORY = fc.constantFrom(
  '',
  'savepoints/by hand/',
  'savepoints/savepoint-e8281d-0c236dd65946/',
  ...['chk-1/', 'chk-2/', 'shared/', 'taskowned/', 'dstl/', 'shared/op_x_attempt_0/db/', ''].map(
    (below) => `cp/${JOB}/${below}`,
  ),
);
const NAME = fc.oneof(
  // A small pool too, so that one name lies in several directories.
  fc.uuid(),
  fc.constantFrom(FILE, NIL, FILE.toUpperCase(), '_metadata', 'CURRENT', '', 'completedCheckpoint0a1b2c3d4e5f'),
  fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('/', '-')),
);
const LISTED: fc.Arbitrary<Listed> = fc.record({
  location: fc.nat({ max: 2 }),
  key: fc.tuple(DIRECTORY, NAME).map(([directory, name]) => directory + name),
  bytes: fc.constantFrom(0, 1, 4_096, 2 ** 40),
  modified: fc.nat({ max: 2 ** 41 }),
  etag: fc.constantFrom(MD5, `${MD5}-1`, ''),
  special: fc.constantFrom(undefined, undefined, 'a symbolic link'),
});
const LISTING = fc.uniqueArray(LISTED, { selector: ({ location, key }) => `${location}:${key}`, maxLength: 80 });

describe('a table of objects', () => {
  it('agrees with a plain list of what was added', () => {
    fc.assert(
      fc.property(LISTING, (listed) => {
        const table = tableOf(listed);
        const roots = new Set(
          listed
            .filter(({ key }) => split(key).name === '_metadata')
            .map(({ location, key }) => location + split(key).path),
        );

        expect(table.size).toBe(listed.length);
        listed.forEach(({ location, key, bytes, modified, etag, special }, object) => {
          const { path, name } = split(key);
          const itsClass = classifyDirectory(path);
          expect({
            key: table.key(object),
            name: table.name(object),
            location: table.location(object),
            directory: table.directory(object),
            bytes: table.bytes(object),
            modified: table.modified(object),
            etag: table.etag(object),
            special: table.special(object),
            kind: table.kind(object),
            hasUuidName: table.hasUuidName(object),
            found: table.find(location, key),
          }).toEqual({
            key,
            name,
            location,
            directory: { location, path, class: itsClass },
            bytes,
            modified,
            etag,
            special,
            kind: classifyObject(itsClass, path, name, bytes, roots.has(location + path)),
            hasUuidName: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name),
            found: object,
          });
        });
      }),
      { seed: 10, numRuns: 300 },
    );
  });

  it('finds what is there, and nothing else', () => {
    fc.assert(
      fc.property(LISTING, fc.array(LISTED), (listed, sought) => {
        const table = tableOf(listed);
        const model = new Map(listed.map(({ location, key }, object) => [`${location}:${key}`, object]));
        for (const { location, key } of sought) {
          expect(table.find(location, key)).toBe(model.get(`${location}:${key}`) ?? -1);
        }
      }),
      { seed: 11, numRuns: 300 },
    );
  });

  it('finds every object of a base name, in order', () => {
    fc.assert(
      fc.property(LISTING, fc.array(NAME), (listed, wanted) => {
        const names = new Set(wanted);
        const expected = listed.flatMap(({ key }, object) => (names.has(split(key).name) ? [object] : []));
        expect([...tableOf(listed).withBaseName(names)]).toEqual(expected);
      }),
      { seed: 12, numRuns: 300 },
    );
  });

  it('gives objects of one directory one id, counted from 0', () => {
    const table = new ObjectTable();
    for (const [location, key] of [
      [0, 'a/x'],
      [0, 'b/x'],
      [0, 'a/y'],
      [1, 'a/x'],
      [0, 'top'],
    ] as const) {
      table.add(location, key, 1, 0, MD5);
    }
    expect([0, 1, 2, 3, 4].map((object) => table.directoryId(object))).toEqual([0, 1, 0, 2, 3]);
  });

  it('tells names apart that have one hash', () => {
    const table = new ObjectTable();
    table.add(0, 'd/CURRENT', 1, 0, MD5);
    table.add(0, `d/${NIL}`, 2, 0, MD5);
    expect([table.find(0, 'd/CURRENT'), table.find(0, `d/${NIL}`)]).toEqual([0, 1]);
    expect([...table.withBaseName(new Set(['CURRENT']))]).toEqual([0]);
    expect([...table.withBaseName(new Set([NIL]))]).toEqual([1]);
  });

  it('looks at no object where no name was asked for, or none that there is', () => {
    const table = new ObjectTable();
    table.add(0, 'd/CURRENT', 1, 0, MD5);
    expect([...table.withBaseName(new Set())]).toEqual([]);
    expect([...table.withBaseName(new Set(['MANIFEST']))]).toEqual([]);
  });

  it('finds nothing in an empty table', () => {
    expect(new ObjectTable().find(0, 'k')).toBe(-1);
    expect([...new ObjectTable().withBaseName(new Set([FILE]))]).toEqual([]);
  });
});

describe('a table that grows', () => {
  it('finds objects that were added after a search', () => {
    const table = new ObjectTable();
    table.add(0, `shared/${FILE}`, 1, 0, MD5);
    expect(table.find(0, `shared/${NIL}`)).toBe(-1);
    expect(table.add(0, `shared/${NIL}`, 1, 0, MD5)).toBe(1);
    expect([table.find(0, `shared/${NIL}`), table.find(0, `shared/${FILE}`)]).toEqual([1, 0]);
  });

  it('holds a directory for a savepoint once a root was read there that the listing did not show', () => {
    const table = new ObjectTable();
    table.add(0, `by hand/${FILE}`, 1, 0, MD5);
    table.add(1, `by hand/${FILE}`, 1, 0, MD5);
    expect([table.kind(0), table.kind(1)]).toEqual(['unknown', 'unknown']);

    table.markHoldsRoot(0, 'by hand/');
    table.markHoldsRoot(0, 'another/');

    expect([table.kind(0), table.kind(1)]).toEqual(['savepoint', 'unknown']);
    expect(table.find(0, 'another/x')).toBe(-1);
    table.add(0, 'another/x', 1, 0, MD5);
    expect(table.directoryId(2)).toBe(2);
  });

  it('keeps two hundred thousand objects apart', () => {
    const rows = 200_000;
    const table = new ObjectTable();
    const keyOf = (row: number) => {
      const hex = (row * 7_919).toString(16).padStart(8, '0');
      return `cp/${JOB}/${row % 3 === 0 ? `chk-${row % 100}` : 'shared'}/${hex}-0000-4000-8000-${hex}0000`;
    };
    for (let row = 0; row < rows; row++) {
      table.add(row % 2, keyOf(row), row, row * 1_000, MD5);
    }

    const wrong = Array.from({ length: rows }, (_, row) => row).filter(
      (row) => table.find(row % 2, keyOf(row)) !== row || table.find((row + 1) % 2, keyOf(row)) !== -1,
    );
    expect(wrong).toEqual([]);
    expect([table.bytes(rows - 1), table.modified(rows - 1)]).toEqual([rows - 1, (rows - 1) * 1_000]);
  });
});

describe('what a table refuses', () => {
  it.each([`shared/${FILE}`, 'shared/CURRENT', 'shared/'])('refuses to search a listing that shows %s twice', (key) => {
    const table = new ObjectTable();
    table.add(0, key, 1, 0, MD5);
    table.add(0, key, 2, 1, MD5);
    expect(() => table.find(0, key)).toThrow(
      new Error(
        `The listing shows ${key} twice. Nothing can be decided from such a listing; run again, and report it if it stays so.`,
      ),
    );
  });

  it('takes one key in two locations for two objects', () => {
    const table = new ObjectTable();
    table.add(0, 'k', 1, 0, MD5);
    table.add(1, 'k', 1, 0, MD5);
    expect([table.find(0, 'k'), table.find(1, 'k')]).toEqual([0, 1]);
  });

  it('refuses to tell the directory of an object that it does not have', () => {
    expect(() => new ObjectTable().directory(0)).toThrow(new RangeError('No directory 0 in a table of 0.'));
  });
});
