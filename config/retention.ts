import type { Area } from '#core/area/area.ts';
import type { Liveness } from '#core/collect/liveness.ts';
import { isLabelledByPath, labelOf } from '#core/jobs/labels.ts';
import type { RetentionInput } from '#core/retention/policy.ts';
import { ProtectPatterns } from './glob.ts';
import type { StewardConfig } from './steward-config.ts';

/** Whether savepoints may go by the configuration: retired by policy, or what failed ones left. */
export function maySavepointsGo({ retain, collect }: Pick<StewardConfig, 'retain' | 'collect'>): boolean {
  return collect.failedSavepoints || retain.some(({ savepoints }) => savepoints !== 'all');
}

/** What the configuration wants of retention, for the area and the running jobs that a survey found. */
export function retentionOf(
  config: StewardConfig,
  { area, liveness }: { readonly area: Area; readonly liveness: Liveness },
): RetentionInput {
  return {
    policies: config.retain.map(({ path, endedJobs, savepoints }) => {
      const pattern = new ProtectPatterns([path]);
      return {
        matches: ({ location, key }) =>
          [key, area.storeKey(location, key)].some((name) => pattern.matches(name) || pattern.matches(`/${name}`)),
        endedJobs,
        savepoints,
      };
    }),
    minRestorePoints: config.minRestorePoints,
    groupBy: config.groupBy,
    labelOf: (owner) => labelOf(area, owner, config.labels, true),
    isLabelledByPath: (owner) => isLabelledByPath(area, owner, config.labels),
    running: new Set(liveness.jobs.map(({ jobId }) => jobId)),
    restoredFrom: liveness.needed.map(({ path }) => path),
  };
}
