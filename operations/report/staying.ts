import type { Owner } from '#core/collect/owners.ts';
import type { CollectSettings } from '#core/collect/settings.ts';
import type { Staying, StayingKind } from '#core/collect/staying.ts';
import { isoTime } from '#core/iso-time.ts';
import { bytes, count, duration, moment } from '#core/quantity.ts';
import type { Survey } from '#operations/look/survey.ts';

/** What stays in an area, told to people: what it is, how old, and which setting or command would free it. */

/** All that stays for one reason: a line of `staying` in `steward audit --json`. */
export interface StayingView {
  readonly kind: StayingKind;
  readonly objects: number;
  readonly bytes: number;
  /** When the oldest and the youngest of them were written. */
  readonly oldest: string;
  readonly newest: string;
  /** How many jobs, and directories of no job, it lies in. */
  readonly owners: number;
  /** URL of the oldest object. */
  readonly example: string;
  /** When the first of them stops waiting, if nothing is written until then; null where time alone changes nothing. */
  readonly from: string | null;
  /** What it is, without its amount. */
  readonly what: string;
  /** What frees it, in sentences. */
  readonly remedy: string;
  /** The key of `steward.json` that frees it; null where there is none. */
  readonly setting: string | null;
  /** The command that frees it, or shows how; null where there is none. */
  readonly command: string | null;
}

/** What is told depends on whether the operator has a policy for checkpoints (`retain`). */
export interface Remedies {
  readonly retains: boolean;
}

interface Told {
  readonly what: string;
  readonly remedy: string;
  readonly setting?: string;
  readonly command?: string;
}

/** Tells what stays. */
export function viewStaying(staying: readonly Staying[], survey: Survey, remedies: Remedies): readonly StayingView[] {
  const { area, objects, settings } = survey;
  return staying.map((one) => {
    const { what, remedy, setting = null, command = null } = tell(one, settings, remedies);
    return {
      kind: one.kind,
      objects: one.objects,
      bytes: one.bytes,
      oldest: isoTime(one.oldest),
      newest: isoTime(one.newest),
      owners: one.owners.size,
      example: area.url(objects.location(one.example), objects.key(one.example)),
      from: one.from === null ? null : isoTime(one.from),
      what,
      remedy,
      setting,
      command,
    };
  });
}

/** One line of what stays, as a sentence with its amount and age. @param now epoch milliseconds. */
export function describeStaying(view: StayingView, now: number): string {
  const oldest = duration(now - Date.parse(view.oldest));
  return `${count(view.objects, 'object')} (${bytes(view.bytes)}), the oldest ${oldest} old: ${view.what}. ${view.remedy}`;
}

function tell({ kind, owners, from }: Staying, settings: CollectSettings, { retains }: Remedies): Told {
  const first = from === null ? '' : ` (the first ${moment(isoTime(from))})`;
  const dead = `steward declare-dead ${onlyJob(owners) ?? 'JOB'} --execute`;
  const jobs = count(owners.size, 'job');
  switch (kind) {
    case 'quarantine': {
      const starts = from === null ? 'The quarantine begins with the first run that has a ledger. ' : '';
      const when = from === null ? '' : `: the first may go from ${moment(isoTime(from))}`;
      return {
        what: from === null ? 'garbage that no run has recorded yet' : 'garbage in quarantine',
        remedy: `${starts}It is deleted when it has been garbage for ${duration(settings.quarantine)}, in at least two runs${when}.`,
        setting: 'collect.quarantine',
      };
    }
    case 'later-checkpoint':
      return {
        what: `no later checkpoint has shown yet that it is unused, in ${jobs}`,
        remedy: `It becomes garbage when a checkpoint that began later completes, or when the job has written nothing for ${duration(settings.deadAfter)}${first}. If the job has ended for good, at once: ${dead}`,
        setting: 'collect.deadAfter',
        command: dead,
      };
    case 'first-checkpoint':
      return {
        what: 'in directories without any checkpoint',
        remedy: `In a job directory it becomes garbage when a checkpoint completes, or when nothing has been written for ${duration(settings.abandonedAfter)}${first}. If the job has ended for good, at once: ${dead}`,
        setting: 'collect.abandonedAfter',
        command: dead,
      };
    case 'ended-jobs':
      return {
        what: `state that only the checkpoints of ${count(owners.size, 'ended job')} reference (declared dead, or without a write for ${duration(settings.deadAfter)})`,
        remedy: retains
          ? '"retain" keeps these checkpoints. To see which, and why: steward retire. If a job is over: steward retire --job DIRECTORY --all'
          : 'Retiring is off: add "retain" to steward.json to retire the checkpoints of ended jobs, all but the newest. If a job is over: steward retire --job DIRECTORY --all',
        setting: 'retain',
        command: 'steward retire',
      };
    case 'task-owned':
      return {
        what: 'files in taskowned/ that no checkpoint references',
        remedy:
          'A write-ahead sink may need them. If no job uses such a sink, "collect": {"taskowned": true} in steward.json lets them be deleted like other garbage.',
        setting: 'collect.taskowned',
      };
    case 'unfinished-savepoints':
      return {
        what: 'files in directories of savepoints without _metadata',
        remedy: settings.failedSavepoints
          ? `By "collect.failedSavepoints" they become garbage when nothing has been written there for ${duration(settings.abandonedAfter)}${first}.`
          : `If nobody has moved their _metadata elsewhere, "collect": {"failedSavepoints": true} in steward.json lets them be deleted ${duration(settings.abandonedAfter)} after the last write.`,
        setting: 'collect.failedSavepoints',
      };
    case 'forst-working-files':
      return {
        what: `working files of ForSt databases of ${jobs} without a write for ${duration(settings.deadAfter)}`,
        remedy: `If the job has ended for good: ${dead}`,
        setting: 'deadJobs',
        command: dead,
      };
    case 'empty-job-directories':
      return {
        what: `markers of ${count(owners.size, 'job directory', 'job directories')} that contain nothing else`,
        remedy: `They take no space, but listing them costs requests. If the job has ended for good: ${dead}`,
        setting: 'deadJobs',
        command: dead,
      };
    case 'job-results':
      return {
        what: 'results of ended jobs, of high availability',
        remedy:
          'The steward never deletes them. Flink does, unless job-result-store.delete-on-commit is false; the Flink Kubernetes operator sets it to false and leaves a folder for each start. Always keep the newest folder of each cluster.',
      };
    case 'checkpoint-pointers':
      return { what: 'pointers to completed checkpoints, of high availability', remedy: BY_FLINK };
    case 'submitted-jobs':
      return { what: 'graphs of submitted jobs, of high availability', remedy: BY_FLINK };
    case 'blobs':
      return { what: 'blobs (jars and the like), of high availability', remedy: BY_FLINK };
    default:
      return kind satisfies never;
  }
}

const BY_FLINK =
  'The steward never deletes them: a cluster that restarts needs them. Flink deletes them from high-availability.storageDir when the job ends. Delete old ones by hand only if their cluster is gone for good.';

function onlyJob(owners: ReadonlySet<Owner>): string | null {
  const [only, ...others] = owners;
  return others.length === 0 ? (only?.job ?? null) : null;
}
