import { afterEach, beforeEach, vi } from 'vitest';

/**
 * Has the machine's clock stand still at a moment, in each test of a file. Call it once, outside the tests, where a
 * store's clock is the tests' own: the SDK takes every refusal of a store of another time for a matter of clocks, a
 * plain 404 included, waits and asks again. {@link setMachineClock} moves it on.
 *
 * @param now epoch milliseconds.
 */
export function useMachineClock(now: number): void {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
}

/** @param now epoch milliseconds. */
export function setMachineClock(now: number): void {
  vi.setSystemTime(now);
}
