import { Buffer } from 'node:buffer';
import * as z from 'zod';
import { LiveSet, type Reader } from '#core/guard/live-set.ts';
import { NameFilter } from '#core/inventory/name-filter.ts';
import { isoTime } from '#core/iso-time.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { JsonDocument } from './json-document.ts';
import { LostPartError, partSchema, readLines, writeLines } from './line-parts.ts';

/** The live set of the last survey, for the guard: the filter in lines of base64, who reads files of whom, and the roots. */

/** New parts are written next to the valid ones, so that a crash in between does not change the valid ones. */
const SLOTS = 4;
/** Bytes of the filter in one line. */
const LINE = 48 * 1024;

const parts = z.array(partSchema);
const documentSchema = z.object({
  /** When the survey began. */
  start: z.iso.datetime(),
  names: z.int(),
  slot: z.int(),
  filter: parts,
  readers: parts,
  /** Absent of what an earlier version has left, which the next survey replaces. */
  roots: parts.optional(),
  former: parts.default([]),
});
type Known = z.output<typeof documentSchema>;

/** A directory, then the directories of those that read files in it. */
const readersLine = z.tuple([z.string(), z.array(z.object({ directory: z.string(), holdsCheckpoints: z.boolean() }))]);

/** Where another survey writes one at the same time, one of the two stays; both are true. @throws StoreError, LedgerError */
export async function writeLiveSet(store: LedgerStore, live: LiveSet): Promise<void> {
  const document = documentOf(store);
  const known = await document.read();
  const slot = ((known?.value.slot ?? 0) + 1) % SLOTS;
  const value: Known = {
    start: isoTime(live.start),
    names: live.names,
    slot,
    filter: await writeLines(store, `guard/${slot}-filter-`, filterLines(live.filter)),
    readers: await writeLines(store, `guard/${slot}-readers-`, live.readers),
    roots: await writeLines(store, `guard/${slot}-roots-`, live.roots),
    former: await writeLines(store, `guard/${slot}-former-`, live.former),
  };
  await document.write(value, known?.tag ?? null);
}

/** The roots that the last survey has left; none where there are none, or they are lost. @throws StoreError, LedgerError */
export async function rootsBefore(store: LedgerStore): Promise<ReadonlySet<string>> {
  const roots = new Set<string>();
  const document = await documentOf(store).read();
  try {
    for await (const line of readLines(store, document?.value.roots ?? [])) roots.add(z.string().parse(line));
  } catch (error) {
    if (!(error instanceof LostPartError)) throw error;
  }
  return roots;
}

/** When the survey began that has left it, epoch milliseconds; null where there is none. @throws StoreError, LedgerError */
export async function liveSetStart(store: LedgerStore): Promise<number | null> {
  const document = await documentOf(store).read();
  return document?.value.roots === undefined ? null : Date.parse(document.value.start);
}

/** What a process has read of it before: it changes with each survey, and a guard is asked each minute. */
export class ReadLiveSet {
  #known: { readonly tag: string; readonly live: LiveSet } | null = null;

  /** Null where no survey has left one, or it is lost; the next survey leaves another. @throws StoreError, LedgerError */
  async read(store: LedgerStore): Promise<LiveSet | null> {
    const document = await documentOf(store).read();
    if (document === null) return null;
    if (this.#known?.tag !== document.tag) {
      const live = await readParts(store, document.value);
      this.#known = live === null ? null : { tag: document.tag, live };
    }
    return this.#known?.live ?? null;
  }
}

async function readParts(store: LedgerStore, known: Known): Promise<LiveSet | null> {
  if (known.roots === undefined) return null;
  const chunks: Buffer[] = [];
  const readers = new Map<string, readonly Reader[]>();
  const roots = new Set<string>();
  const former = new Set<string>();
  try {
    for await (const line of readLines(store, known.filter)) {
      chunks.push(Buffer.from(z.string().parse(line), 'base64'));
    }
    for await (const line of readLines(store, known.readers)) {
      readers.set(...readersLine.parse(line));
    }
    for await (const line of readLines(store, known.roots)) roots.add(z.string().parse(line));
    for await (const line of readLines(store, known.former)) former.add(z.string().parse(line));
  } catch (error) {
    if (error instanceof LostPartError) return null;
    throw error;
  }
  const filter = NameFilter.fromBytes(Buffer.concat(chunks));
  if (filter === null) return null;
  return new LiveSet({ start: Date.parse(known.start), names: known.names, filter, readers, roots, former });
}

function* filterLines({ bytes }: NameFilter): Generator<string> {
  for (let at = 0; at < bytes.length; at += LINE) {
    yield Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.min(LINE, bytes.length - at)).toString('base64');
  }
}

function documentOf(store: LedgerStore): JsonDocument<Known> {
  return new JsonDocument(store, 'live-set', documentSchema);
}
