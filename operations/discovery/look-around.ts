import pMap from 'p-map';
import type { FolderLook } from '#core/discovery/folder-look.ts';
import { type NextLook, nextLooks } from '#core/discovery/next-looks.ts';
import { parentOf } from '#core/discovery/sites.ts';
import { type ObjectStore, StoreError } from '#ports/object-store.ts';

/** Looks into the folders of a store until it is clear where Flink's state is, with a bounded number of requests. */

/** So many listings one place may take, whatever its size. A page of a folder is one. */
export const MOST_LISTINGS = 400;
/** So many pages of one folder are read: a thousand names each. */
const MOST_PAGES = 3;
/** Folders that are looked into side by side. */
const SIDE_BY_SIDE = 8;

/** What a look takes. */
export interface LookingAround {
  readonly signal?: AbortSignal | undefined;
  /** Listings. @default {@link MOST_LISTINGS} */
  readonly most?: number;
  /** Called with the number of folders that were looked into by now. */
  readonly onLooked?: ((folders: number) => void) | undefined;
}

/** What was seen. */
export interface LookedAround {
  readonly looks: readonly FolderLook[];
  /** How many folders of a folder were not looked into; of one that was not listed to its end, at least one. */
  readonly leftOut: ReadonlyMap<string, number>;
  /** Whether the requests ran out. */
  readonly isCut: boolean;
  readonly listings: number;
}

/**
 * Looks below a prefix, by delimiter: the folders first whose names tell the most.
 *
 * @param start empty or with a closing slash.
 * @throws StoreError where the first folder can't be listed, or the store does not answer.
 */
export async function lookAround(
  store: ObjectStore,
  start: string,
  { signal, most = MOST_LISTINGS, onLooked }: LookingAround = {},
): Promise<LookedAround> {
  const looks: FolderLook[] = [];
  const leftOut = new Map<string, number>();
  let open: readonly NextLook[] = [{ path: start, rank: 0 }];
  let listings = 0;
  while (open.length > 0 && listings + MOST_PAGES <= most) {
    const affordable = Math.floor((most - listings) / MOST_PAGES);
    const now = open.slice(0, Math.min(SIDE_BY_SIDE, affordable));
    const seen = await pMap(now, async ({ path }) => await lookOrMiss(store, path, { start, signal }), {
      concurrency: SIDE_BY_SIDE,
    });
    const found: NextLook[] = [];
    for (const { look, pages, path } of seen) {
      listings += pages;
      if (look === null) {
        countLeftOut(leftOut, path);
        continue;
      }
      looks.push(look);
      const next = nextLooks(look);
      found.push(...next.looks);
      const missed = next.leftOut + (look.isWhole || next.looks.length === 0 ? 0 : 1);
      if (missed > 0) leftOut.set(look.path, (leftOut.get(look.path) ?? 0) + missed);
    }
    onLooked?.(looks.length);
    // Stable, so that folders of one rank are looked into in the order in which they were found.
    open = [...open.slice(now.length), ...found].sort((a, b) => a.rank - b.rank);
  }
  for (const { path } of open) countLeftOut(leftOut, path);
  return { looks, leftOut, isCut: open.length > 0, listings };
}

function countLeftOut(leftOut: Map<string, number>, path: string): void {
  const above = parentOf(path);
  leftOut.set(above, (leftOut.get(above) ?? 0) + 1);
}

interface Seen {
  readonly path: string;
  /** Null where these credentials may not list the folder. */
  readonly look: FolderLook | null;
  readonly pages: number;
}

/** A policy may deny one folder of many; then it counts as left out. */
async function lookOrMiss(
  store: ObjectStore,
  path: string,
  { start, signal }: { readonly start: string; readonly signal: AbortSignal | undefined },
): Promise<Seen> {
  try {
    return await lookInto(store, path, signal);
  } catch (error) {
    signal?.throwIfAborted();
    if (path === start || !(error instanceof StoreError) || error.code !== 'denied') throw error;
    return { path, look: null, pages: 1 };
  }
}

async function lookInto(store: ObjectStore, path: string, signal: AbortSignal | undefined): Promise<Seen> {
  const folders: string[] = [];
  const files: string[] = [];
  let pages = 0;
  let isWhole = true;
  for await (const page of store.children(path, signal === undefined ? {} : { signal })) {
    pages++;
    folders.push(...page.folders.map((folder) => folder.slice(path.length, -1)));
    files.push(...page.objects.filter(({ special }) => special === undefined).map(({ key }) => key.slice(path.length)));
    if (pages === MOST_PAGES) {
      isWhole = false;
      break;
    }
  }
  // An empty answer is a request as well.
  const look = { path, folders, files: files.filter((name) => name !== ''), isWhole };
  return { path, look, pages: Math.max(1, pages) };
}
