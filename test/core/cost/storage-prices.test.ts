import { describe, expect, it } from 'vitest';
import { classCost } from '#core/cost/storage-prices.ts';

const KIB = 1024;
const GIB = 1024 ** 3;
const US_EAST_1 = { perGiBMonth: 0.023, perByte: 0.023 / GIB };
const WHOLE = { objects: 1, bytes: 100 * GIB, billed: 100 * GIB, small: 0 };

describe('What objects of a storage class cost a month', () => {
  it.each([
    ['STANDARD_IA', 1.25],
    ['ONEZONE_IA', 1],
    ['GLACIER_IR', 0.4],
    ['REDUCED_REDUNDANCY', 2.4],
    ['EXPRESS_ONEZONE', 11],
  ] as const)('of 100 GiB in %s is $%d', (storageClass, dollars) => {
    expect(classCost(storageClass, WHOLE, US_EAST_1)).toBeCloseTo(dollars, 9);
  });

  it('is that of the billed bytes', () => {
    const small = { objects: 8, bytes: 8, billed: 8 * 128 * KIB, small: 8 };

    expect(classCost('STANDARD_IA', small, US_EAST_1)).toBeCloseTo((0.0125 * KIB * KIB) / GIB, 12);
  });

  it.each([
    ['GLACIER', 0.0036],
    ['DEEP_ARCHIVE', 0.00099],
  ] as const)(
    'of an archived object in %s has 32 KiB of its class and 8 KiB of S3 Standard on top',
    (storageClass, perGiB) => {
      const empty = { objects: 1_000_000, bytes: 0, billed: 0, small: 1_000_000 };

      const index = ((32 * KIB * perGiB) / GIB) * 1_000_000;
      const names = ((8 * KIB * 0.023) / GIB) * 1_000_000;
      expect(classCost(storageClass, empty, US_EAST_1)).toBeCloseTo(index + names, 9);
    },
  );

  it('in INTELLIGENT_TIERING is that of frequent access, and of watching all but small objects', () => {
    const mixed = { objects: 3_000, bytes: 100 * GIB, billed: 100 * GIB, small: 1_000 };

    expect(classCost('INTELLIGENT_TIERING', mixed, US_EAST_1)).toBeCloseTo(2.3 + 2 * 0.0025, 9);
  });

  it('in a dearer region is dearer in the same proportion', () => {
    expect(classCost('STANDARD_IA', WHOLE, { perGiBMonth: 0.046, perByte: 0.046 / GIB })).toBeCloseTo(2.5, 9);
  });
});
