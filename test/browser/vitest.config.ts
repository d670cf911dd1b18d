import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The report in a real browser, which not every machine has. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    include: ['test/browser/*.browser.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // One browser at a time.
    fileParallelism: false,
  },
});
