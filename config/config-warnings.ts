import { DEFAULT_COLLECT_SETTINGS } from '#core/collect/settings.ts';
import type { StewardConfig } from './steward-config.ts';
import { formatDuration } from './units.ts';

const HOUR = 3_600_000;

/** Sentences about settings that are allowed, but dangerous in earnest. */
export function configWarnings(config: StewardConfig): string[] {
  const { collect } = config;
  const warnings: string[] = [];
  if (collect.minAge < HOUR) {
    warnings.push(
      `collect.minAge is ${formatDuration(collect.minAge)}, which is below 1h: a file that no checkpoint references within that time can count as garbage. Set it to 24h unless this is a test.`,
    );
  }
  for (const key of ['deadAfter', 'abandonedAfter'] as const) {
    if (collect[key] < collect.minAge) {
      warnings.push(
        `collect.${key} is ${formatDuration(collect[key])}, which is below collect.minAge (${formatDuration(collect.minAge)}): jobs that only pause between two checkpoints count as ended. Set it to ${formatDuration(DEFAULT_COLLECT_SETTINGS[key])} unless this is a test.`,
      );
    }
  }
  return warnings;
}
