import { nameOf, parentOf, type Site } from './sites.ts';

/**
 * Folders of random names that `s3.entropy.key` puts into the paths of data files, while `_metadata` is in one without it.
 * Orphans are found only by listing above the random name.
 */

/** Fewer folders may be regions or teams, of which a job moved from one to another. */
const FEWEST_FOLDERS = 3;

/**
 * The folders above the random names, each with how many of these hold checkpoint files.
 *
 * @param hasRoot whether a checkpoint was read below a folder: then its name is not random. Clusters of one name in several
 *   regions give their jobs the same id.
 */
export function entropyFolders(
  sites: readonly Site[],
  hasRoot: (path: string) => boolean,
): ReadonlyMap<string, number> {
  const alike = new Map<string, Set<string>>();
  for (const { kind, path, names } of sites) {
    if (kind !== 'checkpoints' || hasRoot(path)) continue;
    for (const { above, random, below } of splits(path)) {
      for (const job of names) {
        const id = [above, random.length, below, job].join('\n');
        alike.set(id, (alike.get(id) ?? new Set()).add(random));
      }
    }
  }
  const found = new Map<string, number>();
  for (const [id, folders] of alike) {
    const [above = ''] = id.split('\n');
    if (folders.size >= FEWEST_FOLDERS) found.set(above, Math.max(found.get(above) ?? 0, folders.size));
  }
  for (const { path } of sites) {
    const literal = path.split('/').indexOf('_entropy_');
    if (literal === -1) continue;
    const above = path
      .split('/')
      .slice(0, literal)
      .map((name) => `${name}/`)
      .join('');
    found.set(above, found.get(above) ?? 0);
  }
  return found;
}

interface Split {
  readonly above: string;
  readonly random: string;
  readonly below: string;
}

/** A path cut around each of its folders that could be random. */
function splits(path: string): readonly Split[] {
  const cuts: Split[] = [];
  for (let end = path; end !== ''; end = parentOf(end)) {
    const random = nameOf(end);
    if (/^[0-9A-Za-z]{1,16}$/.test(random)) {
      cuts.push({ above: parentOf(end), random, below: path.slice(end.length) });
    }
  }
  return cuts;
}
