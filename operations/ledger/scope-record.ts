import * as z from 'zod';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { JsonDocument } from './json-document.ts';

/** What the ledger knows of the surroundings of the area: the rest of its buckets and directories. */

const time = z.iso.datetime();

const rootSchema = z.object({
  key: z.string(),
  etag: z.string(),
  files: z.number(),
  first: z.string().nullable(),
  failure: z.object({ fault: z.enum(['contents', 'archived', 'access']), sentence: z.string() }).nullable(),
});

const partSchema = z.object({
  /** The pass under way. Null where none is. */
  pass: z
    .object({
      began: time,
      /** Everything up to this key is listed, and its roots are read. Null at the beginning. */
      cursor: z.string().nullable(),
      /** How many objects it has listed. */
      listed: z.number(),
      /** The folders of the roots that it has found. */
      folders: z.array(z.string()),
    })
    .nullable(),
  /** When the last whole pass ended. Null where none has. */
  completed: time.nullable(),
  /** How many objects the last whole pass listed. */
  listed: z.number(),
  /** Why the last attempt to list it failed. Null where it did not. */
  failure: z.object({ at: time, denied: z.boolean(), sentence: z.string() }).nullable(),
  /** Folders in which roots were found, each empty or with a closing slash. */
  folders: z.array(z.string()),
  /** The roots that were found. */
  roots: z.array(rootSchema),
});

const recordSchema = z.object({
  /** When this was first written. */
  since: time,
  /** Until when an area goes on that an earlier version collected; null for any other. */
  grace: time.nullable(),
  /** The area that this was seen from: what an outside root references in another area is not known. */
  area: z.string(),
  /** By what references call the place: `s3://bucket`. */
  parts: z.record(z.string(), partSchema),
});

/** What is known of the surroundings of an area. */
export type ScopeRecord = z.output<typeof recordSchema>;
/** What is known of the rest of one bucket, or around one directory. */
export type ScopePart = z.output<typeof partSchema>;

/** Surroundings that nobody has listed yet. */
export const UNSEEN_PART: ScopePart = {
  pass: null,
  completed: null,
  listed: 0,
  failure: null,
  folders: [],
  roots: [],
};

/** The document that holds the record. Losing it costs one more pass. */
export function scopeRecordOf(store: LedgerStore): JsonDocument<ScopeRecord> {
  return new JsonDocument(store, 'scope', recordSchema);
}
