import { minimumAge, quarantineTime } from '#core/collect/cutoffs.ts';
import type { Subject } from '#core/collect/evidence.ts';
import { JUDGEMENTS, subjectOf, type Verdicts } from '#core/collect/judge.ts';
import type { ReportedJob } from '#core/collect/liveness.ts';
import type { Owner } from '#core/collect/owners.ts';
import { rootMarks } from '#core/collect/root-marks.ts';
import { newestFirst } from '#core/collect/root-order.ts';
import { isRestorePoint, lacksProperties, type Root } from '#core/collect/roots.ts';
import { type JudgementRule, REASONS } from '#core/collect/verdicts.ts';
import { METADATA_NAME } from '#core/flink/names.ts';
import { isoTime } from '#core/iso-time.ts';
import { duration } from '#core/quantity.ts';
import { snapshotPath } from '#operations/look/root-view.ts';
import type { Survey } from '#operations/look/survey.ts';
import { retireFormerRun } from './former-run-words.ts';
import { type VerdictLine, verdictLine } from './verdict-line.ts';
import { restoreObject } from './withheld.ts';

/** The explanation of a verdict: why an object is kept or deleted. */

/** Why one object is kept or deleted. */
export interface Explanation extends VerdictLine {
  readonly url: string;
  readonly modified: string;
  /** In sentences: what decided, with the times and numbers of this object. */
  readonly because: readonly string[];
  /** Other rules that would also keep it. */
  readonly alsoKeptBy: readonly JudgementRule[];
  /** Every root that references it, newest first. */
  readonly namedBy: readonly {
    readonly path: string;
    readonly key: string;
    readonly completed: string;
    readonly restorePoint: boolean;
  }[];
  /** Why the area is undecidable; empty if it is decidable. */
  readonly undecidable: readonly { readonly code: string; readonly object: string; readonly sentence: string }[];
}

/** Explains the verdict on one object in sentences, with its own times and numbers. */
export function explain(survey: Survey, verdicts: Verdicts, object: number): Explanation {
  const { area, objects, reachability } = survey;
  const subject = explainedOf(object, survey);
  const decided = verdicts.rule(object);
  const applying = JUDGEMENTS.filter(({ applies }) => applies(subject, survey)).map(({ rule }) => rule);
  const originals = decided === 'copy' ? reachability.originalsOf(object) : [];
  const roots = reachability.isLive(object)
    ? reachability.rootsOf(object)
    : (originals.map((live) => reachability.rootsOf(live))[0] ?? reachability.rootsByName(object));
  return {
    ...verdictLine(survey, verdicts, object),
    url: area.url(objects.location(object), objects.key(object)),
    modified: isoTime(objects.modified(object)),
    because: [...because(decided, subject, survey, roots, originals), ...archived(survey, object, roots.length)],
    alsoKeptBy: applying.filter((rule) => rule !== decided && rule !== 'quarantine'),
    namedBy: [...roots].sort(newestFirst).map((root) => ({
      path: snapshotPath(area, root),
      key: area.storeKey(root.location, root.key),
      completed: isoTime(root.completed),
      restorePoint: isRestorePoint(root),
    })),
    undecidable: survey.undecidable,
  };
}

/** An object under judgement, with all that is known of its owner, and of the root that it is. */
interface Explained extends Subject {
  readonly owner: Owner;
  readonly root: Root | null;
}

function explainedOf(object: number, survey: Survey): Explained {
  const { objects, owners, reachability } = survey;
  return {
    ...subjectOf(object, survey, rootMarks(survey)),
    owner: owners.ofDirectory(objects.directoryId(object)),
    root: reachability.roots.findLast((root) => root.object === object) ?? null,
  };
}

/** Why the rule decided, in sentences with the times and numbers of this object. */
function because(
  rule: JudgementRule,
  subject: Explained,
  survey: Survey,
  roots: readonly Root[],
  originals: readonly number[],
): readonly string[] {
  const { start, settings, memory } = survey;
  const { owner, modified, root } = subject;
  const who = owner.job === null ? `the directory ${owner.base}` : `job ${owner.job}`;
  switch (rule) {
    case 'special-entry':
      return [`It is ${survey.objects.special(subject.object)}, ${REASONS[rule]}.`];
    case 'root':
      return [describeRoot(root)];
    case 'unreadable-root':
      return [`It is a root that can't be read: ${root?.failure?.sentence}.`];
    case 'pinned':
    case 'named-by-root':
      return [
        `${count(roots.length, 'checkpoint or savepoint references', 'checkpoints or savepoints reference')} it. It is kept while one of them exists.`,
      ];
    case 'base-name':
      return [
        `No checkpoint or savepoint references its path, but ${roots.length === 1 ? 'one references' : `${roots.length} reference`} a missing file with the same name elsewhere. This object may be that file (FLINK-39964, or a copy), so it is kept.`,
      ];
    case 'named-by-renamed-root':
      return [namedByRenamed(subject.object, survey)];
    case 'copy':
      return [copyOf(originals, survey)];
    case 'min-age':
      return [
        `It was written ${ago(start - modified)}; the minimum age for ${who} is ${duration(minimumAge(subject, settings))}. It may belong to a checkpoint that is being written.`,
      ];
    case 'running-checkpoint':
      return [
        `It is in the directory of a checkpoint of ${who} that has no root yet. ${reported(owner.running)}, and that this checkpoint is, or may be, in progress.`,
      ];
    case 'rootless-directory':
      return [rootlessDirectory(subject, survey, who)];
    case 'no-later-checkpoint':
      return [noLaterCheckpoint(subject, survey, who)];
    case 'foreign-directory':
      return [
        `There is no evidence that the directory of ${who} belongs to a Flink job: no checkpoint or savepoint has this id or references a file in it, no directory next to it contains or contained one, and it does not contain two of shared/, taskowned/ and chk-N/. No earlier run saw any of that either. It may be a folder of another program, so it is kept. If it belongs to a Flink job that is over: steward declare-dead ${owner.job} --execute`,
      ];
    case 'undecidable-area':
      return [
        'No checkpoint or savepoint that could be read references it. But the area is undecidable, so one that could not be read may reference it.',
      ];
    case 'quarantine': {
      const since = memory.candidacy(subject.object)?.since;
      const time = duration(quarantineTime(owner, settings));
      return [
        since === undefined
          ? `No checkpoint or savepoint references it. It is deleted when it has been garbage for ${time}, in at least two runs. No earlier run is on record.`
          : `No checkpoint or savepoint references it. It has been garbage since ${isoTime(since)}, and its quarantine lasts ${time}: it may go from ${isoTime(since + quarantineTime(owner, settings))}.`,
      ];
    }
    case 'garbage':
      return [
        `No checkpoint or savepoint in the area references it. It was written ${ago(start - modified)}${owner.declaredDead ? `, and ${who} is declared dead` : ''}. Its quarantine is over.`,
      ];
    case 'high-availability':
    case 'protect-pattern':
    case 'steward-marker':
    case 'unknown-name':
      return [unknown(subject.object, survey) ?? `It is kept: ${REASONS[rule]}.`];
    case 'forst-working-files':
    case 'taskowned':
    case 'savepoint-files':
    case 'directory-marker':
      return [`It is kept: ${REASONS[rule]}.`];
  }
}

/** What an object of unknown name is, where that is known; else null. */
function unknown(object: number, { objects, reachability }: Survey): string | null {
  if (objects.name(object) === METADATA_NAME) {
    return "It is a Parquet file: Parquet datasets have a file of this name too. It is no checkpoint or savepoint, and it is kept because Flink's state code does not write it.";
  }
  const renamed = reachability.renamedRoots.find((root) => root.object === object);
  if (renamed === undefined) return null;
  const broken = renamed.state === 'read' ? '' : ` It could not be read completely: ${renamed.failure?.sentence}.`;
  return `It is the metadata of a checkpoint or savepoint under another name than _metadata.${broken} What it references is kept while it exists (${count(renamed.objects.size, 'object', 'objects')} in this area). It is not a restore point, and the steward never deletes it.`;
}

function namedByRenamed(object: number, { area, reachability }: Survey): string {
  const urls = reachability.renamedRootsOf(object).map(({ location, key }) => area.url(location, key));
  const [first = '', ...others] = urls;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return `No _metadata references it, but ${first}${more} does: the metadata of a checkpoint or savepoint under another name. It is kept while that file exists. If nobody needs that checkpoint any more, delete that file.`;
}

/** That an archived object can't be read, and who waits for it. */
function archived({ area, objects }: Survey, object: number, roots: number): readonly string[] {
  if (!objects.isArchived(object)) {
    return [];
  }
  const store = area.locations[objects.location(object)]?.store ?? '';
  const command = restoreObject(store, objects.key(object), objects.isTiering(object));
  const may = objects.isTiering(object) ? 'may be in an archive tier' : 'is in an archive storage class';
  const waiting =
    roots === 0
      ? ''
      : `, and ${count(roots, 'checkpoint or savepoint', 'checkpoints and savepoints')} can't be restored before it is`;
  return [
    `It ${may}, so it can't be read before it is restored from there${waiting}${command === null ? '.' : `: ${command}`}`,
  ];
}

function copyOf(originals: readonly number[], { area, objects }: Survey): string {
  const [first = '', ...others] = originals.map((live) => area.url(objects.location(live), objects.key(live)));
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return `No checkpoint or savepoint references its path, but a live file has the same name: ${first}${more}. This object may be a copy of that file (a backup, a replica). It may also be the same file under another name (a mount, an access point), and then deleting one would delete the other. So it is kept while that file is live.`;
}

function describeRoot(root: Root | null): string {
  if (root === null || root.state === 'vanished') {
    return 'It was listed as a checkpoint or savepoint, but no longer existed when it was to be read: Flink has replaced it.';
  }
  const needed =
    root.archived === 0
      ? ''
      : `. ${count(root.archived, 'file that it needs is', 'files that it needs are')} in an archive storage class`;
  const properties = lacksProperties(root) ? ". Its checkpoint properties can't be read, so Flink refuses it" : '';
  const state = isRestorePoint(root)
    ? 'Every file that it references exists'
    : `${count(root.missing.length, 'file that it references is', 'files that it references are')} missing or of another size, ${root.outside + root.declaredOutside} outside the area${needed}${properties}`;
  return `It is the root of checkpoint ${root.summary?.checkpointId ?? '?'} (${root.summary?.kind ?? 'unknown'}), completed at ${isoTime(root.completed)}. ${state}. Collecting never deletes a root; only retiring removes one.`;
}

function rootlessDirectory(
  { kind, owner, rootlessSince }: Explained,
  { start, settings }: Survey,
  who: string,
): string {
  if (owner.job === null) {
    return `No checkpoint of ${who} was found. Its path contains no job id, so it never counts as abandoned.`;
  }
  const lastWrite = rootlessSince ?? owner.lastWrite;
  if (kind === 'changelog' && rootlessSince !== null) {
    const goes =
      owner.running.length > 0
        ? `${reported(owner.running)}, so it is kept`
        : `The last write by such a cluster may have been ${ago(start - lastWrite)}; the changelog counts as abandoned after ${duration(settings.abandonedAfter)} without one, or when the job is declared dead`;
    return `This changelog may belong to another cluster that uses the same job id: no checkpoint references a file in it, or a checkpoint directory of that job id has no checkpoint yet. ${goes}.`;
  }
  const where = rootlessSince === null ? '' : ' in this directory (other directories of this job id have some)';
  if (owner.running.length > 0) {
    return `No checkpoint of ${who} was found${where}. ${reported(owner.running)}, so it does not count as abandoned.`;
  }
  return `No checkpoint of ${who} was found${where}. The last write was ${ago(start - lastWrite)}. The directory counts as abandoned after ${duration(settings.abandonedAfter)} without any write, or when the job is declared dead.`;
}

function noLaterCheckpoint({ owner, modified }: Explained, { area, settings }: Survey, who: string): string {
  if (owner.timesDistrusted !== null) {
    if (owner.running.length > 0) {
      return `The steward can't tell whether ${who} still uses it: ${owner.timesDistrusted}. ${reported(owner.running)}, so it is kept.`;
    }
    return `The steward can't tell whether ${who} still uses it: ${owner.timesDistrusted}. It becomes garbage when the job is declared dead, or after ${duration(settings.deadAfter)} without any write.${retireFormerRun(area, owner)}`;
  }
  const last = Number.isFinite(owner.lastCheckpoint)
    ? `the last checkpoint completed at ${isoTime(owner.lastCheckpoint)}, and may have begun ${duration(owner.checkpointTimeout)} earlier`
    : 'no completed checkpoint was found (savepoints do not count)';
  if (owner.running.length > 0) {
    return `A later checkpoint of ${who} may still reference it: it was written at ${isoTime(modified)}; ${last}. ${reported(owner.running)}, so it becomes garbage only when a checkpoint that began later completes.`;
  }
  return `A later checkpoint of ${who} may still reference it: it was written at ${isoTime(modified)}; ${last}. It becomes garbage when a checkpoint that began later completes, when the job is declared dead, or after ${duration(settings.deadAfter)} without any write.`;
}

/** What Flink reports about an owner, without a full stop. It may be several jobs if the path contains no job id. */
function reported(running: readonly ReportedJob[]): string {
  const told = running.map(({ cluster, name, state }) => `${cluster} reports that ${JSON.stringify(name)} is ${state}`);
  return `${told[0] ?? ''}${told.length > 1 ? ` (and ${told.length - 1} more)` : ''}`;
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** A file is dated later than the run if the clock that dated it was fast, or if `--now` is in the past. */
function ago(milliseconds: number): string {
  return milliseconds < 0 ? 'in the future by the clock of this run' : `${duration(milliseconds)} ago`;
}
