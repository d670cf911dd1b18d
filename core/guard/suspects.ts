import type { Area } from '#core/area/area.ts';
import { classifyDirectory } from '#core/flink/layout.ts';
import { METADATA_NAME } from '#core/flink/names.ts';
import type { Deletion } from './deletion.ts';
import type { LiveSet, Reader } from './live-set.ts';

/** Which of a batch of deletions may have taken live state, by what the last survey saw. */

/** A deleted object that may be live. */
export interface Suspect {
  readonly deletion: Deletion;
  /** Under the area's own name of its place. */
  readonly url: string;
  readonly location: number;
  /** Whole key. */
  readonly key: string;
}

/** Suspects that one look at some roots can clear. */
export interface SuspectGroup {
  /** URL of the directory in which they lie: a job's, or a savepoint's. */
  readonly directory: string;
  readonly location: number;
  /** The same directory, as a whole key prefix. */
  readonly base: string;
  readonly files: readonly Suspect[];
  /** Whose roots may name them. */
  readonly readers: readonly Reader[];
  /** Whether roots lay in the directory when it was surveyed. */
  readonly hadRoots: boolean;
}

/** What became of a batch before anything was read. */
export interface Suspicion {
  readonly groups: readonly SuspectGroup[];
  /** Roots of the last survey that a rule has deleted: each was a restore point, whatever names it. */
  readonly roots: readonly Suspect[];
  /** Of the area, and not live for all that the last survey saw. */
  readonly cleared: number;
  /** Outside the area. */
  readonly outside: number;
}

/** What it takes to tell. */
export interface SuspectInput {
  readonly live: LiveSet;
  readonly area: Area;
  /** Whether what is live is not known by now. */
  readonly blind: boolean;
  /** URLs, as they were told, of what was suspect before. */
  readonly again?: ReadonlySet<string>;
}

/**
 * A root that somebody deleted by a request is no suspect: that is how Flink ends a checkpoint, a savepoint that is
 * disposed of, and a job without retained checkpoints, and how the steward retires.
 *
 * Where what is live is not known, whatever a rule deleted is suspect: the roots of now tell of files, and a rule deletes a
 * current root only, so that one was a restore point. So is what was suspect before: a survey in between finds nothing live
 * under a name that is gone.
 */
export function suspectsAmong(
  deletions: Iterable<Deletion>,
  { live, area, blind, again = new Set() }: SuspectInput,
): Suspicion {
  const hadRootsIn = directoriesOfRoots(live, area);
  const groups = new Map<string, SuspectGroup & { readonly files: Suspect[] }>();
  const roots: Suspect[] = [];
  const seen = new Set<string>();
  let cleared = 0;
  let outside = 0;
  for (const deletion of deletions) {
    const place = area.placeOfUrl(deletion.url);
    if (place === null) {
      outside++;
      continue;
    }
    const { location, key } = place;
    const url = area.url(location, key);
    // S3 may tell of one deletion twice.
    if (seen.has(url)) continue;
    const isUnknown = blind && deletion.by === 'rule';
    if (!isUnknown && !again.has(deletion.url) && !live.mayHold(url)) {
      cleared++;
      continue;
    }
    seen.add(url);
    const suspect = { deletion, url, location, key };
    const slash = key.lastIndexOf('/') + 1;
    if (key.slice(slash) === METADATA_NAME) {
      if (deletion.by === 'rule' && (isUnknown || live.hadRoot(url))) roots.push(suspect);
      else cleared++;
      continue;
    }
    const { base, role } = classifyDirectory(key.slice(0, slash));
    const directory = area.url(location, base);
    const own = { directory, holdsCheckpoints: role !== 'savepoint' && role !== 'plain' };
    const readers = [own, ...live.readersOf(directory)];
    const hadRoots = again.has(deletion.url) || hadRootsIn(directory);
    const group = groups.get(directory) ?? { directory, location, base, files: [], readers, hadRoots };
    groups.set(directory, group);
    group.files.push(suspect);
  }
  return { groups: [...groups.values()], roots, cleared, outside };
}

/** Whether roots lay in a directory, asked only where there are suspects. */
function directoriesOfRoots({ roots }: LiveSet, area: Area): (directory: string) => boolean {
  let known: Set<string> | null = null;
  return (directory) => {
    known ??= new Set(
      [...roots].flatMap((url) => {
        const place = area.placeOfUrl(url);
        if (place === null) return [];
        return [area.url(place.location, classifyDirectory(place.key.slice(0, -METADATA_NAME.length)).base)];
      }),
    );
    return known.has(directory);
  };
}
