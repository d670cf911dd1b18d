import { jobsOf } from '#core/jobs/jobs.ts';
import type { PlanPart } from '#operations/plan/plan.ts';
import { jobsNamed } from './job-names.ts';
import type { Look } from './look.ts';
import type { Steward } from './steward.ts';

/**
 * The part of a plan that is about the job that a person names, its savepoints included. The whole area is judged all the
 * same, because other jobs may reference its files.
 *
 * @param name see `jobsNamed`.
 * @throws RefusedError if there is no such job, or the ids of several begin so.
 */
export function partOfPlan(
  name: string,
  { survey, totals }: Pick<Look, 'survey' | 'totals'>,
  { config }: Pick<Steward, 'config'>,
): PlanPart {
  const jobs = jobsNamed(jobsOf(survey, totals, config.labels), name);
  const owners = new Set(jobs.flatMap((job) => job.owners));
  return { job: name, has: (object) => owners.has(survey.owners.ofDirectory(survey.objects.directoryId(object))) };
}
