import { isNewer, newestFirst } from '#core/collect/root-order.ts';
import { isDamaged } from '#core/collect/roots.ts';
import type { Totals } from '#core/collect/totals.ts';
import { restoreCommand } from '#core/flink/restore-command.ts';
import { isoTime } from '#core/iso-time.ts';
import { type DamageFinding, type DamageMemory, damageFindings, NO_DAMAGE_MEMORY } from '#core/jobs/damage.ts';
import { type Job, jobsOf } from '#core/jobs/jobs.ts';
import type { Labels } from '#core/jobs/labels.ts';
import { type RootView, snapshotPath, viewRoot } from '#operations/look/root-view.ts';
import type { Survey } from '#operations/look/survey.ts';

/** Where each job can be restored from. */

/** A restore point as people see it. */
export interface RestorePointView extends RootView {
  /** The command that restores it, for the Flink release that wrote it. */
  readonly command: string;
}

/** Where one job can be restored from. Its directory is a URL. */
export interface JobRestorePoints {
  readonly label: string;
  readonly job: string | null;
  readonly directory: string;
  /** Null where nothing of this job can be restored. */
  readonly newest: RestorePointView | null;
  readonly restorePoints: number;
  /** Roots newer than the newest restore point that can't be read, each with a sentence that says why. */
  readonly unreadable: readonly { readonly path: string; readonly sentence: string }[];
  /** Damaged roots that are newer than the newest restore point and could be read. */
  readonly damagedSince: readonly RootView[];
  /** Roots that name files outside the area, so that nobody here can say whether they are whole. */
  readonly unverified: number;
  /** Whether the newest checkpoint is damaged and no other job was restored from it. */
  readonly finding: string | null;
}

/** Where each job can be restored from: the document of `steward restore-points --json`. */
export interface RestorePointsReport {
  readonly area: readonly string[];
  readonly start: string;
  readonly jobs: readonly JobRestorePoints[];
  readonly undecidable: readonly { readonly code: string; readonly object: string; readonly sentence: string }[];
}

/** A survey, and which of its jobs are asked for. */
export interface RestorePointsInput {
  readonly survey: Survey;
  readonly totals: Totals;
  readonly labels: Labels;
  /** A job id, the start of one, or a label. @default all jobs */
  readonly only?: string | null;
  /** Which roots were damaged before. @default nothing is known of it */
  readonly damage?: DamageMemory;
}

/** Finds where each job can be restored from, the job with the newest root first. */
export function restorePoints({
  survey,
  totals,
  labels,
  only = null,
  damage = NO_DAMAGE_MEMORY,
}: RestorePointsInput): RestorePointsReport {
  const jobs = jobsOf(survey, totals, labels);
  const findings = damageFindings(survey, jobs, damage);
  return {
    area: survey.area.locations.map(({ name }) => name),
    start: isoTime(survey.start),
    jobs: jobs
      .filter((job) => job.roots.length > 0 && (only === null || isMeant(job, only)))
      .sort(byNewest)
      .map((job) => viewJob(survey, job, findings)),
    undecidable: survey.undecidable,
  };
}

/** The newest first: of several jobs with one label that is the one to restore. Jobs without any come last. */
function byNewest({ restorePoints: [a] }: Job, { restorePoints: [b] }: Job): number {
  return a === undefined || b === undefined ? Number(a === undefined) - Number(b === undefined) : newestFirst(a, b);
}

function viewJob(survey: Survey, job: Job, findings: readonly DamageFinding[]): JobRestorePoints {
  const [newest] = job.restorePoints;
  const finding = findings.find((candidate) => candidate.job === job);
  const since = job.roots.filter((root) => newest === undefined || isNewer(root, newest));
  return {
    label: job.label,
    job: job.job,
    directory: job.directory,
    newest: newest === undefined ? null : restorePointView(viewRoot(survey.area, newest, survey.start)),
    restorePoints: job.restorePoints.length,
    unreadable: since
      .filter(({ state }) => state === 'unreadable')
      .map((root) => ({
        path: snapshotPath(survey.area, root),
        sentence: `${nameOf(root.directory)} can't be read: ${root.failure?.sentence}.`,
      })),
    damagedSince: since
      .filter((root) => root.state !== 'unreadable' && isDamaged(root))
      .map((root) => viewRoot(survey.area, root, survey.start)),
    unverified: job.unverified.length,
    finding: finding === undefined ? null : describeFinding(finding),
  };
}

function restorePointView(root: RootView): RestorePointView {
  return { ...root, command: restoreCommand(root.path, root.formatVersion ?? 0) };
}

/** A damage finding in one sentence. */
export function describeFinding({ job, root, missing, foundElsewhere, fallback }: DamageFinding): string {
  const files = missing === 1 ? '1 file that it references is' : `${missing} files that it references are`;
  const next =
    fallback === null
      ? 'This job has no restore point.'
      : `The newest restore point is ${nameOf(fallback.directory)}. To list all: steward restore-points`;
  const elsewhere =
    foundElsewhere === null
      ? ''
      : `But a file with the name of a missing one is at ${foundElsewhere}: was the directory moved, or is the URL of --as wrong? `;
  return `The newest checkpoint of ${job.label}, ${nameOf(root.directory)}, can't be restored: ${files} missing or of another size (the first: ${root.missing[0]?.resolved}). ${elsewhere}${next}`;
}

function nameOf(directory: string): string {
  return directory.slice(0, -1).split('/').at(-1) ?? directory;
}

/** Whether a person means this job: by its id, the first digits of it (four at least), or its label. */
export function isMeant({ job, label }: Pick<Job, 'job' | 'label'>, only: string): boolean {
  return label === only || (only.length >= 4 && (job?.startsWith(only.toLowerCase()) ?? false));
}
