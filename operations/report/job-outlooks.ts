import type { Job } from '#core/jobs/jobs.ts';
import { budgetFor } from '#core/signals/gauges.ts';
import type { JobHistory } from '#core/signals/job-history.ts';
import { type Outlook, outlookOf } from '#core/signals/outlook.ts';
import { emptyHistory, withCompletions, withMeasure } from '#core/signals/remember.ts';
import { seenJobs } from '#core/signals/seen-jobs.ts';
import type { Survey } from '#operations/look/survey.ts';

/** What is known of how jobs go over time. */
export interface KnownOverTime {
  /** Of the ledger; empty where there is none. */
  readonly histories: readonly JobHistory[];
  /** Bytes by label, and `default` for all others. */
  readonly budgets: Readonly<Record<string, number>>;
}

/** By label: what the ledger knows and what this survey saw, together. Without a ledger the checkpoints tell a little. */
export function jobOutlooks(
  survey: Survey,
  jobs: readonly Job[],
  { histories, budgets }: KnownOverTime,
): ReadonlyMap<string, Outlook> {
  const known = new Map(histories.map((history) => [history.label, history]));
  const seen = seenJobs(survey, jobs, { costOf: () => null, newestDamaged: () => false });
  return new Map(
    seen.map(({ label, roots, measure, ended }) => {
      const history = withMeasure(
        withCompletions(
          known.get(label) ?? emptyHistory(label),
          roots.map(({ completion }) => completion),
        ),
        measure,
      );
      return [label, outlookOf({ ...history, ended }, { now: survey.start, budget: budgetFor(label, budgets) })];
    }),
  );
}
