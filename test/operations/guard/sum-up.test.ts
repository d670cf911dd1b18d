import { describe, expect, it } from 'vitest';
import { lossNumber } from '#core/guard/incident.ts';
import type { LifecycleRule } from '#core/lifecycle/rule.ts';
import { sumUp } from '#operations/guard/sum-up.ts';
import { takersOf } from '#operations/guard/takers.ts';
import type { BucketFacts, BucketLifecycle, Told } from '#ports/bucket-facts.ts';
import { StoreError } from '#ports/object-store.ts';
import { expired, requested } from '#test/core/guard/deletions.ts';
import { expiry } from '#test/core/lifecycle/samples.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob } from '#test/support/played-job.ts';
import { guarded } from './guarded-store.ts';

function facts(told: Told<BucketLifecycle | null>): BucketFacts {
  return { name: 's3://bucket', lifecycle: async () => told } as Partial<BucketFacts> as BucketFacts;
}
const withRules = (...rules: readonly LifecycleRule[]) =>
  facts({ known: true, value: { document: { Rules: [] }, rules, transitionMinimum: null, notUnderstood: [] } });

async function lost(deletionOf: typeof expired, of: BucketFacts | null, fails = false) {
  const place = await guarded((store) => {
    const played = new PlayedJob(store);
    played.complete(1, [played.upload(1, NOW - 9 * DAY), played.upload(2, NOW - 9 * DAY), played.upload(3, NOW - DAY)]);
    played.upload(4, NOW - 9 * DAY);
    played.complete(2, [played.file(1), played.file(2)], NOW - DAY);
  });
  const job = new PlayedJob(place.store);
  place.store.remove(job.file(1));
  const deletion = deletionOf(job.file(1), { at: NOW - DAY - 1 });
  const { losses } = await place.confirm([deletion]);
  if (fails) {
    place.store.once(
      ({ operation }) => operation === 'read',
      () => {
        throw new StoreError('unavailable', 'Try again.');
      },
    );
  }
  const labelOf = ({ job: id }: { readonly job: string | null }) => `job ${id}`;
  const takers = await takersOf(losses, { facts: [{ facts: of }] });
  return { summed: await sumUp(losses, { ...place.places, takers, labelOf, now: NOW }), job };
}

describe('What losses come to', () => {
  it('is told with the rule, the restore points by the names of their jobs, and what is left', async () => {
    const { summed, job } = await lost(expired, withRules(expiry(7)));

    expect(summed).toEqual({
      began: NOW - DAY - 1,
      last: NOW - DAY - 1,
      objects: 1,
      counted: [lossNumber({ url: `s3://bucket/${job.file(1)}`, at: NOW - DAY - 1 })],
      files: [`s3://bucket/${job.file(1)}`],
      broken: [
        { path: `s3://bucket/flink/${JOB}/chk-2`, job: `job ${JOB}`, completed: NOW - DAY },
        { path: `s3://bucket/flink/${JOB}/chk-1`, job: `job ${JOB}`, completed: NOW - 2 * DAY },
      ],
      culprits: ['Lifecycle rule "expire-after-7-days" of s3://bucket'],
      rules: [{ bucket: 's3://bucket', id: 'expire-after-7-days', position: 1, from: null }],
      next: { due: 1, soon: 0, from: null, atLeast: false },
      keepsVersions: false,
    });
  });

  it('is told of a person, without a rule', async () => {
    const { summed } = await lost(requested, withRules(expiry(7)));

    expect(summed).toMatchObject({
      culprits: ['Somebody with the identity 123456789012, from the address 192.0.2.1,'],
      rules: [],
      next: null,
    });
  });

  it.each([
    ['can not be read', facts({ known: false, why: 'Access denied.' }), 'A lifecycle rule of s3://bucket'],
    ['are none', facts({ known: true, value: null }), 'A lifecycle rule of s3://bucket that is not there any more'],
  ])('is told where the rules of the bucket %s', async (_, of, culprit) => {
    const { summed } = await lost(expired, of);

    expect(summed).toMatchObject({ culprits: [culprit], rules: [], next: null });
  });

  it('is told without a culprit where the place says nothing of itself', async () => {
    expect((await lost(expired, null)).summed).toMatchObject({ culprits: [], rules: [] });
  });

  it('is told without what is left, where that can not be found out', async () => {
    expect((await lost(expired, withRules(expiry(7)), true)).summed.next).toBeNull();
  });

  it('is told of a root that is gone, with what is left in its directory', async () => {
    const place = await guarded((store) => {
      const job = new PlayedJob(store);
      job.complete(1, [job.upload(1)]);
      job.upload(2, NOW - 9 * DAY, 'chk-1');
      job.upload(3, NOW - DAY, 'chk-1');
    });
    const job = new PlayedJob(place.store);
    place.store.remove(job.root(1));
    const { losses } = await place.confirm([expired(job.root(1), { leavesMarker: true })]);
    const takers = await takersOf(losses, { facts: [{ facts: withRules(expiry(7)) }] });

    expect(await sumUp(losses, { ...place.places, takers, labelOf: () => 'orders', now: NOW })).toMatchObject({
      broken: [{ path: `s3://bucket/flink/${JOB}/chk-1`, job: 'orders', completed: null }],
      next: { due: 1, soon: 0, from: null, atLeast: false },
      keepsVersions: true,
    });
  });

  it('is told of the three newest of many broken restore points, with what they read of other jobs', async () => {
    const place = await guarded((store) => {
      const former = new PlayedJob(store, `flink/${OTHER_JOB}/`);
      const job = new PlayedJob(store);
      const read = [former.upload(1, NOW - 9 * DAY), former.upload(2, NOW - 9 * DAY)];
      former.upload(3, NOW - 9 * DAY);
      for (let number = 1; number <= 4; number++) job.complete(number, read, NOW - DAY);
    });
    const former = new PlayedJob(place.store, `flink/${OTHER_JOB}/`);
    place.store.remove(former.file(1));
    const { losses } = await place.confirm([expired(former.file(1))]);
    const takers = await takersOf(losses, { facts: [{ facts: withRules(expiry(7)) }] });

    const { next, broken } = await sumUp(losses, { ...place.places, takers, labelOf: () => 'orders', now: NOW });

    expect(broken).toHaveLength(4);
    expect(next).toEqual({ due: 1, soon: 0, from: null, atLeast: true });
  });
});
