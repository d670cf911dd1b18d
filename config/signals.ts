import type { AlarmThresholds } from '#core/signals/alarms.ts';
import type { StewardConfig } from './steward-config.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** What the alarms compare with, of the configuration. */
export function alarmThresholds({ signals }: Pick<StewardConfig, 'signals'>): AlarmThresholds {
  const { jump, growthHorizon, reclaimableShare, lateness, pausedFor } = signals;
  return { jump, horizon: growthHorizon / DAY, reclaimableShare, lateness, paused: pausedFor / HOUR };
}
