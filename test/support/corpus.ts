/** Buckets that real Flink wrote, as test/fixtures/corpus keeps them. */
import { readdirSync } from 'node:fs';
import { readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { extract, list } from 'tar';

const FOLDER = fileURLToPath(new URL('../fixtures/corpus', import.meta.url));

export interface RecordedObject {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** LastModified, ISO 8601. */
  readonly mtime: string;
  readonly etag: string;
}

export interface RecordedBucket {
  readonly name: string;
  /** Flink release that wrote it. */
  readonly flink: string;
  /** Its references say `s3://BUCKET/…` with this name. */
  readonly bucket: string;
  readonly note: string;
  /** Job ids by what people called the job. */
  readonly jobs: Readonly<Record<string, readonly string[]>>;
  /** Every object, zero-byte markers (keys that end in `/`) included. */
  readonly objects: readonly RecordedObject[];
  readonly roots: readonly {
    readonly metadata: string;
    readonly id: number;
    /** Keys that Flink's own reader finds in it. */
    readonly refs: readonly string[];
    readonly missing: readonly string[];
  }[];
  /** Keys of all roots and of all that they name. */
  readonly keep: readonly string[];
  /** The other keys, markers included: what may go where every job is dead. */
  readonly may_delete: readonly string[];
  /** What a real Flink said when it restored: before and after `may_delete` went; null where it was not tried. */
  readonly restores: readonly {
    readonly checkpoint: string;
    readonly before: boolean | null;
    readonly afterDeletion: boolean;
  }[];
}

/** The recorded buckets by name. */
export const RECORDINGS: readonly string[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.tar.gz'))
  .map((file) => file.slice(0, -'.tar.gz'.length))
  .sort();

/** Rules as short as the recordings, which were written within minutes; nothing but the argument itself protects. */
export const SHORT_RULES = {
  minAge: '4s',
  quarantine: '2s',
  checkpointTimeout: '1s',
  maxDeleteFraction: 1,
  taskowned: true,
  taskownedMinAge: '4s',
};

/** What is known of a recorded bucket. */
export async function recordedBucket(name: string): Promise<RecordedBucket> {
  const facts = JSON.parse(await readFile(join(FOLDER, `${name}.json`), 'utf8')) as Omit<RecordedBucket, 'name'>;
  return { name, ...facts };
}

/**
 * Writes a recorded bucket into an existing empty folder: an object's path is its key, and its file time is
 * LastModified to the millisecond. Markers become folders.
 *
 * @param timeOf what becomes of LastModified, in epoch milliseconds; as recorded by default.
 */
export async function unpack(
  { name, objects }: RecordedBucket,
  into: string,
  timeOf: (recorded: number) => number = (recorded) => recorded,
): Promise<void> {
  await extract({ file: join(FOLDER, `${name}.tar.gz`), cwd: into, strict: true });
  for (const { key, mtime } of objects) {
    // Node passes seconds as a binary fraction, which cuts many a millisecond short; some microseconds more don't.
    const modified = (timeOf(Date.parse(mtime)) + 0.01) / 1_000;
    await utimes(join(into, key), modified, modified);
  }
}

/** What stands in the objects of a recorded bucket, by key. Markers are empty. */
export async function contentsOf({ name, objects }: RecordedBucket): Promise<ReadonlyMap<string, Buffer>> {
  const contents = new Map<string, Buffer>();
  await list({
    file: join(FOLDER, `${name}.tar.gz`),
    strict: true,
    onReadEntry: (entry) => {
      const chunks: Buffer[] = [];
      entry.on('data', (chunk: Buffer) => chunks.push(chunk));
      entry.on('end', () => contents.set(entry.path.replace(/^\.\//, ''), Buffer.concat(chunks)));
    },
  });
  return new Map(objects.map(({ key }) => [key, key.endsWith('/') ? Buffer.alloc(0) : contentIn(contents, key)]));
}

function contentIn(contents: ReadonlyMap<string, Buffer>, key: string): Buffer {
  const content = contents.get(key);
  if (content === undefined) {
    throw new Error(`The recording lists ${key} and does not hold it.`);
  }
  return content;
}

/** The ids of all jobs that wrote into the bucket: the folders named by 32 hex digits. */
export function jobIds({ objects }: RecordedBucket): readonly string[] {
  return [...jobDirectories(objects).keys()];
}

/** The directory of each job, without a closing slash, by job id. */
export function jobDirectories(objects: readonly RecordedObject[]): ReadonlyMap<string, string> {
  const directories = new Map<string, string>();
  for (const { key } of objects) {
    const [directory, id] = /^.*?\/([0-9a-f]{32})(?=\/)/.exec(key) ?? [];
    if (directory !== undefined && id !== undefined) {
      directories.set(id, directory);
    }
  }
  return directories;
}

/** Epoch milliseconds of the last write. */
export function lastWrite({ objects }: RecordedBucket): number {
  return Math.max(...objects.map(({ mtime }) => Date.parse(mtime)));
}
