import { jobsOf } from '#core/jobs/jobs.ts';
import { look } from './look.ts';
import { RefusedError } from './refusals.ts';
import { isMeant } from './restore-points.ts';
import type { Steward } from './steward.ts';

const WHOLE_ID = /^[0-9a-f]{32}$/i;

/** Whether a text is a whole job id, in upper or lower case. */
export function isWholeJobId(text: string): boolean {
  return WHOLE_ID.test(text);
}

/**
 * The id of the job that a person names: by the id, by its first digits (four at least), or by the label. Only a whole
 * id is taken as it is; for any other name the area is surveyed, and exactly one job there must have it.
 *
 * @returns 32 hex digits in lower case.
 * @throws RefusedError if no job is called so, or several are; StoreError
 */
export async function jobNamed(steward: Steward, name: string): Promise<string> {
  if (isWholeJobId(name)) return name.toLowerCase();
  const { survey, totals } = await look(steward);
  const meant = jobsOf(survey, totals, steward.config.labels).filter((job) => job.job !== null && isMeant(job, name));
  const byId = new Map(meant.map(({ job, label }) => [job ?? '', label]));
  const [only, ...others] = byId.keys();
  if (only === undefined) throw new RefusedError({ code: 'no-such-job', job: name });
  if (others.length > 0) {
    throw new RefusedError({ code: 'several-jobs', name, jobs: [...byId].map(([id, label]) => `${id} (${label})`) });
  }
  return only;
}
