/**
 * How locations that somebody names lie to the area that the configuration lists. References may cross anywhere inside
 * an area, so a part of one can't show who names its files.
 */

/** A location, by what tells whether two of them are one place. */
export interface NamedPlace {
  /** As people call it. */
  readonly name: string;
  /** What references call it: a URL in its one form, with a closing slash. */
  readonly url: string;
  /** The real path of a directory, with a closing separator; null for a bucket. */
  readonly path: string | null;
}

/** A location of the configuration that is not scanned. */
export interface LeftOut {
  readonly name: string;
  /** Whether a part of it is scanned. */
  readonly partly: boolean;
}

/** How the typed locations relate to the area of the configuration. */
export interface AreaComparison {
  /** `whole`: the area, no more and no less. `more`: all of it and something else. `elsewhere`: nothing of it. */
  readonly extent: 'whole' | 'more' | 'part' | 'elsewhere';
  /** Of the configuration's locations, in its order. */
  readonly leftOut: readonly LeftOut[];
}

/**
 * @param configured the area of the configuration, at least one location.
 * @param named what takes its place.
 */
export function compareAreas(configured: readonly NamedPlace[], named: readonly NamedPlace[]): AreaComparison {
  const leftOut = configured
    .filter((place) => !named.some((other) => contains(other, place)))
    .map((place) => ({ name: place.name, partly: named.some((other) => contains(place, other)) }));
  return { extent: extentOf(configured, named, leftOut), leftOut };
}

function extentOf(
  configured: readonly NamedPlace[],
  named: readonly NamedPlace[],
  leftOut: readonly LeftOut[],
): AreaComparison['extent'] {
  if (leftOut.length === 0) {
    return named.every((place) => configured.some((other) => contains(other, place))) ? 'whole' : 'more';
  }
  return leftOut.length === configured.length && leftOut.every(({ partly }) => !partly) ? 'elsewhere' : 'part';
}

/**
 * Two directories are held together by where they lie: both may be copies that stand for one bucket. A directory and a
 * bucket are one place where the directory stands for the bucket, because it may be a mount of it.
 */
function contains(outer: NamedPlace, inner: NamedPlace): boolean {
  return outer.path !== null && inner.path !== null
    ? inner.path.startsWith(outer.path)
    : inner.url.startsWith(outer.url);
}
