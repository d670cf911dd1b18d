import { describe, expect, it } from 'vitest';
import { countInClass, noneOfClass, plusInClass, storageClassOf } from '#core/inventory/storage-class.ts';

const KIB = 1024;

describe('A storage class', () => {
  it.each([
    ['STANDARD_IA', 'STANDARD_IA'],
    ['STANDARD', null],
    ['SNOW', null],
    [undefined, null],
  ])('of the name %s is %s', (name, expected) => {
    expect(storageClassOf(name)).toBe(expected);
  });

  it.each([
    ['STANDARD_IA', 128 * KIB],
    ['ONEZONE_IA', 128 * KIB],
    ['GLACIER_IR', 128 * KIB],
    ['GLACIER', 1],
    ['INTELLIGENT_TIERING', 1],
  ] as const)('%s bills an object of a byte as one of %d', (storageClass, billed) => {
    const amount = noneOfClass();

    countInClass(amount, storageClass, 1);

    expect(amount).toEqual({ objects: 1, bytes: 1, billed, small: 1 });
  });

  it('bills an object of its least size as it is', () => {
    const amount = noneOfClass();

    countInClass(amount, 'STANDARD_IA', 128 * KIB);
    countInClass(amount, 'STANDARD_IA', 128 * KIB - 1);

    expect(amount).toEqual({ objects: 2, bytes: 256 * KIB - 1, billed: 256 * KIB, small: 1 });
  });

  it('is added up', () => {
    expect(
      plusInClass({ objects: 1, bytes: 2, billed: 3, small: 4 }, { objects: 10, bytes: 20, billed: 30, small: 40 }),
    ).toEqual({ objects: 11, bytes: 22, billed: 33, small: 44 });
  });
});
