import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { LocalDirectory } from '#adapters/local/local-directory.ts';
import type { AreaEntry } from '#config/steward-config.ts';
import { startFor } from '#core/discovery/start.ts';
import { type Place, placeOf } from '#core/flink/state-path.ts';
import type { Discovering } from '#operations/discovery/discover.ts';
import { type BucketConnection, openBucket, urlPath } from '../open-area.ts';

/** Opens the buckets and directories that a person names, to find out what is in them. */

/** A place that is looked into, and how a person calls it. */
export interface NamedPlace extends Omit<Discovering, 'signal'> {
  readonly name: string;
  /** Whether the folder above what was named is looked into, because that was a part of one job. */
  readonly isAbove: boolean;
}

/** @throws LocationError for what is no bucket. */
export async function openPlace(
  entry: AreaEntry,
  cwd: string,
  clock: () => number,
  connection: BucketConnection,
): Promise<NamedPlace> {
  return entry.kind === 's3'
    ? await bucketPlace(entry.url, entry, connection)
    : await directoryPlace(entry.path, cwd, clock);
}

async function bucketPlace(url: string, settings: object, connection: BucketConnection): Promise<NamedPlace> {
  const { store, key } = placeOf(urlPath(url, 'location'));
  const prefix = key === '' ? '' : `${key}/`;
  const start = startFor(prefix);
  const bucket = store.slice('s3://'.length);
  const opened = await openBucket(bucket, start, url, { ...settings, ...connection });
  return { kind: 'bucket', store: opened, top: { store, key: '' }, start, name: url, isAbove: start !== prefix };
}

/** A directory that does not exist is told by its listing. */
async function directoryPlace(path: string, cwd: string, clock: () => number): Promise<NamedPlace> {
  const real = await realpath(resolve(cwd, path)).catch(() => resolve(cwd, path));
  const key = real.replace(/^\/+/, '');
  const start = startFor(key === '' ? '' : `${key}/`).replace(/\/$/, '');
  const isAbove = start !== key;
  // Under the name that was typed, so that messages show it.
  const store = new LocalDirectory(isAbove ? `/${start}` : resolve(cwd, path), { now: clock });
  return { kind: 'directory', store, top: { store: 'file://', key: start }, start: '', name: path, isAbove };
}

/** Whether a place that checkpoints reference has anything in it, and may be listed. */
export async function openElsewhere(folder: Place, clock: () => number, connection: BucketConnection) {
  const prefix = folder.key === '' ? '' : `${folder.key}/`;
  if (folder.store === 'file://') {
    return { store: new LocalDirectory(`/${folder.key}`, { now: clock }), prefix: '' };
  }
  const bucket = folder.store.slice('s3://'.length);
  return { store: await openBucket(bucket, prefix, `${folder.store}/${folder.key}`, connection), prefix };
}
