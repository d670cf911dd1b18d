import { describe, expect, it } from 'vitest';
import { PRICE_TABLE, pricesOfRegion, requestCost, storageCost } from '#core/cost/prices.ts';

const GIB = 1024 ** 3;
const TIB = 1024 * GIB;

describe('The price table', () => {
  it('says what it holds of, and of when', () => {
    expect(PRICE_TABLE).toMatchObject({ date: expect.stringMatching(/^20\d\d-\d\d$/), currency: 'USD' });
    expect([...PRICE_TABLE.regions.keys()]).toEqual(
      expect.arrayContaining(['us-east-1', 'eu-west-1', 'eu-central-1', 'ap-southeast-1']),
    );
  });

  it('has a price for every byte, that falls from tier to tier', () => {
    for (const { storage } of PRICE_TABLE.regions.values()) {
      const prices = storage.map(({ perGiBMonth }) => perGiBMonth);
      expect(prices).toEqual(prices.toSorted((a, b) => b - a));
      expect(storage.map(({ upTo }) => upTo)).toEqual([50 * TIB, 500 * TIB, null]);
    }
  });
});

describe('The prices of a region', () => {
  it('are those of the table', () => {
    expect(pricesOfRegion('eu-central-1')).toMatchObject({ of: 'eu-central-1', assumed: false, listPer1000: 0.0054 });
  });

  it.each([null, 'mars-north-1', 'constructor'])('are those of us-east-1, and said to be assumed, of %j', (region) => {
    expect(pricesOfRegion(region)).toMatchObject({ of: 'us-east-1', assumed: true, getPer1000: 0.0004 });
  });
});

describe('The cost of storage', () => {
  const prices = pricesOfRegion('us-east-1');

  it.each([
    ['nothing', 0, 0],
    ['a GiB', GIB, 0.023],
    ['all of the first tier', 50 * TIB, 50 * 1024 * 0.023],
    ['a GiB more', 50 * TIB + GIB, 50 * 1024 * 0.023 + 0.022],
    ['all of the second tier', 500 * TIB, 50 * 1024 * 0.023 + 450 * 1024 * 0.022],
    ['a GiB above all tiers', 500 * TIB + GIB, 50 * 1024 * 0.023 + 450 * 1024 * 0.022 + 0.021],
  ])('of %s has each tier at its own price', (_, bytes, expected) => {
    expect(storageCost(bytes, prices)).toBeCloseTo(expected, 9);
  });
});

it('Requests cost by the thousand, lists and reads apart', () => {
  const prices = { storage: [], listPer1000: 5, getPer1000: 0.5 };

  expect(requestCost({ list: 200, get: 4_000 }, prices)).toBe(3);
});
