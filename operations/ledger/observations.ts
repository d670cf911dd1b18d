import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { text as readText } from 'node:stream/consumers';
import pMap from 'p-map';
import * as z from 'zod';
import type { LedgerStore } from '#ports/ledger-store.ts';

/**
 * What was seen of a root at the moment of its completion, one small file for each.
 *
 * Where it lies and what it says follows from the root alone, never from when or how often one heard of it: an event that
 * comes twice writes the same bytes in the same place, and late ones fall into their order by themselves.
 */

const FOLDER = 'observations';
/** Of roots that no job id in their path owns. */
const NO_JOB = 'no-job';

const HOUR = 3_600_000;
/** Held in memory, and under way. */
const AT_ONCE = 1_000;
const CONCURRENCY = 32;

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
/** One completed checkpoint, as it was seen right after its completion. */
export type Observation = z.output<typeof observationSchema>;

/** By the hour of completion, so that a run reads what is new and not what is there. */
export function observationPath({ job, completed, url, etag }: Observation): string {
  const time = completed.replace(/[-:]|\.\d+/g, '');
  const name = createHash('sha256').update(`${url}\n${etag}`).digest('hex').slice(0, 16);
  return `${folderOf(Date.parse(completed))}${job ?? NO_JOB}/${time}-${name}.json`;
}

/** `observations/20270301T05/` */
function folderOf(time: number): string {
  return `${FOLDER}/${new Date(time).toISOString().slice(0, 13).replaceAll('-', '')}/`;
}

/** @returns its path in the ledger. @throws StoreError */
export async function writeObservation(store: LedgerStore, observation: Observation): Promise<string> {
  const path = observationPath(observation);
  await store.writeFile(path, Buffer.from(`${JSON.stringify(observation)}\n`));
  return path;
}

/**
 * Those that were completed in a span of time, hours at its ends included as a whole. What is there and no observation is
 * passed over: it is a hint that nobody can take.
 *
 * @param span epoch milliseconds; with a job only those of it, null for those that no job id owns.
 * @throws StoreError
 */
export async function* readObservations(
  store: LedgerStore,
  { from, to, job }: { readonly from: number; readonly to: number; readonly job?: string | null },
): AsyncGenerator<Observation> {
  const below = job === undefined ? '' : `${job ?? NO_JOB}/`;
  for (let hour = Math.floor(from / HOUR) * HOUR; hour <= to; hour += HOUR) {
    const paths: string[] = [];
    for await (const path of store.listFiles(`${folderOf(hour)}${below}`)) {
      paths.push(path);
    }
    for (let at = 0; at < paths.length; at += AT_ONCE) {
      const batch = await pMap(paths.slice(at, at + AT_ONCE), (path) => readObservation(store, path), {
        concurrency: CONCURRENCY,
      });
      yield* batch.filter((observation) => observation !== null);
    }
  }
}

async function readObservation(store: LedgerStore, path: string): Promise<Observation | null> {
  const chunks = await store.readFile(path);
  if (chunks === null) {
    return null;
  }
  const text = await readText(chunks);
  try {
    return observationSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
