import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pc from 'picocolors';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { run } from '#cli/program.ts';
import type { FaultRule } from '#embedded-s3/faults.ts';
import type { VerdictLine } from '#operations/plan.ts';
import { jobIds, RECORDINGS, type RecordedBucket, recordedBucket, SHORT_RULES, unpack } from '#test/support/corpus.ts';
import { useEmbeddedS3 } from '#test/support/embedded-s3.ts';

/** The recorded buckets as buckets: through the AWS SDK, over HTTP, from a server that can be made to fail. */

const MUCH_LATER = Date.UTC(2027, 2, 1);
const serve = useEmbeddedS3();
let scratch = '';

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'flink-steward-corpus-bucket-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));
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

    const { status, verdicts } = await plan(bucket);

    expect(status).not.toBe(3);
    expect(keysOf(verdicts, 'delete')).toEqual([...bucket.may_delete].sort());
    expect(keysOf(verdicts, 'keep-live')).toEqual([...bucket.keep].sort());
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

    const { status, verdicts } = await plan(bucket, fault);

    expect(status === 3).toBe(then === 'stops');
    expect(keysOf(verdicts, 'delete')).toEqual(then === 'stops' ? [] : [...bucket.may_delete].sort());
  });
});

async function plan(
  bucket: RecordedBucket,
  fault?: FaultRule,
): Promise<{ readonly status: number; readonly verdicts: readonly VerdictLine[] }> {
  const { s3 } = await serve({ buckets: [bucket.bucket], clock: () => MUCH_LATER });
  const folder = await mkdtemp(join(scratch, 'run-'));
  await unpack(bucket, folder);
  for (const { key, size, mtime, etag } of bucket.objects) {
    // Only roots are ever read.
    const body = key.endsWith('/_metadata') ? await readFile(join(folder, key)) : { size };
    s3.put(bucket.bucket, key, body, { lastModified: Date.parse(mtime), etag });
  }
  if (fault !== undefined) {
    s3.faults.add(fault);
  }
  const config = join(folder, 'steward.json');
  await writeFile(config, JSON.stringify({ collect: SHORT_RULES, deadJobs: jobIds(bucket) }));
  const out = join(folder, 'verdicts.ndjson');
  await writeFile(out, '');
  const status = await run(
    [
      ...['plan', `s3://${bucket.bucket}`, '--config', config, '--assume-quarantined', '--verdicts', out, '--json'],
      ...['--endpoint', s3.url, '--region', 'eu-west-1', '--path-style'],
    ],
    {
      cwd: folder,
      clock: () => MUCH_LATER,
      columns: 100,
      colors: pc.createColors(false),
      out: () => {},
      err: () => {},
    },
  );
  const lines = (await readFile(out, 'utf8')).split('\n').filter((line) => line !== '');
  return { status, verdicts: lines.map((line) => JSON.parse(line) as VerdictLine) };
}

function keysOf(verdicts: readonly VerdictLine[], verdict: VerdictLine['verdict']): readonly string[] {
  return verdicts
    .filter((line) => line.verdict === verdict)
    .map(({ key }) => key)
    .sort();
}
