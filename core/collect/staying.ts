import { highAvailabilityKind } from '../flink/names.ts';
import { hasEnded, isQuiet } from './cutoffs.ts';
import type { Evidence } from './evidence.ts';
import { subjectOf, type Verdicts } from './judge.ts';
import type { Owner } from './owners.ts';
import { quarantineEnd } from './quarantine-ends.ts';
import { REMEMBERED_ROOTS } from './reachability.ts';
import { rootMarks } from './root-marks.ts';
import { baseId } from './rootless-directories.ts';

/**
 * What stays although people may want it gone: what waits, and until when; what waits for a word of theirs; and what the
 * steward never deletes.
 */

export const STAYING_KINDS = [
  /** Garbage in quarantine. */
  'quarantine',
  /** No later checkpoint of its job has shown that it is unused. */
  'later-checkpoint',
  /** In job directories that hold no checkpoint. */
  'first-checkpoint',
  /** What only the checkpoints of ended jobs reference. */
  'ended-jobs',
  /** In `taskowned/`, and no checkpoint has ever referenced it. */
  'task-owned',
  /** Of savepoints that have no `_metadata`. */
  'unfinished-savepoints',
  /** Working files of ForSt databases of jobs that have written nothing for long. */
  'forst-working-files',
  /** Markers of job directories that hold nothing else. */
  'empty-job-directories',
  /** High availability: results of jobs that have ended. */
  'job-results',
  /** High availability: pointers to completed checkpoints. */
  'checkpoint-pointers',
  /** High availability: graphs and plans of submitted jobs. */
  'submitted-jobs',
  /** High availability: jars and the like. */
  'blobs',
] as const;
/** Why something stays. */
export type StayingKind = (typeof STAYING_KINDS)[number];

/** All that stays for one reason. */
export interface Staying {
  readonly kind: StayingKind;
  readonly objects: number;
  readonly bytes: number;
  /** When the oldest and the youngest of them were written, epoch milliseconds. */
  readonly oldest: number;
  readonly newest: number;
  /** The oldest object. */
  readonly example: number;
  /** Whose they are: jobs, or directories that no job id names. */
  readonly owners: ReadonlySet<Owner>;
  /**
   * When the first of them stops waiting, epoch milliseconds, if nothing is written until then; null where time alone
   * changes nothing. The quarantine of what waited for something else begins at that time.
   */
  readonly from: number | null;
}

type Growing = { -readonly [K in keyof Staying]: Staying[K] } & { readonly owners: Set<Owner> };

const OF_HIGH_AVAILABILITY = {
  result: 'job-results',
  pointer: 'checkpoint-pointers',
  submission: 'submitted-jobs',
  blob: 'blobs',
} as const satisfies Record<string, StayingKind>;

/** Counts what stays, in the order of {@link STAYING_KINDS}. @param begins see `quarantineEnd`. */
export function stayingOf(evidence: Evidence, verdicts: Verdicts, begins: number | null): readonly Staying[] {
  const { objects, owners } = evidence;
  const counted = new Map<StayingKind, Growing>();
  const classify = classifier(evidence, verdicts, begins);
  for (let object = 0; object < objects.size; object++) {
    const owner = owners.ofDirectory(objects.directoryId(object));
    const found = classify(object, owner);
    if (found !== null) {
      grow(counted, found, { object, owner, bytes: objects.bytes(object), modified: objects.modified(object) });
    }
  }
  return STAYING_KINDS.flatMap((kind) => counted.get(kind) ?? []);
}

type Found = Pick<Staying, 'kind' | 'from'>;

function classifier(
  evidence: Evidence,
  verdicts: Verdicts,
  begins: number | null,
): (object: number, owner: Owner) => Found | null {
  const { objects, settings } = evidence;
  const roots = rootMarks(evidence);
  const isTheirs = endedOnly(evidence);
  const idle = (owner: Owner, lastWrite: number, time: number): number | null =>
    owner.running.length > 0 ? null : lastWrite + time;
  return (object, owner) => {
    switch (verdicts.rule(object)) {
      case 'root':
      case 'pinned':
      case 'named-by-root':
        return isTheirs(object, owner) ? { kind: 'ended-jobs', from: null } : null;
      case 'quarantine':
        return { kind: 'quarantine', from: quarantineEnd(object, evidence, begins) };
      case 'no-later-checkpoint':
        return { kind: 'later-checkpoint', from: idle(owner, owner.lastWrite, settings.deadAfter) };
      case 'rootless-directory': {
        const { rootlessSince } = subjectOf(object, evidence, roots);
        const from = owner.job === null ? null : idle(owner, rootlessSince ?? owner.lastWrite, settings.abandonedAfter);
        return { kind: 'first-checkpoint', from };
      }
      case 'taskowned':
        return { kind: 'task-owned', from: null };
      case 'savepoint-files': {
        const from = settings.failedSavepoints ? owner.lastWrite + settings.abandonedAfter : null;
        return owner.holdsRoots ? null : { kind: 'unfinished-savepoints', from };
      }
      case 'forst-working-files':
        return owner.declaredDead || !isQuiet(owner, evidence) ? null : { kind: 'forst-working-files', from: null };
      case 'directory-marker':
        return isEmptyJob(owner) && isQuiet(owner, evidence) ? { kind: 'empty-job-directories', from: null } : null;
      case 'high-availability': {
        const kind = highAvailabilityKind(objects.key(object));
        /* v8 ignore next -- the rule and this ask the same names */
        return kind === null ? null : { kind: OF_HIGH_AVAILABILITY[kind], from: null };
      }
      default:
        return null;
    }
  };
}

/** A job directory in which there is nothing but markers. */
function isEmptyJob({ job, roots, location, base, markersAlone }: Owner): boolean {
  return job !== null && roots.length === 0 && markersAlone.has(baseId(location, base));
}

/**
 * Tells what lies in the directory of an ended job and is referenced by nothing but checkpoints of ended jobs: with
 * those gone it is garbage. Savepoints are not a job's, so what one of them references is not counted.
 */
export function endedOnly(evidence: Evidence): (object: number, owner: Owner) => boolean {
  const { owners, reachability } = evidence;
  const ended = new Set(owners.all.filter((owner) => owner.holdsCheckpoints && hasEnded(owner, evidence)));
  const others = reachability.roots.filter((root) => {
    const owner = owners.ofRoot(root);
    return owner === undefined || !ended.has(owner);
  });
  const isOther = new Set(others);
  return (object, owner) => {
    if (!ended.has(owner)) return false;
    // The first few roots are at hand; only where there are more than those the others have to be asked one by one.
    if (reachability.someRootsOf(object).some((root) => isOther.has(root))) return false;
    return reachability.rootCount(object) <= REMEMBERED_ROOTS || !others.some((root) => root.objects.has(object));
  };
}

function grow(
  counted: Map<StayingKind, Growing>,
  { kind, from }: Found,
  seen: { readonly object: number; readonly owner: Owner; readonly bytes: number; readonly modified: number },
): void {
  const { object, owner, bytes, modified } = seen;
  const known = counted.get(kind);
  if (known === undefined) {
    const times = { oldest: modified, newest: modified };
    counted.set(kind, { kind, objects: 1, bytes, ...times, example: object, owners: new Set([owner]), from });
    return;
  }
  known.objects++;
  known.bytes += bytes;
  known.owners.add(owner);
  if (modified < known.oldest) {
    known.oldest = modified;
    known.example = object;
  }
  known.newest = Math.max(known.newest, modified);
  known.from = known.from === null || from === null ? (known.from ?? from) : Math.min(known.from, from);
}
