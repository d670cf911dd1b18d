import { setTimeout as pause } from 'node:timers/promises';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest';
import { foundServers, type RunningServer, start } from '#test/s3-conformance/servers.ts';
import { clientOf } from '#test/s3-contract/describe-s3.ts';
import { contentsOf, RECORDINGS, type RecordedBucket } from '#test/support/corpus.ts';
import { useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import { describeFaultyWay } from '#test/support/faulty-way.ts';
import { serveRecording } from '#test/support/served-recording.ts';

const MUCH_LATER = Date.UTC(2027, 2, 1);
/** MinIO writes its own times: the buckets must become as old as the short rules of the recordings ask. */
const OLD_ENOUGH = 7_000;
const serveEmbedded = useEmbeddedS3();

beforeEach(() => {
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'minioadmin');
  for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, '/dev/null');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describeFaultyWay(
  'the embedded S3',
  async (recording) => {
    const clock = () => MUCH_LATER;
    const { s3 } = await serveEmbedded({ buckets: [], clock });
    await serveRecording(s3, recording);
    return { endpoint: s3.url, clock };
  },
  { recordings: RECORDINGS, seeds: [11, 12, 13, 14] },
);

if (foundServers(process.env).includes('minio')) {
  let server: RunningServer;
  const uploaded = new Set<string>();

  beforeAll(async () => {
    server = await start('minio');
  });
  afterAll(async () => {
    await server.stop();
  });

  describeFaultyWay(
    'MinIO',
    async (recording) => {
      if (!uploaded.has(recording.name)) await upload(recording, server.endpoint);
      uploaded.add(recording.name);
      return { endpoint: server.endpoint, clock: Date.now };
    },
    { recordings: RECORDINGS, seeds: [21, 22] },
  );
} else {
  process.stdout.write('skipped: no minio (Go) on the PATH to judge buckets of through faults.\n');
}

/** In the order of writing. */
async function upload(recording: RecordedBucket, endpoint: string): Promise<void> {
  const client = clientOf(endpoint);
  const contents = await contentsOf(recording);
  await client.send(new CreateBucketCommand({ Bucket: recording.bucket }));
  const inOrder = [...recording.objects].sort((a, b) => Date.parse(a.mtime) - Date.parse(b.mtime));
  for (const { key } of inOrder) {
    await client.send(new PutObjectCommand({ Bucket: recording.bucket, Key: key, Body: contents.get(key) ?? '' }));
  }
  client.destroy();
  await pause(OLD_ENOUGH);
}
