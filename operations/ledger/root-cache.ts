import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { StoreError } from '#ports/object-store.ts';

/**
 * Copies of long-lived roots, for the day on which a lifecycle rule has moved one into an archive class: then it can't
 * be read where it lies, and without what it names nothing could be decided. A copy is known by URL and ETag, never by
 * the URL alone.
 */

/** Younger ones are most often subsumed before anybody archives them, and a copy costs as much as a dozen readings. */
const WORTH_KEEPING_AFTER = 24 * 3_600_000;
const MOST_BYTES = 16 * 1024 * 1024;
const FOLDER = 'roots/';

/** Copies of roots, for those that can't be read where they lie any more. */
export interface RootCache {
  /** The content of exactly this root; null where there is no copy. @throws StoreError */
  read(url: string, etag: string): Promise<Uint8Array | null>;
  wants(root: {
    readonly url: string;
    readonly etag: string;
    readonly completed: number;
    readonly bytes: number;
  }): boolean;
  keep(url: string, etag: string, content: Uint8Array): Promise<void>;
}

/**
 * @param start of the run, epoch milliseconds.
 * @param mayWrite false for a run that only looks.
 * @throws StoreError
 */
export async function openRootCache(store: LedgerStore, start: number, mayWrite: boolean): Promise<RootCache> {
  const known = new Set<string>();
  for await (const path of store.listFiles(FOLDER)) {
    known.add(path);
  }
  return {
    read: async (url, etag) => {
      const path = pathOf(url, etag);
      const chunks = known.has(path) ? await store.readFile(path) : null;
      return chunks === null ? null : unzipped(await buffer(chunks));
    },
    wants: ({ url, etag, completed, bytes }) =>
      mayWrite && bytes <= MOST_BYTES && start - completed >= WORTH_KEEPING_AFTER && !known.has(pathOf(url, etag)),
    keep: async (url, etag, content) => {
      try {
        await store.writeFile(pathOf(url, etag), gzipSync(content));
        known.add(pathOf(url, etag));
      } catch (error) {
        // The next run keeps it.
        if (!(error instanceof StoreError)) {
          throw error;
        }
      }
    },
  };
}

/** Null for a damaged copy, which is none. */
function unzipped(content: Uint8Array): Uint8Array | null {
  try {
    return gunzipSync(content);
  } catch {
    return null;
  }
}

function pathOf(url: string, etag: string): string {
  return `${FOLDER}${createHash('sha256').update(`${url}\n${etag}`).digest('hex')}.metadata.gz`;
}
