import type { Refusal } from '#steward/refusals.ts';

/** What to do about a refusal, with the actions of `manual`; empty if the refusal itself contains it. */
export function adviceOf(refusal: Refusal): string {
  switch (refusal.code) {
    case 'no-such-root':
      return ' {"action":"restore-points"} lists the restore points of each job.';
    case 'foreign-ledger':
      return refusal.asked === 'pause'
        ? ' A pause in this ledger would have no effect. Pause with the other ledger.'
        : ' Use that ledger. If it is lost for good, and its pins and retired checkpoints with it, take the area over: "takeOver": true.';
    case 'no-ledger':
      return ' The first scheduled run creates it, or {"action":"plan"}.';
    case 'no-such-run':
      return ' {"action":"history"} lists all runs.';
    case 'no-such-job':
      return ' {"action":"audit"} lists all jobs.';
    case 'no-such-pin':
    case 'several-roots':
    case 'several-objects':
    case 'several-directories':
    case 'several-runs':
    case 'several-jobs':
    case 'etag-missing':
    case 'other-etag':
      return '';
    default:
      return refusal satisfies never;
  }
}
