import type { Root } from '#core/collect/roots.ts';
import { isoTime } from '#core/iso-time.ts';
import { type DamageMemory, damageOf } from '#core/jobs/damage.ts';
import type { Job } from '#core/jobs/jobs.ts';
import { nameOf, snapshotPath, type Viewed } from '#operations/look/root-view.ts';
import type { Survey } from '#operations/look/survey.ts';
import type { FileEnd } from '#operations/states/read-ends.ts';
import type { LookedFile, Verification, VerifiedJob, VerifiedRoot } from '#operations/states/verify-files.ts';
import { sayDamage } from './damage-words.ts';

/** What verifying the files of restore points found, for people. */

/** What is wrong with a file. */
export const BROKEN = ['torn', 'not-a-table', 'gone', 'overwritten'] as const;
/** One of {@link BROKEN}. */
export type Brokenness = (typeof BROKEN)[number];

/** A state file from which Flink can't restore. */
export interface BrokenFile {
  readonly url: string;
  readonly problem: Brokenness;
  /** What was found, and which restore points need it. */
  readonly sentence: string;
  /** As for `flink run -s`. */
  readonly restorePoints: readonly string[];
}

/** One restore point. */
export interface VerifiedRestorePoint {
  readonly path: string;
  readonly completed: string;
  /** Distinct state files of RocksDB or ForSt. */
  readonly stateFiles: number;
  /** Those whose end was read, now or before. */
  readonly looked: number;
  readonly broken: number;
}

/** A checkpoint or savepoint that lacks files. */
export interface DamagedSnapshot {
  /** As for `flink run -s`. */
  readonly path: string;
  readonly completed: string;
  /** Files that are missing or of another size, and the first of them, a URL. */
  readonly missing: number;
  readonly firstMissing: string | null;
  readonly sentence: string;
  /** False where Flink leaves such things behind: its job continues elsewhere, or the files may still be written. */
  readonly isFinding: boolean;
}

/** The restore points of one job. */
export interface JobVerification {
  readonly label: string;
  readonly job: string | null;
  readonly directory: string;
  readonly restorePoints: readonly VerifiedRestorePoint[];
  /** Distinct state files of all of them, and those whose end was read, now or before. */
  readonly stateFiles: number;
  readonly looked: number;
  readonly broken: readonly BrokenFile[];
  /** Newest first. They are no restore points, and of their files none was read. */
  readonly damaged: readonly DamagedSnapshot[];
  /** Checkpoints and savepoints that reference files outside the area, of which nobody here can say anything. */
  readonly unverified: number;
  /** Files that could not be read, and why, in sentences. */
  readonly unread: readonly string[];
}

/** The document of `steward verify --json`. */
export interface VerifyReport {
  readonly area: readonly string[];
  readonly start: string;
  readonly jobs: readonly JobVerification[];
  readonly looked: {
    readonly files: number;
    readonly remembered: number;
    readonly requests: number;
    readonly cost: number | null;
    readonly left: number;
  };
  readonly currency: string | null;
  readonly undecidable: readonly { readonly code: string; readonly object: string; readonly sentence: string }[];
}

/** A survey, and what its roots were before. */
interface Seen {
  readonly survey: Survey;
  readonly damage: DamageMemory;
}

/** @param taken what it cost. */
export function verifyReport(
  { jobs, plan, requests }: Verification,
  seen: Seen,
  taken: { readonly cost: number | null; readonly currency: string | null },
): VerifyReport {
  const { survey: viewed } = seen;
  const { files, remembered, left } = plan;
  return {
    area: viewed.area.locations.map(({ name }) => name),
    start: isoTime(viewed.start),
    jobs: jobs.map((job) => viewJob(job, seen)),
    looked: { files, remembered, requests, cost: taken.cost, left },
    currency: taken.currency,
    undecidable: viewed.undecidable,
  };
}

function viewJob({ job, roots, ends }: VerifiedJob, seen: Seen): JobVerification {
  const { survey: viewed } = seen;
  const broken = [...ends].flatMap(([id, looked]) => {
    const problem = brokenness(looked.end);
    return problem === null ? [] : [{ id, looked, problem }];
  });
  const brokenIds = new Set(broken.map(({ id }) => id));
  const path = ({ root }: VerifiedRoot): string => snapshotPath(viewed.area, root, job.roots);
  return {
    label: job.label,
    job: job.job,
    directory: job.directory,
    restorePoints: roots.map((one) => ({
      path: path(one),
      completed: isoTime(one.root.completed),
      stateFiles: one.files.size,
      looked: [...one.files].filter((id) => isLooked(ends.get(id)?.end)).length,
      broken: [...one.files].filter((id) => brokenIds.has(id)).length,
    })),
    stateFiles: ends.size,
    looked: [...ends.values()].filter(({ end }) => isLooked(end)).length,
    broken: broken.map(({ id, looked, problem }) => {
      const needing = roots.filter(({ files }) => files.has(id));
      const names = needing.map(({ root }) => nameOf(root.directory));
      const url = urlOf(looked, viewed);
      return { url, problem, sentence: sentenceOf(url, looked.end, names), restorePoints: needing.map(path) };
    }),
    damaged: job.damaged.map((root) => viewDamaged(root, job, seen)),
    unverified: job.unverified.length,
    unread: unreadOf(ends.values(), viewed),
  };
}

function viewDamaged(root: Root, job: Job, { survey, damage }: Seen): DamagedSnapshot {
  const judged = damageOf(root, job, survey, damage);
  return {
    path: snapshotPath(survey.area, root, job.roots),
    completed: isoTime(root.completed),
    missing: root.missing.length,
    firstMissing: root.missing[0]?.url ?? null,
    sentence: `${sayDamage(root, judged, 1)} The first: ${root.missing[0]?.resolved}`,
    isFinding: judged.standing !== 'continued' && judged.standing !== 'open-files',
  };
}

function brokenness({ outcome }: FileEnd): Brokenness | null {
  return BROKEN.find((one) => one === outcome) ?? null;
}

function isLooked(end: FileEnd | undefined): boolean {
  return end !== undefined && (end.outcome === 'table' || brokenness(end) !== null);
}

function urlOf({ file }: LookedFile, { area, objects }: Viewed): string {
  return area.url(objects.location(file.object), objects.key(file.object));
}

function sentenceOf(url: string, end: FileEnd, names: readonly string[]): string {
  const restoring = `Flink can't restore from ${names.join(', ')}.`;
  switch (end.outcome) {
    case 'torn':
      return `${url} is torn: ${end.why}. ${restoring}`;
    case 'not-a-table':
      return `${url} does not end as a file of RocksDB or ForSt does: it was cut or overwritten. ${restoring}`;
    case 'gone':
      return `${url} was deleted since the listing. ${restoring}`;
    default:
      return `${url} was overwritten since the listing. ${restoring}`;
  }
}

function unreadOf(ends: Iterable<LookedFile>, viewed: Viewed): readonly string[] {
  const all = [...ends];
  const left = all.filter(({ end }) => end.outcome === 'left').length;
  const failed = all.flatMap((looked) => {
    const { end } = looked;
    const why =
      end.outcome === 'failed' ? end.why : end.outcome === 'archived' ? 'it is in an archive storage class' : null;
    return why === null ? [] : [`${urlOf(looked, viewed)} could not be read: ${why.replace(/\.?$/, '.')}`];
  });
  return [
    ...failed,
    ...(left === 0
      ? []
      : [
          `${left.toLocaleString('en-US')} ${left === 1 ? 'state file was' : 'state files were'} not read, because "states.maxRequests" is reached. The next look goes on.`,
        ]),
  ];
}
