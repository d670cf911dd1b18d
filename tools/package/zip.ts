import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Zippable, zipSync } from 'fflate';

/** Zip archives that are the same bytes wherever and whenever they are made of the same files. */

/** A file that everybody may read, as Unix says it: Lambda's own user is nobody known. */
const UNIX = 3;
const READABLE = 0o100644 << 16;

/** @param level 0 for what is compressed already, up to 9. */
export function zipOf(files: ReadonlyMap<string, Uint8Array>, level: 0 | 9): Uint8Array {
  // In local time, as the format has it, so that it is the same in each.
  const mtime = new Date(1980, 0, 1);
  const entries = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  const zippable: Zippable = Object.fromEntries(
    entries.map(([name, content]) => [name, [content, { level, mtime, os: UNIX, attrs: READABLE }]]),
  );
  return zipSync(zippable);
}

/** The files of a folder, by their paths in it. */
export function filesIn(folder: string): ReadonlyMap<string, Uint8Array> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1));
  return new Map(paths.map((path) => [path.replaceAll('\\', '/'), readFileSync(join(folder, path))]));
}
