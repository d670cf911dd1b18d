import { resolve } from 'node:path';
import type { AreaEntry, StewardConfig } from '#config/steward-config.ts';
import { accessPointOf, insteadOf, isListable } from '#core/area/access-points.ts';
import { UsageError } from './errors.ts';

/**
 * The locations in the arguments, or else in the configuration.
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
      'No location was given. Give a bucket (s3://bucket/prefix) or a directory with Flink checkpoints, or set "area" in steward.json.',
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
      '--as applies to one directory, but there are several locations. Set it in steward.json: "area": [{"path": "./copy", "as": "s3://my-bucket"}, …].',
    );
  }
  if (only.kind === 's3') {
    throw new UsageError(
      `--as is for local directories, but ${only.url} is a bucket. If references use another name for it, set "aliases" in steward.json.`,
    );
  }
  return [{ ...only, as }];
}

/** The location for one argument. A directory that is in the configuration keeps its settings from there. */
function entryOf(place: string, config: StewardConfig, cwd: string): AreaEntry {
  if (place === '') {
    throw new UsageError(
      'A location is an empty text (an unset variable?). Give a bucket or a directory with Flink checkpoints.',
    );
  }
  const point = accessPointOf(place);
  if (point !== null && !isListable(point)) {
    throw new UsageError(`${place} can't be surveyed. ${insteadOf(point)}`);
  }
  const [, bucketAndKey] = /^arn:[\w-]+:s3:::(.+)$/s.exec(place) ?? [];
  if (bucketAndKey !== undefined) {
    throw new UsageError(
      `${place} is the ARN of a bucket. Give the bucket by its URL: s3://${bucketAndKey.replace(/\/?\*$/, '')}`,
    );
  }
  if (/^s3[anp]?:\/\//.test(place)) {
    return { ...knownBucket(place, config), kind: 's3', url: place };
  }
  if (/^[A-Za-z][A-Za-z0-9+.-]+:\//.test(place)) {
    throw new UsageError(
      `${place} is neither a path nor a bucket. Give a local directory by its path, or a bucket as s3://bucket/prefix.`,
    );
  }
  const path = resolve(cwd, place);
  const known = config.area.find((entry) => entry.kind === 'directory' && entry.path === path);
  return { ...known, kind: 'directory', path: place };
}

/** The settings of a bucket in the configuration: of the same URL, or else of any prefix in the bucket. */
export function knownBucket(place: string, { area }: StewardConfig): AreaEntry | undefined {
  const buckets = area.filter((entry) => entry.kind === 's3');
  return buckets.find(({ url }) => url === place) ?? buckets.find(({ url }) => bucketName(url) === bucketName(place));
}

function bucketName(url: string): string | undefined {
  return /^s3[anp]?:\/\/([^/]*)/.exec(url)?.[1];
}
