import type { JobHistory } from './job-history.ts';
import type { JobEvents } from './replay.ts';

/**
 * The events of a job whose history was recorded by runs, for a replay. When it ended was not recorded, only that it had
 * when a run last measured it. What was thinned out is missing.
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
