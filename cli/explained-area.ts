import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { AreaEntry, StewardConfig } from '#config/steward-config.ts';
import { urlOnConsolePage } from '#steward/explain.ts';
import { entriesOf } from './area-entries.ts';
import type { AreaOptions } from './area-options.ts';
import { configOf } from './config-of.ts';
import { UsageError } from './errors.ts';
import type { Io } from './io.ts';
import { pathBelow, realPlace } from './local-paths.ts';
import { compareWithConfigured } from './part-of-area.ts';

/** Chooses the area in which an object is explained. */

export interface ExplainedArea {
  readonly name: string;
  readonly places: readonly string[];
  readonly options: AreaOptions;
  /** A sentence on an area that is not simply the typed or the configured one. */
  readonly note: string | null;
}

/**
 * The object and the area that the words mean. Of a configured area always the whole counts, because roots anywhere in
 * it may reference the object. Without any area it is the bucket of the object's URL.
 *
 * @throws UsageError
 */
export async function explainedArea(
  words: readonly [object: string, ...locations: string[]],
  options: AreaOptions,
  io: Io,
): Promise<ExplainedArea> {
  const { cwd } = io;
  if (words[0] === '') {
    throw new UsageError('The object is an empty text (an unset variable?). Give its URL, or its path.');
  }
  const config = await configOf(options.config, io);
  const [name, ...places] = await inOrder(words, config, cwd);
  const source = options.config ?? 'steward.json';
  if (config.area.length === 0) {
    const bucket = places.length === 0 ? bucketOf(urlOnConsolePage(name) ?? name) : null;
    return bucket === null
      ? { name, places, options, note: null }
      : {
          name,
          places: [bucket],
          options,
          note: `No location was given, and ${source} has no "area", so the bucket ${bucket} is judged. Checkpoints in other buckets were not looked at.`,
        };
  }
  if (places.length === 0) return { name, places, options, note: null };
  const entries = entriesOf(places, options, config, cwd);
  const extent = (await compareWithConfigured(places, entries, config, cwd))?.extent;
  const here = places.join(', ');
  if ((extent === 'whole' || extent === 'part') && (await areConfigured(entries, config.area, cwd))) {
    const { as, ...others } = options;
    return {
      name,
      places: [],
      options: as === undefined || config.area.length > 1 ? others : options,
      note:
        extent === 'whole'
          ? null
          : `${here}: this is only a part of the area in ${source}. The whole area is judged, because checkpoints anywhere in it may reference the object.`,
    };
  }
  const note =
    extent === 'elsewhere' || extent === 'more'
      ? `${here}: this is ${extent === 'more' ? 'more than' : 'not a part of'} the area in ${source}. Only what was typed is judged.`
      : null;
  return { name, places, options, note };
}

/** The object first: two words are also understood in the order of version 0.1.0, the location first. */
async function inOrder(
  words: readonly [object: string, ...locations: string[]],
  { area }: StewardConfig,
  cwd: string,
): Promise<readonly [string, ...string[]]> {
  const [first, second, ...others] = words;
  if (second === undefined || others.length > 0) return words;
  const [one, other] = await Promise.all([placeOf(first, cwd), placeOf(second, cwd)]);
  if (one === null) return words;
  const isOld =
    other === null ||
    (one.kind === other.kind ? isAbove(one, other) : one.kind === 'directory' && !holdsLocation(other, area));
  return isOld ? [second, first] : words;
}

/** Whether a URL is that of a bucket, of a configured location, or of a place above one. */
function holdsLocation({ path }: Place, area: readonly AreaEntry[]): boolean {
  const below = (url: string): string => `${url.replace(/^s3[anp]?:\/\//, '').replace(/\/+$/, '')}/`;
  const isConfigured = area.some((entry) => entry.kind === 's3' && below(entry.url).startsWith(below(path)));
  return isConfigured || !path.replace(/\/+$/, '').includes('/');
}

interface Place {
  readonly kind: 'directory' | 'bucket';
  readonly path: string;
}

/** A word that may be a location: a directory that exists, or a URL. */
async function placeOf(word: string, cwd: string): Promise<Place | null> {
  const url = urlOnConsolePage(word) ?? word;
  if (bucketOf(url) !== null) {
    return { kind: 'bucket', path: url.replace(/^s3[anp]?:\/\//, '') };
  }
  const path = resolve(cwd, word);
  const found = word === '' ? null : await stat(path).catch(() => null);
  return found?.isDirectory() ? { kind: 'directory', path: await realPlace(path) } : null;
}

function isAbove(outer: Place, inner: Place): boolean {
  const [around, within] = [outer, inner].map(({ path }) => `${path.replace(/\/+$/, '')}/`);
  return around !== within && (within ?? '').startsWith(around ?? '');
}

/** `s3://bucket`, for any URL in it. */
function bucketOf(text: string): string | null {
  const bucket = /^s3[anp]?:\/\/([^/]+)/.exec(text)?.[1];
  return bucket === undefined ? null : `s3://${bucket}`;
}

/** Whether typed locations are of the configured kind: a copy that stands for a configured bucket is another place. */
async function areConfigured(
  entries: readonly AreaEntry[],
  configured: readonly AreaEntry[],
  cwd: string,
): Promise<boolean> {
  const known = await Promise.all(configured.map((entry) => realOf(entry, cwd)));
  const typed = await Promise.all(entries.map((entry) => realOf(entry, cwd)));
  return typed.every(({ kind, place }) =>
    known.some(
      (other) =>
        other.kind === kind &&
        (kind === 's3'
          ? other.place === place
          : pathBelow(other.place, place) !== null || pathBelow(place, other.place) !== null),
    ),
  );
}

async function realOf(
  entry: AreaEntry,
  cwd: string,
): Promise<{ readonly kind: AreaEntry['kind']; readonly place: string }> {
  return {
    kind: entry.kind,
    place: entry.kind === 's3' ? (bucketOf(entry.url) ?? entry.url) : await realPlace(resolve(cwd, entry.path)),
  };
}
