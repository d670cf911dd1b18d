import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareKeys } from '#core/key-order.ts';
import { failureOf } from '#test/s3-contract/describe-s3.ts';
import { BUCKET, useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import { generatedCheckpoints } from '#tools/embedded-s3/generated-checkpoints.ts';
import type { ObjectSource } from '#tools/embedded-s3/generated-objects.ts';
import { SortedObjects } from '#tools/embedded-s3/sorted-objects.ts';
import { StoredVersion } from '#tools/embedded-s3/stored-version.ts';

const serve = useEmbeddedS3();
const NOON = Date.parse('2026-03-01T12:00:00Z');
const SEED = 20_260_302;

const SMALL: ObjectSource = {
  size: 2_500,
  allPlain: true,
  keyAt: (rank) => `k/${String(rank).padStart(4, '0')}`,
  objectAt: (rank) => ({ content: rank, modified: NOON }),
};

describe('A generated bucket', () => {
  it('lists its objects, and the same again', async () => {
    // Prepare
    const { s3, client } = await serve({ buckets: [] });
    s3.generateBucket(BUCKET, SMALL);
    const listAll = async () => {
      const seen: (string | undefined)[] = [];
      for (let token: string | undefined, isTruncated = true; isTruncated; ) {
        const page = await client.send(new ListObjectsV2Command({ Bucket: BUCKET, ContinuationToken: token }));
        seen.push(...(page.Contents ?? []).map(({ Key }) => Key));
        token = page.NextContinuationToken;
        isTruncated = page.IsTruncated ?? false;
      }
      return seen;
    };

    // Act
    const [first, second] = [await listAll(), await listAll()];

    // Assess
    expect(first).toEqual(Array.from({ length: 2_500 }, (_, rank) => SMALL.keyAt(rank)));
    expect(second).toEqual(first);
    expect(s3.log.count('ListObjectsV2')).toBe(6);
  });

  it('has objects that can be read, and can not be changed', async () => {
    const { s3, client } = await serve({ buckets: [] });
    s3.generateBucket(BUCKET, SMALL);

    const read = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'k/0007' }));
    const written = client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'a', Body: 'a' }));

    expect(read.ContentLength).toBe(7);
    expect(await failureOf(written)).toEqual({ code: 'MethodNotAllowed', status: 405 });
    expect((await failureOf(client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'k/7' })))).code).toBe('NoSuchKey');
  });
});

describe('Generated checkpoints', () => {
  it.each([
    [1_003, 7],
    [5_000, 1],
    [400, 100],
  ])('are as many as asked for (%i in %i jobs), in order', (objects, jobs) => {
    const source = generatedCheckpoints({ objects, jobs, newest: NOON });

    const keys = Array.from({ length: source.size }, (_, rank) => source.keyAt(rank));

    expect(new Set(keys).size).toBe(objects);
    expect([...keys].sort(compareKeys)).toEqual(keys);
    expect(keys.filter((key) => key.endsWith('/_metadata'))).toHaveLength(jobs);
    const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}';
    const name = new RegExp(`^flink/checkpoints/euw1/[0-9a-f]{32}/(chk-1000/(_metadata|${uuid})|shared/${uuid})$`);
    expect(keys.filter((key) => !name.test(key))).toEqual([]);
  });

  it('are never younger than the newest', () => {
    const source = generatedCheckpoints({ objects: 1_000, jobs: 2, newest: NOON });

    const times = Array.from({ length: 1_000 }, (_, rank) => source.objectAt(rank, source.keyAt(rank)).modified);

    expect(Math.max(...times)).toBeLessThanOrEqual(NOON);
    expect(new Set(times).size).toBeGreaterThan(900);
  });

  it('refuse to be fewer than their jobs need', () => {
    expect(() => generatedCheckpoints({ objects: 30, jobs: 10, newest: NOON })).toThrow(
      '30 objects are too few for 10 jobs: each needs more than 3.',
    );
  });
});

describe('Sorted objects', () => {
  it('are what a sorted map would be, through any writes and removals', () => {
    const key = fc.oneof(
      fc.integer({ min: 0, max: 3_000 }).map((n) => `k${n}`),
      fc.constantFrom('\uffee', '\u{10000}', '\u{1f600}', ''),
    );
    const step = fc.record({ key, removes: fc.integer({ min: 1, max: 5 }).map((n) => n === 5) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 3_000, size: 'max' }), key, (steps, bound) => {
        const objects = new SortedObjects();
        const model = new Map<string, StoredVersion>();
        for (const { key: changed, removes } of steps) {
          const version = new StoredVersion({ key: changed, content: 1, modified: NOON });
          if (removes) objects.remove(changed);
          else objects.set(version);
          if (removes) model.delete(changed);
          else model.set(changed, version);
        }
        const next = objects.seek((other) => compareKeys(other, bound) < 0);
        const rest: string[] = [];
        for (let object = next(); object !== undefined; object = next()) rest.push(object.key);
        const sorted = [...model.keys()].sort(compareKeys);
        expect(objects.size).toBe(model.size);
        expect(rest).toEqual(sorted.filter((other) => compareKeys(other, bound) >= 0));
        expect(objects.get(bound)).toBe(model.get(bound));
      }),
      { seed: SEED, numRuns: 30 },
    );
  });
});
