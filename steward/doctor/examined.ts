import type { OpenedArea } from '../open-area.ts';

/** A location that is examined. */

export type Location = OpenedArea['locations'][number];

/** One location, by the number that it has in the area. */
export interface Examined {
  readonly at: number;
  readonly location: Location;
  /** As people know it. */
  readonly name: string;
  /** The prefix of its keys, as its store knows them. */
  readonly prefix: string;
  /** What rights on its objects are granted on: `arn:aws:s3:::bucket/prefix*`. Null for a directory. */
  readonly arn: string | null;
  readonly signal: AbortSignal | undefined;
}

/** The locations of an area, to be examined one by one. */
export function examinedLocations(
  locations: OpenedArea['locations'],
  signal: AbortSignal | undefined,
): readonly Examined[] {
  return locations.map((location, at) => {
    const { area, reach } = location;
    const prefix = area.prefix.slice(area.hidden);
    const arn = reach.kind === 'bucket' ? `arn:aws:s3:::${reach.bucket}/${prefix}*` : null;
    return { at, location, name: area.name, prefix, arn, signal };
  });
}

/** The signal as the options of a request. */
export function ask({ signal }: Pick<Examined, 'signal'>): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}
