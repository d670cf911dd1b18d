import { describe, expect, it } from 'vitest';
import { S3Bucket } from '#adapters/s3/s3-bucket.ts';
import { sitesOf } from '#core/discovery/sites.ts';
import { lookAround, MOST_LISTINGS } from '#operations/discovery/look-around.ts';
import { MOST_READS, sampleRoots } from '#operations/discovery/sample-roots.ts';
import { BUCKET, useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import { putJob } from '#test/support/found-bucket.ts';
import { NOW } from '#test/support/played-job.ts';
import { generatedCheckpoints } from '#tools/embedded-s3/generated-checkpoints.ts';
import type { ObjectSource } from '#tools/embedded-s3/generated-objects.ts';

const serve = useEmbeddedS3();

const [FOLDERS, FILES] = [40, 300];
const IN_TREE = FOLDERS ** 3 * FILES;
const TEN_THOUSAND_JOBS = 10_000;

/** Folders of somebody's files, as many as can be, and behind them the checkpoints of ten thousand jobs: 39 million objects. */
function hugeBucket(): ObjectSource {
  const checkpoints = generatedCheckpoints({ objects: 20_000_000, jobs: TEN_THOUSAND_JOBS, newest: NOW });
  const two = (number: number): string => String(number).padStart(2, '0');
  return {
    size: IN_TREE + checkpoints.size,
    allPlain: true,
    keyAt: (rank) => {
      if (rank >= IN_TREE) return checkpoints.keyAt(rank - IN_TREE);
      const folder = Math.floor(rank / FILES);
      const [a, b, c] = [Math.floor(folder / FOLDERS ** 2), Math.floor(folder / FOLDERS) % FOLDERS, folder % FOLDERS];
      return `a${two(a)}/b${two(b)}/c${two(c)}/part-${String(rank % FILES).padStart(5, '0')}`;
    },
    objectAt: (rank, key) =>
      rank >= IN_TREE ? checkpoints.objectAt(rank - IN_TREE, key) : { content: 1_000, modified: NOW },
  };
}

describe('Looking around in a bucket', () => {
  it('of tens of millions of objects takes a bounded number of requests, and finds the checkpoints in it', async () => {
    const { s3, client } = await serve();
    s3.generateBucket('huge', hugeBucket());
    const store = new S3Bucket({ bucket: 'huge', client });

    const seen = await lookAround(store, '');
    const roots = await sampleRoots(store, { store: 's3://huge', key: '' }, seen.looks);

    expect(s3.log.count('ListObjectsV2')).toBe(seen.listings);
    expect(seen.listings).toBeLessThanOrEqual(MOST_LISTINGS);
    expect(seen.listings).toBeGreaterThan(MOST_LISTINGS / 2);
    expect(seen.isCut).toBe(true);
    expect(sitesOf(seen.looks).map(({ kind, path, names, isWhole }) => [kind, path, names.length, isWhole])).toEqual([
      ['checkpoints', 'flink/checkpoints/euw1/', 3_000, false],
    ]);
    expect(roots).toHaveLength(24);
    expect(s3.log.count('GetObject')).toBeLessThanOrEqual(MOST_READS);
    expect(s3.log.peak).toBeLessThanOrEqual(8);
  });

  it('leaves out a folder that may not be listed, and says so', async () => {
    const { s3, client } = await serve();
    putJob(s3, BUCKET, `flink/checkpoints/${'a'.repeat(32)}`);
    s3.put(BUCKET, 'private/x', 'x');
    s3.faults.add({ match: { key: 'private/' }, do: { kind: 'answer', code: 'AccessDenied' } });

    const { leftOut, looks } = await lookAround(new S3Bucket({ bucket: BUCKET, client }), '');

    expect([...leftOut]).toEqual([['', 1]]);
    expect(sitesOf(looks)).toHaveLength(1);
  });

  it('fails where the store does not answer', async () => {
    const { s3, client } = await serve();
    s3.put(BUCKET, 'flink/x', 'x');
    s3.faults.add({ match: { key: 'flink/' }, do: { kind: 'answer', code: 'InternalError' } });

    await expect(lookAround(new S3Bucket({ bucket: BUCKET, client }), '')).rejects.toThrow(
      "can't be listed below 'flink/'",
    );
  });
});

describe('The sample of roots', () => {
  it('takes the checkpoint before one that has no metadata yet', async () => {
    const { s3, client } = await serve();
    const directory = `flink/${'a'.repeat(32)}`;
    putJob(s3, BUCKET, directory, { checkpoint: 7 });
    s3.put(BUCKET, `${directory}/chk-8/0`, 'x');
    const store = new S3Bucket({ bucket: BUCKET, client });
    const { looks } = await lookAround(store, '');

    const roots = await sampleRoots(store, { store: `s3://${BUCKET}`, key: '' }, looks);

    expect(roots.map(({ root, isWhole, folders }) => [root.key, isWhole, folders[0]?.files])).toEqual([
      [`${directory}/chk-7/_metadata`, true, 2],
    ]);
  });

  it('goes on where one root cannot be read, and tells of one that breaks off', async () => {
    const { s3, client } = await serve();
    putJob(s3, BUCKET, `flink/${'a'.repeat(32)}`);
    putJob(s3, BUCKET, `flink/${'b'.repeat(32)}`);
    s3.put(BUCKET, `flink/${'c'.repeat(32)}/chk-1/_metadata`, 'not metadata');
    s3.faults.add({
      match: { operation: 'GetObject', key: /\/b{32}\// },
      do: { kind: 'answer', code: 'AccessDenied' },
    });
    const store = new S3Bucket({ bucket: BUCKET, client });
    const { looks } = await lookAround(store, '');

    const roots = await sampleRoots(store, { store: `s3://${BUCKET}`, key: '' }, looks);

    expect(roots.map(({ root, isWhole }) => [root.key.slice(6, 8), isWhole])).toEqual([
      ['aa', true],
      ['cc', false],
    ]);
  });
});
