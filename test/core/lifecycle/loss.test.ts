import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dueAt, hasSizeFilter, lossesBy, takes } from '#core/lifecycle/loss.ts';
import type { When } from '#core/lifecycle/rule.ts';
import { archive, at, DAY, expiry, filter, rule } from './samples.ts';

const SEED = 20_261_130;
const KIB_128 = 128 * 1024;

const days = fc.integer({ min: 0, max: 5_000 });
const modified = fc.integer({ min: 0, max: at('2100-01-01T00:00:00Z') });

describe('dueAt', () => {
  it.each([
    // The example of the S3 user guide.
    ['2014-01-15T10:30:00Z', 3, '2014-01-19T00:00:00Z'],
    ['2026-11-23T10:00:00Z', 7, '2026-12-01T00:00:00Z'],
    ['2026-11-23T00:00:00.001Z', 1, '2026-11-25T00:00:00Z'],
    ['2026-11-23T23:59:59.999Z', 0, '2026-11-24T00:00:00Z'],
    // A sum that is a midnight stays one: the earlier of two readings.
    ['2026-11-23T00:00:00Z', 7, '2026-11-30T00:00:00Z'],
  ])('lets an object of %s under a rule of %i days go at %s', (written, age, expected) => {
    expect(dueAt({ by: 'age', days: age }, at(written))).toBe(at(expected));
  });

  it.each([
    ['an older object on the date itself', '2020-01-01T10:00:00Z', '2026-12-01T00:00:00Z'],
    ['an object written after the date as soon as it is there', '2026-12-05T10:00:00Z', '2026-12-05T10:00:00Z'],
  ])('lets a dated rule take %s', (_, written, expected) => {
    expect(dueAt({ by: 'date', date: at('2026-12-01T00:00:00Z') }, at(written))).toBe(at(expected));
  });

  it('takes a date that is no midnight as the midnight before', () => {
    const when: When = { by: 'date', date: at('2026-12-01T15:00:00Z') };

    expect(dueAt(when, 0)).toBe(at('2026-12-01T00:00:00Z'));
  });

  it('is a midnight UTC, never before the age is reached and less than a day after it', () => {
    fc.assert(
      fc.property(modified, days, (written, age) => {
        const due = dueAt({ by: 'age', days: age }, written);

        expect(due % DAY).toBe(0);
        expect(due).toBeGreaterThanOrEqual(written + age * DAY);
        expect(due).toBeLessThan(written + (age + 1) * DAY);
      }),
      { seed: SEED },
    );
  });

  it('never lets a younger object, or one under a longer rule, go earlier', () => {
    const when: fc.Arbitrary<When> = fc.oneof(
      days.map((age): When => ({ by: 'age', days: age })),
      modified.map((date): When => ({ by: 'date', date })),
    );
    fc.assert(
      fc.property(when, modified, fc.nat(), days, (rules, written, younger, more) => {
        expect(dueAt(rules, written + younger)).toBeGreaterThanOrEqual(dueAt(rules, written));
        if (rules.by === 'age') {
          const longer: When = { by: 'age', days: rules.days + more };
          expect(dueAt(longer, written)).toBe(dueAt(rules, written) + more * DAY);
        }
      }),
      { seed: SEED },
    );
  });
});

describe('takes', () => {
  it.each([
    ['everything without conditions', filter(), 'a', 0, true],
    ['a key below the prefix', filter({ prefix: 'flink/' }), 'flink/x', 1, true],
    ['no key beside the prefix', filter({ prefix: 'flink/' }), 'flink', 1, false],
    ['a prefix as text, not as a folder', filter({ prefix: 'fli' }), 'flink/x', 1, true],
    ['no object of just the lower size', filter({ largerThan: 10 }), 'a', 10, false],
    ['an object above the lower size', filter({ largerThan: 10 }), 'a', 11, true],
    ['no object of just the upper size', filter({ smallerThan: 10 }), 'a', 10, false],
    ['an object below the upper size', filter({ smallerThan: 10 }), 'a', 9, true],
    ['an object whatever its tags', filter({ tags: [{ key: 'k', value: 'v' }] }), 'a', 1, true],
  ])('takes %s', (_, conditions, key, bytes, expected) => {
    expect(takes(conditions, { key, bytes, outside: false })).toBe(expected);
  });

  it('takes an object outside the area whatever its size, which nobody knows', () => {
    const conditions = filter({ prefix: 'a/', largerThan: 10 });

    expect(['a/x', 'b/x'].map((key) => takes(conditions, { key, bytes: 0, outside: true }))).toEqual([true, false]);
  });
});

describe('hasSizeFilter', () => {
  it.each([
    [filter(), false],
    [filter({ largerThan: 0 }), true],
    [filter({ smallerThan: 5 }), true],
  ])('of %j is %s', (conditions, expected) => {
    expect(hasSizeFilter(conditions)).toBe(expected);
  });
});

describe('lossesBy', () => {
  it('finds none in a disabled rule', () => {
    expect(lossesBy(expiry(7, { enabled: false }), 'varies_by_storage_class')).toEqual([]);
  });

  it('finds expiry of objects of any size, before archiving', () => {
    const both = expiry(90, { transitions: [{ when: { by: 'age', days: 30 }, storageClass: 'GLACIER' }] });

    expect(lossesBy(both, 'all_storage_classes_128K')).toEqual([
      { effect: 'expires', when: { by: 'age', days: 90 }, storageClass: null, fromBytes: 0 },
      { effect: 'archives', when: { by: 'age', days: 30 }, storageClass: 'GLACIER', fromBytes: KIB_128 },
    ]);
  });

  it.each([
    ['GLACIER', 1],
    ['DEEP_ARCHIVE', 1],
    ['GLACIER_IR', 0],
    ['STANDARD_IA', 0],
    ['ONEZONE_IA', 0],
    ['INTELLIGENT_TIERING', 0],
    ['TAPE_ROBOT', 0],
  ])('counts a transition to %s as %i losses', (storageClass, expected) => {
    expect(lossesBy(archive(storageClass, 30), 'all_storage_classes_128K')).toHaveLength(expected);
  });

  it.each([
    ['spares small objects by default', 'all_storage_classes_128K', filter(), KIB_128],
    ['spares none where it varies by class', 'varies_by_storage_class', filter(), 0],
    ['spares none with a lower size', 'all_storage_classes_128K', filter({ largerThan: 0 }), 0],
    ['spares none with an upper size', 'all_storage_classes_128K', filter({ smallerThan: 9 }), 0],
  ] as const)('%s', (_, minimum, conditions, expected) => {
    const found = lossesBy(archive('DEEP_ARCHIVE', 30, { filter: conditions }), minimum);

    expect(found.map(({ fromBytes }) => fromBytes)).toEqual([expected]);
  });

  it('finds none in a rule that only tends to other things', () => {
    const tidy = rule({ bystanders: ['aborts-uploads', 'noncurrent-versions', 'delete-markers'] });

    expect(lossesBy(tidy, 'varies_by_storage_class')).toEqual([]);
  });
});
