import type { Survey } from '#steward/documents.ts';
import { UsageError } from './errors.ts';

/** @throws UsageError where there is nothing of Flink's to speak of. */
export function refuseEmptiness(survey: Survey): void {
  const nothing = emptiness(survey);
  if (nothing !== null) {
    throw new UsageError(nothing);
  }
}

/**
 * What to say of an area that holds nothing of Flink's: most often the path is wrong.
 *
 * @returns null where there is something.
 */
export function emptiness({ area, objects, reachability, undecidable }: Survey): string | null {
  // Behind a link that is not followed there may be everything.
  if (undecidable.length > 0) {
    return null;
  }
  const places = area.locations.map(({ name }) => name).join(', ');
  if (objects.size === 0) {
    return `${places}: there are no files here, so there is nothing to say. Name the directory above the checkpoints, the one that execution.checkpointing.dir points to.`;
  }
  if (reachability.roots.length > 0) {
    return null;
  }
  for (let object = 0; object < objects.size; object++) {
    const kind = objects.kind(object);
    if (kind !== 'unknown' && kind !== 'marker') {
      return null;
    }
  }
  return `${places}: none of the ${objects.size} files here has a name that Flink's state code writes (_metadata, chk-N, shared, …), so there is nothing to say. Name the directory that execution.checkpointing.dir points to, or one above it.`;
}
