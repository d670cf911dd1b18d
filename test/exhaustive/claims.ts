import { isRestorePoint } from '#core/collect/roots.ts';
import { OCCUPIED } from '#operations/run/plan-undo.ts';
import type { RunReport } from '#operations/run/run.ts';
import type { UndoResult } from '#operations/run/undo.ts';
import type { Scene } from './scene.ts';

/** What a run that has ended says of the world must be true: nobody looks again where all is said to be well. */

/** A run, by its name and when it began, epoch milliseconds. */
export interface SpokenRun {
  readonly name: string;
  readonly began: number;
}

/** @returns what is not true of it, in a sentence; null where all is. */
export function untruthOf({ record, survey }: RunReport, { name, began }: SpokenRun, scene: Scene): string | null {
  if (record.refused === 0 && scene.refused.has(name)) {
    return `${name} ends as "${record.result}" without a word of what the store has refused to delete.`;
  }
  for (const root of survey.reachability.roots.filter(isRestorePoint)) {
    const key = survey.area.storeKey(root.location, root.key);
    const archived = [key, ...(scene.truth.roots.get(key)?.needs ?? [])].find(
      (need) => (scene.bucket.get(need)?.archived ?? Number.POSITIVE_INFINITY) < began,
    );
    if (archived !== undefined) {
      return `${name} says that ${key} can be restored, and ${archived} is in an archive.`;
    }
  }
  return null;
}

/** The same of an undo. */
export function untruthOfUndo({ lost }: UndoResult, { bucket, truth }: Scene): string | null {
  const isThere = (url: string): boolean => truth.putBack.has(url.slice(bucket.name.length + 1));
  const [first] = lost.filter(({ url, why }) => why === OCCUPIED && isThere(url));
  return first === undefined ? null : `An undo says of ${first.url}, which was put back: ${first.why}`;
}
