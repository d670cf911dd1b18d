import { setTimeout as sleep } from 'node:timers/promises';

const LONGEST_WAIT = 5 * 60_000;

/**
 * Asks until the answer is a wanted one.
 *
 * @param longest milliseconds. @default five minutes
 * @throws Error, with the last answer, after that.
 */
export async function eventually<T>(
  ask: () => Promise<T>,
  isWanted: (answer: T) => boolean,
  longest = LONGEST_WAIT,
): Promise<T> {
  const end = Date.now() + longest;
  for (;;) {
    const answer = await ask();
    if (isWanted(answer)) return answer;
    if (Date.now() > end) throw new Error(`It did not come to pass. The last answer: ${JSON.stringify(answer)}`);
    await sleep(500);
  }
}
