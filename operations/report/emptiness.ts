import type { ObjectTable } from '#core/inventory/object-table.ts';
import type { Survey } from '#operations/look/survey.ts';

/**
 * The message for an area that contains no Flink state. Most often the path is wrong.
 *
 * @returns null if the area contains Flink state.
 */
export function emptiness({ area, objects, reachability, undecidable }: Survey): string | null {
  return emptinessBy({
    area,
    undecidable,
    objects: objects.size,
    roots: reachability.roots.length,
    holdsFlinkFiles: () => holdsFlinkFiles(objects),
  });
}

/** What the message depends on. */
export interface EmptinessFacts extends Pick<Survey, 'area' | 'undecidable'> {
  /** How many there are. */
  readonly objects: number;
  readonly roots: number;
  readonly holdsFlinkFiles: () => boolean;
}

/** The same where the objects are not at hand. */
export function emptinessBy({ area, objects, roots, undecidable, holdsFlinkFiles }: EmptinessFacts): string | null {
  // The state may be behind a symbolic link that is not followed.
  if (undecidable.length > 0) {
    return null;
  }
  const places = area.locations.map(({ name }) => name).join(', ');
  if (objects === 0) {
    return `${places}: there are no files, so there is nothing to report. Give the directory above the checkpoints, to which execution.checkpointing.dir points.`;
  }
  if (roots > 0 || holdsFlinkFiles()) {
    return null;
  }
  const none = objects === 1 ? 'its only file does not have' : `none of the ${objects} files has`;
  return `${places}: ${none} a name that Flink's state code writes (_metadata, chk-N, shared, …), so there is nothing to report. Give the directory to which execution.checkpointing.dir points, or one above it.`;
}

/** Whether an object has a name that only Flink gives. */
export function holdsFlinkFiles(objects: ObjectTable): boolean {
  for (let object = 0; object < objects.size; object++) {
    const kind = objects.kind(object);
    if (kind !== 'unknown' && kind !== 'marker') return true;
  }
  return false;
}
