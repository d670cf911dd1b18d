import { defineConfig } from 'vitest/config';
import { HANG, TEST_ENVIRONMENT } from '../suites.ts';
import { groupNamed, judgesOf } from './groups.ts';

export default defineConfig({
  test: {
    env: TEST_ENVIRONMENT,
    include: [...judgesOf(groupNamed(process.env.STEWARD_MUTATED ?? 'retention'))],
    testTimeout: HANG,
    hookTimeout: HANG,
  },
});
