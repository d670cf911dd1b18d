import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { HANG, TEST_ENVIRONMENT } from '../suites.ts';

/** Every schedule of small worlds, within the bounds that it prints. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    include: ['test/exhaustive/*.exhaustive.ts'],
    env: TEST_ENVIRONMENT,
    testTimeout: 8 * 3_600_000,
    hookTimeout: HANG,
    maxWorkers: '100%',
    // What was tried is told in lines of its own.
    disableConsoleIntercept: true,
  },
});
