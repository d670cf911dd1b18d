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
  return { storage: [{ upTo: null, perGiBMonth }], listPer1000: 0, getPer1000: 0, of, assumed: false };
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
