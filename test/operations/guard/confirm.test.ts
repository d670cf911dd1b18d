import { describe, expect, it } from 'vitest';
import { StoreError } from '#ports/object-store.ts';
import { expired, requested } from '#test/core/guard/deletions.ts';
import type { MovingStore } from '#test/support/moving-store.ts';
import { failureOf } from '#test/support/object-store-contract.ts';
import { DAY, NOW, OTHER_JOB, PlayedJob, uuid } from '#test/support/played-job.ts';
import { type GuardedStore, guarded } from './guarded-store.ts';

const SAVED = 'flink/sp/savepoint-946894-0123456789ab/';

/** Two checkpoints that share a file, one file for each alone, and garbage. */
function play(store: MovingStore): PlayedJob {
  const job = new PlayedJob(store);
  job.complete(1, [job.upload(1), job.upload(2)], NOW - 2 * DAY);
  job.complete(2, [job.file(1), job.upload(3)], NOW - DAY);
  job.upload(9);
  return job;
}

async function playing(): Promise<GuardedStore & { readonly job: PlayedJob }> {
  let job: PlayedJob | undefined;
  const place = await guarded((store) => {
    job = play(store);
  });
  return { ...place, job: job ?? new PlayedJob(place.store) };
}

const lostKeys = ({ losses }: { readonly losses: readonly { readonly key: string }[] }) => losses.map(({ key }) => key);

describe('A deletion by a lifecycle rule', () => {
  it('is a loss where a checkpoint names the file, and says which', async () => {
    const { store, job, confirm } = await playing();
    store.remove(job.file(1));

    const { losses, cleared, outside } = await confirm([expired(job.file(1)), expired('s3://other/key')]);

    expect(losses).toEqual([
      {
        url: `s3://bucket/${job.file(1)}`,
        location: 0,
        key: job.file(1),
        deletion: expired(job.file(1)),
        bytes: 100,
        roots: [
          { url: `s3://bucket/${job.root(2)}`, completed: NOW - DAY },
          { url: `s3://bucket/${job.root(1)}`, completed: NOW - 2 * DAY },
        ],
      },
    ]);
    expect({ cleared, outside }).toEqual({ cleared: 0, outside: 1 });
  });

  it('is none where it took garbage, and then nothing is asked of the store', async () => {
    const { store, job, confirm } = await playing();
    store.remove(job.file(9));

    expect(await confirm([expired(job.file(9))])).toEqual({ losses: [], unsettled: [], cleared: 1, outside: 0 });
    expect(store.calls).toEqual([]);
  });

  it('is none where no root of now names the file any more', async () => {
    const { store, job, confirm } = await playing();
    job.subsume(1);
    store.remove(job.file(2));

    expect(await confirm([expired(job.file(2))])).toMatchObject({ losses: [], unsettled: [], cleared: 1 });
  });

  it('is none where the object is there again', async () => {
    const { job, confirm } = await playing();

    expect(await confirm([expired(job.file(1))])).toMatchObject({ losses: [], cleared: 1 });
  });

  it('is none where only an object is there whose key goes on', async () => {
    const { store, job, confirm } = await playing();
    store.put(`${job.file(1)}.bak`, 'x');
    store.remove(job.file(1));

    expect(lostKeys(await confirm([expired(job.file(1))]))).toEqual([job.file(1)]);
  });

  it('is a loss where it took the root itself', async () => {
    const { store, job, confirm } = await playing();
    store.remove(job.root(1));

    const { losses } = await confirm([expired(job.root(1)), expired(job.root(2))]);

    expect(losses).toMatchObject([
      { key: job.root(1), bytes: -1, roots: [{ url: `s3://bucket/${job.root(1)}`, completed: null }] },
    ]);
  });

  it('is a loss where a savepoint elsewhere names the file, and the job no longer does', async () => {
    const { store, confirm } = await guarded((played) => {
      const job = play(played);
      played.put(`${SAVED}_metadata`, job.metadata(3, [job.file(1)], 'savepoint-native'), NOW - DAY);
      played.put(`${SAVED}older/chk-1/_metadata`, job.metadata(1, [job.file(2)]), NOW - DAY);
    });
    const job = new PlayedJob(store);
    store.remove(job.root(1), job.root(2), job.file(1));

    const { losses } = await confirm([expired(job.file(1))]);

    expect(losses.map(({ roots }) => roots)).toEqual([
      [{ url: `s3://bucket/${SAVED}_metadata`, completed: NOW - DAY }],
    ]);
  });

  it('is a loss where another job goes on with the file', async () => {
    const { store, confirm } = await guarded((played) => {
      const former = play(played);
      new PlayedJob(played, `flink/${OTHER_JOB}/`).complete(4, [former.file(1)]);
    });
    const job = new PlayedJob(store);
    store.remove(job.root(1), job.root(2), job.file(1));

    expect(lostKeys(await confirm([expired(job.file(1))]))).toEqual([job.file(1)]);
  });

  it('is none where the one root that could name the file is none of use', async () => {
    const { store, job, confirm } = await playing();
    store.put(job.root(1), 'PAR1 and more PAR1');
    store.put(job.root(2), 'no checkpoint');
    store.remove(job.file(1));

    expect(await confirm([expired(job.file(1))])).toMatchObject({ losses: [], cleared: 1 });
  });

  it('is none where the root goes while it is read, or can be read from an archive only', async () => {
    const { store, job, confirm } = await playing();
    store.remove(job.file(1));
    store.once(
      ({ operation, of }) => operation === 'read' && of === job.root(1),
      () => job.subsume(1),
    );
    store.once(
      ({ operation, of }) => operation === 'read' && of === job.root(2),
      () => {
        throw new StoreError('archived', 'It is archived.');
      },
    );

    expect(await confirm([expired(job.file(1))])).toMatchObject({ losses: [], cleared: 1 });
  });

  it('is not known where a root can not be read for another reason', async () => {
    const { store, job, confirm } = await playing();
    store.once(
      ({ operation }) => operation === 'read',
      () => {
        throw new StoreError('unavailable', 'Try again.');
      },
    );

    expect(await failureOf(() => confirm([expired(job.file(1))]))).toBeInstanceOf(StoreError);
  });
});

describe('A deletion by a request', () => {
  it('is a loss at once where a checkpoint that was completed later names the file', async () => {
    const { store, job, confirm } = await playing();
    store.remove(job.file(1));

    const { losses } = await confirm([requested(job.file(1), { at: NOW - 1.5 * DAY })], () => {
      throw new Error('Nothing was to be waited for.');
    });

    expect(lostKeys({ losses })).toEqual([job.file(1)]);
  });

  it('is none where only a checkpoint names the file that is not the newest: Flink may be at it', async () => {
    const { store, job, confirm } = await playing();
    store.remove(job.file(2));

    expect(await confirm([requested(job.file(2))])).toMatchObject({ losses: [], unsettled: [], cleared: 1 });
  });

  it('is a loss where the newest checkpoint names the file, and nothing else happens to it', async () => {
    const { store, job, confirm } = await playing();
    store.remove(job.file(1));

    expect(lostKeys(await confirm([requested(job.file(1))]))).toEqual([job.file(1)]);
  });

  it.each([
    ['is discarded meanwhile', (store: MovingStore, job: PlayedJob) => store.remove(job.root(2))],
    ['is replaced by a newer one', (_: MovingStore, job: PlayedJob) => job.complete(3, [job.file(3)], NOW)],
    ['is written anew', (store: MovingStore, job: PlayedJob) => store.put(job.root(2), job.metadata(2, []), NOW)],
  ])('is none where that checkpoint %s', async (_, meanwhile) => {
    const { store, job, confirm } = await playing();
    store.remove(job.file(1));

    const found = await confirm([requested(job.file(1))], () => void meanwhile(store, job));

    expect(found).toMatchObject({ losses: [], unsettled: [], cleared: 1 });
  });

  it('is not settled while further files of that checkpoint go', async () => {
    const { store, job, confirm } = await playing();
    store.remove(job.file(1));

    const { losses, unsettled, cleared } = await confirm(
      [requested(job.file(1))],
      () => void store.remove(job.file(3)),
    );

    expect(losses).toEqual([]);
    expect(unsettled.map(({ key }) => key)).toEqual([job.file(1)]);
    expect(cleared).toBe(0);
  });

  it('is none where the file is put back meanwhile', async () => {
    const { store, job, confirm } = await playing();
    store.remove(job.file(1));

    const found = await confirm([requested(job.file(1))], () => void store.put(job.file(1), 'x'.repeat(100)));

    expect(found).toMatchObject({ losses: [], unsettled: [], cleared: 1 });
  });

  it('is none of a root, since so Flink ends a checkpoint', async () => {
    const { store, job, confirm } = await playing();
    store.remove(job.root(2));

    expect(await confirm([requested(job.root(2))])).toMatchObject({ losses: [], cleared: 1 });
  });

  it('is not settled while a savepoint goes slowly, of which hardly any file is looked at by itself', async () => {
    const files = Array.from({ length: 1_000 }, (_, at) => `${SAVED}${uuid(1_000 + at)}`);
    const { store, confirm } = await guarded((played) => {
      for (const key of files) played.put(key, 'x'.repeat(100), NOW - DAY);
      played.put(`${SAVED}_metadata`, new PlayedJob(played).metadata(3, files, 'savepoint-native'), NOW - DAY);
    });
    store.remove(...files.slice(0, 3));

    // Every eighth or sixteenth is looked at, and these are none of them.
    const found = await confirm([requested(files[1] ?? '')], () => void store.remove(...files.slice(3, 7)));

    expect(found).toMatchObject({ losses: [], cleared: 0 });
    expect(found.unsettled.map(({ key }) => key)).toEqual([files[1]]);
  });

  it('is not settled where the whole directory of a job is gone, and a loss once its next checkpoint names the file', async () => {
    const { store, job, confirm } = await playing();
    store.remove(job.root(1), job.root(2), job.file(1), job.file(2), job.file(3));
    const deletion = requested(job.file(1));

    const first = await confirm([deletion]);
    expect(first).toMatchObject({ losses: [], cleared: 0 });
    expect(first.unsettled.map(({ key }) => key)).toEqual([job.file(1)]);

    job.complete(3, [job.file(1)], NOW + 60_000);
    const { losses, unsettled } = await confirm([deletion], () => {}, new Set([deletion.url]));
    expect({ lost: lostKeys({ losses }), unsettled }).toEqual({ lost: [job.file(1)], unsettled: [] });
  });

  it('is none where the whole directory of a job is gone, and another file is there under that name', async () => {
    const { store, job, confirm } = await playing();
    store.remove(job.root(1), job.root(2));

    expect(await confirm([requested(job.file(1))])).toMatchObject({ losses: [], unsettled: [], cleared: 1 });
  });
});
