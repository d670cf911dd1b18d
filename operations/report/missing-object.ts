import { newestFirst } from '#core/collect/root-order.ts';
import { baseName } from '#core/flink/state-path.ts';
import { isoTime } from '#core/iso-time.ts';
import { snapshotPath } from '#operations/look/root-view.ts';
import type { Survey } from '#operations/look/survey.ts';
import { urlsOf } from '#operations/look/urls-of.ts';

/** An object that does not exist although checkpoints or savepoints reference it. */
export interface MissingObject {
  /** Under the area's own name of its place. */
  readonly url: string;
  /** Newest first. None of them can be restored. */
  readonly namedBy: readonly { readonly path: string; readonly completed: string }[];
}

/**
 * @param texts what a person may mean by it: a URL, or a key as a store knows it or whole.
 * @param baseNames last segments of paths, of which Flink never makes two.
 * @returns null where no root misses it.
 */
export function findMissing(
  { area, reachability }: Survey,
  texts: readonly string[],
  baseNames: readonly string[] = [],
): MissingObject | null {
  const urls = new Set(texts.flatMap((text) => urlsOf(area, text)));
  const missing = reachability.roots.flatMap((root) =>
    root.missing.flatMap(({ url, problem }) =>
      problem === 'missing' && (urls.has(url) || baseNames.includes(baseName(url))) ? [{ root, url }] : [],
    ),
  );
  const [first] = missing;
  if (first === undefined) return null;
  const { url } = first;
  const naming = new Set(missing.filter((one) => one.url === url).map(({ root }) => root));
  return {
    url,
    namedBy: [...naming]
      .sort(newestFirst)
      .map((root) => ({ path: snapshotPath(area, root), completed: isoTime(root.completed) })),
  };
}
