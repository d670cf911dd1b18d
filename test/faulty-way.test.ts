import { afterEach, beforeEach, vi } from 'vitest';
import { useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import { describeFaultyWay } from '#test/support/faulty-way.ts';
import { serveRecording } from '#test/support/served-recording.ts';

const MUCH_LATER = Date.UTC(2027, 2, 1);
const serve = useEmbeddedS3();

beforeEach(() => {
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'test');
  for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, '/dev/null');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** All recordings and more seeds, on MinIO too: `npm run test:s3`. */
describeFaultyWay(
  'the embedded S3',
  async (recording) => {
    const clock = () => MUCH_LATER;
    const { s3 } = await serve({ buckets: [], clock });
    await serveRecording(s3, recording);
    return { endpoint: s3.url, clock };
  },
  { recordings: ['f120-crash', 'f120-claim-chain'], seeds: [1, 2, 3] },
);
