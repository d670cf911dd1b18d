import { readlink, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { AreaEntry } from '#config/steward-config.ts';
import { isHighAvailabilityKey, isUuid, METADATA_NAME } from '#core/flink/names.ts';
import { UsageError } from './errors.ts';

/** Where local paths that a user names really lie: symbolic links must not hide that two of them are one. */

/** A link to a link to a link: more of them are a circle to Linux, too. */
const MOST_LINKS = 40;

/** The path without symbolic links, also of what does not exist yet. */
export async function realPlace(path: string, links = 0): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const target = links < MOST_LINKS ? await linkTarget(path) : null;
    if (target !== null) {
      // Its target does not exist yet; whoever writes to the link would make it.
      return await realPlace(resolve(dirname(path), target), links + 1);
    }
    const folder = dirname(path);
    return folder === path ? path : join(await realPlace(folder, links), basename(path));
  }
}

async function linkTarget(path: string): Promise<string | null> {
  try {
    return await readlink(path);
  } catch {
    return null;
  }
}

/** The path below a folder with `/` between names, or null where it does not lie there. */
export function pathBelow(folder: string, path: string): string | null {
  const below = relative(folder, path);
  const outside = below === '..' || below.startsWith(`..${sep}`);
  return outside ? null : below.split(sep).join('/');
}

/** @throws UsageError where two entries are one place under two names, or one name. */
export async function refuseTwins(entries: readonly AreaEntry[], cwd: string): Promise<void> {
  const named = new Map<string, string>();
  for (const entry of entries) {
    const name = entry.kind === 's3' ? entry.url : entry.path;
    const place =
      entry.kind === 's3'
        ? entry.url.replace(/^s3[anp]:/, 's3:').replace(/\/+$/, '')
        : await realPlace(resolve(cwd, entry.path));
    const other = named.get(place);
    if (other !== undefined) {
      throw new UsageError(
        other === name
          ? `${name} is named twice. Name it once.`
          : `${other} and ${name} are the same place, named twice. Name it once.`,
      );
    }
    named.set(place, name);
  }
}

function isFlinksName(path: string): boolean {
  const name = basename(path);
  return name === METADATA_NAME || isUuid(name) || isHighAvailabilityKey(path.split(sep).join('/'));
}

/** A file that a command is to write. */
export interface Output {
  /** The option that names it: `--out`. */
  readonly option: string;
  /** As the user wrote it. */
  readonly file: string;
}

/**
 * Refuses files that would do harm: inside a location, one under a name that Flink writes could take the place of a
 * checkpoint or of its state.
 *
 * @throws UsageError
 */
export async function refuseHarmfulOutputs(
  outputs: readonly Output[],
  entries: readonly AreaEntry[],
  cwd: string,
): Promise<void> {
  const earlier = new Map<string, Output>();
  for (const output of outputs) {
    const { option, file } = output;
    if (file === '-' || file === '') {
      throw new UsageError(`${option} ${file || "''"}: name a file. The report itself goes to stdout, see --json.`);
    }
    const place = await realPlace(resolve(cwd, file));
    for (const entry of entries) {
      if (
        entry.kind !== 's3' &&
        isFlinksName(place) &&
        pathBelow(await realPlace(resolve(cwd, entry.path)), place) !== null
      ) {
        throw new UsageError(
          `${option} ${file}: that lies inside ${entry.path} under a name of Flink's, so it could overwrite a checkpoint. Name another file, best outside of it.`,
        );
      }
    }
    const other = earlier.get(place);
    if (other !== undefined) {
      throw new UsageError(`${other.option} ${other.file} and ${option} ${file} are the same file. Name two.`);
    }
    earlier.set(place, output);
  }
}
