import type { TrippedBreaker } from '#core/collect/breakers.ts';
import type { Verdicts } from '#core/collect/judge.ts';
import { quarantineEnds } from '#core/collect/quarantine-ends.ts';
import type { Totals } from '#core/collect/totals.ts';
import { csvRow } from '#core/csv.ts';
import { borrowings } from '#core/jobs/borrowed-files.ts';
import { jobsOf } from '#core/jobs/jobs.ts';
import type { Labels } from '#core/jobs/labels.ts';
import { AGE_BOUNDS } from '#core/jobs/state-ages.ts';
import type { JobHistory } from '#core/signals/job-history.ts';
import type { RememberedSizes } from '#operations/ledger/remembered-states.ts';
import type { Survey } from '#operations/look/survey.ts';
import type { AuditReport } from '#operations/report/audit.ts';
import { emptiness } from '#operations/report/emptiness.ts';
import { jobColumns } from '#operations/report/job-columns.ts';
import { moneyWords } from '#operations/report/money-words.ts';
import { undecidableWords } from '#operations/report/undecidable-words.ts';
import { bucketsOf, firstBreaks } from './buckets.ts';
import { contentsOf } from './contents.ts';
import {
  REPORT_VERSION,
  type ReportCost,
  type ReportDocument,
  type ReportNeed,
  type ReportPlace,
  type ReportQuarantine,
  type ReportTable,
} from './document.ts';
import { groupsOf, reasonsOf } from './groups.ts';
import { gatherJobs, type LabelledJob, type Submission } from './jobs.ts';
import { MOST_POINTS, sumOfAll, trendOf } from './trend.ts';

/** Makes the document of the report from a survey and its verdicts. */

export interface ReportInput {
  readonly survey: Survey;
  readonly verdicts: Verdicts;
  readonly totals: Totals;
  readonly labels: Labels;
  /** Of the same survey: its findings, notes, rules of buckets and costs are shown as they are. */
  readonly audit: AuditReport;
  /** Breakers that would stop the next run. */
  readonly breakers?: readonly TrippedBreaker[];
  /** By label; none where nothing is remembered. */
  readonly histories?: readonly JobHistory[];
  /** What is remembered of the states of jobs, by label. @default nothing */
  readonly states?: ReadonlyMap<string, RememberedSizes>;
}

export function reportOf({
  survey,
  verdicts,
  totals,
  labels,
  audit,
  breakers = [],
  histories = [],
  states = new Map(),
}: ReportInput): ReportDocument {
  const contents = contentsOf(survey, verdicts);
  const jobs = jobsOf(survey, totals, labels);
  const gathered = gatherJobs({ survey, jobs, audit, contents, histories, states, breaks: firstBreaks(audit) });
  return {
    version: REPORT_VERSION,
    at: survey.start,
    area: placesOf(survey),
    total: audit.total,
    groups: groupsOf(totals.area),
    roots: audit.roots,
    restorePoints: gathered.reduce((sum, { report }) => sum + report.restorePoints, 0),
    undecidable: undecidableWords(survey.undecidable),
    empty: emptiness(survey),
    findings: audit.findings.filter(({ kind }) => kind !== 'lifecycle-rule').map(({ sentence }) => sentence),
    notes: audit.notes,
    breakers: breakers.map(({ sentence }) => sentence),
    quarantine: quarantineOf(survey, verdicts),
    ages: { bounds: AGE_BOUNDS, ...contents.area.ages },
    reasons: reasonsOf(contents.area),
    staying: audit.staying.map(({ what, remedy, objects, bytes, oldest }) => ({
      what,
      remedy,
      objects,
      bytes,
      oldest: Date.parse(oldest),
    })),
    trend: trendOf(sumOfAll(gathered.map(({ points }) => points)), MOST_POINTS),
    jobs: gathered.map(({ report }) => report),
    table: tableOf(audit),
    needs: needsOf(survey, gathered),
    buckets: bucketsOf(audit),
    cost: costOf(audit),
    money: moneyWords(audit),
  };
}

function quarantineOf(survey: Survey, verdicts: Verdicts): ReportQuarantine {
  const { first, unremembered } = quarantineEnds(survey, verdicts, null);
  return { lasts: survey.settings.quarantine, firstEnds: first, unremembered };
}

function tableOf(audit: AuditReport): ReportTable {
  const columns = jobColumns(audit);
  return { columns: Object.keys(columns), rows: audit.jobs.map((job) => csvRow(columns, job)) };
}

function needsOf(survey: Survey, gathered: readonly LabelledJob[]): readonly ReportNeed[] {
  const places = new Map<Submission, ReportPlace>();
  for (const [job, { submissions }] of gathered.entries()) {
    for (const [submission, its] of submissions.entries()) {
      places.set(its, { job, submission });
    }
  }
  return borrowings(survey, [...places.keys()]).flatMap(
    ({ borrower, lender, directory, objects, bytes, oldest, roots }) => {
      const from = places.get(borrower);
      const to = lender === null ? null : (places.get(lender) ?? null);
      return from === undefined ? [] : { from, to, directory, objects, bytes, oldest, roots };
    },
  );
}

function costOf({ cost }: AuditReport): ReportCost | null {
  if (cost === null) {
    return null;
  }
  const { currency, pricesOf, regions, regionAssumed, perMonth, survey, storageClasses, unlisted, wholePerMonth } =
    cost;
  const { versions, uploads, notLookedAt } = unlisted;
  return {
    currency,
    pricesOf,
    regions,
    regionAssumed,
    ...perMonth,
    survey: survey.cost,
    storageClasses,
    versions,
    uploads,
    whole: wholePerMonth,
    notLookedAt,
  };
}

/** The name of a location; for a copy or a mount also its URL. */
function placesOf({ area }: Survey): readonly string[] {
  return area.locations.map(({ name, store, prefix }, location) =>
    store === 'file://' || /^s3[anp]?:/.test(name)
      ? name
      : `${name} (as ${area.url(location, prefix).replace(/\/$/, '')})`,
  );
}
