import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BuiltSteward } from '#test/cli/built-steward.ts';
import { ActingBucket, reach, SHORT_CONFIG } from '#test/support/acting-bucket.ts';
import { useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import { seeded } from '#test/support/fault-proxy.ts';
import { killAndGoOn } from '#test/support/killed-collection.ts';
import { useMachineClock } from '#test/support/machine-clock.ts';
import { NOW } from '#test/support/played-job.ts';
import { QuarantinedBucket } from '#test/support/quarantined-bucket.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import type { Fault } from '#tools/embedded-s3/faults.ts';
import type { Operation } from '#tools/embedded-s3/operation.ts';

const serve = useEmbeddedS3();
useMachineClock(NOW);
const makeDirectory = useTempDirectories();
const FAULTS: readonly Fault[] = [
  { kind: 'answer', code: 'SlowDown' },
  { kind: 'answer', code: 'InternalError' },
  { kind: 'answer', code: 'AccessDenied' },
  { kind: 'reset' },
  { kind: 'lose-answer' },
  { kind: 'cut-body', afterBytes: 50 },
];
const SEEDS = Array.from({ length: 20 }, (_, seed) => seed + 1);

describe('steward collect --execute', () => {
  beforeEach(() => {
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'test');
    for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, '/dev/null');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it.each(SEEDS)('over a store that fails now and then in all ways loses nothing (seed %i)', async (seed) => {
    // Prepare
    const { s3 } = await serve({ buckets: [] });
    const world = await QuarantinedBucket.make(s3, await makeDirectory({ 'steward.json': SHORT_CONFIG }));
    const chance = seeded(seed);
    for (const fault of FAULTS) {
      s3.faults.add({ match: { nth: () => chance() < 0.02 }, do: fault });
    }

    // Act
    const statuses = [];
    for (let number = 0; number < 3; number++) {
      const { status, err } = await world.collect('--execute');
      statuses.push(status);
      expect(err, `seed ${seed}`).not.toMatch(/Unexpected|\n {4}at /);
      expect(world.bucket.harm(), `seed ${seed}`).toEqual([]);
    }

    // Assess
    expect(statuses.every((status) => [0, 1, 3].includes(status))).toBe(true);
    await world.converge(3);
  });

  it.each<[string, Fault, Operation]>([
    ['denies deletions', { kind: 'answer', code: 'AccessDenied' }, 'DeleteObjects'],
    ['breaks deletions off', { kind: 'reset' }, 'DeleteObjects'],
    ['denies listings', { kind: 'answer', code: 'AccessDenied' }, 'ListObjectsV2'],
    ['breaks content off', { kind: 'cut-body', afterBytes: 20 }, 'GetObject'],
    ['denies reading', { kind: 'answer', code: 'AccessDenied' }, 'GetObject'],
    ['denies writing', { kind: 'answer', code: 'AccessDenied' }, 'PutObject'],
  ])('over a store that %s loses nothing', async (_, fault, operation) => {
    // Prepare
    const { s3 } = await serve({ buckets: [] });
    const world = await QuarantinedBucket.make(s3, await makeDirectory({ 'steward.json': SHORT_CONFIG }));
    s3.faults.add({ match: { operation }, do: fault });

    // Act
    const { status } = await world.collect('--execute');

    // Assess
    expect([1, 3]).toContain(status);
    expect(world.bucket.harm()).toEqual([]);
    await world.converge(1);
  });

  it('killed at any request loses nothing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'flink-steward-built-'));
    try {
      const steward = await BuiltSteward.build(folder);
      const { s3 } = await serve({ clock: Date.now, buckets: [] });
      const cwd = await makeDirectory({ 'steward.json': SHORT_CONFIG });
      const bucket = new ActingBucket(s3, Date.now());
      expect((await steward.run(cwd, ['collect', ...reach(s3.url)])).status).toBe(0);
      await sleep(2_100);
      for (const seed of SEEDS) await killAndGoOn(steward, cwd, bucket, { seed, kills: 20 });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
