import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SHORT_CONFIG, STATE } from '#test/support/acting-bucket.ts';
import { useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import { useMachineClock } from '#test/support/machine-clock.ts';
import { NOW } from '#test/support/played-job.ts';
import { QuarantinedBucket } from '#test/support/quarantined-bucket.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import type { Fault } from '#tools/embedded-s3/faults.ts';

/** More than the attempts at one request, so that it fails for good; each of them is waited for. */
const THROTTLED = 6;
/** In the names that are to be deleted: a probe deletes others. */
const STATE_FILES = /\/shared\//;
const serve = useEmbeddedS3();
useMachineClock(NOW);
const makeDirectory = useTempDirectories();

async function quarantined(): Promise<QuarantinedBucket> {
  const { s3 } = await serve({ buckets: [] });
  return await QuarantinedBucket.make(s3, await makeDirectory({ 'steward.json': SHORT_CONFIG }));
}

describe('steward collect --execute over a faulty store', () => {
  beforeEach(() => {
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'test');
    for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, '/dev/null');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('deletes garbage, retires by policy, and leaves all else, where there are no faults', async () => {
    const world = await quarantined();

    const { status, out } = await world.collect('--execute', '--json');

    expect({ status, ...JSON.parse(out) }).toMatchObject({ status: 0, retired: 1, deleted: { objects: 40 } });
    await world.converge(3);
  });

  it.each<[string, Fault, 'DeleteObjects' | 'ListObjectsV2' | 'PutObject', readonly number[]]>([
    ['throttles deletions', { kind: 'answer', code: 'SlowDown' }, 'DeleteObjects', [0, 1]],
    ['deletes and loses the answer', { kind: 'lose-answer' }, 'DeleteObjects', [0, 1]],
    ['spares some keys', { kind: 'refuse-keys', keys: /1$|3$/, code: 'AccessDenied' }, 'DeleteObjects', [1]],
    ['breaks pages off', { kind: 'cut-body', afterBytes: 700 }, 'ListObjectsV2', [3]],
    ['fails to write', { kind: 'answer', code: 'InternalError' }, 'PutObject', [3]],
    ['writes and loses the answer', { kind: 'lose-answer' }, 'PutObject', [0, 3]],
  ])('that %s loses nothing, says so, and the next run goes on', async (_, fault, operation, statuses) => {
    // Prepare
    const world = await quarantined();
    world.bucket.s3.faults.add({
      match:
        operation === 'DeleteObjects'
          ? { operation, body: STATE_FILES, nth: (nth) => nth <= THROTTLED }
          : { operation },
      do: fault,
    });

    // Act
    const { status, err } = await world.collect('--execute');

    // Assess
    expect(statuses).toContain(status);
    expect(err).not.toMatch(/Unexpected|\n {4}at /);
    expect(world.bucket.harm()).toEqual([]);
    await world.converge(1);
  });

  it.each([
    [
      'AccessDenied',
      'Grant it, unless the policy of the bucket denies it: {"Effect":"Allow","Action":"s3:DeleteObject","Resource":[',
    ],
    ['QuotaExceeded', 'The next run tries again.'],
  ])(
    'says that everything was refused with %s, why, and what to do, in the run and in the history',
    async (code, remedy) => {
      // Prepare
      const world = await quarantined();
      world.bucket.s3.faults.add({
        match: { operation: 'DeleteObjects', body: STATE_FILES },
        do: { kind: 'refuse-keys', keys: /./, code },
      });

      // Act
      const { status, out } = await world.collect('--execute');
      const document = JSON.parse((await world.collect('--execute', '--json')).out);

      // Assess
      const said = out.replace(/\s+/g, ' ');
      expect(status).toBe(1);
      expect(said).not.toContain('nothing to do');
      expect(said).toContain(
        `40 objects were not deleted, because the store refused: The store did not delete it: ${code}`,
      );
      expect(said).toContain(remedy);
      expect(document).toMatchObject({ result: 'stopped', refused: 40, kept: 40, deleted: { objects: 0 } });
      expect(document.why).toContain(code);
      expect(world.bucket.harm()).toEqual([]);
    },
  );

  it('deletes nothing that has changed since it was judged', async () => {
    // Prepare
    const world = await quarantined();
    const { s3, garbage } = world.bucket;
    const [changed = ''] = garbage;
    s3.faults.add({
      match: { operation: 'DeleteObjects', body: STATE_FILES, nth: 1 },
      do: { kind: 'run', callback: () => void s3.put(STATE, changed, 'somebody has written this') },
    });

    // Act
    const { status, out } = await world.collect('--execute');

    // Assess
    expect(status).toBe(0);
    expect(out.replace(/\s+/g, ' ')).toContain('1 object was kept: changed after the verdict.');
    expect(world.bucket.left()).toContain(changed);
    expect(world.bucket.harm()).toEqual([]);
  });
});
