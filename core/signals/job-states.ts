/**
 * Whether a job runs. A bucket shows only when somebody wrote: `silent` is one of which nobody knows. It has missed some
 * checkpoints, and has not been silent for so long that it counts as ended.
 */
export const JOB_STATES = ['running', 'silent', 'ended'] as const;
/** See {@link JOB_STATES}. */
export type JobState = (typeof JOB_STATES)[number];
