import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { HANG, TEST_ENVIRONMENT } from '../suites.ts';

/** What users install, in folders in which nothing else is. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    include: ['test/packages/*.package.ts'],
    globalSetup: ['test/packages/global-setup.ts'],
    env: TEST_ENVIRONMENT,
    testTimeout: HANG,
    hookTimeout: HANG,
    // They install and compile, which takes the whole machine.
    fileParallelism: false,
  },
});
