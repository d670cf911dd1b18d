import type { StewardConfig } from '#config/steward-config.ts';
import { longestGuarded } from '#config/survey-rate.ts';

/**
 * Whether the guard can trust what the last survey found live.
 *
 * @param start when that survey began, epoch milliseconds; null where none has left it.
 */
export function isBlind(start: number | null, { deploy }: Pick<StewardConfig, 'deploy'>, now: number): boolean {
  return start === null || now - start > longestGuarded(deploy.survey);
}
