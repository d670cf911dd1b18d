import { isNewer, newestFirst } from '#core/collect/root-order.ts';
import { isDamaged, type Root } from '#core/collect/roots.ts';
import type { Totals } from '#core/collect/totals.ts';
import { restoreCommand } from '#core/flink/restore-command.ts';
import { isoTime } from '#core/iso-time.ts';
import {
  type DamageFinding,
  type DamageMemory,
  damageFindings,
  damageOf,
  NO_DAMAGE_MEMORY,
} from '#core/jobs/damage.ts';
import { type Job, jobsOf } from '#core/jobs/jobs.ts';
import type { Labels } from '#core/jobs/labels.ts';
import { repairOf } from '#core/jobs/repair.ts';
import { nameOf, type RootView, snapshotPath, viewRoot } from '#operations/look/root-view.ts';
import type { Survey } from '#operations/look/survey.ts';
import { type CopyCommand, copiesOf, describeFinding, sayDamage } from './damage-words.ts';
import { readsFrom, type WithheldView, withheld } from './withheld.ts';

/** Where each job can be restored from. */

/** A restore point as people see it. */
export interface RestorePointView extends RootView {
  /** The command that restores it, for the Flink release that wrote it. */
  readonly command: string;
  /**
   * Where a restore reads its files, in a sentence, where that is not where it lies: a declared copy, or an area that
   * its job knows under another name. Else null.
   */
  readonly readsFrom: string | null;
  /** How deep its files were looked at. Absent where nobody asks. */
  readonly verified?: VerifiedFiles | undefined;
}

/** State files of RocksDB or ForSt, and those whose end was read by an earlier look and found whole. */
export interface VerifiedFiles {
  readonly stateFiles: number;
  readonly looked: number;
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
  /** What is to be thought of the newest of them, in a sentence; null where there is none, or a finding says it. */
  readonly damage: string | null;
  /** What can be copied to where the newest of them expects it, with a command for each file. */
  readonly repair: readonly CopyCommand[];
  /** Roots newer than the newest restore point that are whole, and from which Flink can't start as things are. */
  readonly withheld: readonly WithheldView[];
  /** Why the order of its checkpoints can't be trusted, so that the newest may be another one; null where it can. */
  readonly timesDistrusted: string | null;
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

/** A survey, and what is known of its jobs. */
export interface RestorePointsInput {
  readonly survey: Survey;
  readonly totals: Totals;
  readonly labels: Labels;
  /** Which roots were damaged before. @default nothing is known of it */
  readonly damage?: DamageMemory;
}

/** Finds where each job can be restored from, the job with the newest root first. */
export function restorePoints({
  survey,
  totals,
  labels,
  damage = NO_DAMAGE_MEMORY,
}: RestorePointsInput): RestorePointsReport {
  const jobs = jobsOf(survey, totals, labels);
  const findings = damageFindings(survey, jobs, damage);
  return {
    area: survey.area.locations.map(({ name }) => name),
    start: isoTime(survey.start),
    jobs: jobs
      .filter(({ roots }) => roots.length > 0)
      .sort(byNewest)
      .map((job) => viewJob(survey, job, findings, damage)),
    undecidable: survey.undecidable,
  };
}

/** The newest first: of several jobs with one label that is the one to restore. Jobs without any come last. */
function byNewest({ restorePoints: [a] }: Job, { restorePoints: [b] }: Job): number {
  return a === undefined || b === undefined ? Number(a === undefined) - Number(b === undefined) : newestFirst(a, b);
}

function viewJob(survey: Survey, job: Job, findings: readonly DamageFinding[], memory: DamageMemory): JobRestorePoints {
  const [newest] = job.restorePoints;
  const finding = findings.find((candidate) => candidate.job === job);
  const since = job.roots.filter((root) => newest === undefined || isNewer(root, newest));
  const damaged = since.filter((root) => root.state !== 'unreadable' && isDamaged(root));
  const [newestDamaged] = damaged;
  const broken = finding?.root ?? newestDamaged;
  return {
    label: job.label,
    job: job.job,
    directory: job.directory,
    newest: newest === undefined ? null : restorePointView(survey, job, newest),
    restorePoints: job.restorePoints.length,
    unreadable: since
      .filter(({ state }) => state === 'unreadable')
      .map((root) => ({
        path: snapshotPath(survey.area, root, job.roots),
        sentence: `${nameOf(root.directory)} can't be read: ${root.failure?.sentence}.`,
      })),
    damagedSince: damaged.map((root) => viewRoot(survey, root, job.roots)),
    damage:
      newestDamaged === undefined || finding !== undefined
        ? null
        : sayDamage(newestDamaged, damageOf(newestDamaged, job, survey, memory), damaged.length),
    repair: broken === undefined ? [] : copiesOf(survey, repairOf(broken, survey)),
    withheld: since.flatMap((root) => withheld(survey, root, job.roots) ?? []),
    unverified: job.unverified.length,
    timesDistrusted: job.owners.map((owner) => owner.timesDistrusted).find((why) => why !== null) ?? null,
    finding: finding === undefined ? null : describeFinding(survey, finding),
  };
}

function restorePointView(survey: Survey, job: Job, root: Root): RestorePointView {
  const view = viewRoot(survey, root, job.roots);
  const command = restoreCommand(view.path, view.formatVersion ?? 0);
  return { ...view, command, readsFrom: readsFrom(survey.area, root) };
}
