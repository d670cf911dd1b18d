import { type Area, movedBack } from '#core/area/area.ts';
import { isDamaged, isRestorePoint, lacksProperties, type Root } from '#core/collect/roots.ts';
import { restoreCommand } from '#core/flink/restore-command.ts';
import { printPlace } from '#core/flink/state-path.ts';
import { isoTime } from '#core/iso-time.ts';
import { count } from '#core/quantity.ts';
import { shellWord } from '#core/shell-word.ts';
import { nameOf, snapshotPath } from '#operations/look/root-view.ts';
import type { Survey } from '#operations/look/survey.ts';

/** Roots of which every file is there, and from which Flink can't start as things are; and where a restore reads. */

/** Such a root, why, and what must be done first. */
export interface WithheldView {
  /** What `flink run -s` would take. */
  readonly path: string;
  /** ISO 8601, UTC. */
  readonly completed: string;
  readonly reason: 'archived' | 'properties' | 'copy';
  readonly sentence: string;
  /** What must be run first, and at the end the restore; empty where nothing helps. */
  readonly commands: readonly string[];
  /** URLs of the first files that it is about. */
  readonly files: readonly string[];
}

/** Files that are named one by one; the rest is counted. */
const MOST_FILES = 100;
/** Days for which a restored copy stays: long enough for a job to start, and to complete a checkpoint of its own. */
const RESTORED_FOR = 7;

/** Null for a restore point, and for a root with another problem than these. */
export function withheld(survey: Survey, root: Root, others: readonly Root[]): WithheldView | null {
  if (root.state !== 'read' || isRestorePoint(root) || isDamaged(root)) {
    return null;
  }
  const common = { path: snapshotPath(survey.area, root, others), completed: isoTime(root.completed) };
  const name = nameOf(root.directory);
  if (lacksProperties(root)) {
    const sentence = `${name}: Flink refuses it, because its checkpoint properties (the end of its _metadata) can't be read. Everything that it references is kept.`;
    return { ...common, reason: 'properties', sentence, commands: [], files: [] };
  }
  if (root.archived > 0) {
    const { files, commands } = archivedFiles(survey, root);
    const isOne = root.archived === 1;
    const which = isOne ? '1 file that it needs is' : `${root.archived} files that it needs are`;
    const sentence = `${name}: ${which} in an archive storage class, and can't be read before ${isOne ? 'it is' : 'they are'} restored from there${isOne ? ':' : '; the first is'} ${files[0]}.`;
    const restore = restoreCommand(common.path, root.summary?.formatVersion ?? 0);
    return { ...common, reason: 'archived', sentence, commands: [...commands, restore], files };
  }
  return root.toPutBack > 0 ? copied(survey.area, root, common) : null;
}

function archivedFiles(
  { area, objects }: Survey,
  root: Root,
): { readonly files: readonly string[]; readonly commands: readonly string[] } {
  const files: string[] = [];
  const commands: string[] = [];
  const needed = root.object >= 0 && !root.objects.has(root.object) ? [root.object] : [];
  for (const object of [...needed, ...root.objects]) {
    if (!objects.isArchived(object)) continue;
    files.push(area.url(objects.location(object), objects.key(object)));
    const restoring = restoreObject(
      storeOf(area, objects.location(object)),
      objects.key(object),
      objects.isTiering(object),
    );
    if (restoring !== null) commands.push(restoring);
    if (files.length === MOST_FILES) break;
  }
  return { files, commands };
}

function storeOf(area: Area, location: number): string {
  return area.locations[location]?.store ?? '';
}

/** The command that makes an archived object readable; null where its store is no bucket. */
export function restoreObject(store: string, key: string, isTiering: boolean): string | null {
  if (!store.startsWith('s3://')) {
    return null;
  }
  // What left an archive tier of INTELLIGENT_TIERING stays out of it, so a number of days is refused there.
  const request = isTiering ? '{}' : `{"Days":${RESTORED_FOR}}`;
  return `aws s3api restore-object --bucket ${shellWord(store.slice('s3://'.length))} --key ${shellWord(key)} --restore-request '${request}'`;
}

function copied(area: Area, root: Root, common: Pick<WithheldView, 'path' | 'completed'>): WithheldView | null {
  const copy = area.copyAt(root);
  if (copy === null) {
    return null;
  }
  const [original, place] = [printPlace(copy.from), printPlace(copy.to)].map((url) => url.replace(/\/$/, ''));
  const own = area.canonical({ store: storeOf(area, root.location), key: root.directory });
  const back = movedBack(own, copy);
  const path = back === null ? common.path : printPlace(back).replace(/\/$/, '');
  const lost = root.outside + root.declaredOutside;
  const rest = lost === 0 ? '' : ` ${count(lost, 'more file is', 'more files are')} in neither place.`;
  const sentence = `${nameOf(root.directory)} is in a copy: Flink will read ${count(root.toPutBack, 'file')} of it from ${original}, by absolute paths, and never from ${place}. It can be restored while they are still there, or after they have been put back.${rest}`;
  const commands = [`aws s3 sync ${shellWord(place ?? '')} ${shellWord(original ?? '')}`];
  const restore = restoreCommand(path, root.summary?.formatVersion ?? 0);
  return { ...common, reason: 'copy', sentence, commands: [...commands, restore], files: [] };
}

/** Where a restore reads, in a sentence, where that is another place than the one that the area shows; else null. */
export function readsFrom(area: Area, root: Root): string | null {
  const copy = root.readsOriginal ? area.copyAt(root) : null;
  if (copy !== null) {
    return `It is in a copy: Flink will read its files from ${printPlace(copy.from)}, where they are now.`;
  }
  // Two paths of one directory need no word: the file system knows both.
  if (root.calledBy === null || root.calledBy.from.store === 'file://') {
    return null;
  }
  const { from, to } = root.calledBy;
  return `Flink will read its files from ${printPlace(from)}, the name that its references use. By "aliases" in steward.json, that is ${printPlace(to)}. If that place is a copy, use "copies" instead.`;
}
