import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classifyDirectory, classifyObject } from '#core/flink/layout.ts';
import type { PageEntry } from '#core/inventory/compact-page.ts';
import { ObjectTable } from '#core/inventory/object-table.ts';
import { STORAGE_CLASSES, type StorageClass } from '#core/inventory/storage-class.ts';
import { compareKeys } from '#core/key-order.ts';
import { compactPageOf } from '#test/support/compact-pages.ts';

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
  readonly storage?: 'archived' | 'tiering' | undefined;
  readonly storageClass?: StorageClass | undefined;
}

function plain(location: number, key: string, bytes = 1, modified = 0): Listed {
  return { location, key, bytes, modified, etag: MD5, special: undefined };
}

function tableOf(listed: readonly Listed[]): ObjectTable {
  const table = new ObjectTable();
  for (const object of listed) {
    table.add(object);
  }
  return table;
}

/** The same in pages of so many; what is no ordinary object comes alone. */
function tableOfPages(listed: readonly Listed[], most: number): ObjectTable {
  const table = new ObjectTable();
  let page: Listed[] = [];
  const end = () => {
    table.addPage(page[0]?.location ?? 0, compactPageOf(page.map(entryOf)), '');
    page = [];
  };
  for (const object of listed) {
    if (page.length === most || object.special !== undefined || page[0]?.location !== object.location) end();
    if (object.special === undefined) page.push(object);
    else table.add(object);
  }
  end();
  return table;
}

function entryOf({ key, bytes, modified, etag, storage, storageClass }: Listed): PageEntry {
  return { key, bytes, modified, etag, ...(storage && { storage }), ...(storageClass && { storageClass }) };
}

/** What was listed in the order in which a table has it. */
function inOrder(listed: readonly Listed[]): readonly Listed[] {
  return listed.toSorted((a, b) => a.location - b.location || compareKeys(a.key, b.key));
}

function split(key: string): { readonly path: string; readonly name: string } {
  const at = key.lastIndexOf('/') + 1;
  return { path: key.slice(0, at), name: key.slice(at) };
}

const DIRECTORY = fc.constantFrom(
  '',
  'savepoints/by hand/',
  ...['a//', 'a/', '/', '//', 'a/\ue000/', 'a/\u{10000}/', 'a/\udc80/'],
  'savepoints/savepoint-e8281d-0c236dd65946/',
  ...['chk-1/', 'chk-2/', 'shared/', 'taskowned/', 'dstl/', 'shared/op_x_attempt_0/db/', ''].map(
    (below) => `cp/${JOB}/${below}`,
  ),
);
const NAME = fc.oneof(
  // A small pool too, so that one name lies in several directories.
  fc.uuid(),
  fc.constantFrom(FILE, NIL, FILE.toUpperCase(), '_metadata', 'CURRENT', '', 'completedCheckpoint0a1b2c3d4e5f'),
  fc.constantFrom('\ue000', '\u{10000}', '\udc80', 'a', 'b', '0', 'g'),
  fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('/', '-')),
);
const LISTED: fc.Arbitrary<Listed> = fc.record({
  location: fc.nat({ max: 2 }),
  key: fc.tuple(DIRECTORY, NAME).map(([directory, name]) => directory + name),
  bytes: fc.constantFrom(0, 1, 4_096, 2 ** 40),
  modified: fc.oneof(
    fc.nat({ max: 2 ** 41 }),
    fc.constantFrom(0, 1_717_000_000_000, -1_000, -1.5, 1_717_000_000_123.4),
  ),
  etag: fc.constantFrom(MD5, `${MD5}-1`, `${MD5}-999`, ''),
  special: fc.constantFrom(undefined, undefined, 'a symbolic link'),
  storage: fc.constantFrom(undefined, undefined, 'archived', 'tiering'),
  storageClass: fc.constantFrom(undefined, undefined, ...STORAGE_CLASSES),
});
const UNORDERED = fc.uniqueArray(LISTED, { selector: ({ location, key }) => `${location}:${key}`, maxLength: 80 });
/** As a store lists it, a part of the key space after another, or in any order. */
const LISTING = fc.tuple(UNORDERED, fc.constantFrom('keys', 'parts', 'any'), fc.nat()).map(([listed, how, cut]) => {
  if (how === 'any') {
    return listed;
  }
  const sorted = listed.toSorted((a, b) => a.location - b.location || compareKeys(a.key, b.key));
  const at = how === 'keys' ? 0 : cut % (sorted.length + 1);
  return [...sorted.slice(at), ...sorted.slice(0, at)];
});

describe('a table of objects', () => {
  it('agrees with a plain list of what was added, object by object or in pages, in the order of keys', () => {
    fc.assert(
      fc.property(LISTING, fc.constantFrom(0, 1, 3, 40), (listed, most) => {
        const table = most === 0 ? tableOf(listed) : tableOfPages(listed, most);
        const roots = new Set(
          listed
            .filter(({ key }) => split(key).name === '_metadata')
            .map(({ location, key }) => location + split(key).path),
        );

        expect(table.size).toBe(listed.length);
        inOrder(listed).forEach(({ location, key, bytes, modified, etag, special, storage, storageClass }, object) => {
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
            isArchived: table.isArchived(object),
            isTiering: table.isTiering(object),
            storageClass: table.storageClass(object),
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
            isArchived: storage === 'archived',
            isTiering: storage === 'tiering',
            storageClass: storageClass ?? null,
            kind: classifyObject({ path, class: itsClass, holdsRoot: roots.has(location + path) }, name, bytes),
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
        const model = new Map(inOrder(listed).map(({ location, key }, object) => [`${location}:${key}`, object]));
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
        const expected = inOrder(listed).flatMap(({ key }, object) => (names.has(split(key).name) ? [object] : []));
        expect([...tableOf(listed).withBaseName(names)]).toEqual(expected);
      }),
      { seed: 12, numRuns: 300 },
    );
  });

  it('gives objects of one directory one id, and another one to every other directory', () => {
    const listed = [
      [0, 'a/x'],
      [0, 'b/x'],
      [0, 'a/y'],
      [1, 'a/x'],
      [0, 'top'],
    ] as const;
    const table = new ObjectTable();
    for (const [location, key] of listed) {
      table.add(plain(location, key));
    }
    expect(listed.map(([location, key]) => table.directoryId(table.find(location, key)))).toEqual([0, 1, 0, 2, 3]);
    expect([0, 1, 2, 3, 4].map((object) => table.key(object))).toEqual(['a/x', 'a/y', 'b/x', 'top', 'a/x']);
  });

  it('has directories among the names of those above them, as keys are sorted', () => {
    const keys = [
      'a',
      'a-',
      'a/',
      'a/b',
      'a/b/c',
      'a/b/c/d',
      'a/b0',
      'a/ba',
      'a/c/d',
      'a/d',
      'b',
      'b/c/d',
      'b/d',
      'ba',
    ];
    for (const listed of [keys, keys.toReversed(), [...keys.slice(7), ...keys.slice(0, 7)]]) {
      const table = new ObjectTable();
      for (const key of listed) {
        table.add(plain(0, key));
      }
      expect(keys.map((_, object) => table.key(object))).toEqual(keys);
      expect(keys.map((key) => table.find(0, key))).toEqual(keys.map((_, object) => object));
    }
  });

  it('tells names apart that are held as the same words', () => {
    const table = new ObjectTable();
    table.add(plain(0, 'd/CURRENT'));
    table.add(plain(0, `d/${NIL}`, 2, 0));
    expect([table.find(0, 'd/CURRENT'), table.find(0, `d/${NIL}`)]).toEqual([1, 0]);
    expect([...table.withBaseName(new Set(['CURRENT']))]).toEqual([1]);
    expect([...table.withBaseName(new Set([NIL]))]).toEqual([0]);
  });

  it('looks at no object where no name was asked for, or none that there is', () => {
    const table = new ObjectTable();
    table.add(plain(0, 'd/CURRENT'));
    expect([...table.withBaseName(new Set())]).toEqual([]);
    expect([...table.withBaseName(new Set(['MANIFEST']))]).toEqual([]);
  });

  it('finds nothing in an empty table', () => {
    expect(new ObjectTable().find(0, 'k')).toBe(-1);
    expect([...new ObjectTable().withBaseName(new Set([FILE]))]).toEqual([]);
  });
});

describe('a table that grows', () => {
  it('brings pages of parts that were listed side by side into order', () => {
    const keyOf = (row: number): string =>
      `cp/${JOB}/shared/${row.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;
    const table = new ObjectTable();
    for (const from of [20, 0, 30, 10, 50, 40]) {
      for (let row = from; row < from + 10; row++) {
        table.add(plain(0, keyOf(row), row, row * 1_000));
      }
    }
    table.seal();

    const rows = Array.from({ length: 60 }, (_, row) => row);
    expect(rows.map((row) => table.key(row))).toEqual(rows.map(keyOf));
    expect(rows.map((row) => [table.bytes(row), table.modified(row)])).toEqual(rows.map((row) => [row, row * 1_000]));
    expect(rows.map((row) => table.find(0, keyOf(row)))).toEqual(rows);
    expect(table.find(0, keyOf(60))).toBe(-1);
  });

  it('puts what is above a location before the keys of a page', () => {
    const table = new ObjectTable();

    table.addPage(0, compactPageOf([plain(0, `a/${FILE}`), plain(0, 'a/_metadata')].map(entryOf)), 'top/');

    expect([0, 1].map((object) => table.key(object))).toEqual([`top/a/${FILE}`, 'top/a/_metadata']);
    expect([0, 1].map((object) => table.kind(object))).toEqual(['savepoint', 'metadata']);
  });

  it('brings a page into order that is in none', () => {
    const names = [FILE, NIL, FILE.replace('0a', '05')];
    const table = new ObjectTable();

    table.addPage(0, compactPageOf(names.map((name) => entryOf(plain(0, `a/${name}`)))), '');

    expect([0, 1, 2].map((object) => table.name(object))).toEqual(names.toSorted());
  });

  it('brings pages of one directory into order that come in another one', () => {
    const names = Array.from({ length: 6 }, (_, place) => FILE.replace('0', `${place}`));
    const pages = [names.slice(4), names.slice(2, 4), names.slice(0, 2)];
    const table = new ObjectTable();

    for (const page of pages) table.addPage(0, compactPageOf(page.map((name) => entryOf(plain(0, `a/${name}`)))), '');

    expect(names.map((_, object) => table.name(object))).toEqual(names);
    expect(names.map((name) => table.find(0, `a/${name}`))).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('refuses a page that begins with the object that the one before ended with', () => {
    const page = () => compactPageOf([entryOf(plain(0, `a/${FILE}`))]);
    const table = new ObjectTable();

    table.addPage(0, page(), '');
    table.addPage(0, page(), '');

    expect(() => table.seal()).toThrow(`The listing shows a/${FILE} twice`);
  });

  it('takes pages of the same directory in two locations for two directories', () => {
    const table = new ObjectTable();

    for (const location of [0, 1]) table.addPage(location, compactPageOf([entryOf(plain(location, `a/${FILE}`))]), '');

    expect([0, 1].map((object) => table.location(object))).toEqual([0, 1]);
  });

  it.each([
    ['UUIDs', [`a/${FILE}`, `a/${FILE}/${FILE}`, `a/${FILE.replace('0', '1')}`]],
    ['another name', [`a/${FILE}`, 'a/0b/x', `a/${FILE.replace('0', '1')}`]],
  ])('goes on in a directory of a page behind %s in one below it', (_what, keys) => {
    const table = new ObjectTable();

    table.addPage(0, compactPageOf(keys.map((key) => entryOf(plain(0, key)))), '');

    expect(keys.map((_, object) => table.key(object))).toEqual(keys);
  });

  it('takes no page once it is sealed', () => {
    const table = tableOf([plain(0, 'a/x')]);
    table.seal();

    const page = compactPageOf([entryOf(plain(0, `a/${FILE}`))]);

    expect(() => table.addPage(0, page, '')).toThrow('a/ was listed after the table was sealed');
  });

  it('takes nothing more once it is sealed', () => {
    const table = new ObjectTable();
    table.add(plain(0, `shared/${FILE}`));
    expect(table.find(0, `shared/${NIL}`)).toBe(-1);
    expect(() => table.add(plain(0, 'shared/late'))).toThrow(
      new Error('shared/late was listed after the table was sealed. Nothing can be decided from such a listing.'),
    );
    expect(table.size).toBe(1);
  });

  it('holds a directory for a savepoint once a root was read there that the listing did not show', () => {
    const table = new ObjectTable();
    table.add(plain(0, `by hand/${FILE}`));
    table.add(plain(1, `by hand/${FILE}`));
    expect([table.kind(0), table.kind(1)]).toEqual(['unknown', 'unknown']);

    table.markHoldsRoot(0, 'by hand/');
    table.markHoldsRoot(0, 'another/');

    expect([table.kind(0), table.kind(1)]).toEqual(['savepoint', 'unknown']);
    expect(table.find(0, 'another/x')).toBe(-1);
    expect([...table.directories()].map(({ location, path }) => [location, path])).toEqual([
      [0, 'by hand/'],
      [1, 'by hand/'],
      [0, 'another/'],
    ]);
  });

  it('is told that a _metadata is no root, and makes nothing beside it a savepoint', () => {
    const table = new ObjectTable();
    table.add(plain(0, 'lake/_metadata'));
    table.add(plain(0, `lake/${FILE}`));
    const kinds = () => [table.kind(table.find(0, 'lake/_metadata')), table.kind(table.find(0, `lake/${FILE}`))];
    expect(kinds()).toEqual(['metadata', 'savepoint']);

    table.markHoldsNoRoot(0, 'lake/');

    expect(kinds()).toEqual(['unknown', 'unknown']);
  });

  it('may be told of a root before it is sealed, in a directory that holds no object', () => {
    const table = new ObjectTable();
    table.markHoldsRoot(0, 'another/');
    table.add(plain(0, `by hand/${FILE}`));
    expect([table.find(0, 'another/x'), table.find(0, `by hand/${FILE}`), table.directoryId(0)]).toEqual([-1, 0, 1]);
  });

  it('keeps a hundred thousand objects apart', () => {
    const rows = 100_000;
    const table = new ObjectTable();
    const keyOf = (row: number) => {
      const hex = (row * 7_919).toString(16).padStart(8, '0');
      return `cp/${JOB}/${row % 3 === 0 ? `chk-${row % 100}` : 'shared'}/${hex}-0000-4000-8000-${hex}0000`;
    };
    for (let at = 0; at < rows; at++) {
      const row = at < rows / 2 ? at * 2 + (at % 2) : (at - rows / 2) * 2 + ((at + 1) % 2);
      table.add(plain(row % 2, keyOf(row), row, row * 1_000));
    }

    // Every second key of a directory comes after all others: the rows of both sorts are brought together.
    const wrong = Array.from({ length: rows }, (_, row) => row).filter((row) => {
      const object = table.find(row % 2, keyOf(row));
      return table.bytes(object) !== row || table.modified(object) !== row * 1_000 || table.key(object) !== keyOf(row);
    });
    const misplaced = Array.from({ length: rows }, (_, row) => row).filter(
      (row) => table.find((row + 1) % 2, keyOf(row)) !== -1,
    );
    expect([wrong, misplaced]).toEqual([[], []]);
  });
});

describe('what a table refuses', () => {
  it.each([`shared/${FILE}`, 'shared/CURRENT', 'shared/'])('refuses to search a listing that shows %s twice', (key) => {
    const table = new ObjectTable();
    table.add(plain(0, key));
    table.add(plain(0, key, 2, 1));
    expect(() => table.find(0, key)).toThrow(
      new Error(
        `The listing shows ${key} twice. Nothing can be decided from such a listing; run again, and report it if it happens again.`,
      ),
    );
  });

  it.each([
    ['in a part that is listed again', ['d/a', 'd/b', 'd/c', 'd/b']],
    ['at the seam of two parts', ['d/b', 'd/c', 'd/a', 'd/b']],
    ['within another part', ['d/a', 'd/d', 'd/b', 'd/c', 'd/c']],
    ['in a page that comes twice', ['d/a', 'd/b', 'd/a', 'd/b']],
  ])('refuses to seal where a key was shown twice %s', (_, keys) => {
    const table = new ObjectTable();
    for (const key of keys) {
      table.add(plain(0, key));
    }
    expect(() => table.seal()).toThrow(/^The listing shows d\/[abc] twice\. Nothing can be decided/);
  });

  it('takes one key in two locations for two objects', () => {
    const table = new ObjectTable();
    table.add(plain(0, 'k'));
    table.add(plain(1, 'k'));
    expect([table.find(0, 'k'), table.find(1, 'k')]).toEqual([0, 1]);
  });

  it.each([-1, 2, Number.NaN])('knows nothing of object %d, which it does not have', (object) => {
    const table = new ObjectTable();
    table.add(plain(0, 'a/x'));
    table.add(plain(0, 'b/x'));
    expect(() => table.directory(object)).toThrow(new RangeError(`No object ${object} in a table of 2.`));
    expect(() => table.bytes(object)).toThrow(new RangeError(`No object ${object} in a table of 2.`));
    expect(() => new ObjectTable().key(0)).toThrow(new RangeError('No object 0 in a table of 0.'));
  });
});
