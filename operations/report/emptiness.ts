import type { Survey } from '#operations/look/survey.ts';

/**
 * The message for an area that contains no Flink state. Most often the path is wrong.
 *
 * @returns null if the area contains Flink state.
 */
export function emptiness({ area, objects, reachability, undecidable }: Survey): string | null {
  // The state may be behind a symbolic link that is not followed.
  if (undecidable.length > 0) {
    return null;
  }
  const places = area.locations.map(({ name }) => name).join(', ');
  if (objects.size === 0) {
    return `${places}: there are no files, so there is nothing to report. Give the directory above the checkpoints, to which execution.checkpointing.dir points.`;
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
  const none = objects.size === 1 ? 'its only file does not have' : `none of the ${objects.size} files has`;
  return `${places}: ${none} a name that Flink's state code writes (_metadata, chk-N, shared, …), so there is nothing to report. Give the directory to which execution.checkpointing.dir points, or one above it.`;
}
