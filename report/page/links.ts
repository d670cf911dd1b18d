import type { ReportDocument, ReportJob, ReportPlace } from '../model/document.ts';
import { el } from './dom.ts';
import { shortId, shown } from './format.ts';

/** Each job has a link of its own: `#job=LABEL`. */

const JOB = '#job=';

export function hashOf({ label }: Pick<ReportJob, 'label'>): string {
  // A name may contain an unpaired surrogate, which can't be encoded in a link.
  return `${JOB}${encodeURIComponent(label.toWellFormed())}`;
}

/** What a link leads to: a job, by its label or by the id of a submission. */
export interface Linked {
  /** Null if the link is to no job, or to one that this report does not have. */
  readonly job: ReportJob | null;
  /** The name of that one. */
  readonly missing: string | null;
}

export function linkedBy(hash: string, { jobs }: ReportDocument): Linked {
  if (!hash.startsWith(JOB)) return { job: null, missing: null };
  const name = decoded(hash.slice(JOB.length));
  const job =
    jobs.find((one) => hashOf(one) === hash) ??
    jobs.find(({ submissions }) => submissions.some(({ id }) => id === name)) ??
    null;
  return { job, missing: job === null ? name : null };
}

/** Anybody may have typed a link. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function jobLink(job: ReportJob): HTMLElement {
  const title = job.name === job.label ? null : shown(job.label);
  return el('a', { href: hashOf(job), class: 'job', title }, el('bdi', {}, shown(job.name)));
}

/** The name of a job, with the submission if the job has several. */
export function placeName({ jobs }: ReportDocument, { job, submission }: ReportPlace): string {
  const its = jobs[job];
  if (its === undefined) return '';
  const name = shown(its.name);
  const id = its.submissions[submission]?.id ?? null;
  return its.submissions.length > 1 && id !== null ? `${name} ${shortId(id)}` : name;
}

export function placeLink(report: ReportDocument, place: ReportPlace): HTMLElement {
  const job = report.jobs[place.job];
  return el('a', { href: job === undefined ? '#' : hashOf(job) }, el('bdi', {}, placeName(report, place)));
}
