import { type FlinkPath, type Place, placeOf, printPlace } from '../flink/state-path.ts';

/**
 * The area: the places that are surveyed together, among which references may cross.
 */

/** One location of the area: a bucket and a prefix, or a directory and the URL by which checkpoints reference it. */
export interface AreaLocation {
  /** As the user wrote it. */
  readonly name: string;
  /** `s3://bucket`, `file://`, …: what references call this place. */
  readonly store: string;
  /** Key prefix there, empty or with a closing slash. */
  readonly prefix: string;
  /**
   * How many characters of a key there the store behind it does not know: 0 for a bucket, the length of `prefix` for
   * a directory, whose keys are the paths below it.
   */
  readonly hidden: number;
}

export interface PlaceInArea {
  readonly within: 'area';
  readonly location: number;
  readonly key: string;
}

/** Where a place lies, seen from the area. */
export type Whereabouts =
  | PlaceInArea
  /** In a place that the operator declared as known and foreign. */
  | { readonly within: 'declared' }
  | { readonly within: 'elsewhere' };

/** What {@link printPlace} prints: the store with its authority, which may be empty, and the key. */
const PRINTED = /^([A-Za-z][\w+.-]*:\/\/[^/]*)\/(.*)$/s;
const DECLARED: Whereabouts = { within: 'declared' };
const ELSEWHERE: Whereabouts = { within: 'elsewhere' };

/** That what lies below one place is found below another one, too. */
export interface PlaceMapping {
  readonly from: FlinkPath;
  readonly to: FlinkPath;
}

/** The same, in the form in which places are compared. */
export interface Mapping {
  readonly from: Place;
  readonly to: Place;
}

/** All locations that are scanned together, and what a path in a root means in them. */
export class Area {
  readonly locations: readonly AreaLocation[];
  readonly #outside: readonly Place[];
  readonly #aliases: readonly Mapping[];
  readonly #copies: readonly Mapping[];

  /**
   * @param locations none may lie within another: {@link overlap} finds those.
   * @param outside places known to be foreign.
   * @param aliases other names of places, longest first match.
   * @param copies places of which the operator keeps a copy. What is copied is known, so it need not be named in
   *   `outside`, and it is no matter whether it is.
   */
  constructor(
    locations: readonly AreaLocation[],
    outside: readonly FlinkPath[] = [],
    aliases: readonly PlaceMapping[] = [],
    copies: readonly PlaceMapping[] = [],
  ) {
    this.locations = locations;
    this.#aliases = aliases.map(mappingOf).sort((a, b) => b.from.key.length - a.from.key.length);
    this.#copies = copies
      .map(mappingOf)
      .map(({ from, to }) => ({ from: this.canonical(from), to: this.canonical(to) }));
    this.#outside = [...outside.map(placeOf), ...this.#copies.map(({ from }) => from)];
  }

  /** Whether a path can lead nowhere but to where it is written: no place has another name, and none is a copy. */
  get isLiteral(): boolean {
    return this.#aliases.length + this.#copies.length === 0;
  }

  /** The one name of a place that may be known under several. */
  canonical(place: Place): Place {
    const alias = this.#aliases.find(({ from }) => isWithin(place, from));
    return alias === undefined ? place : moved(place, alias);
  }

  /** A place inside the area is never mapped out of it, even by an alias, such as one that was written in reverse. */
  locate(place: Place): Whereabouts {
    const canonical = this.canonical(place);
    const inArea = this.#find(canonical) ?? this.#find(place);
    return inArea ?? (this.#outside.some((declared) => isWithin(canonical, declared)) ? DECLARED : ELSEWHERE);
  }

  /** Where in the area an alias has a directory of it: null where that is the directory itself, or outside. */
  otherPlaceOf(location: number, path: string): PlaceInArea | null {
    if (this.#aliases.length === 0) {
      return null;
    }
    const here = { store: this.#location(location).store, key: path };
    const there = this.canonical(here);
    return printPlace(here) === printPlace(there) ? null : this.#find(there);
  }

  /** The alias by which a place got its one name; null where it bears that name already. */
  aliasOf(place: Place): Mapping | null {
    return this.#aliases.find(({ from }) => isWithin(place, from)) ?? null;
  }

  /** The declared copy that holds a place of the area: what it is a copy of, and where it lies. Null outside of copies. */
  copyAt(reader: Pick<PlaceInArea, 'location' | 'key'>): Mapping | null {
    const reading = this.canonical({ store: this.#location(reader.location).store, key: reader.key });
    return this.#copies.find(({ to }) => isWithin(reading, to)) ?? null;
  }

  /**
   * Where the copy that holds `reader` keeps what lies at a place of its original: Flink writes absolute paths, so the
   * roots of a copy name the files of the original. Null where `reader` lies in no copy of that place.
   */
  ownCopyOf(place: Place, reader: Pick<PlaceInArea, 'location' | 'key'>): PlaceInArea | null {
    if (this.#copies.length === 0) {
      return null;
    }
    const original = this.canonical(place);
    const reading = this.canonical({ store: this.#location(reader.location).store, key: reader.key });
    const own = this.#copies.find(({ from, to }) => isWithin(reading, to) && isWithin(original, from));
    return own === undefined ? null : this.#find(moved(original, own));
  }

  /** Whether a key lies in a declared copy. */
  isCopied({ location, key }: Pick<PlaceInArea, 'location' | 'key'>): boolean {
    if (this.#copies.length === 0) {
      return false;
    }
    const place = this.canonical({ store: this.#location(location).store, key });
    return this.#copies.some(({ to }) => isWithin(place, to));
  }

  #find({ store, key }: Place): PlaceInArea | null {
    for (const [location, { store: itsStore, prefix }] of this.locations.entries()) {
      if (store === itsStore && key.startsWith(prefix)) {
        return { within: 'area', location, key };
      }
    }
    return null;
  }

  /** The key by which the store behind a location knows an object. */
  storeKey(location: number, key: string): string {
    return key.slice(this.#location(location).hidden);
  }

  /** The other way round: the whole key of what a location's store calls `storeKey`. */
  wholeKey(location: number, storeKey: string): string {
    const { prefix, hidden } = this.#location(location);
    return `${prefix.slice(0, hidden)}${storeKey}`;
  }

  url(location: number, key: string): string {
    return printPlace({ store: this.#location(location).store, key });
  }

  /**
   * The other way round: where a URL leads that {@link url} gave, character by character; also one that it gave while
   * this place had another name, which `aliases` tell. Null where that is not in the area.
   */
  placeOfUrl(url: string): { readonly location: number; readonly key: string } | null {
    const [, store, key] = PRINTED.exec(url) ?? [];
    if (store === undefined || key === undefined) {
      return null;
    }
    const here = this.#find({ store, key }) ?? this.#find(this.canonical({ store, key }));
    return here === null ? null : { location: here.location, key: here.key };
  }

  /** This area's own name of what a URL leads to. A URL that leads out of the area is returned unchanged. */
  ownUrl(url: string): string {
    const place = this.placeOfUrl(url);
    return place === null ? url : this.url(place.location, place.key);
  }

  #location(index: number): AreaLocation {
    const location = this.locations[index];
    if (location === undefined) {
      throw new RangeError(`No location ${index} in an area of ${this.locations.length}.`);
    }
    return location;
  }
}

/**
 * The first two locations of which one contains the other. An object must lie in one location only: it would be
 * judged twice otherwise.
 *
 * @param canonical the one name of a place that may be known under several.
 */
export function overlap(
  locations: readonly AreaLocation[],
  canonical: (place: Place) => Place = (place) => place,
): readonly [AreaLocation, AreaLocation] | null {
  const places = locations.map(({ store, prefix }) => canonical({ store, key: prefix.replace(/\/$/, '') }));
  for (const [at, outer] of locations.entries()) {
    for (const [other, inner] of locations.entries()) {
      const [around, within] = [places[at], places[other]];
      if (at !== other && around !== undefined && within !== undefined && isWithin(within, around)) {
        return [outer, inner];
      }
    }
  }
  return null;
}

function mappingOf({ from, to }: PlaceMapping): Mapping {
  return { from: placeOf(from), to: placeOf(to) };
}

/** A place within `to`, as it is called below `from`; null where it lies elsewhere. */
export function movedBack(place: Place, { from, to }: Mapping): Place | null {
  return isWithin(place, to) ? moved(place, { from: to, to: from }) : null;
}

/** A place within `from`, as it is found below `to`. */
function moved(place: Place, { from, to }: Mapping): Place {
  const rest = place.key.slice(from.key.length).replace(/^\//, '');
  if (rest === '') {
    return to;
  }
  const base = to.key === '' || to.key.endsWith('/') ? to.key : `${to.key}/`;
  return { store: to.store, key: `${base}${rest}` };
}

function isWithin(place: Place, root: Place): boolean {
  if (place.store !== root.store) {
    return false;
  }
  return (
    root.key === '' ||
    place.key === root.key ||
    place.key.startsWith(root.key.endsWith('/') ? root.key : `${root.key}/`)
  );
}
