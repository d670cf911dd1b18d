import type { CertifiedJob } from '#operations/ledger/certificate-lines.ts';
import { nameHash } from '#operations/ledger/name-hashes.ts';
import type { CertifiedGrounds } from './certified-grounds.ts';
import { type PathFacts, pathFacts } from './path-facts.ts';
import { isDead, isGivenUp, isQuiet } from './quiet-jobs.ts';
import type { LogLine } from './run-log.ts';

/**
 * Whether one deletion was allowed, derived again from the certificate alone. It shares no code with what decided: where the
 * two differ, one of them is wrong.
 */

/** A rule that a deletion breaks. */
export interface Broken {
  /** As in docs/safety.md, or `certificate` where that does not say enough. */
  readonly rule: string;
  /** What is wrong: the end of a sentence whose subject is the object. */
  readonly why: string;
}

/** Whether a key is protected by one of the certified patterns. */
export type Protects = (url: string) => boolean;

const HOUR = 3_600_000;
/** What stores give where they know no time. */
const NO_TIME = Date.UTC(1980, 0, 3);

/** What a rule looks at. */
interface Case {
  readonly line: LogLine;
  readonly path: PathFacts;
  readonly job: CertifiedJob;
  readonly grounds: CertifiedGrounds;
  readonly modified: number;
  readonly protects: Protects;
}

/** In their order; the first that is broken is told. */
const RULES: readonly ((deletion: Case) => Broken | null)[] = [
  byName,
  byPattern,
  byRoots,
  byFolder,
  byAge,
  byRunningCheckpoint,
  byForeignDirectory,
  byLaterCheckpoint,
  byQuarantine,
];

/** Which rule the deletion of an object breaks; null where it was allowed. */
export function judgeDeletion(line: LogLine, grounds: CertifiedGrounds, protects: Protects): Broken | null {
  if (line.rule !== 'garbage')
    return { rule: line.rule, why: `the log says that "${line.rule}" decided, which keeps it` };
  const path = pathFacts(line.url);
  const job = grounds.job(path.owner);
  if (job === null) return { rule: 'certificate', why: `the certificate says nothing of ${path.owner}` };
  const deletion = { line, path, job, grounds, modified: Date.parse(line.modified), protects };
  for (const rule of RULES) {
    const broken = rule(deletion);
    if (broken !== null) return broken;
  }
  return null;
}

/** Only what Flink's state code writes may go: a UUID, or the marker of a folder. */
function byName({ line, path, job, grounds }: Case): Broken | null {
  if (path.name === '_metadata') return { rule: 'root', why: 'it is a checkpoint or savepoint' };
  if (path.name === '') {
    const isDead = job.declaredDead !== null && line.bytes === 0;
    return isDead ? null : { rule: 'directory-marker', why: 'it marks a folder of a job that is not declared dead' };
  }
  if (path.hasUuid || isOfRetiredSavepoint(line, path, job, grounds)) return null;
  return { rule: 'unknown-name', why: "its name is none that Flink's state code writes" };
}

function byPattern({ line, protects }: Case): Broken | null {
  return protects(line.url) ? { rule: 'protect-pattern', why: 'a pattern of "protect" protects it' } : null;
}

/** The name is enough: Flink makes none twice, but for what it copies for a job that was restored with NO_CLAIM. */
function byRoots({ line, path, grounds, modified }: Case): Broken | null {
  if (path.name === '' || !grounds.names.has(nameHash(path.name))) return null;
  const originals = grounds.exceptions(line.url).filter(({ why }) => why === 'duplicate');
  const isDuplicated = originals.every((exception) => {
    if (exception.why !== 'duplicate') return false;
    const { of } = exception;
    const other = pathFacts(of.url);
    return (
      other.name === path.name &&
      other.job !== null &&
      path.job !== null &&
      other.job !== path.job &&
      other.base.slice(0, -33) === path.base.slice(0, -33) &&
      of.bytes === line.bytes &&
      Date.parse(of.modified) > modified
    );
  });
  if (originals.length > 0 && isDuplicated) return null;
  return { rule: 'named-by-root', why: 'a checkpoint or savepoint references a file of its name' };
}

/** Folders whose files belong to others than checkpoints. */
function byFolder({ line, path, job, grounds }: Case): Broken | null {
  const { settings } = grounds.certificate.head;
  switch (path.folder) {
    case 'taskowned': {
      const wasNamed = grounds.exceptions(line.url).some(({ why }) => why === 'named-before');
      return settings.taskowned || wasNamed || path.name === ''
        ? null
        : { rule: 'taskowned', why: 'a sink may need it, and "collect.taskowned" is not set' };
    }
    case 'working':
      return job.declaredDead !== null
        ? null
        : {
            rule: 'forst-working-files',
            why: 'it is in the working folder of a database whose job is not declared dead',
          };
    case 'savepoint':
    case 'other': {
      if (isOfRetiredSavepoint(line, path, job, grounds) || path.name === '') return null;
      const isAbandoned =
        path.folder === 'savepoint' && !grounds.holdsRoot(path.base) && isGivenUp(job, job.lastWrite, grounds);
      return settings.failedSavepoints && isAbandoned
        ? null
        : { rule: 'savepoint-files', why: 'it may belong to a savepoint, or to somebody else' };
    }
    default:
      return null;
  }
}

function byAge({ line, path, job, grounds, modified }: Case): Broken | null {
  const { settings } = grounds.certificate.head;
  const timeout = Math.max(settings.checkpointTimeout, job.timeout);
  const ordinary = Math.max(settings.minAge, 2 * timeout);
  const isTaskOwned = path.folder === 'taskowned' && settings.taskowned;
  const least = isTaskOwned ? Math.max(ordinary, settings.taskownedMinAge) : ordinary;
  const isOld = modified > NO_TIME && grounds.start - modified >= least;
  return isOld ? null : { rule: 'min-age', why: `it was written at ${line.modified}, too short a time before the run` };
}

function byRunningCheckpoint({ path: { checkpoint }, job: { inProgress } }: Case): Broken | null {
  const isWritten = checkpoint !== null && (inProgress.includes('*') || inProgress.includes(checkpoint));
  return isWritten ? { rule: 'running-checkpoint', why: 'Flink was writing that checkpoint' } : null;
}

function byForeignDirectory({ job }: Case): Broken | null {
  return job.foreign
    ? { rule: 'foreign-directory', why: 'nothing shows that its directory is that of a Flink job' }
    : null;
}

/** A completed checkpoint that began later shows that the job does not use it, or there is no job any more. */
function byLaterCheckpoint({ path, job, grounds, modified }: Case): Broken | null {
  const { settings } = grounds.certificate.head;
  const isSavepoints = path.folder === 'savepoint' || path.folder === 'other';
  if (isSavepoints || isDead(job)) return null;
  const last = grounds.lastCheckpoint(path.owner);
  const folder = path.folder === 'changelog' ? `${path.base}dstl/` : path.base;
  const withoutRoots = job.rootless[folder];
  const isLeft =
    last === null
      ? path.job !== null && isGivenUp(job, job.lastWrite, grounds)
      : withoutRoots === undefined || isGivenUp(job, withoutRoots, grounds);
  if (!isLeft) return { rule: 'rootless-directory', why: 'its directory has no checkpoint, and is not given up' };
  if (isQuiet(job, job.lastWrite, grounds, settings.deadAfter)) return null;
  const timeout = Math.max(settings.checkpointTimeout, job.timeout);
  const isShown = last !== null && last <= grounds.start + HOUR && last - timeout > modified && !job.timesDistrusted;
  return isShown
    ? null
    : { rule: 'no-later-checkpoint', why: 'no later checkpoint shows that its job uses it no more' };
}

function byQuarantine({ line, job, grounds }: Case): Broken | null {
  const { settings } = grounds.certificate.head;
  const least = Math.max(settings.quarantine, 2 * Math.max(settings.checkpointTimeout, job.timeout));
  const served = line.garbageSince === null ? Number.NaN : grounds.start - Date.parse(line.garbageSince);
  return served >= least && (line.garbageRuns ?? 0) >= 2
    ? null
    : { rule: 'quarantine', why: 'it had not been garbage for long enough' };
}

/**
 * A savepoint's files lie in its own folder, whatever that is called. Who has put a root there again wants them, and a job
 * without a checkpoint may go back to the savepoint that it was restored from.
 */
function isOfRetiredSavepoint(
  { url }: LogLine,
  path: PathFacts,
  job: CertifiedJob,
  grounds: CertifiedGrounds,
): boolean {
  return (
    (path.folder === 'savepoint' || path.folder === 'other') &&
    !job.starting &&
    !grounds.holdsRootIn(path.base) &&
    grounds.exceptions(url).some(({ why }) => why === 'retired-savepoint')
  );
}
