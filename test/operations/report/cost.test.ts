import { describe, expect, it } from 'vitest';
import { judgeAll } from '#core/collect/judge.ts';
import { tally } from '#core/collect/totals.ts';
import { jobsOf } from '#core/jobs/jobs.ts';
import { GROUPS } from '#operations/report/audit.ts';
import { type BilledPlace, type Costs, costsOf } from '#operations/report/cost.ts';
import { DAY, DIRECTORY, HOUR, JOB, OTHER_DIRECTORY, OTHER_JOB, uuid, world } from '#test/support/world.ts';

const GIB = 1024 ** 3;
const LIVE = `${DIRECTORY}/shared/${uuid(1)}`;
const evidence = world({
  locations: [{}, { name: 's3://other', store: 's3://other' }],
  objects: {
    [LIVE]: { age: 10 * DAY, bytes: 10 * GIB },
    [`${DIRECTORY}/shared/${uuid(2)}`]: { age: 10 * DAY, bytes: GIB },
    [`${OTHER_DIRECTORY}/shared/${uuid(4)}`]: { age: HOUR, bytes: GIB, location: 1 },
  },
  roots: { [`${DIRECTORY}/chk-9`]: { age: HOUR, names: [LIVE], bytes: 0 } },
});
const totals = tally(evidence, judgeAll(evidence));
const jobs = jobsOf(evidence, totals, []);

function bucket(region: string): BilledPlace {
  return { isBucket: true, usage: { region, listRequests: 2_000, getRequests: 500 } };
}

const IN_STANDARD = { storageClass: 'STANDARD', objects: 4, bytes: 12 * GIB, billedBytes: 12 * GIB };
const DIRECTORY_ON_DISK: BilledPlace = { isBucket: false, usage: null };
const COPY: BilledPlace = { isBucket: true, usage: null };

function costs(places: readonly BilledPlace[], prices: Parameters<typeof costsOf>[2]['prices'] = null): Costs {
  return costsOf(totals, GROUPS, { prices, places });
}

function ofJob(costs: Costs, id: string): unknown {
  return jobs.filter(({ job }) => job === id).map((job) => costs.ofJob(job));
}

describe('The cost of an area', () => {
  it('is that of its bytes in their regions, and of the requests of the survey', () => {
    const { area } = costs([bucket('us-east-1'), bucket('eu-central-1')]);

    expect(area).toEqual({
      currency: 'USD',
      pricesOf: '2025-10',
      regions: ['us-east-1', 'eu-central-1'],
      regionAssumed: false,
      perMonth: { live: 0.23, reclaimable: 0.023, total: 0.2775 },
      storageClasses: [{ ...IN_STANDARD, perMonth: 0.2775 }],
      survey: { listRequests: 4_000, getRequests: 1_000, cost: 0.01 + 0.0002 + 0.0108 + 0.000215 },
    });
  });

  it('is told of each job', () => {
    const both = costs([bucket('us-east-1'), bucket('eu-central-1')]);

    expect(ofJob(both, JOB)).toEqual([{ live: 0.23, reclaimable: 0.023, total: 0.253 }]);
    expect(ofJob(both, OTHER_JOB)).toEqual([{ live: 0, reclaimable: 0, total: 0.0245 }]);
  });

  it('is that of a bucket in us-east-1, and says so, where a copy stands for one', () => {
    const { area } = costs([COPY, bucket('us-east-1')]);

    expect(area).toMatchObject({ regions: ['us-east-1'], regionAssumed: true, perMonth: { total: 0.276 } });
    expect(area?.survey).toEqual({ listRequests: 2_000, getRequests: 500, cost: 0.0102 });
  });

  it('is not told of directories that stand for no bucket', () => {
    const none = costs([DIRECTORY_ON_DISK, DIRECTORY_ON_DISK]);
    const some = costs([DIRECTORY_ON_DISK, bucket('us-east-1')]);

    expect([none.area, ofJob(none, JOB)]).toEqual([null, [null]]);
    expect([some.area?.perMonth, ofJob(some, JOB)]).toEqual([{ live: 0, reclaimable: 0, total: 0.023 }, [null]]);
  });

  it('has the prices of the configuration wherever it lies', () => {
    const prices = { storagePerGiBMonth: 1, listPer1000: 10, getPer1000: 100, currency: 'EUR' };

    const { area } = costs([DIRECTORY_ON_DISK, bucket('eu-central-1')], prices);

    expect(area).toEqual({
      currency: 'EUR',
      pricesOf: 'steward.json',
      regions: [],
      regionAssumed: false,
      perMonth: { live: 10, reclaimable: 1, total: 12 },
      storageClasses: [{ ...IN_STANDARD, perMonth: 12 }],
      survey: { listRequests: 2_000, getRequests: 500, cost: 70 },
    });
  });
});
