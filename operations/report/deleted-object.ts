import type { Area } from '#core/area/area.ts';
import { METADATA_NAME } from '#core/flink/names.ts';
import { endsWithPath } from '#core/flink/path-end.ts';
import { baseName } from '#core/flink/state-path.ts';
import { type LoggedDeletion, loggedDeletions } from '#operations/ledger/audit-log.ts';
import { type RetiredRoot, readState } from '#operations/ledger/state.ts';
import { urlsOf } from '#operations/look/urls-of.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';

/** Why an object no longer exists: what the audit log of the ledger has recorded about it. */

/** What the ledger knows of an object that runs deleted. */
export interface GoneObject {
  /** Under the area's own name of its place. */
  readonly url: string;
  /** Each time that a run deleted it or tried to, the newest first. At least one. */
  readonly deletions: readonly LoggedDeletion[];
  /** Where it is a root that was retired. */
  readonly retired: RetiredRoot | null;
}

/**
 * Looks the objects up that a person may mean by a text: a URL, or a key as a store knows it or whole; of a checkpoint
 * or savepoint its directory will do.
 *
 * @param baseNames last segments of paths, of which Flink never makes two.
 * @returns null where the log knows none of them.
 * @throws StoreError
 */
export async function findGone(
  area: Area,
  store: LedgerStore,
  texts: readonly string[],
  baseNames: readonly string[] = [],
): Promise<GoneObject | null> {
  const urls = new Set(texts.flatMap((text) => urlsOf(area, text)));
  const found: LoggedDeletion[] = [];
  for await (const deletion of loggedDeletions(store)) {
    if (urls.has(area.ownUrl(deletion.url)) || baseNames.includes(baseName(deletion.url))) {
      found.push(deletion);
    }
  }
  const [first] = found;
  if (first === undefined) {
    return null;
  }
  const url = area.ownUrl(first.url);
  const { retired } = await readState(store);
  return {
    url,
    deletions: found.filter((deletion) => area.ownUrl(deletion.url) === url),
    retired: retired.findLast((root) => area.ownUrl(root.url) === url) ?? null,
  };
}

/**
 * The objects of the log that a person may mean by a part of a path: the end of the path of an object or of the directory
 * of a root, or a directory that objects lay below. Under the area's own names.
 *
 * @throws StoreError
 */
export async function goneByEnd(area: Area, store: LedgerStore, texts: readonly string[]): Promise<readonly string[]> {
  const named = texts.map((text) => text.replace(/\/+$/, '')).filter((text) => text.replace(/^\/+/, '') !== '');
  const folders = named.flatMap((text) => urlsOf(area, text)).filter((url) => !url.endsWith(`/${METADATA_NAME}`));
  const found = new Set<string>();
  for await (const deletion of loggedDeletions(store)) {
    const url = area.ownUrl(deletion.url);
    if (named.some((text) => endsWithPath(url, text)) || folders.some((folder) => url.startsWith(`${folder}/`)))
      found.add(url);
  }
  return [...found];
}
