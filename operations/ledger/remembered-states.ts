import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import pMap from 'p-map';
import * as z from 'zod';
import type { SizesAt, StateName } from '#core/states/grown-states.ts';
import { ROW_KINDS } from '#core/states/state-table.ts';
import type { TableProperties } from '#core/states/table-properties.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { parseLines } from './line-parts.ts';

/**
 * What was read of the state files of jobs, and how large their states were: one file for each label. A state file never
 * changes, so it is read once in its life. Nothing that may be deleted depends on any of this.
 */

const AT_ONCE = 8;

/** Where the ledger keeps it. */
export const STATES_FOLDER = 'states';

/** What is remembered of the jobs of one label. */
export interface RememberedStates {
  /** By what tells a file from any other: {@link fileId}. Null of a whole table that says nothing of itself. */
  readonly tables: ReadonlyMap<string, TableProperties | null>;
  /** Oldest first. */
  readonly sizes: readonly SizesAt[];
  /** What the states of the newest sizes are called, by the same keys. */
  readonly names: ReadonlyMap<string, StateName>;
}

/** The part of it that tells how large states were. */
export type RememberedSizes = Pick<RememberedStates, 'sizes' | 'names'>;

/** Of a job that nobody has looked at. */
export const NO_STATES: RememberedStates = { tables: new Map(), sizes: [], names: new Map() };

const count = z.number().nullable();
const tableLine = z.tuple([
  z.literal('t'),
  z.string().describe('id'),
  z.int().nullable().describe('which of the families'),
  z.int().nullable().describe('which of the kinds of compression'),
  count.describe('entries'),
  count.describe('deletions'),
  count.describe('merges'),
  count.describe('raw bytes of keys'),
  count.describe('raw bytes of values'),
  count.describe('written'),
  count.describe('oldest'),
]);
const emptyTableLine = z.tuple([z.literal('e'), z.string()]);
const sizesLine = z.tuple([z.literal('s'), z.int(), z.array(z.tuple([z.string(), z.number(), count, count, count]))]);
const nameLine = z.tuple([
  z.literal('n'),
  z.string().describe('key'),
  z.string().describe('operator'),
  z.enum(ROW_KINDS),
  z.string().nullable().describe('state'),
  z.boolean().nullable().describe('whether it has a TTL'),
]);
const headLine = z.tuple([z.literal('states'), z.literal(2), z.array(z.string()), z.array(z.string())]);
const line = z.union([tableLine, emptyTableLine, sizesLine, nameLine]);

/**
 * Tells a file, and a part of a merged one, from any other, in 16 characters: by its URL and its ETag, so what is
 * overwritten is another file.
 *
 * @param start of the part; null for the whole.
 */
export function fileId(url: string, etag: string, start: number | null): string {
  const digest = createHash('sha256')
    .update(`${url}\n${etag}\n${start ?? ''}`)
    .digest();
  return digest.subarray(0, 12).toString('base64url');
}

/** A file that can't be read begins anew: its tables are read once more. @throws StoreError */
export async function readStates(store: LedgerStore, label: string): Promise<RememberedStates> {
  const chunks = await store.readFile(pathOf(label));
  const content = chunks === null ? null : await buffer(chunks);
  try {
    return content === null ? NO_STATES : parse(parseLines(content));
  } catch {
    return NO_STATES;
  }
}

/** Of those labels of which something is remembered. @throws StoreError */
export async function readSizesOf(
  store: LedgerStore,
  labels: Iterable<string>,
): Promise<ReadonlyMap<string, RememberedSizes>> {
  const known = new Set<string>();
  for await (const path of store.listFiles(`${STATES_FOLDER}/`)) known.add(path);
  const found = await pMap(
    [...labels].filter((label) => known.has(pathOf(label))),
    async (label) => {
      const { sizes, names } = await readStates(store, label);
      return [label, { sizes, names }] as const;
    },
    { concurrency: AT_ONCE },
  );
  return new Map(found);
}

/** @throws StoreError */
export async function writeStates(store: LedgerStore, label: string, states: RememberedStates): Promise<void> {
  await store.writeFile(
    pathOf(label),
    gzipSync([...linesOf(states)].map((one) => `${JSON.stringify(one)}\n`).join('')),
  );
}

function pathOf(label: string): string {
  return `${STATES_FOLDER}/${createHash('sha256').update(label).digest('hex').slice(0, 32)}.ndjson.gz`;
}

function parse(lines: Iterable<unknown>): RememberedStates {
  const tables = new Map<string, TableProperties | null>();
  const sizes: SizesAt[] = [];
  const names = new Map<string, StateName>();
  let families: readonly string[] = [];
  let compressions: readonly string[] = [];
  for (const [at, text] of [...lines].entries()) {
    if (at === 0) {
      [, , families, compressions] = headLine.parse(text);
      continue;
    }
    const one = line.parse(text);
    if (one[0] === 'e') {
      tables.set(one[1], null);
    } else if (one[0] === 's') {
      const states = one[2].map(
        ([key, bytes, entries, deletions, rawValueBytes]) =>
          [key, { bytes, entries, deletions, rawValueBytes }] as const,
      );
      sizes.push({ at: one[1], states: new Map(states) });
    } else if (one[0] === 'n') {
      const [, key, operator, kind, state, hasTtl] = one;
      names.set(key, { operator, kind, state, hasTtl });
    } else {
      const [, id, family, compression, entries, deletions, merges, rawKeyBytes, rawValueBytes, written, oldest] = one;
      tables.set(id, {
        family: families[family ?? -1] ?? null,
        compression: compressions[compression ?? -1] ?? null,
        ...{ entries, deletions, merges, rawKeyBytes, rawValueBytes, written, oldest },
      });
    }
  }
  return { tables, sizes, names };
}

function* linesOf({ tables, sizes, names }: RememberedStates): Generator<unknown> {
  const said = [...tables.values()].filter((table) => table !== null);
  const families = [...new Set(said.flatMap(({ family }) => family ?? []))];
  const compressions = [...new Set(said.flatMap(({ compression }) => compression ?? []))];
  const familyAt = new Map(families.map((name, at) => [name, at]));
  const compressionAt = new Map(compressions.map((name, at) => [name, at]));
  const head: z.input<typeof headLine> = ['states', 2, families, compressions];
  yield head;
  for (const { at, states } of sizes) {
    const rows = [...states].map(([key, { bytes, entries, deletions, rawValueBytes }]) => [
      key,
      bytes,
      entries,
      deletions,
      rawValueBytes,
    ]);
    yield ['s', at, rows];
  }
  for (const [key, { operator, kind, state, hasTtl }] of names) yield ['n', key, operator, kind, state, hasTtl];
  for (const [id, table] of tables) {
    if (table === null) {
      yield ['e', id];
      continue;
    }
    const { entries, deletions, merges, rawKeyBytes, rawValueBytes, written, oldest } = table;
    const [family, compression] = [familyAt.get(table.family ?? ''), compressionAt.get(table.compression ?? '')];
    const numbers = [entries, deletions, merges, rawKeyBytes, rawValueBytes, written, oldest];
    yield ['t', id, family ?? null, compression ?? null, ...numbers];
  }
}
