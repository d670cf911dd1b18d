import { type Area, movedBack } from '#core/area/area.ts';
import type { Root } from '#core/collect/roots.ts';
import type { SnapshotKind } from '#core/flink/metadata/model.ts';
import { isS3Scheme, type Place, printPlace } from '#core/flink/state-path.ts';
import type { ObjectTable } from '#core/inventory/object-table.ts';
import { isoTime } from '#core/iso-time.ts';

/** A root as reports show it. */
export interface RootView {
  /** URL of the directory that holds the `_metadata`: what `flink run -s` takes. */
  readonly path: string;
  /** The whole key of the `_metadata`. */
  readonly key: string;
  /** Decimal; null where the root could not be read. */
  readonly checkpointId: string | null;
  readonly formatVersion: number | null;
  readonly kind: SnapshotKind;
  /** ISO 8601, UTC. */
  readonly completed: string;
  readonly ageSeconds: number;
  /** Bytes that a restore reads: the distinct files it names and its inline state. */
  readonly bytes: number;
  readonly missing: number;
  /** The first missing or wrong-sized file. */
  readonly firstMissing: string | null;
  /** Files, its own among them, that must be restored from an archive before they can be read. */
  readonly archived: number;
  /** The first of them, a URL. */
  readonly firstArchived: string | null;
}

/** What viewing a root takes. */
export interface Viewed {
  readonly area: Area;
  readonly objects: ObjectTable;
  /** For the age, epoch milliseconds. */
  readonly start: number;
}

/** Shows a root to people. @param others roots of its job: see {@link snapshotPath}. */
export function viewRoot({ area, objects, start: now }: Viewed, root: Root, others: readonly Root[] = []): RootView {
  const { firstArchived } = root;
  return {
    path: snapshotPath(area, root, others),
    key: root.key,
    checkpointId: root.summary?.checkpointId.toString() ?? null,
    formatVersion: root.summary?.formatVersion ?? null,
    kind: root.summary?.kind ?? 'unknown',
    completed: isoTime(root.completed),
    ageSeconds: Math.round((now - root.completed) / 1000),
    bytes: root.reachableBytes + Number(root.summary?.inlineBytes ?? 0n),
    missing: root.missing.length,
    firstMissing: root.missing[0]?.resolved ?? null,
    archived: root.archived,
    firstArchived: firstArchived < 0 ? null : area.url(objects.location(firstArchived), objects.key(firstArchived)),
  };
}

/**
 * The directory of a root, under the name by which the references of its job call this place: another scheme, or an
 * alias. Flink knows no aliases, and may have no file system for the area's own name.
 *
 * @param others roots of its job, newest first: they tell the name where it has relative references only.
 */
export function snapshotPath(area: Area, root: Root, others: readonly Root[] = []): string {
  const own: Place = { store: area.locations[root.location]?.store ?? '', key: root.directory };
  const telling = [root, ...others].find(({ scheme, calledBy }) => scheme !== null || calledBy !== null);
  const called = telling?.calledBy ? (movedBack(own, telling.calledBy) ?? own) : own;
  const url = printPlace(called).replace(/\/$/, '');
  if (url.startsWith('file:///')) {
    return url.replace('file://', 'file:');
  }
  const scheme = telling?.scheme ?? null;
  return url.startsWith('s3://') && isS3Scheme(scheme) ? url.replace('s3:', `${scheme}:`) : url;
}

/** The last folder of a root's directory: `chk-7`. @param directory with a closing slash. */
export function nameOf(directory: string): string {
  return directory.slice(0, -1).split('/').at(-1) ?? directory;
}
