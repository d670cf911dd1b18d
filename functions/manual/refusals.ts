import type { Refusal } from '#steward/refusals.ts';

/** What to do about a refusal, in the words of `manual`; empty where the refusal says it already. */
export function adviceOf(refusal: Refusal): string {
  switch (refusal.code) {
    case 'no-such-root':
      return ' {"action":"restore-points"} shows those of each job.';
    case 'foreign-ledger':
      return refusal.asked === 'pause'
        ? ' A pause here would stop nobody: pause in that ledger.'
        : ' Use that one. If it is gone for good, with its pins and retired checkpoints, say so: "takeOver": true.';
    case 'no-ledger':
      return ' The first run of a schedule creates it, or {"action":"plan"}.';
    case 'no-such-run':
      return ' {"action":"history"} shows all runs.';
    case 'no-such-job':
      return ' {"action":"audit"} shows all jobs.';
    case 'no-such-pin':
    case 'etag-missing':
    case 'other-etag':
      return '';
    default:
      return refusal satisfies never;
  }
}
