import type { CertifiedJob } from '#operations/ledger/certificate-lines.ts';
import type { CertifiedGrounds } from './certified-grounds.ts';

/** Whether a job still writes, as the judge of runs sees it. */

/** Declared dead, and neither running nor written to since. */
export function isDead({ declaredDead, lastWrite, running }: CertifiedJob): boolean {
  return declaredDead !== null && !running && (lastWrite === null || Date.parse(lastWrite) <= Date.parse(declaredDead));
}

/** Not written to for `abandonedAfter`. @param lastWrite of the job, or of one directory of it; null where nothing is left of that. */
export function isGivenUp(job: CertifiedJob, lastWrite: string | null, grounds: CertifiedGrounds): boolean {
  return isQuiet(job, lastWrite, grounds, grounds.certificate.head.settings.abandonedAfter);
}

/** Not running, and not written to for a time. @param least milliseconds. */
export function isQuiet(
  job: CertifiedJob,
  lastWrite: string | null,
  grounds: CertifiedGrounds,
  least: number,
): boolean {
  return !job.running && (lastWrite === null || grounds.start - Date.parse(lastWrite) >= least);
}
