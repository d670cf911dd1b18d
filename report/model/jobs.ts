import type { Owner } from '#core/collect/owners.ts';
import { newestFirst } from '#core/collect/root-order.ts';
import { latest } from '#core/collect/rootless-directories.ts';
import { sumTallies } from '#core/collect/totals.ts';
import type { Job } from '#core/jobs/jobs.ts';
import { AGE_BOUNDS } from '#core/jobs/state-ages.ts';
import type { JobHistory } from '#core/signals/job-history.ts';
import { JOB_STATES } from '#core/signals/job-states.ts';
import type { RememberedSizes } from '#operations/ledger/remembered-states.ts';
import type { Survey } from '#operations/look/survey.ts';
import type { AuditReport, JobAudit } from '#operations/report/audit.ts';
import type { FirstBreaks } from './buckets.ts';
import { compositionOf } from './composition.ts';
import { type AreaContents, Contents } from './contents.ts';
import type { ReportJob, ReportRoot, ReportSubmission } from './document.ts';
import { groupsOf, reasonsOf, sumAmounts } from './groups.ts';
import { rootOf } from './roots.ts';
import { shortNames } from './short-names.ts';
import { statesOf } from './states.ts';
import { completionsOf, mostPointsOfJob, pointsOf, recentGrowth, type TrendPoint, trendOf } from './trend.ts';

/** All submissions with one label are one job in the report: people know jobs by name, and ids change with every submission. */

export type Submission = Job;

export interface LabelledJob {
  readonly report: ReportJob;
  readonly submissions: readonly Submission[];
  readonly points: readonly TrendPoint[];
}

export interface JobsInput {
  readonly survey: Survey;
  readonly jobs: readonly Job[];
  readonly audit: AuditReport;
  readonly contents: AreaContents;
  readonly histories: readonly JobHistory[];
  /** By label. */
  readonly states: ReadonlyMap<string, RememberedSizes>;
  readonly breaks: FirstBreaks;
}

/** The most roots that are listed for one job; the numbers count all of them. */
const MOST_ROOTS = 60;

export function gatherJobs(input: JobsInput): readonly LabelledJob[] {
  const byLabel = new Map<string, Job[]>();
  for (const job of input.jobs) {
    byLabel.set(job.label, [...(byLabel.get(job.label) ?? []), job]);
  }
  const names = shortNames([...byLabel.keys()]);
  const most = mostPointsOfJob(byLabel.size);
  return (
    [...byLabel]
      .map(([label, jobs]) => gather({ label, name: names.get(label) ?? label, most }, jobs, input))
      // Directory markers can remain of a job that ended long ago.
      .filter(({ report }) => report.total.bytes > 0 || report.roots.length > 0)
      .sort((a, b) => b.report.total.bytes - a.report.total.bytes)
  );
}

interface Gathering {
  readonly label: string;
  readonly name: string;
  /** Points of its charts. */
  readonly most: number;
}

function gather({ label, name, most }: Gathering, jobs: readonly Job[], input: JobsInput): LabelledJob {
  const { survey, audit, histories } = input;
  const contents = new Contents();
  for (const owner of jobs.flatMap(({ owners }) => owners)) {
    const its = input.contents.byOwner.get(owner);
    if (its !== undefined) contents.addAll(its);
  }
  const history = histories.find((known) => known.label === label);
  const points = pointsOf(history, contents.point(survey.start));
  // The newest submission comes first.
  const submissions = jobs.toSorted((a, b) => lastSignOf(b.owner) - lastSignOf(a.owner));
  const roots = submissions
    .flatMap((job, submission) => job.roots.map((root) => ({ job, submission, root })))
    .sort((a, b) => newestFirst(a.root, b.root));
  const views = roots.map(({ job, submission, root }) => rootOf(input, job, submission, root));
  const tally = sumTallies(jobs.map((job) => job.tally));
  return {
    submissions,
    points,
    report: {
      label,
      name,
      total: sumAmounts(Object.values(tally)),
      groups: groupsOf(tally),
      costPerMonth: costOf(jobs, audit),
      submissions: submissions.map(submissionOf),
      roots: views.slice(0, MOST_ROOTS),
      rootsLeftOut: Math.max(0, views.length - MOST_ROOTS),
      restorePoints: views.filter(({ condition }) => condition === 'whole').length,
      brokenAt: brokenAt(views, survey.start),
      ...contents.ages,
      reasons: reasonsOf(contents),
      trend: trendOf(points, most),
      growth: recentGrowth(points),
      completions: completionsOf(
        history?.completions ?? [],
        views.map((view, at) => completionOf(view, roots[at]?.job.job ?? null)),
        most,
      ),
      composition: compositionOf(auditedOf(submissions, audit)),
      states: statesOf(input.states.get(label)),
      ended: history?.ended ?? null,
      ...stateOf(jobs, audit),
    },
  };
}

/** In the order of the submissions. */
function auditedOf(jobs: readonly Job[], { jobs: audited }: AuditReport): readonly JobAudit[] {
  const known = new Map(audited.map((job) => [job.directory, job]));
  return jobs.flatMap(({ directory }) => known.get(directory) ?? []);
}

/** Of several submissions that of the one that is the most alive. */
function stateOf(jobs: readonly Job[], { jobs: audited }: AuditReport): Pick<ReportJob, 'state' | 'stateWhy'> {
  const directories = new Set(jobs.map(({ directory }) => directory));
  const [first] = audited
    .filter(({ directory }) => directories.has(directory))
    .sort((a, b) => JOB_STATES.indexOf(a.state) - JOB_STATES.indexOf(b.state));
  return { state: first?.state ?? 'silent', stateWhy: first?.stateWhy ?? '' };
}

function costOf(jobs: readonly Job[], { jobs: audited }: AuditReport): number | null {
  const directories = new Set(jobs.map(({ directory }) => directory));
  const costs = audited.filter(({ directory }) => directories.has(directory)).map(({ costPerMonth }) => costPerMonth);
  return costs.reduce<number | null>((sum, cost) => (cost === null ? sum : (sum ?? 0) + cost.total), null);
}

/** The time of the last directory marker of a job that has only directory markers. */
function lastSignOf({ lastWrite, markersAlone }: Owner): number {
  return lastWrite === Number.NEGATIVE_INFINITY ? latest(markersAlone.values()) : lastWrite;
}

function submissionOf({ job, directory, tally, roots, owner }: Job): ReportSubmission {
  return {
    id: job,
    directory,
    total: sumAmounts(Object.values(tally)),
    live: groupsOf(tally).live,
    roots: roots.length,
    declaredDead: owner.declaredDead,
    lastWrite: lastSignOf(owner),
  };
}

function brokenAt(roots: readonly ReportRoot[], now: number): readonly number[] {
  const oldest = roots.filter(({ condition }) => condition === 'whole').map((root) => now - root.oldest);
  return AGE_BOUNDS.map((bound) => oldest.filter((age) => age >= bound).length);
}

function completionOf({ completed, savepoint, bytes, condition }: ReportRoot, jobId: string | null) {
  return {
    completed,
    jobId,
    checkpointId: null,
    savepoint,
    bytes: condition === 'unreadable' ? null : bytes,
    incrementBytes: null,
  };
}
