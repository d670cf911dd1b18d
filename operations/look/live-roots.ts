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
  for (const job of jobs) {
    for (const root of job.roots) {
      yield {
        key: isHere(root.location) ? bucketKey(root.location, root.key) : area.url(root.location, root.key),
        label: job.label,
        job: job.job,
        completed: root.completed,
        newest: root === job.restorePoints[0],
        forEachObject: (visit: (object: LiveObject) => void): void => {
          if (isHere(root.location)) {
            visit({ key: bucketKey(root.location, root.key), bytes: root.bytes, modified: root.completed });
          }
          for (const object of root.objects) {
            // A root that names a `_metadata` as a file would be odd, but must not count its own twice.
            if (objects.name(object) !== METADATA_NAME && isHere(objects.location(object))) {
              visit({
                key: bucketKey(objects.location(object), objects.key(object)),
                bytes: objects.bytes(object),
                modified: objects.modified(object),
              });
            }
          }
        },
      };
    }
  }
}
