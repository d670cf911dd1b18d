import { jobsOf } from '#core/jobs/jobs.ts';
import { type Called, meantJobs } from '#core/jobs/meant-jobs.ts';
import { look } from './look.ts';
import { RefusedError } from './refusals.ts';
import type { Steward } from './steward.ts';

/** Finds the jobs that people name, for every command that takes one. */

const WHOLE_ID = /^[0-9a-f]{32}$/i;

/** Whether a text is a whole job id, in upper or lower case. */
export function isWholeJobId(text: string): boolean {
  return WHOLE_ID.test(text);
}

/**
 * The jobs that a person names: by an id, by its first digits (four at least), or by a label, which several submissions
 * may share. See {@link meantJobs}.
 *
 * @returns one job at least.
 * @throws RefusedError if no job is called so, or the ids of several begin so.
 */
export function jobsNamed<Job extends Called>(all: readonly Job[], name: string): readonly Job[] {
  const meant = meantJobs(all, name);
  if ('several' in meant) throw severalJobs(name, meant.several);
  if (meant.jobs.length === 0) throw new RefusedError({ code: 'no-such-job', job: name });
  return meant.jobs;
}

/**
 * The id of the one job that a person names. Only a whole id is taken as it is; for any other name the area is surveyed,
 * and exactly one job there must have it.
 *
 * @param name see {@link jobsNamed}.
 * @returns 32 hex digits in lower case.
 * @throws RefusedError if no job is called so, or several are; StoreError
 */
export async function jobNamed(steward: Steward, name: string): Promise<string> {
  if (isWholeJobId(name)) return name.toLowerCase();
  const { survey, totals } = await look(steward);
  const withId = jobsOf(survey, totals, steward.config.labels).filter(({ job }) => job !== null);
  const meant = jobsNamed(withId, name);
  refuseSeveral(meant, name);
  return meant[0]?.job ?? '';
}

/** @throws RefusedError if these are jobs of several ids. */
export function refuseSeveral(jobs: readonly Called[], name: string): void {
  const byId = new Map(jobs.map((one) => [one.job, one]));
  if (byId.size > 1) throw severalJobs(name, [...byId.values()]);
}

function severalJobs(name: string, jobs: readonly Called[]): RefusedError {
  return new RefusedError({ code: 'several-jobs', name, jobs: jobs.map(({ job, label }) => `${job} (${label})`) });
}
