import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { LocalDirectory } from '#adapters/local/local-directory.ts';
import { METADATA_NAME } from '#core/flink/names.ts';
import { type FlinkPath, parseFlinkPath } from '#core/flink/state-path.ts';
import { type InspectOutcome, inspectAll } from '#operations/report/inspect.ts';
import type { ReadOutcome } from '#ports/object-store.ts';
import { type BucketConnection, LocationError, openBucket, urlPath } from './open-area.ts';

/** Parses one `_metadata`, in a bucket or a directory. */

export interface InspectOptions {
  /** The directory that relative paths resolve against. @default that of the file */
  readonly base?: string | undefined;
  readonly cwd: string;
  readonly connection: BucketConnection;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads one `_metadata` to its last byte, or as far as it can.
 *
 * @param name a file or object, or the directory of a checkpoint or savepoint.
 * @returns null if there is no such file.
 * @throws LocationError, StoreError
 */
export async function inspectFile(name: string, { base, ...options }: InspectOptions): Promise<InspectOutcome | null> {
  const { outcome, home } = await open(name, options);
  const directory = base === undefined ? home : urlPath(base, '--base');
  return outcome.found ? await inspectAll(outcome.chunks, directory, outcome.bytes) : null;
}

interface Opened {
  readonly outcome: ReadOutcome;
  /** The directory of the file. */
  readonly home: FlinkPath;
}

async function open(name: string, { cwd, connection, signal }: InspectOptions): Promise<Opened> {
  const [, bucket, key] = /^s3[anp]?:\/\/([^/]+)\/(.+)$/s.exec(name) ?? [];
  if (bucket !== undefined && key !== undefined) return await openObject(name, bucket, key, connection, signal);
  if (/^[A-Za-z][A-Za-z0-9+.-]+:\//.test(name)) {
    throw new LocationError(
      `${name} is neither a path nor an object. Give a local file by its path, or an object as s3://bucket/key.`,
    );
  }
  const file = await metadataFile(name, cwd);
  return { outcome: await new LocalDirectory(dirname(file)).read(basename(file)), home: directoryOf(file) };
}

/** Opens an object; if there is none of that key, the `_metadata` below it, as for a directory. */
async function openObject(
  name: string,
  bucket: string,
  key: string,
  connection: BucketConnection,
  signal: AbortSignal | undefined,
): Promise<Opened> {
  const store = await openBucket(bucket, key, name, connection);
  const options = signal === undefined ? {} : { signal };
  const outcome = key.endsWith('/') ? { found: false as const } : await store.read(key, options);
  const home = (object: string): FlinkPath =>
    urlPath(`s3://${bucket}/${object.slice(0, object.lastIndexOf('/') + 1)}`, name);
  if (outcome.found) return { outcome, home: home(key) };
  const inside = `${key.replace(/\/$/, '')}/${METADATA_NAME}`;
  return { outcome: await store.read(inside, options), home: home(inside) };
}

async function metadataFile(name: string, cwd: string): Promise<string> {
  const path = resolve(cwd, name);
  try {
    return (await stat(path)).isDirectory() ? join(path, METADATA_NAME) : path;
  } catch {
    // Reading the file reports the error more exactly.
    return path;
  }
}

function directoryOf(file: string): FlinkPath {
  return parseFlinkPath(`file://${dirname(file)}`) ?? { scheme: 'file', authority: null, path: dirname(file) };
}
