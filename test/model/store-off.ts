import { vi } from 'vitest';
import { isOff } from './switches.ts';

/** Takes rules out of the code that speaks to a store: a part of `switched-off.ts`. */

vi.mock(import('#adapters/s3/page-trail.ts'), async (original) => {
  const actual = await original();
  class LostTrail extends actual.PageTrail {
    override follow(...step: Parameters<InstanceType<typeof actual.PageTrail>['follow']>): void {
      if (!isOff('page-trail')) super.follow(...step);
    }
  }
  return { ...actual, PageTrail: LostTrail };
});
vi.mock(import('#adapters/s3/failure-facts.ts'), async (original) => {
  const actual = await original();
  return {
    ...actual,
    factsOf: (error) => {
      const facts = actual.factsOf(error);
      const isHeeded = facts.name !== 'MalformedXML' || !isOff('halved-batches');
      return isHeeded ? facts : { ...facts, name: 'InvalidRequest' };
    },
  };
});
