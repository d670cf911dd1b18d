import { defineConfig } from 'vitest/config';
import { HANG } from '../suites.ts';

export default defineConfig({
  test: {
    include: ['test/deploy/*.deep.ts'],
    testTimeout: HANG,
    hookTimeout: HANG,
  },
});
