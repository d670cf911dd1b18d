import { dirname } from 'node:path';
import type { Options } from './lab.ts';
import type { Place, StoredObject } from './place.ts';
import type { Verifier } from './verifier.ts';

/**
 * Backups of job directories inside the area. What a copied checkpoint references lies where the original lay: the copy is
 * of use when it is put back there, and has to be whole for that.
 */

/** Where the copies lie, each under the path of its original. */
export const BACKUP = 'backup/';

/** Copies all that is below a folder of the place, in the order of the names. What vanishes meanwhile is left out. */
export async function copyAll(place: Place, from: string, to: string): Promise<void> {
  for (const { key } of sorted(await place.list())) {
    if (key.startsWith(from)) await place.copy(key, `${to}${key}`);
  }
}

/** A root in a copy, as it was when the jobs had ended. */
export interface CopiedRoot {
  readonly key: string;
  /** What it references: exclusive files beside it, as Flink resolves them, and shared ones beside its original. */
  readonly names: readonly string[];
}

/**
 * Puts copies back in the place of their originals, and has Flink restore what was whole in them.
 *
 * @param roots all those of the place
 * @param copied keys that were copied and that nobody but the steward may have deleted
 * @returns what must not be.
 */
export async function restoreFromCopies(
  place: Place,
  verifier: Verifier,
  roots: readonly CopiedRoot[],
  copied: ReadonlySet<string>,
  options: Options,
): Promise<readonly string[]> {
  const whole = roots
    .filter(({ key }) => key.startsWith(BACKUP))
    .map(({ key, names }) => ({ key, files: names.map((name) => (name.startsWith(BACKUP) ? name : BACKUP + name)) }))
    .filter(({ files }) => files.every((file) => copied.has(file)));
  if (whole.length === 0) return ['No copied root was whole, so nothing is shown.'];
  const lost: string[] = [];
  for (const { key, files } of whole) {
    const present = new Set((await place.list()).map((object) => object.key));
    const missing = files.filter((file) => !present.has(file));
    for (const file of [key, ...files]) await place.copy(file, file.slice(BACKUP.length));
    const { keys, why } = await verifier.restore(place, key.slice(BACKUP.length), options);
    if (keys === null || missing.length > 0) {
      lost.push(`LOST ${dirname(key)}: ${missing.length} of its ${files.length} files have gone from the copy. ${why}`);
    }
  }
  return lost;
}

function sorted(objects: readonly StoredObject[]): readonly StoredObject[] {
  return [...objects].sort((a, b) => (a.key < b.key ? -1 : 1));
}
