import type { Area } from '#core/area/area.ts';
import { isUsable, type Root } from '#core/collect/roots.ts';
import { METADATA_NAME } from '#core/flink/names.ts';
import type { Job } from '#core/jobs/jobs.ts';
import type { LiveObject, LiveRoot } from '#core/lifecycle/judgement.ts';
import type { Survey } from './survey.ts';

/**
 * The roots of an area with what they need, as the judgement of lifecycle rules wants them. Keys are those of the
 * bucket: of a directory that is no copy of a bucket, the paths below it.
 *
 * @param within the locations that lie in the bucket whose rules are judged: a root elsewhere may need objects here, and
 *   only those here can be taken by its rules. Left out: all locations.
 */
export function* liveRootsOf(survey: Survey, jobs: readonly Job[], within?: ReadonlySet<number>): Generator<LiveRoot> {
  const { area, objects } = survey;
  const bucketKey = (location: number, key: string): string =>
    area.locations[location]?.store === 'file://' ? area.storeKey(location, key) : key;
  const isHere = (location: number): boolean => within?.has(location) ?? true;
  const outside = outsideFilesIn(survey, storesOf(area, isHere));
  for (const job of jobs) {
    // Of a root that names files outside the area nobody knows that it is whole; a restore begins with it all the same.
    const newest = job.roots.find(isUsable);
    for (const root of job.roots) {
      yield {
        key: isHere(root.location) ? bucketKey(root.location, root.key) : area.url(root.location, root.key),
        label: job.label,
        job: job.job,
        completed: root.completed,
        newest: root === newest,
        forEachObject: (visit: (object: LiveObject) => void): void => {
          if (isHere(root.location)) {
            visit({
              key: bucketKey(root.location, root.key),
              bytes: root.bytes,
              modified: root.completed,
              outside: false,
            });
          }
          for (const object of root.objects) {
            // A root that names a `_metadata` as a file would be odd, but must not count its own twice.
            if (objects.name(object) !== METADATA_NAME && isHere(objects.location(object))) {
              visit({
                key: bucketKey(objects.location(object), objects.key(object)),
                bytes: objects.bytes(object),
                modified: objects.modified(object),
                outside: false,
              });
            }
          }
          for (const key of outside.byRoot.get(root) ?? []) {
            visit({ key, bytes: 0, modified: outside.writtenBy.get(key) ?? root.completed, outside: true });
          }
        },
      };
    }
  }
}

/** The buckets of those locations, under their own names. A directory without a bucket name is in none. */
function storesOf(area: Area, isHere: (location: number) => boolean): ReadonlySet<string> {
  const here = area.locations.filter(({ store }, location) => isHere(location) && store !== 'file://');
  return new Set(here.flatMap(({ store, prefix }) => [store, area.canonical({ store, key: prefix }).store]));
}

/** Whole keys of the files in these buckets that a root names and that lie outside the area, by root. */
interface OutsideFiles {
  readonly byRoot: ReadonlyMap<Root, ReadonlySet<string>>;
  /** When a file was written at the latest, epoch milliseconds: it is there before a root that names it is complete. */
  readonly writtenBy: ReadonlyMap<string, number>;
}

function outsideFilesIn({ reachability }: Survey, stores: ReadonlySet<string>): OutsideFiles {
  const byRoot = new Map<Root, Set<string>>();
  const writtenBy = new Map<string, number>();
  for (const { root, place } of stores.size > 0 ? reachability.outsideFiles() : []) {
    if (!stores.has(place.store)) continue;
    byRoot.set(root, (byRoot.get(root) ?? new Set()).add(place.key));
    writtenBy.set(place.key, Math.min(writtenBy.get(place.key) ?? root.completed, root.completed));
  }
  return { byRoot, writtenBy };
}
