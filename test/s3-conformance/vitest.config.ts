import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { HANG, TEST_ENVIRONMENT } from '../suites.ts';
import { foundServers } from './servers.ts';

const found = foundServers(process.env);
if (found.length === 0) {
  process.stdout.write(
    'skipped: no other S3 to compare with. Set S3_CONFORMANCE_ENDPOINT, or install moto[server] (PyPI) or minio (Go).\n',
  );
}

export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    include: [...found, 'faults'].map((name) => `test/s3-conformance/${name}.test.ts`),
    env: TEST_ENVIRONMENT,
    testTimeout: HANG,
    hookTimeout: HANG,
    fileParallelism: false,
  },
});
