import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { HANG, TEST_ENVIRONMENT } from '../suites.ts';

/** Long loops with many seeds, too slow for the ordinary suite. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    include: ['test/**/*.deep.ts'],
    env: TEST_ENVIRONMENT,
    testTimeout: 3_600_000,
    hookTimeout: HANG,
  },
});
