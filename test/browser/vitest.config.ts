import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { HANG, TEST_ENVIRONMENT } from '../suites.ts';

/** The report in a real browser, which not every machine has. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    include: ['test/browser/*.browser.ts'],
    env: TEST_ENVIRONMENT,
    testTimeout: HANG,
    hookTimeout: HANG,
    // One browser at a time.
    fileParallelism: false,
  },
});
