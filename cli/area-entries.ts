import { resolve } from 'node:path';
import type { AreaEntry, StewardConfig } from '#config/steward-config.ts';
import { accessPointOf, insteadOf, isListable } from '#core/area/access-points.ts';
import { UsageError } from './errors.ts';

/**
 * The locations that the arguments, or else the configuration, name.
 *
 * @throws UsageError
 */
export function entriesOf(
  places: readonly string[],
  { as }: { readonly as?: string },
  config: StewardConfig,
  cwd: string,
): readonly AreaEntry[] {
  if (places.length === 0 && config.area.length === 0) {
    throw new UsageError(
      'No location is named. Name a bucket (s3://bucket/prefix) or a directory that holds Flink checkpoints, or give "area" in steward.json.',
    );
  }
  const entries: readonly AreaEntry[] =
    places.length === 0 ? config.area : places.map((place) => entryOf(place, config, cwd));
  if (as === undefined) {
    return entries;
  }
  const [only, ...others] = entries;
  if (only === undefined || others.length > 0) {
    throw new UsageError(
      '--as says what one directory stands for, but several locations are named. Say it in steward.json: "area": [{"path": "./copy", "as": "s3://my-bucket"}, …].',
    );
  }
  if (only.kind === 's3') {
    throw new UsageError(
      `--as is for local directories, and ${only.url} is a bucket. If it has another name, use "aliases" in steward.json.`,
    );
  }
  return [{ ...only, as }];
}

/** A directory that the configuration knows keeps the name that it has there. */
function entryOf(place: string, config: StewardConfig, cwd: string): AreaEntry {
  if (place === '') {
    throw new UsageError(
      'A location is the empty text, which names nothing (an unset variable?). Name a directory that holds Flink checkpoints.',
    );
  }
  const point = accessPointOf(place);
  if (point !== null && !isListable(point)) {
    throw new UsageError(`${place} can't be surveyed. ${insteadOf(point)}`);
  }
  if (/^s3[anp]?:\/\//.test(place)) {
    return { ...knownBucket(place, config), kind: 's3', url: place };
  }
  if (/^[A-Za-z][A-Za-z0-9+.-]+:\//.test(place)) {
    throw new UsageError(`${place}: name a local directory by its path, or a bucket as s3://bucket/prefix.`);
  }
  const path = resolve(cwd, place);
  const known = config.area.find((entry) => entry.kind === 'directory' && entry.path === path);
  return { ...known, kind: 'directory', path: place };
}

/** What the configuration says of a bucket, of the same place or else of any prefix of it. */
function knownBucket(place: string, { area }: StewardConfig): AreaEntry | undefined {
  const buckets = area.filter((entry) => entry.kind === 's3');
  return buckets.find(({ url }) => url === place) ?? buckets.find(({ url }) => bucketName(url) === bucketName(place));
}

function bucketName(url: string): string | undefined {
  return /^s3[anp]?:\/\/([^/]*)/.exec(url)?.[1];
}
