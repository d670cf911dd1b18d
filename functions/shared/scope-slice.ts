import type { ScopePass } from '#steward/check-surroundings.ts';
import type { Runtime } from './runtime.ts';

/** The most time that one invocation spends on listing what is around the area, in milliseconds. */
const LONGEST = 300_000;
/** What the rest of a run needs in any case: judging, writing, a page of the report. */
const RESERVE = 180_000;

/**
 * How much of what is around the area an invocation lists: as much as leaves it time. At least one page, so that each
 * invocation gets a little further.
 *
 * @param due `weekly`: also another pass, where the last one is old; `first`: only what acting waits for.
 * @param share of the time of the invocation that must be left.
 */
export function scopeSlice(
  { remaining, clock }: Pick<Runtime, 'remaining' | 'clock'>,
  due: 'weekly' | 'first',
  share: number,
): ScopePass {
  const least = Math.max(RESERVE, remaining() * share);
  let began: number | null = null;
  return {
    kind: 'slice',
    due,
    isOver: () => {
      began ??= clock();
      return remaining() <= least || clock() - began >= LONGEST;
    },
  };
}
