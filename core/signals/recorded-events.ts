import type { JobHistory } from './job-history.ts';
import type { JobEvents } from './replay.ts';

/**
 * The events of a job, from the history that runs recorded, for a replay. A history does not record when a job ended, so
 * the time of the last measure stands for it. Events that were thinned out are missing.
 */
export function recordedEvents({ label, completions, measures, ended }: JobHistory): JobEvents {
  const last = Math.max(measures.at(-1)?.at ?? 0, completions.at(-1)?.completed ?? 0);
  return {
    job: label,
    completions,
    // A record says what two surveys running have seen, and a replay asks two of them again.
    measures: measures.map((measure, at) => ({
      ...measure,
      newestDamaged: measure.newestDamaged === true || measures[at + 1]?.newestDamaged === true,
    })),
    ends: ended && last > 0 ? [last] : [],
  };
}
