import type { Directory, ObjectTable } from '#core/inventory/object-table.ts';
import { accessPointOf } from '../area/access-points.ts';
import type { Area } from '../area/area.ts';
import { shellWord } from '../shell-word.ts';
import { foldedPlaces } from './folded-places.ts';
import { type Liveness, NO_LIVENESS } from './liveness.ts';
import { missingLocations, silentClusters } from './liveness-doubts.ts';
import { otherNames, setting } from './other-names.ts';
import type { NameMatch } from './reachability.ts';
import type { Root } from './roots.ts';
import type { Undecidable } from './undecidable.ts';

/**
 * When an area is undecidable in a run. Then nothing in it is deleted: an unread root may reference any object.
 */

/** An entry of a directory that was not followed. */
export interface HiddenEntry {
  readonly url: string;
  readonly what: string;
  /** Where it is a folder that was walked under another path: both paths. */
  readonly secondPath?: { readonly here: string; readonly there: string };
}

/** What a run saw that may make the area undecidable. */
export interface Doubts {
  readonly area: Area;
  /** In which the objects are that roots reference, and those of the matches. */
  readonly objects: ObjectTable;
  /** All of the area; asked for several times. @default those of the objects */
  readonly directories?: () => Iterable<Directory>;
  readonly roots: readonly Root[];
  /** References out of the area to files whose name a file in the area has. */
  readonly misplaced: readonly NameMatch[];
  readonly unsettled: readonly Root[];
  /** URLs of directories that lost their roots since the last run. */
  readonly lost: readonly string[];
  readonly hidden: readonly HiddenEntry[];
  /** What the configured clusters report; absent if none was asked. */
  readonly liveness?: Liveness;
}

/** Every reason why nothing in the area may be deleted in this run. Empty in a normal run. */
export function reasonsAgainst({
  area,
  objects,
  directories = () => objects.directories(),
  roots,
  misplaced,
  unsettled,
  lost,
  hidden,
  liveness = NO_LIVENESS,
}: Doubts): readonly Undecidable[] {
  // A root whose location has another name is reported as that only, not as a foreign root too.
  const renamed = new Set(misplaced.map(({ root }) => root));
  return [
    ...unreadableRoots(area, roots),
    ...otherNames(area, misplaced, objects),
    ...foreignRoots(
      area,
      roots.filter((root) => !renamed.has(root)),
    ),
    ...unsettledDirectories(area, unsettled),
    ...lostDirectories(lost),
    ...hiddenRoots(hidden),
    ...foldedPlaces(area, directories()),
    ...cutJobDirectories(area, directories()),
    ...linkedState(area, roots, objects),
    ...silentClusters(liveness),
    ...missingLocations(liveness),
  ];
}

/** Roots that exist and could not be read to their last byte, except those that the operator has declared dead. */
export function unreadableRoots(area: Area, roots: readonly Root[]): readonly Undecidable[] {
  return roots.flatMap((root) => {
    if (root.state !== 'unreadable' || root.failure === null || root.writtenOff) {
      return [];
    }
    const url = area.url(root.location, root.key);
    if (root.failure.fault === 'archived') {
      return {
        code: 'archived-root',
        object: url,
        sentence: `${url} is in an archive storage class and can't be read: ${root.failure.sentence}. What it references is unknown, so nothing in this area is deleted; restore the object from the archive${restoreCommand(url)}, then run again`,
      };
    }
    const advice =
      root.failure.fault === 'contents'
        ? `. If it will never be restored, declare it dead, with the same locations and the same ledger: steward declare-dead --root ${shellWord(url)} --etag ${shellWord(root.etag)} --execute`
        : '; fix that, then run again';
    return {
      code: 'unreadable-root',
      object: url,
      sentence: `${url} can't be read: ${root.failure.sentence}. What it references is unknown, so nothing in this area is deleted${advice}`,
    };
  });
}

/** The command that restores an archived object for some days. Known for S3 only. */
function restoreCommand(url: string): string {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(url) ?? [];
  return bucket === undefined || key === undefined
    ? ''
    : ` (aws s3api restore-object --bucket ${shellWord(bucket)} --key ${shellWord(key)} --restore-request Days=7)`;
}

/** Roots that reference no file of the area: they belong to a bucket or directory that this survey does not scan. */
export function foreignRoots(area: Area, roots: readonly Root[]): readonly Undecidable[] {
  return roots.flatMap((root) => {
    if (root.inArea > 0 || root.outside === 0 || root.writtenOff) {
      return [];
    }
    const url = area.url(root.location, root.key);
    return {
      code: 'foreign-root',
      object: url,
      sentence: `${url} references files, but none of them is in this area (the first: ${root.firstOutside}). ${whatItMayBe(area, root)}. Until then nothing in this area is deleted`,
    };
  });
}

function whatItMayBe(area: Area, { firstOutside, location }: Root): string {
  const point = accessPointOf(`${firstOutside}`);
  return point === null
    ? 'Either this location has another name (then set it: --as URL for a directory, aliases in steward.json for a bucket), or it is a copy (copies in steward.json), or the area lacks a location (then add it), or those files are elsewhere on purpose (outside in steward.json)'
    : `That is ${point.what}. If it leads to a bucket of this area, write ${setting('aliases', point.name, bucketOf(area, location))} in steward.json, with the bucket that it leads to; if it leads to another bucket, add that bucket to the area if it belongs there`;
}

/** The bucket of a location, as references call it; of a directory the URL by which checkpoints reference it. */
function bucketOf(area: Area, location: number): string {
  return area.url(location, area.wholeKey(location, '')).replace(/\/$/, '');
}

/** Directories whose roots vanished faster than they could be read. */
export function unsettledDirectories(area: Area, unsettled: readonly Root[]): readonly Undecidable[] {
  return unsettled.map((root) => {
    const url = area.url(root.location, root.key);
    return {
      code: 'vanished-root',
      object: url,
      sentence: `${url} was listed, but no longer existed when it was to be read, and no later checkpoint of ${root.class.base} could be read instead. What it referenced is unknown, so nothing in this area is deleted in this run; run again`,
    };
  });
}

/** Directories that held a root in the last run, and in which no root could be read in this run. */
export function lostDirectories(lost: readonly string[]): readonly Undecidable[] {
  return lost.map((directory) => ({
    code: 'lost-directory',
    object: directory,
    sentence: `${directory} held a checkpoint or savepoint in the last run, but none could be read in this run. Somebody may be moving it, so nothing in this area is deleted in this run; run again`,
  }));
}

/** Entries that may lead to roots which the listing can't show, such as symbolic links; and second paths of a directory. */
export function hiddenRoots(entries: readonly HiddenEntry[]): readonly Undecidable[] {
  return entries.map(({ url, what, secondPath }) =>
    secondPath === undefined
      ? {
          code: 'hidden-roots',
          object: url,
          sentence: `${url} is ${what}. The steward does not follow it and would miss checkpoints behind it, so nothing in this area is deleted; add its target to the area as a location of its own, or remove the link`,
        }
      : {
          code: 'same-directory',
          object: url,
          sentence: `${secondPath.here} and ${secondPath.there} are one directory (a bind mount, or one mount under two names). Whatever is deleted under one path is gone under the other, so nothing in this area is deleted; leave one of the two out of the area, and if jobs use both paths, add the other to aliases in steward.json`,
        },
  );
}

/**
 * Job directories of which a location shows only a part, or nothing beside. Of `…/<job>/shared` without `…/<job>/chk-9`
 * it seems to have no roots, and would be given up after a long silence, however alive its files are. And a successor
 * that took over with CLAIM names files of `…/<job>/` for as long as it lives, from a job directory next to it.
 *
 * A folder of 32 hex digits above checkpoints, a tenant's say, is none: Flink's own directories lie right in a job's.
 */
export function cutJobDirectories(area: Area, directories: Iterable<Directory>): readonly Undecidable[] {
  const cut = new Map<string, Undecidable>();
  for (const { location, path, class: itsClass } of directories) {
    const { job, role, base } = itsClass;
    const isCut = area.locations.some(
      ({ prefix }, at) => at === location && (!base.startsWith(prefix) || (base === prefix && role !== 'job')),
    );
    if (job !== null && isCut) {
      const object = area.url(location, base);
      cut.set(object, { code: 'cut-job-directory', object, sentence: cutSentence(area, location, path, base) });
    }
  }
  return [...cut.values()];
}

function cutSentence(area: Area, location: number, path: string, base: string): string {
  const job = area.url(location, base);
  const above = area.url(location, base.slice(0, base.lastIndexOf('/', base.length - 2) + 1));
  const isWhole = area.locations[location]?.prefix === base;
  return isWhole
    ? `${job} is the directory of a single job. Checkpoints and savepoints outside it may reference its files, such as those of a job that was restored from it. They are not scanned, so nothing in this area is deleted; use ${above} or a folder above it instead`
    : `${area.url(location, path)} is only a part of the job directory ${job}. The rest is outside this area, so the checkpoints of the job are not scanned and nothing in this area is deleted; use ${above} or a folder above it instead`;
}

/**
 * Roots that name a symbolic link. Flink writes none; the file that it leads to may lie in the area under any name,
 * and nothing would show that a restore needs it.
 */
export function linkedState(area: Area, roots: readonly Root[], objects: ObjectTable): readonly Undecidable[] {
  return roots
    .filter(({ linked }) => linked >= 0)
    .map((root) => {
      const url = area.url(objects.location(root.linked), objects.key(root.linked));
      return {
        code: 'linked-state',
        object: url,
        sentence: `${area.url(root.location, root.key)} references ${url}, which is ${objects.special(root.linked)}. The steward can't tell which file it points to, so nothing in this area is deleted; replace it with the file itself`,
      };
    });
}
