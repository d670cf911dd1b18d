import type { ReportJob, ReportRoot } from '../model/document.ts';
import { count } from './format.ts';

/** Whether a job can be restored, in the words of `steward audit` and `steward restore-points`. */

export type RestoreStanding =
  | { readonly can: 'yes'; readonly newest: ReportRoot }
  /** Nothing that it has is known to be broken, and some of it can't be checked. */
  | { readonly can: 'unchecked'; readonly why: string }
  | { readonly can: 'no' }
  | { readonly can: 'no-checkpoint' };

export function restoreStanding({ roots }: ReportJob): RestoreStanding {
  const newest = roots.find(({ condition }) => condition === 'whole');
  if (newest !== undefined) {
    return { can: 'yes', newest };
  }
  if (roots.length === 0) {
    return { can: 'no-checkpoint' };
  }
  const unchecked = roots.filter(({ condition }) => condition === 'unverified').length;
  return unchecked === 0
    ? { can: 'no' }
    : {
        can: 'unchecked',
        why: `${count(unchecked, 'checkpoint or savepoint references', 'checkpoints or savepoints reference')} files outside the area.`,
      };
}

export function newestOf(job: ReportJob): ReportRoot | undefined {
  const standing = restoreStanding(job);
  return standing.can === 'yes' ? standing.newest : undefined;
}
