import { Buffer } from 'node:buffer';
import { mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AreaEntry } from '#config/steward-config.ts';
import { LocationError } from '#steward/open-area.ts';
import { openLedger, overlapWithLedger } from '#steward/open-ledger.ts';
import { BUCKET, useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import { failureOf } from '#test/support/object-store-contract.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';

const makeDirectory = useTempDirectories();
const serve = useEmbeddedS3();

describe('openLedger', () => {
  it('opens a directory, seen from where the command was given', async () => {
    const cwd = await makeDirectory();

    const store = await openLedger('notes/.steward', cwd);
    await store.writeFile('a', Buffer.from(''));

    expect(store.name).toBe(join(cwd, 'notes/.steward'));
    expect(await readdir(join(cwd, 'notes/.steward'))).toEqual(['a']);
  });

  it.each([
    ['s3://checkpoints/steward', 's3://checkpoints/steward', 'steward/a'],
    ['s3a://checkpoints/deep//steward/', 's3://checkpoints/deep/steward', 'deep/steward/a'],
    ['s3://checkpoints', 's3://checkpoints', 'a'],
  ])('opens %s', async (place, name, key) => {
    // Prepare
    const { s3 } = await serve();
    process.env.AWS_ACCESS_KEY_ID ??= 'minioadmin';
    process.env.AWS_SECRET_ACCESS_KEY ??= 'minioadmin';

    // Act
    const store = await openLedger(place, '/', { endpoint: s3.url, region: 'us-east-1', pathStyle: true });
    await store.writeFile('a', Buffer.from(''));

    // Assess
    expect(store.name).toBe(name);
    expect(s3.keys(BUCKET)).toEqual([key]);
  });

  it.each(['gs://bucket/a', 'file:///a', 's3:///a', 's3://b--euw1-az1--x-s3/a'])('refuses %s', async (place) => {
    const failure = await failureOf(() => openLedger(place, '/'));

    expect(failure).toBeInstanceOf(LocationError);
    expect(failure).toHaveProperty('message', expect.stringMatching(new RegExp(`^--ledger ${place}: `)));
  });
});

describe('overlapWithLedger', () => {
  it.each([
    ['.steward', 'checkpoints', null],
    ['checkpoints-ledger', 'checkpoints', null],
    ['checkpoints', 'checkpoints', 'ledger'],
    ['./x/../checkpoints/', 'checkpoints', 'ledger'],
    ['checkpoints/.steward', 'checkpoints', 'ledger'],
    ['checkpoints/not/yet/there', 'checkpoints', 'ledger'],
    ['.', 'checkpoints', 'location'],
    ['/', 'checkpoints', 'location'],
    ['checkpoints', 's3://checkpoints', null],
    ['s3://one/steward', 's3://one/flink', null],
    ['s3://one/flink-steward', 's3://one/flink', null],
    ['s3://two/flink', 's3://one/flink', null],
    ['s3a://one/flink/steward/', 's3://one/flink', 'ledger'],
    ['s3://one/flink', 's3://one/flink/', 'ledger'],
    ['s3://one/steward', 's3://one', 'ledger'],
    ['s3://one', 's3://one/flink', 'location'],
    ['s3://one/flink', 's3://one/flink/prod', 'location'],
  ])('sees how the ledger %s lies to the location %s: %s', async (ledger, location, inner) => {
    const cwd = await makeDirectory({ 'checkpoints/a': '' });

    const overlap = await overlapWithLedger(ledger, cwd, [entry('s3://other'), entry(location)]);

    expect(overlap).toEqual(inner === null ? null : { location, inner });
  });

  it('sees through symbolic links, also where the ledger is not there yet', async () => {
    const cwd = await makeDirectory({ 'checkpoints/a': '' });
    await mkdir(join(cwd, 'elsewhere'));
    await symlink('../checkpoints', join(cwd, 'elsewhere', 'link'));

    expect(await overlapWithLedger('elsewhere/link/.steward/x', cwd, [entry('checkpoints')])).toEqual({
      location: 'checkpoints',
      inner: 'ledger',
    });
    expect(await overlapWithLedger('checkpoints/x', cwd, [entry('elsewhere/link')])).toEqual({
      location: 'elsewhere/link',
      inner: 'ledger',
    });
    expect(await overlapWithLedger('elsewhere/x', cwd, [entry('elsewhere/link')])).toBeNull();
  });
});

function entry(place: string): AreaEntry {
  return place.startsWith('s3://') ? { kind: 's3', url: place } : { kind: 'directory', path: place };
}
