import type { Area } from '#core/area/area.ts';
import type { KeySample } from '#core/shards/weighed-cuts.ts';
import type { SurveyedLocation } from '#operations/look/root-listing.ts';
import type { Children } from '#ports/object-store.ts';

/** Folders that are looked at for each shard: enough for shards of about the same size. */
const FOLDERS_PER_SHARD = 16;
const LEAST_FOLDERS = 64;
/** Into so many parts a folder is divided whose files have random hexadecimal names, as Flink's have. */
const PARTS = 256;

/**
 * Where an area may be cut, with about how many objects lie before each place. Of each folder one page is read, level by
 * level until enough are known. A folder with more files than a page shows is taken to hold as many as its names suggest:
 * Flink's are random, so where the first page ends tells what share of them it was.
 *
 * A bad guess makes shards of different sizes and nothing else.
 *
 * @throws StoreError
 */
export async function sampleKeys(
  area: Area,
  locations: readonly SurveyedLocation[],
  shards: number,
  signal: AbortSignal | undefined,
): Promise<readonly KeySample[]> {
  const samples: KeySample[] = [];
  let level = locations.map((place) => ({ ...place, path: area.locations[place.location]?.prefix ?? '' }));
  let left = Math.max(LEAST_FOLDERS, FOLDERS_PER_SHARD * shards);
  while (level.length > 0) {
    const next: typeof level = [];
    for (const [at, folder] of level.entries()) {
      if (left === 0) {
        // What was not looked at counts as one page.
        samples.push(
          ...level.slice(at).map(({ location, path }) => sampleOf(location, path, 1_000)),
          ...next.map(({ location, path }) => sampleOf(location, path, 1_000)),
        );
        return samples;
      }
      left--;
      const page = await firstPage(area, folder, signal);
      samples.push(...samplesOf(folder.location, folder.path, page, area));
      const paths = page.folders.map((path) => area.wholeKey(folder.location, path));
      next.push(...paths.map((path) => ({ ...folder, path })));
    }
    level = next;
  }
  return samples;
}

async function firstPage(
  area: Area,
  { location, store, path }: SurveyedLocation & { readonly path: string },
  signal: AbortSignal | undefined,
): Promise<Children> {
  for await (const page of store.children(area.storeKey(location, path), signal === undefined ? {} : { signal })) {
    return page;
  }
  return { folders: [], objects: [] };
}

function samplesOf(location: number, path: string, { objects, folders }: Children, area: Area): readonly KeySample[] {
  if (objects.length === 0) return [];
  const last = area.wholeKey(location, objects.at(-1)?.key ?? '').slice(path.length);
  const share = folders.length > 0 ? 1 : shareUpTo(last);
  if (share === 1) return [sampleOf(location, `${path}${last}`, objects.length)];
  const all = objects.length / share;
  return Array.from({ length: PARTS }, (_, part) =>
    sampleOf(location, `${path}${part.toString(16).padStart(2, '0')}~`, all / PARTS),
  );
}

/** Which share of random hexadecimal names comes before one; 1 where it is none, or near the end. */
function shareUpTo(name: string): number {
  const digits = /^[0-9a-f]{8}/.exec(name)?.[0];
  const share = digits === undefined ? 1 : (Number.parseInt(digits, 16) + 1) / 2 ** 32;
  return share > 0.9 ? 1 : share;
}

function sampleOf(location: number, key: string, objects: number): KeySample {
  return { location, key, objects };
}
