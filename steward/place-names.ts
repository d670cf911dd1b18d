import { accessPointOf } from '#core/area/access-points.ts';
import { Area, type AreaLocation, overlap, type PlaceMapping } from '#core/area/area.ts';
import { placeOf, printFlinkPath, printPlace } from '#core/flink/state-path.ts';
import { LocationError } from './open-area.ts';

/** Checks the aliases and copies of the configuration against the area. */

export interface NamedArea {
  readonly locations: readonly { readonly area: AreaLocation }[];
  readonly aliases: readonly PlaceMapping[];
  readonly copies: readonly PlaceMapping[];
}

/**
 * Refuses aliases by which one object has two names in the area. It would be garbage under the name that no checkpoint
 * uses, and deleting it under that name would delete the live object.
 *
 * @returns notes about settings that work, but may be mistakes.
 * @throws LocationError
 */
export function checkPlaceNames({ locations, aliases, copies }: NamedArea): readonly string[] {
  const area = new Area([], [], aliases);
  const all = locations.map((location) => location.area);
  const twins = overlap(all, (place) => area.canonical(place));
  if (twins !== null) {
    const [outer, inner] = twins.map(({ name }) => name);
    throw new LocationError(
      `By "aliases" ${inner} is ${isSame(area, twins) ? 'the same location as' : 'a part of'} ${outer}, so its objects would be judged twice, and would be garbage under one of the two names. Nothing was done. Give only ${outer}; the alias resolves references to the other name.`,
    );
  }
  for (const { from, to } of copies) {
    const [original, copy] = [area.canonical(placeOf(from)), area.canonical(placeOf(to))];
    if (printPlace(original) === printPlace(copy)) {
      throw new LocationError(
        `"copies" declares ${printFlinkPath(to)} as a copy of ${printFlinkPath(from)}, but both are the same location. A copy has its own objects. Nothing was done. Remove this entry.`,
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

/** A copy outside all locations is not scanned, so it has no effect. */
function strayCopy(
  locations: readonly AreaLocation[],
  aliases: readonly PlaceMapping[],
  { from, to }: PlaceMapping,
): readonly string[] {
  const area = new Area(locations, [], aliases);
  const { store, key } = area.canonical(placeOf(to));
  const isInArea =
    area.locate({ store, key: key === '' ? 'x' : `${key}/x` }).within === 'area' ||
    locations.some((location) => location.store === store && location.prefix.startsWith(key === '' ? '' : `${key}/`));
  return isInArea
    ? []
    : [
        `"copies" declares ${printFlinkPath(to)} as a copy of ${printFlinkPath(from)}, but it is not in this area, so it is not scanned.`,
      ];
}

/** An access point alias can be surveyed like a bucket, but jobs may know the bucket by its own name. */
function unnamedPoint({ name, store }: AreaLocation, aliases: readonly PlaceMapping[]): readonly string[] {
  const point = accessPointOf(store);
  const isNamed = aliases.some(({ from, to }) => [from, to].some((path) => placeOf(path).store === store));
  return point === null || isNamed
    ? []
    : [
        `${name} is ${point.what}, which is another name of a bucket. If jobs write the name of the bucket into their checkpoints, add "aliases": {"s3://BUCKET": ${JSON.stringify(point.name)}} to steward.json, and list no part of that bucket as a location.`,
      ];
}
