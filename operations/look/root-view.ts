import type { Area } from '#core/area/area.ts';
import type { Root } from '#core/collect/roots.ts';
import type { SnapshotKind } from '#core/flink/metadata/model.ts';
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
}

/** Shows a root to people. @param now epoch milliseconds, for its age. */
export function viewRoot(area: Area, root: Root, now: number): RootView {
  return {
    path: snapshotPath(area, root),
    key: root.key,
    checkpointId: root.summary?.checkpointId.toString() ?? null,
    formatVersion: root.summary?.formatVersion ?? null,
    kind: root.summary?.kind ?? 'unknown',
    completed: isoTime(root.completed),
    ageSeconds: Math.round((now - root.completed) / 1000),
    bytes: root.reachableBytes + Number(root.summary?.inlineBytes ?? 0n),
    missing: root.missing.length,
    firstMissing: root.missing[0]?.resolved ?? null,
  };
}

/** The directory of a root, under the scheme that its job writes its own references with. */
export function snapshotPath(area: Area, root: Root): string {
  const url = area.url(root.location, root.directory).replace(/\/$/, '');
  if (url.startsWith('file:///')) {
    return url.replace('file://', 'file:');
  }
  return url.startsWith('s3://') && root.scheme !== null ? url.replace('s3:', `${root.scheme}:`) : url;
}
