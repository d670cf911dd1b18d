import { defineConfig } from 'vitest/config';
import { HANG, TEST_ENVIRONMENT } from '../suites.ts';

const roles = process.env.STEWARD_CLOUD_ROLES !== undefined;

export default defineConfig({
  test: {
    include: ['test/cloud/*.story.ts'],
    exclude: roles ? ['test/cloud/!(roles).story.ts'] : ['test/cloud/roles.story.ts'],
    globalSetup: 'test/cloud/global-setup.ts',
    env: TEST_ENVIRONMENT,
    testTimeout: HANG,
    hookTimeout: HANG,
    // Each test as it ends, since a story takes minutes.
    reporters: ['verbose'],
    // What they wait for are schedules and CloudFormation.
    maxWorkers: 2,
  },
});
