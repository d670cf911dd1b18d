import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { text as readText } from 'node:stream/consumers';
import { pMapIterable } from 'p-map';
import * as z from 'zod';
import type { LedgerStore } from '#ports/ledger-store.ts';

/**
 * What was seen of roots at the moment of their completion: one file for each batch of events and hour of completion, so
 * that a fleet pays for a write a minute and not for one a checkpoint.
 *
 * What a line says follows from the root alone, never from when or how often its event came. A root whose event comes
 * twice may stand in two files; late events fall into their order by themselves.
 */

const FOLDER = 'observations';
const HOUR = 3_600_000;
/** Files that are read at a time; some more wait to be taken. */
const CONCURRENCY = 16;
/** So many observations of earlier calls are remembered: some 25 MB. */
const MOST_REMEMBERED = 50_000;

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

/** `observations/20270301T05/` */
function folderOf(time: number): string {
  return `${FOLDER}/${new Date(time).toISOString().slice(0, 13).replaceAll('-', '')}/`;
}

/**
 * One file for each hour of completion, so that a run reads what is new and not what is there. Its name follows from its
 * content: the same batch that is delivered again replaces it.
 *
 * @returns the paths in the ledger.
 * @throws StoreError
 */
export async function writeObservations(
  store: LedgerStore,
  observations: readonly Observation[],
): Promise<readonly string[]> {
  const byFolder = new Map<string, Set<string>>();
  for (const observation of observations) {
    const folder = folderOf(Date.parse(observation.completed));
    const lines = byFolder.get(folder) ?? new Set();
    byFolder.set(folder, lines.add(`${JSON.stringify(observation)}\n`));
  }
  const paths: string[] = [];
  for (const [folder, lines] of byFolder) {
    const text = [...lines].toSorted().join('');
    const path = `${folder}${createHash('sha256').update(text).digest('hex').slice(0, 16)}.ndjson`;
    await store.writeFile(path, Buffer.from(text));
    paths.push(path);
  }
  return paths;
}

/** The files that one process has read already: they never change, so they need not be read again. */
export class ReadObservations {
  readonly #files = new Map<string, readonly Observation[]>();
  #observations = 0;

  /** @throws StoreError */
  async of(store: LedgerStore, path: string): Promise<readonly Observation[]> {
    const key = `${store.name}/${path}`;
    const known = this.#files.get(key);
    if (known !== undefined) return known;
    const read = await readFile(store, path);
    if (this.#observations + read.length > MOST_REMEMBERED) {
      this.#files.clear();
      this.#observations = 0;
    }
    this.#files.set(key, read);
    this.#observations += read.length;
    return read;
  }
}

/**
 * Those that were completed in a span of time, hours at its ends included as a whole; some of them twice. What is there
 * and no observation is passed over: it is a hint that nobody can take.
 *
 * @param span epoch milliseconds.
 * @param memory of what earlier calls have read. Default: none.
 * @throws StoreError
 */
export async function* readObservations(
  store: LedgerStore,
  { from, to }: { readonly from: number; readonly to: number },
  memory?: ReadObservations,
): AsyncGenerator<Observation> {
  for (let hour = Math.floor(from / HOUR) * HOUR; hour <= to; hour += HOUR) {
    const files = pMapIterable(
      store.listFiles(folderOf(hour)),
      (path) => (memory === undefined ? readFile(store, path) : memory.of(store, path)),
      { concurrency: CONCURRENCY },
    );
    for await (const observations of files) {
      yield* observations;
    }
  }
}

/** A file of a batch, or, by version 0.1.0, of one root. @throws StoreError */
async function readFile(store: LedgerStore, path: string): Promise<readonly Observation[]> {
  const chunks = await store.readFile(path);
  const text = chunks === null ? '' : await readText(chunks);
  return text.split('\n').flatMap((line) => observationSchema.safeParse(jsonOf(line)).data ?? []);
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
