import { isAbsolute, relative, sep } from 'node:path';
import type { BucketSettings } from '#config/steward-config.ts';
import { shownPlace } from '#core/discovery/draft.ts';
import type { ProposedLocation } from '#core/discovery/proposed.ts';
import type { BucketConnection } from '../open-area.ts';

/** The entries of `area` as they are written into the file. */

/**
 * @param folder the folder of the file; its directories are relative to it.
 * @param connection how the buckets were reached, so that the next command reaches them without options.
 */
export function writtenArea(
  area: readonly ProposedLocation[],
  folder: string,
  connection: BucketConnection,
): readonly (string | Readonly<Record<string, unknown>>)[] {
  const settings = settingsOf(connection);
  return area.map(({ place, as }) => {
    if (place.store === 'file://') {
      const path = pathFrom(folder, `/${place.key}`);
      return as === null ? path : { path, as };
    }
    const url = shownPlace(place);
    return Object.keys(settings).length === 0 ? url : { bucket: url, ...settings };
  });
}

function settingsOf({ endpoint, region, pathStyle, requesterPays }: BucketConnection): BucketSettings {
  return {
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
    ...(pathStyle === true ? { pathStyle } : {}),
    ...(requesterPays === true ? { requesterPays } : {}),
  };
}

/** Relative where that is short: the file and the directories are likely to be moved together. */
export function pathFrom(folder: string, path: string): string {
  const way = relative(folder, path);
  if (way === '') return '.';
  const isFar = isAbsolute(way) || way.startsWith(`..${sep}..`);
  return isFar ? path : way.split(sep).join('/');
}
