import { parseJson } from '#config/json-text.ts';
import { type StartPath, type StartPaths, startPathsOf } from '#core/flink/operator-paths.ts';
import { parseFlinkPath, placeOf } from '#core/flink/state-path.ts';
import { type FoundRoot, findRoot } from '#operations/look/find-root.ts';
import { hasScheme, readingsOf } from '#operations/report/object-names.ts';
import { type Declaring, type Names, type Pinned, pinFound } from './declarations.ts';
import { areaOf, type LedgeredSteward } from './steward.ts';

/** Pins all that a list names: paths, or the resources of the Flink Kubernetes operator. */

export type { StartPath, StartPaths } from '#core/flink/operator-paths.ts';

/** A path of the list that is pinned. */
export interface PinnedPath extends Pinned {
  readonly path: string;
  readonly source: string | null;
  /** Whether it was pinned before; then its pin stays as it is. */
  readonly known: boolean;
}

/** What became of a list. */
export interface PinnedList {
  readonly pinned: readonly PinnedPath[];
  /** Paths that lead out of the area. */
  readonly outside: readonly StartPath[];
  /** Paths in the area at which there is no `_metadata`, so that nothing can start from them. */
  readonly missing: readonly StartPath[];
  readonly unresolved: readonly string[];
}

/**
 * Reads a list: JSON as `kubectl get … -o json` prints it, or else one path a line. Empty lines and lines that begin with
 * `#` are passed over.
 *
 * @param source the name of the list in messages.
 * @throws ConfigError for JSON that can't be read.
 */
export function readPinList(text: string, source: string): StartPaths {
  if (/^\s*[[{]/.test(text)) return startPathsOf(parseJson(text, source));
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return pathsAlone(lines.filter((line) => line !== '' && !line.startsWith('#')));
}

/** Paths as a list. */
export function pathsAlone(paths: readonly string[]): StartPaths {
  return { paths: [...new Set(paths)].map((path) => ({ path, source: null })), unresolved: [] };
}

/**
 * Pins each path of a list that is in the area, all of them at once. A path is taken as it is: no end of a path, and no
 * directory with one checkpoint.
 *
 * @param why of all; null for the place in the document in which a path stands.
 * @param readings other readings of a path, such as the URL of a path on this machine.
 * @throws RefusedError, LedgerError, StoreError; then nothing is pinned.
 */
export async function pinList(
  steward: LedgeredSteward,
  { paths, unresolved }: StartPaths,
  why: string | null,
  { execute }: Pick<Declaring, 'execute'>,
  readings: (path: string) => Promise<Names> = async (path) => [path],
): Promise<PinnedList> {
  const area = areaOf(steward);
  const stores = steward.locations.map(({ store }) => store);
  const found: { readonly start: StartPath; readonly root: FoundRoot }[] = [];
  const outside: StartPath[] = [];
  const missing: StartPath[] = [];
  for (const start of paths) {
    const texts = (hasScheme(start.path) ? [start.path] : await readings(start.path)).flatMap(readingsOf);
    let root: FoundRoot | null = null;
    for (const text of texts) {
      root ??= isElsewhere(text, steward) ? null : await findRoot(area, stores, text);
    }
    if (root !== null) found.push({ start, root });
    else if (texts.every((text) => isElsewhere(text, steward))) outside.push(start);
    else missing.push(start);
  }
  const pins = await pinFound(
    steward,
    found.map(({ start, root }) => ({ ...root, why: why ?? start.source })),
    { execute },
  );
  const pinned = found.flatMap(({ start }, at) => {
    const pin = pins[at];
    return pin === undefined ? [] : [{ ...start, ...pin }];
  });
  return { pinned, outside, missing, unresolved };
}

function isElsewhere(text: string, steward: LedgeredSteward): boolean {
  const path = hasScheme(text) ? parseFlinkPath(text) : null;
  return path?.scheme != null && areaOf(steward).locate(placeOf(path)).within !== 'area';
}
