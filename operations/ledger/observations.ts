import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { collect } from './stream.ts';

/**
 * What was seen of a root at the moment of its completion, one small file for each.
 *
 * Where it lies and what it says follows from the root alone, never from when or how often one heard of it: an event that
 * comes twice writes the same bytes in the same place, and late ones fall into their order by themselves.
 */

const FOLDER = 'observations';
/** Of roots that no job id in their path owns. */
const NO_JOB = 'no-job';

const observationSchema = z.object({
  observation: z.literal(1),
  /** Of the `_metadata`, under the area's own name of its place. */
  url: z.string(),
  /** Without quotes. */
  etag: z.string(),
  /** LastModified: when the checkpoint or savepoint was complete. */
  completed: z.iso.datetime(),
  /** Of the `_metadata` itself. */
  metadataBytes: z.int(),
  /** 32 hex digits; null where the path does not tell. */
  job: z.string().nullable(),
  /** Key of the directory whose files are judged together, with a closing slash. */
  directory: z.string(),
  /** Decimal; null, as all that follows, where the file could not be read to its end. */
  checkpointId: z.string().nullable(),
  kind: z.string().nullable(),
  /** Distinct files that it names. */
  files: z.int().nullable(),
  /** Bytes that a restore reads: those of the distinct files, and the state inside the `_metadata`. */
  bytes: z.number().nullable(),
  /** Of them, in files of its own directory: what this checkpoint alone has written. */
  exclusiveBytes: z.number().nullable(),
  /** Why it could not be read, as a sentence. */
  unreadable: z.string().nullable(),
});
export type Observation = z.output<typeof observationSchema>;

/** Sorts by job, then by time. */
export function observationPath({ job, completed, url, etag }: Observation): string {
  const time = completed.replace(/[-:]|\.\d+/g, '');
  const name = createHash('sha256').update(`${url}\n${etag}`).digest('hex').slice(0, 16);
  return `${FOLDER}/${job ?? NO_JOB}/${time}-${name}.json`;
}

/** @returns its path in the ledger. @throws StoreError */
export async function writeObservation(store: LedgerStore, observation: Observation): Promise<string> {
  const path = observationPath(observation);
  await store.writeFile(path, Buffer.from(`${JSON.stringify(observation)}\n`));
  return path;
}

/**
 * All of one job, oldest first.
 *
 * @param job null for those that no job id owns.
 * @throws StoreError
 */
export async function* readObservations(store: LedgerStore, job: string | null): AsyncGenerator<Observation> {
  for await (const path of store.listFiles(`${FOLDER}/${job ?? NO_JOB}/`)) {
    const chunks = await store.readFile(path);
    if (chunks !== null) {
      yield observationSchema.parse(JSON.parse((await collect(chunks)).toString('utf8')));
    }
  }
}
