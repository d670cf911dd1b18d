import type { Totals } from '#core/collect/totals.ts';
import { NO_NAMES } from '#core/jobs/job-names.ts';
import { jobsOf } from '#core/jobs/jobs.ts';
import type { Labels } from '#core/jobs/labels.ts';
import type { JobHistory } from '#core/signals/job-history.ts';
import { readHistoriesOf } from '#operations/ledger/job-histories.ts';
import { type JobsState, namesIn } from '#operations/ledger/jobs-document.ts';
import type { Survey } from '#operations/look/survey.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';

/** Histories of jobs that were known by their ids, until a cluster reported their names. */

export interface RenamedHistories {
  /** By the new label. */
  readonly histories: ReadonlyMap<string, JobHistory>;
  /** The labels that they had. */
  readonly earlier: ReadonlySet<string>;
}

export interface Renaming {
  readonly ledger: LedgerStore;
  readonly survey: Pick<Survey, 'area' | 'names'> & { readonly owners: Pick<Survey['owners'], 'all'> };
  readonly totals: Totals;
  readonly labels: Labels;
  /** What the last survey left. */
  readonly before: JobsState | null;
}

/**
 * Finds the histories that go on under a new label. Read only for jobs that are named for the first time.
 *
 * @throws StoreError
 */
export async function renamedHistories({
  ledger,
  survey,
  totals,
  labels,
  before,
}: Renaming): Promise<RenamedHistories> {
  const known = namesIn(before);
  const isNew = (job: string | null): boolean => job !== null && survey.names.has(job) && !known.has(job);
  const unnamed = new Map(
    jobsOf({ ...survey, names: NO_NAMES }, totals, labels).map(({ owner, label }) => [owner, label]),
  );
  const renamed = jobsOf(survey, totals, labels).flatMap(({ owner, job, label }) => {
    const earlier = unnamed.get(owner);
    return earlier === undefined || earlier === label || !isNew(job) ? [] : [{ earlier, label }];
  });
  const found = await readHistoriesOf(
    ledger,
    renamed.map(({ earlier }) => earlier),
  );
  const byLabel = new Map(found.map((history) => [history.label, history]));
  const going = renamed.flatMap(({ earlier, label }) => {
    const history = byLabel.get(earlier);
    const isEmpty = history === undefined || history.completions.length + history.measures.length === 0;
    return isEmpty ? [] : [{ earlier, history: { ...history, label } }];
  });
  return {
    histories: new Map(going.map(({ history }) => [history.label, history])),
    earlier: new Set(going.map(({ earlier }) => earlier)),
  };
}
