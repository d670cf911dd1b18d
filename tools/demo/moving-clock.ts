export const DAY = 86_400_000;

/**
 * Moves the clock of this process: that of the bucket, and that of the commands that run here. It moves as a whole,
 * because the steward compares its own clock with the bucket's, and the SDK repeats requests where the two differ.
 */
export function letPass(milliseconds: number): void {
  const clock = Date.now;
  Date.now = () => clock() + milliseconds;
}
