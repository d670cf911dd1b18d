import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RECORDINGS, type RecordedBucket, recordedBucket } from '#test/support/corpus.ts';
import { useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import { keysOf, type PlannedBucket, planBucket } from '#test/support/planned-bucket.ts';
import { serveRecording } from '#test/support/served-recording.ts';
import type { FaultRule } from '#tools/embedded-s3/faults.ts';

/** The recorded buckets as buckets: through the AWS SDK, over HTTP, from a server that can be made to fail. */

const MUCH_LATER = Date.UTC(2027, 2, 1);
const serve = useEmbeddedS3();

beforeEach(() => {
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'test');
  for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, '/dev/null');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe('A bucket that Flink wrote, judged as a bucket', () => {
  it.each(RECORDINGS)('loses all garbage and nothing else, markers included: %s', async (name) => {
    const bucket = await recordedBucket(name);

    const planned = await plan(bucket);

    expect(planned.status).not.toBe(3);
    expect(keysOf(planned, 'delete')).toEqual([...bucket.may_delete].sort());
    expect(keysOf(planned, 'keep-live')).toEqual([...bucket.keep].sort());
  });

  it.each<[string, 'stops' | 'goes on', FaultRule]>([
    [
      'a root that may not be read',
      'stops',
      { match: { operation: 'GetObject', key: /\/chk-35\/_metadata$/ }, do: { kind: 'answer', code: 'AccessDenied' } },
    ],
    [
      'a root that breaks off',
      'stops',
      { match: { operation: 'GetObject', nth: 2 }, do: { kind: 'cut-body', afterBytes: 100 } },
    ],
    [
      'roots that are not there for a moment',
      'goes on',
      { match: { operation: 'GetObject', nth: (nth) => nth <= 2 }, do: { kind: 'answer', code: 'NoSuchKey' } },
    ],
    [
      'a store that is slowed down',
      'goes on',
      { match: { nth: (nth) => nth % 3 === 0 && nth < 12 }, do: { kind: 'answer', code: 'SlowDown' } },
    ],
  ])('%s: it %s, and no other object goes than without the fault', async (_, then, fault) => {
    const bucket = await recordedBucket('seed-bucket');

    const planned = await plan(bucket, fault);

    expect(planned.status === 3).toBe(then === 'stops');
    expect(keysOf(planned, 'delete')).toEqual(then === 'stops' ? [] : [...bucket.may_delete].sort());
  });
});

async function plan(recording: RecordedBucket, fault?: FaultRule): Promise<PlannedBucket> {
  const clock = () => MUCH_LATER;
  const { s3 } = await serve({ buckets: [], clock });
  await serveRecording(s3, recording);
  if (fault !== undefined) {
    s3.faults.add(fault);
  }
  return await planBucket(recording, { endpoint: s3.url, clock });
}
