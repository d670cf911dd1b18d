import { defineConfig } from 'vitest/config';
import { HANG, TEST_ENVIRONMENT } from '../suites.ts';

const roles = process.env.STEWARD_CLOUD_ROLES !== undefined;
/** Each takes long by itself, so only the one that is asked for is played. */
const OF_THEIR_OWN = ['test/cloud/roles.story.ts', 'test/cloud/scale.story.ts'];
const scale = process.env.STEWARD_CLOUD_OBJECTS !== undefined;

export default defineConfig({
  test: {
    include: roles ? OF_THEIR_OWN.slice(0, 1) : scale ? OF_THEIR_OWN.slice(1) : ['test/cloud/*.story.ts'],
    exclude: roles || scale ? [] : OF_THEIR_OWN,
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
