import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ActingBucket, reach, SHORT_CONFIG } from '#test/support/acting-bucket.ts';
import { useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import { seeded } from '#test/support/fault-proxy.ts';
import { collectHere, killAndGoOn } from '#test/support/killed-collection.ts';
import { DAY, PlayedJob } from '#test/support/played-job.ts';
import { type Tree, useTempDirectories } from '#test/support/temp-directory.ts';
import { filesBelow } from './acting.ts';
import { BuiltSteward, endOf } from './built-steward.ts';

const serve = useEmbeddedS3();
const makeDirectory = useTempDirectories();
/** Longer than the quarantine of {@link SHORT_CONFIG}. */
const QUARANTINE = 2_100;

let folder = '';
let steward: BuiltSteward;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flink-steward-built-'));
  steward = await BuiltSteward.build(folder);
  return async () => await rm(folder, { recursive: true, force: true });
});

beforeEach(() => {
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'test');
  for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, '/dev/null');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** A bucket whose garbage's quarantine is over, by the machine's clock. */
async function quarantined(): Promise<{ readonly bucket: ActingBucket; readonly cwd: string }> {
  const { s3 } = await serve({ clock: Date.now, buckets: [] });
  const cwd = await makeDirectory({ 'steward.json': SHORT_CONFIG });
  const bucket = new ActingBucket(s3, Date.now());
  const first = await steward.run(cwd, ['collect', ...reach(s3.url)]);
  expect(first.status).toBe(0);
  await sleep(QUARANTINE);
  return { bucket, cwd };
}

describe('steward collect --execute on a bucket', () => {
  it('killed at any request, loses nothing, and the next run goes on', async () => {
    const { bucket, cwd } = await quarantined();

    await killAndGoOn(steward, cwd, bucket, { seed: 1, kills: 2 });
  });

  it('twice at once, is done by one of them, and the other one is refused or finds nothing', async () => {
    // Prepare
    const { bucket, cwd } = await quarantined();
    const args = ['collect', ...reach(bucket.s3.url), '--execute'];

    // Act
    const ended = await Promise.all([steward.run(cwd, args), steward.run(cwd, args)]);

    // Assess
    const statuses = ended.map(({ status }) => status).sort();
    expect([
      [0, 0],
      [0, 3],
    ]).toContainEqual(statuses);
    for (const { status, err } of ended) {
      expect(err).toMatch(
        status === 3
          ? /^(?:Note: .*\n)*Another run holds the lease of the ledger s3:\/\/ledger\/one: collect, run /
          : /^(?:Note: .*\n)*$/,
      );
    }
    expect(bucket.harm()).toEqual([]);
    expect(bucket.left()).toEqual([bucket.retiring.file]);
  });

  it('interrupted while it deletes, says how far it came, and the next run goes on', async () => {
    // Prepare
    const { bucket, cwd } = await quarantined();
    const child = steward.start(cwd, ['collect', ...reach(bucket.s3.url), '--execute']);
    const ended = endOf(child);
    const withdraw = bucket.s3.faults.add({
      match: { operation: 'DeleteObjects', body: /\/shared\//, nth: 1 },
      // The batch is answered only when the signal has arrived, also where the process has to wait for its turn.
      do: [
        { kind: 'run', callback: () => void child.kill('SIGINT') },
        { kind: 'latency', milliseconds: 3_000 },
      ],
    });

    // Act
    const { status, out, err } = await ended;
    withdraw();

    // Assess
    expect(status).toBe(130);
    expect(out).toContain(
      'It was interrupted. 1 checkpoint or savepoint was retired. 20 objects were deleted (2.0 kB).\n',
    );
    expect(err).toMatch(/\nInterrupted: until then 20 objects were deleted \(2\.0 kB\); the next run continues\.\n$/);
    expect(bucket.left()).toHaveLength(21);
    expect(await collectHere(cwd, bucket)).toBe(0);
    expect(bucket.harm()).toEqual([]);
    expect(bucket.left()).toEqual([bucket.retiring.file]);
  });
});

describe('steward collect --execute on a directory', () => {
  it('killed at any moment, loses nothing, and the next run goes on', async () => {
    // Prepare
    const chance = seeded(2);
    const { tree, live } = manyFiles();
    const cwd = await makeDirectory({ ...tree, 'steward.json': LOCAL_CONFIG });
    const args = ['collect', 'bucket', '--as', 's3://bucket'];
    expect((await steward.run(cwd, args)).status).toBe(0);
    await sleep(QUARANTINE);

    // Act
    const milliseconds = 200 + Math.floor(chance() * 1_500);
    await steward.runAndKill(cwd, [...args, '--execute'], milliseconds);
    const between = await filesBelow(join(cwd, 'bucket'));
    const next = await steward.run(cwd, [...args, '--execute']);

    // Assess
    const told = `killed after ${milliseconds} ms`;
    expect(
      live.filter((key) => !between.has(key)),
      told,
    ).toEqual([]);
    expect(next.status, `${told}: ${next.err}`).toBe(0);
    expect([...(await filesBelow(join(cwd, 'bucket'))).keys()], told).toEqual(['.flink-steward.json', ...live]);
  });
});

const LOCAL_CONFIG = JSON.stringify({
  collect: { ...JSON.parse(SHORT_CONFIG).collect, deletesPerSecond: 1500 },
});

/** A running job with files for several batches of deletions. */
function manyFiles(): { readonly tree: Tree; readonly live: readonly string[] } {
  const tree: Record<string, { content: string | Uint8Array; modified: number }> = {};
  const now = Date.now();
  const job = new PlayedJob({
    put: (key: string, content: string | Uint8Array, modified: number) => {
      tree[`bucket/${key}`] = { content, modified };
    },
    remove: () => undefined,
  });
  const files = Array.from({ length: 10 }, (_, number) => job.upload(number + 1, now - 5 * DAY));
  const root = job.complete(7, files, now - 2 * DAY);
  for (let number = 100; number < 1_300; number++) job.upload(number, now - 5 * DAY);
  return { tree, live: [root, ...files].sort() };
}
