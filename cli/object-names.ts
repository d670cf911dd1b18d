import { basename, dirname, join, resolve } from 'node:path';
import type { Names } from '#steward/declarations.ts';
import { areaOf } from '#steward/steward.ts';
import { pathBelow, realPlace } from './local-paths.ts';
import type { PreparedArea } from './prepare-area.ts';

/** The name as it was typed; then, where it is the path of a file or directory in a location, the URL of that. */
export async function namesOf(name: string, { entries, steward }: PreparedArea, cwd: string): Promise<Names> {
  const area = areaOf(steward);
  const file = resolve(cwd, name);
  // If the last name is a symbolic link, it is not followed: the link itself is the object in the location.
  const real = join(await realPlace(dirname(file)), basename(file));
  const names: [string, ...string[]] = [name];
  for (const [location, entry] of entries.entries()) {
    if (entry.kind === 's3') continue;
    const folder = resolve(cwd, entry.path);
    const below = pathBelow(folder, file) ?? pathBelow(await realPlace(folder), real);
    if (below !== null) names.push(area.url(location, area.wholeKey(location, below)));
  }
  return names;
}
