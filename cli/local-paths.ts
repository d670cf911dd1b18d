import { readlink, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { AreaEntry } from '#config/steward-config.ts';
import { isHighAvailabilityKey, isUuid, METADATA_NAME } from '#core/flink/names.ts';
import { UsageError } from './errors.ts';

/** Resolves local paths from the user: symbolic links must not hide that two paths are the same file. */

/** The most links that are followed one after the other; Linux has the same limit. */
const MOST_LINKS = 40;

/** The path without symbolic links, also of what does not exist yet. */
export async function realPlace(path: string, links = 0): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const target = links < MOST_LINKS ? await linkTarget(path) : null;
    if (target !== null) {
      // The target does not exist yet. A write to the link would create it.
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

/** The path below a folder, with `/` between names; null if the path is not below the folder. */
export function pathBelow(folder: string, path: string): string | null {
  const below = relative(folder, path);
  const outside = below === '..' || below.startsWith(`..${sep}`);
  return outside ? null : below.split(sep).join('/');
}

/** @throws UsageError if two entries are the same bucket, prefix or directory. */
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
          ? `${name} was given twice. Give it once.`
          : `${other} and ${name} are the same location. Give it once.`,
      );
    }
    named.set(place, name);
  }
}

function isFlinksName(path: string): boolean {
  const name = basename(path);
  return name === METADATA_NAME || isUuid(name) || isHighAvailabilityKey(path.split(sep).join('/'));
}

/** A file that a command will write. */
export interface Output {
  /** Its option: `--out`. */
  readonly option: string;
  /** As the user wrote it. */
  readonly file: string;
}

/**
 * Refuses output files that could overwrite a checkpoint: those inside a location with a name that Flink writes.
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
      throw new UsageError(
        `${option} ${file || "''"}: give the name of a file. The report itself is printed on stdout, see --json.`,
      );
    }
    const place = await realPlace(resolve(cwd, file));
    for (const entry of entries) {
      if (
        entry.kind !== 's3' &&
        isFlinksName(place) &&
        pathBelow(await realPlace(resolve(cwd, entry.path)), place) !== null
      ) {
        throw new UsageError(
          `${option} ${file}: this file is inside ${entry.path} and has a name that Flink uses, so it could overwrite a checkpoint. Give another file, best outside the location.`,
        );
      }
    }
    const other = earlier.get(place);
    if (other !== undefined) {
      throw new UsageError(
        `${other.option} ${other.file} and ${option} ${file} are the same file. Give two different files.`,
      );
    }
    earlier.set(place, output);
  }
}
