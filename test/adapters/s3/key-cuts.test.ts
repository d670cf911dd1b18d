import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutBehind, isBetween, isSameInAnyOrder, patternOf, remainderOf } from '#adapters/s3/key-cuts.ts';
import { compareKeys } from '#core/key-order.ts';

const SEED = 20_260_105;
const SHARED = 'flink/9468946f38e9d60efc7468a374aec04f/shared/';

describe('The pattern of a page', () => {
  it('tells from its first page how many UUIDs a directory holds', () => {
    const keys = uuids(50_000, SHARED);

    const pattern = patternOf(page(keys.slice(0, 1_000)));
    const outlook = pattern && remainderOf(pattern, keys[999] ?? '', undefined);

    expect(pattern).toMatchObject({ stem: SHARED, isEven: true });
    expect(outlook?.keys).toBeGreaterThan(45_000);
    expect(outlook?.keys).toBeLessThan(53_000);
  });

  it('cuts such a directory into halves', () => {
    const keys = uuids(50_000, SHARED);
    const pattern = patternOf(page(keys.slice(0, 1_000)));

    const cut = (pattern && remainderOf(pattern, keys[999] ?? '', undefined)?.cut) ?? '';

    const left = keys.filter((key) => compareKeys(key, cut) <= 0).length;
    expect(left).toBeGreaterThan(25_000);
    expect(left).toBeLessThan(26_000);
  });

  it('is that of the directory in which the page ends, where another one ends in its middle', () => {
    const keys = [...names(300, `${SHARED.replace('shared', 'chk-1')}part-`), ...uuids(70_000, SHARED).slice(0, 700)];

    expect(patternOf(page(keys))).toMatchObject({ stem: SHARED, isEven: true });
  });

  it('is that of the job ids, where the page holds several jobs', () => {
    const keys = uuids(100, 'flink/').flatMap((job) => names(10, `${job.replaceAll('-', '')}/shared/`));

    expect(patternOf(page(keys))).toMatchObject({ stem: 'flink/', isEven: true });
  });

  it('of counted names begins where they differ', () => {
    const pattern = patternOf(page(names(1_000, 'data/part-')));

    expect(pattern).toMatchObject({ stem: 'data/part-00', digits: '0123456789', isEven: false });
  });

  it.each([
    ['few keys', names(49, 'a/')],
    ['no keys', []],
  ])('is not guessed from %s', (_what, keys) => {
    expect(patternOf(page(keys))).toBe(null);
  });

  it('says nothing of what lies behind it', () => {
    const pattern = patternOf(page(uuids(1_000, SHARED)));

    expect(pattern && remainderOf(pattern, 'flink/x', undefined)).toBe(null);
    expect(pattern && remainderOf(pattern, `${SHARED}80`, `${SHARED}80`)).toBe(null);
  });

  it('gives only cuts between the ends of the part, whatever the keys are', () => {
    const anyKey = fc.oneof(
      fc.string({
        unit: fc.constantFrom('a', '0', 'f', '/', '-', ' ', '&', '~', 'é', '\uffee', '\u{1f600}'),
        maxLength: 9,
      }),
      fc.uuid().map((uuid) => `shared/${uuid}`),
    );
    fc.assert(
      fc.property(fc.uniqueArray(anyKey, { minLength: 60, maxLength: 90 }), anyKey, anyKey, (keys, one, other) => {
        // Prepare
        const pattern = patternOf(page(keys.toSorted(compareKeys)));
        const [after = '', until = ''] = [one, other].sort(compareKeys);

        // Act
        const cuts = pattern && [
          remainderOf(pattern, after, until)?.cut,
          cutBehind(pattern.stem, after, until),
          remainderOf(pattern, after, undefined)?.cut,
        ];

        // Assess
        const [inside, behind, open] = cuts ?? [];
        expect(inside === undefined || isBetween(inside, after, until)).toBe(true);
        expect(behind === undefined || isBetween(behind, after, until)).toBe(true);
        expect(open === undefined || isBetween(open, after, undefined)).toBe(true);
      }),
      { seed: SEED },
    );
  });
});

describe('The cut behind a stem', () => {
  it.each([
    ['a/shared/', 'a/shared/0', undefined, 'a/shared0'],
    ['a/shared/', 'a/shared/0', 'a/shared0', undefined],
    ['a/shared/', 'a/shared1', undefined, undefined],
    ['a~', 'a~', undefined, undefined],
    ['é', 'é', undefined, undefined],
    ['', 'a', undefined, undefined],
  ])('%j lies after all that begin with it, seen from %j until %j: %j', (stem, after, until, cut) => {
    expect(cutBehind(stem, after, until)).toBe(cut);
  });
});

describe('A cut that is the same in any order', () => {
  it('has the same keys before it by UTF-8 bytes and by UTF-16 units', () => {
    const name = fc.constantFrom('a', '/', '\u00e9', '\u65e5', '\ud7ff', '\ue000', '\uff21', '\u{1f600}', '\u{10ffff}');
    const anyKey = fc.array(name, { maxLength: 3 }).map((names) => names.join(''));
    fc.assert(
      fc.property(anyKey.filter(isSameInAnyOrder), anyKey, (cut, key) => {
        expect(key < cut).toBe(compareKeys(key, cut) < 0);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it.each([
    ['checkpoints/\u65e5\u672c/\ud7ff', true],
    ['checkpoints/\u{1f600}/', false],
    ['\uff21', false],
  ])('is %j: %s', (cut, isSame) => {
    expect(isSameInAnyOrder(cut)).toBe(isSame);
  });
});

function page(keys: readonly string[]): { key: string }[] {
  return keys.map((key) => ({ key }));
}

/** In order. */
function uuids(count: number, prefix: string): string[] {
  const hash = (index: number): string => createHash('md5').update(String(index)).digest('hex');
  return Array.from({ length: count }, (_, index) => prefix + hash(index).replace(/^(.{8})(.{4})/, '$1-$2-')).sort();
}

function names(count: number, prefix: string): string[] {
  return Array.from({ length: count }, (_, index) => prefix + String(index).padStart(5, '0'));
}
