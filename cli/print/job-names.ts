import { printable } from './text.ts';

/** The members of a job that make its name. */
interface Named {
  readonly label: string;
  readonly job: string | null;
}

const DIGITS_SHOWN = 6;

/** The jobs' labels, with the first digits of the job id where several jobs (resubmissions, mostly) share one. */
export function jobNames(jobs: readonly Named[]): readonly string[] {
  const uses = new Map<string, number>();
  for (const { label } of jobs) {
    uses.set(label, (uses.get(label) ?? 0) + 1);
  }
  return jobs.map(({ label, job }) => {
    const shared = job !== null && (uses.get(label) ?? 0) > 1;
    return printable(shared ? `${label} (${job.slice(0, DIGITS_SHOWN)}…)` : label);
  });
}

/** As {@link jobNames}, by the id of each job, or by its label where it has no id. */
export function jobNamesById(jobs: readonly Named[]): ReadonlyMap<string, string> {
  const names = jobNames(jobs);
  return new Map(jobs.map(({ job, label }, at) => [job ?? label, names[at] ?? '']));
}
