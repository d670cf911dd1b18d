import { minimumAge, quarantineTime } from '#core/collect/cutoffs.ts';
import type { Subject } from '#core/collect/evidence.ts';
import { JUDGEMENTS, rootsByObject, subjectOf, type Verdicts } from '#core/collect/judge.ts';
import type { ReportedJob } from '#core/collect/liveness.ts';
import { newestFirst } from '#core/collect/root-order.ts';
import { isRestorePoint, type Root } from '#core/collect/roots.ts';
import { type JudgementRule, REASONS } from '#core/collect/verdicts.ts';
import { parseFlinkPath, placeOf } from '#core/flink/state-path.ts';
import { isoTime } from '#core/iso-time.ts';
import { duration } from '#core/quantity.ts';
import { snapshotPath } from '#operations/look/root-view.ts';
import type { Survey } from '#operations/look/survey.ts';
import { type VerdictLine, verdictLine } from './verdict-line.ts';

/** Why an object is kept or goes. */

/** Why one object is kept or deleted. */
export interface Explanation extends VerdictLine {
  readonly url: string;
  readonly modified: string;
  /** In sentences: what decided, with the times and numbers of this object. */
  readonly because: readonly string[];
  /** Further rules that would keep it if the deciding one did not. */
  readonly alsoKeptBy: readonly JudgementRule[];
  /** Every root that names it, newest first. */
  readonly namedBy: readonly {
    readonly path: string;
    readonly key: string;
    readonly completed: string;
    readonly restorePoint: boolean;
  }[];
  /** Why nothing of the area can be decided; empty where it can. */
  readonly undecidable: readonly { readonly code: string; readonly object: string; readonly sentence: string }[];
}

/** The object that a person names: by its key, as a store knows it or whole, or by its URL. */
export function findObject({ area, objects }: Survey, text: string): number {
  for (const [location] of area.locations.entries()) {
    for (const key of [area.wholeKey(location, text), text]) {
      const object = objects.find(location, key);
      if (object >= 0) {
        return object;
      }
    }
  }
  const path = parseFlinkPath(text);
  const whereabouts = path === null ? null : area.locate(placeOf(path));
  return whereabouts?.within === 'area' ? objects.find(whereabouts.location, whereabouts.key) : -1;
}

/** Explains the verdict on one object in sentences, with its own times and numbers. */
export function explain(survey: Survey, verdicts: Verdicts, object: number): Explanation {
  const { area, objects, reachability } = survey;
  const subject = subjectOf(object, survey, rootsByObject(survey));
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
    because: because(decided, subject, survey, roots, originals),
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

/** What the rule says, in sentences with this object's own numbers. */
function because(
  rule: JudgementRule,
  subject: Subject,
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
        `${count(roots.length, 'checkpoint or savepoint names', 'checkpoints or savepoints name')} it. While one of them exists, it stays.`,
      ];
    case 'base-name':
      return [
        `No checkpoint or savepoint names it where it lies, but ${roots.length === 1 ? 'one of them misses' : `${roots.length} of them miss`} a file of this very name somewhere else. It may be that file (FLINK-39964, or a copy), so it stays.`,
      ];
    case 'copy':
      return [copyOf(originals, survey)];
    case 'min-age':
      return [
        `It was written ${ago(start - modified)}; nothing of ${who} goes before ${duration(minimumAge(subject, settings))}. It may belong to a checkpoint that is being written.`,
      ];
    case 'running-checkpoint':
      return [
        `It lies in the directory of a checkpoint of ${who} that has no root yet. ${says(owner.running)}, and that this checkpoint is in progress, or may be.`,
      ];
    case 'rootless-directory':
      return [rootlessDirectory(subject, survey, who)];
    case 'no-later-checkpoint':
      return [noLaterCheckpoint(subject, survey, who)];
    case 'undecidable-area':
      return ['Nothing that could be read names it, but something may that could not: the area is undecidable.'];
    case 'quarantine': {
      const since = memory.candidacy(subject.object)?.since;
      const time = duration(quarantineTime(owner, settings));
      return [
        since === undefined
          ? `No checkpoint or savepoint names it. It goes when it has been garbage for ${time}, in two runs at least; no earlier run is on record.`
          : `No checkpoint or savepoint names it. It has been garbage since ${isoTime(since)} and goes after ${time}.`,
      ];
    }
    case 'garbage':
      return [
        `No checkpoint or savepoint of the whole area names it. It was written ${ago(start - modified)}${owner.declaredDead ? `, and ${who} is declared dead` : ''}. Its quarantine is served.`,
      ];
    case 'high-availability':
    case 'protect-pattern':
    case 'steward-marker':
    case 'unknown-name':
    case 'forst-working-files':
    case 'taskowned':
    case 'savepoint-files':
    case 'directory-marker':
      return [`It is kept: ${REASONS[rule]}.`];
  }
}

function copyOf(originals: readonly number[], { area, objects }: Survey): string {
  const [first = '', ...others] = originals.map((live) => area.url(objects.location(live), objects.key(live)));
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return `No checkpoint or savepoint names it where it lies, but ${first}${more} of the same name is live. It may be a copy of that file (a backup, a replica), or that file itself under another name (a mount, an access point), and then deleting the one would delete the other. So it stays for as long as that file is live.`;
}

function describeRoot(root: Root | null): string {
  if (root === null || root.state === 'vanished') {
    return 'It was listed as a checkpoint or savepoint, but had gone when it was to be read: Flink has replaced it.';
  }
  const state = isRestorePoint(root)
    ? 'Every file that it names exists'
    : `${count(root.missing.length, 'file that it names is', 'files that it names are')} missing or of another size, ${root.outside + root.declaredOutside} outside the area`;
  return `It is the root of checkpoint ${root.summary?.checkpointId ?? '?'} (${root.summary?.kind ?? 'unknown'}), complete since ${isoTime(root.completed)}. ${state}. Only retirement, which is a decision of its own, withdraws a root.`;
}

function rootlessDirectory({ kind, owner, rootlessSince }: Subject, { start, settings }: Survey, who: string): string {
  if (owner.job === null) {
    return `No checkpoint of ${who} was found, and without a job id in the path it is never given up.`;
  }
  const lastWrite = rootlessSince ?? owner.lastWrite;
  if (kind === 'changelog' && rootlessSince !== null) {
    const goes =
      owner.running.length > 0
        ? `${says(owner.running)}, so it stays`
        : `The last write that speaks for that was ${ago(start - lastWrite)}; it is given up after ${duration(settings.abandonedAfter)} without one, or when the job is declared dead`;
    return `This changelog may be of another cluster that uses this job id: no checkpoint names a file in it, or a checkpoint directory of that id has no checkpoint yet. ${goes}.`;
  }
  const where = rootlessSince === null ? '' : ' in this directory (others of that job id lie elsewhere)';
  if (owner.running.length > 0) {
    return `No checkpoint of ${who} was found${where}. ${says(owner.running)}, so it is not given up.`;
  }
  return `No checkpoint of ${who} was found${where}. The last write was ${ago(start - lastWrite)}; it is given up after ${duration(settings.abandonedAfter)} without any write, or when the job is declared dead.`;
}

function noLaterCheckpoint({ owner, modified }: Subject, { settings }: Survey, who: string): string {
  if (owner.timesDistrusted !== null) {
    if (owner.running.length > 0) {
      return `Whether ${who} still uses it can't be told: ${owner.timesDistrusted}. ${says(owner.running)}, so it stays.`;
    }
    return `Whether ${who} still uses it can't be told: ${owner.timesDistrusted}. It goes when the job is declared dead, or has been quiet for ${duration(settings.deadAfter)}.`;
  }
  const last = Number.isFinite(owner.lastCheckpoint)
    ? `the last completed checkpoint is of ${isoTime(owner.lastCheckpoint)}, and may have begun ${duration(owner.checkpointTimeout)} before`
    : 'no completed checkpoint proper was found';
  if (owner.running.length > 0) {
    return `A later checkpoint of ${who} may still take it into use: it was written at ${isoTime(modified)}, ${last}. ${says(owner.running)}, so it goes only when one completes that began later.`;
  }
  return `A later checkpoint of ${who} may still take it into use: it was written at ${isoTime(modified)}, ${last}. It goes when one completes that began later, when the job is declared dead, or after ${duration(settings.deadAfter)} without any write.`;
}

/** What Flink says of an owner, without a full stop. Where no path tells the job it may be one of several. */
function says(running: readonly ReportedJob[]): string {
  const told = running.map(({ cluster, name, state }) => `${cluster} says that ${JSON.stringify(name)} is ${state}`);
  return `${told[0] ?? ''}${told.length > 1 ? ` (and ${told.length - 1} more)` : ''}`;
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** Files of a clock that is fast, or of a copy that `--now` sets back, are dated later than the run. */
function ago(milliseconds: number): string {
  return milliseconds < 0 ? 'in the future by the clock of this run' : `${duration(milliseconds)} ago`;
}
