import type { JobHistory } from './job-history.ts';

/** What the histories of jobs tell of a declaration that a job is dead, without a look at the area. */

/** A job that was declared dead, as far as its history is known. */
export interface KnownOfDeadJob {
  /** Null where no history names the job. */
  readonly label: string | null;
  /**
   * Whether the declaration has lapsed because the job has completed a checkpoint since; null where no survey since then
   * tells.
   */
  readonly lapsed: boolean | null;
}

/** @param at when it was declared dead, epoch milliseconds. */
export function knownOfDeadJob(
  { job, at }: { readonly job: string; readonly at: number },
  histories: readonly JobHistory[],
): KnownOfDeadJob {
  const history = histories.find(({ completions }) => completions.some(({ jobId }) => jobId === job));
  if (history === undefined) return { label: null, lapsed: null };
  const { label, completions, measures, ended } = history;
  if (completions.some(({ jobId, completed }) => jobId === job && completed > at)) return { label, lapsed: true };
  const wasSurveyed = (measures.at(-1)?.at ?? Number.NEGATIVE_INFINITY) > at;
  return { label, lapsed: ended && wasSurveyed ? false : null };
}
