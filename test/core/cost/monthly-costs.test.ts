import { describe, expect, it } from 'vitest';
import { judgeAll } from '#core/collect/judge.ts';
import { tally } from '#core/collect/totals.ts';
import { MonthlyCosts } from '#core/cost/monthly-costs.ts';
import { type PlacePrices, pricesOfRegion } from '#core/cost/prices.ts';
import { DAY, DIRECTORY, HOUR, OTHER_DIRECTORY, uuid, world } from '#test/support/world.ts';

const GIB = 1024 ** 3;
const TIB = 1024 * GIB;
const GROUPS = { live: ['keep-live'], reclaimable: ['delete'] } as const;

const HERE = `${DIRECTORY}/shared/${uuid(1)}`;
const THERE = `${OTHER_DIRECTORY}/shared/${uuid(4)}`;
/** A job in one bucket and one in another. */
const evidence = world({
  locations: [{}, { name: 's3://other', store: 's3://other' }],
  objects: {
    [HERE]: { age: 10 * DAY, bytes: 30 * TIB },
    [`${DIRECTORY}/shared/${uuid(2)}`]: { age: 10 * DAY, bytes: 20 * TIB },
    [THERE]: { age: HOUR, bytes: 50 * TIB, location: 1 },
  },
  roots: { [`${DIRECTORY}/chk-9`]: { age: HOUR, names: [HERE], bytes: 0 } },
});
const totals = tally(evidence, judgeAll(evidence));
const [here, there] = [evidence.owner(HERE), evidence.owner(THERE)];

/** One price for every byte. */
function flat(perGiBMonth: number, of: string): PlacePrices {
  return {
    storage: [{ upTo: null, perGiBMonth }],
    listPer1000: 0,
    getPer1000: 0,
    of,
    assumed: false,
    billsClasses: true,
  };
}

describe('The costs of an area', () => {
  it('are told apart by what is live and what is reclaimable', () => {
    const costs = new MonthlyCosts([flat(1 / 1024, 'a'), flat(2 / 1024, 'b')], totals, GROUPS);

    expect(costs.of([here])).toEqual({ live: 30, reclaimable: 20, total: 50 });
    expect(costs.of([there])).toEqual({ live: 0, reclaimable: 0, total: 100 });
    expect(costs.area()).toEqual({ live: 30, reclaimable: 20, total: 150 });
  });

  it('reach the next tier by all that lies in the region, and are shared by all of it', () => {
    const prices = pricesOfRegion('us-east-1');

    const costs = new MonthlyCosts([prices, prices], totals, GROUPS);

    const whole = 50 * 1024 * 0.023 + 50 * 1024 * 0.022;
    expect(costs.area()?.total).toBeCloseTo(whole, 6);
    expect(costs.of([here])?.total).toBeCloseTo(whole / 2, 6);
  });

  it('have tiers of their own in each region', () => {
    const costs = new MonthlyCosts([pricesOfRegion('us-east-1'), pricesOfRegion('eu-central-1')], totals, GROUPS);

    expect(costs.area()?.total).toBeCloseTo(50 * 1024 * (0.023 + 0.0245), 6);
  });

  it('leave out places of which no prices are known', () => {
    const costs = new MonthlyCosts([flat(1 / 1024, 'a'), null], totals, GROUPS);

    expect(costs.area()).toEqual({ live: 30, reclaimable: 20, total: 50 });
    expect(costs.of([there])).toBeNull();
    expect(new MonthlyCosts([null, null], totals, GROUPS).area()).toBeNull();
    expect(new MonthlyCosts([], totals, GROUPS).area()).toBeNull();
  });

  it('are nothing for who owns nothing', () => {
    const empty = world({ objects: { [HERE]: { age: DAY, bytes: 0 } } });
    const prices = [flat(1, 'a'), flat(1, 'b')];

    expect(new MonthlyCosts(prices, tally(empty, judgeAll(empty)), GROUPS).area()).toEqual({
      live: 0,
      reclaimable: 0,
      total: 0,
    });
    expect(new MonthlyCosts(prices, totals, GROUPS).of([empty.owner(HERE)])).toBeNull();
  });
});

describe('The costs of other storage classes', () => {
  const [COLD, SMALL, PLAIN] = [1, 2, 3].map((file) => `${DIRECTORY}/shared/${uuid(file)}`);
  const mixed = world({
    objects: {
      [COLD ?? '']: { age: 10 * DAY, bytes: 100 * GIB, storageClass: 'STANDARD_IA' },
      [SMALL ?? '']: { age: 10 * DAY, bytes: 1, storageClass: 'STANDARD_IA' },
      [PLAIN ?? '']: { age: 10 * DAY, bytes: 10 * GIB },
    },
    roots: { [`${DIRECTORY}/chk-9`]: { age: HOUR, names: [COLD ?? ''], bytes: 0 } },
  });
  const ofMixed = tally(mixed, judgeAll(mixed));
  const leastPrice = 0.0125 / (8 * 1024);

  it('are by their own prices, and count small objects with the least size', () => {
    const costs = new MonthlyCosts([pricesOfRegion('us-east-1')], ofMixed, GROUPS);

    const { live, reclaimable, total } = costs.area() ?? {};
    expect(live).toBeCloseTo(1.25, 9);
    expect(reclaimable).toBeCloseTo(0.23 + leastPrice, 9);
    expect(total).toBeCloseTo(1.48 + leastPrice, 9);
    expect(costs.byClass()).toEqual([
      {
        storageClass: 'STANDARD',
        objects: 2,
        bytes: 10 * GIB,
        billedBytes: 10 * GIB,
        perMonth: expect.closeTo(0.23, 9),
      },
      {
        storageClass: 'STANDARD_IA',
        objects: 2,
        bytes: 100 * GIB + 1,
        billedBytes: 100 * GIB + 131_072,
        perMonth: expect.closeTo(1.25 + leastPrice, 9),
      },
    ]);
  });

  it('leave the tiers of S3 Standard to what is in it', () => {
    const large = world({
      objects: {
        [COLD ?? '']: { age: 10 * DAY, bytes: 100 * TIB, storageClass: 'GLACIER_IR' },
        [PLAIN ?? '']: { age: 10 * DAY, bytes: 50 * TIB },
      },
    });

    const costs = new MonthlyCosts([pricesOfRegion('us-east-1')], tally(large, judgeAll(large)), GROUPS);

    expect(costs.area()?.total).toBeCloseTo(50 * 1024 * 0.023 + 100 * 1024 * 0.004, 6);
  });

  it('are told of single objects and sums as of the whole', () => {
    const costs = new MonthlyCosts([pricesOfRegion('us-east-1'), null], ofMixed, GROUPS);

    expect(costs.ofObject(0, 'STANDARD_IA', 1)).toBeCloseTo(leastPrice, 12);
    expect(costs.ofObject(0, null, GIB)).toBeCloseTo(0.023, 12);
    expect(costs.ofClass(0, 'GLACIER_IR', { objects: 1, bytes: GIB, billed: GIB, small: 0 })).toBeCloseTo(0.004, 12);
    expect(costs.perByte()).toBeCloseTo(0.023 / GIB, 18);
    expect([costs.ofObject(1, null, 1), costs.ofObject(1, 'GLACIER', 1), costs.ofBytes(2, 1)]).toEqual([
      null,
      null,
      null,
    ]);
    expect(new MonthlyCosts([null], ofMixed, GROUPS).perByte()).toBeNull();
  });

  it('are those of all classes alike by the prices of an operator', () => {
    const own = { ...flat(1, 'steward.json'), billsClasses: false };

    const costs = new MonthlyCosts([own], ofMixed, GROUPS);

    expect(costs.area()).toEqual({ live: 100, reclaimable: 10 + 1 / GIB, total: 110 + 1 / GIB });
    expect(costs.ofObject(0, 'STANDARD_IA', GIB)).toBe(1);
    expect(costs.byClass().map(({ storageClass, objects }) => [storageClass, objects])).toEqual([['STANDARD', 4]]);
  });

  it('have no line for S3 Standard where nothing is in it, nor for places without prices', () => {
    const cold = world({
      locations: [{}, { name: 's3://other', store: 's3://other' }],
      objects: {
        [COLD ?? '']: { age: 10 * DAY, bytes: GIB, storageClass: 'GLACIER_IR' },
        [THERE]: { age: DAY, bytes: GIB, location: 1 },
      },
    });

    const costs = new MonthlyCosts([pricesOfRegion('us-east-1'), null], tally(cold, judgeAll(cold)), GROUPS);

    expect(costs.byClass().map(({ storageClass }) => storageClass)).toEqual(['GLACIER_IR']);
  });

  it('have the first price of S3 Standard where there are no tiers to tell it', () => {
    const none = { ...flat(1, 'a'), storage: [] };

    expect(new MonthlyCosts([none], tally(world({}), judgeAll(world({}))), GROUPS).perByte()).toBe(0);
  });
});
