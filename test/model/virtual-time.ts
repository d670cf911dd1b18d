import { afterAll, beforeAll, vi } from 'vitest';

/** In a model the clock is the model's: a lease is renewed when that says so. To be called once in a test file. */
export function useVirtualTime(): void {
  beforeAll(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  });
  afterAll(() => {
    vi.useRealTimers();
  });
}
