import { accessPointOf } from '#core/area/access-points.ts';
import { Area, type AreaLocation, overlap, type PlaceMapping } from '#core/area/area.ts';
import { placeOf, printFlinkPath, printPlace } from '#core/flink/state-path.ts';
import { LocationError } from './open-area.ts';

/** What a configuration says of the names of places, held against the area. */

export interface NamedArea {
  readonly locations: readonly { readonly area: AreaLocation }[];
  readonly aliases: readonly PlaceMapping[];
  readonly copies: readonly PlaceMapping[];
}

/**
 * Refuses what would show one object under two names: it would be garbage under the one that no checkpoint uses, and
 * whoever deletes it there deletes it everywhere.
 *
 * @returns notes on what works, but may not be meant.
 * @throws LocationError
 */
export function checkPlaceNames({ locations, aliases, copies }: NamedArea): readonly string[] {
  const area = new Area([], [], aliases);
  const all = locations.map((location) => location.area);
  const twins = overlap(all, (place) => area.canonical(place));
  if (twins !== null) {
    const [outer, inner] = twins.map(({ name }) => name);
    throw new LocationError(
      `By "aliases" ${inner} is ${isSame(area, twins) ? 'the same place as' : 'a part of'} ${outer}, so its objects would be judged twice, and are garbage under one of the two names. Name ${outer} only; references to the other name are understood by the alias.`,
    );
  }
  for (const { from, to } of copies) {
    const [original, copy] = [area.canonical(placeOf(from)), area.canonical(placeOf(to))];
    if (printPlace(original) === printPlace(copy)) {
      throw new LocationError(
        `"copies" says that ${printFlinkPath(to)} is a copy of ${printFlinkPath(from)}, but they are one place. A copy holds objects of its own; declare one of the two.`,
      );
    }
  }
  return [
    ...copies.flatMap((copy) => strayCopy(all, aliases, copy)),
    ...all.flatMap((one) => unnamedPoint(one, aliases)),
  ];
}

function isSame(area: Area, [outer, inner]: readonly [AreaLocation, AreaLocation]): boolean {
  const [one, other] = [outer, inner].map(({ store, prefix: key }) =>
    printPlace(area.canonical({ store, key: key.replace(/\/$/, '') })),
  );
  return one === other;
}

/** A copy that no location holds is not looked at, and so protects nothing. */
function strayCopy(
  locations: readonly AreaLocation[],
  aliases: readonly PlaceMapping[],
  { from, to }: PlaceMapping,
): readonly string[] {
  const area = new Area(locations, [], aliases);
  const { store, key } = area.canonical(placeOf(to));
  const isHere =
    area.locate({ store, key: key === '' ? 'x' : `${key}/x` }).within === 'area' ||
    locations.some((location) => location.store === store && location.prefix.startsWith(key === '' ? '' : `${key}/`));
  return isHere
    ? []
    : [
        `"copies" says that ${printFlinkPath(to)} is a copy of ${printFlinkPath(from)}, but it is no part of this area, so nothing there is seen.`,
      ];
}

/** An access point alias can be surveyed like a bucket, but jobs may know the bucket by its own name. */
function unnamedPoint({ name, store }: AreaLocation, aliases: readonly PlaceMapping[]): readonly string[] {
  const point = accessPointOf(store);
  const isNamed = aliases.some(({ from, to }) => [from, to].some((path) => placeOf(path).store === store));
  return point === null || isNamed
    ? []
    : [
        `${name} is ${point.what}, another name of a bucket. If jobs write the name of that bucket into their checkpoints, add "aliases": {"s3://BUCKET": ${JSON.stringify(point.name)}} to steward.json, and name no part of that bucket as a location of its own.`,
      ];
}
