import { type FlinkPath, placeOf } from '../flink/state-path.ts';
import { type AreaLocation, overlap } from './area.ts';

/** A bucket, or a prefix of one, as a location of an area. */
export function bucketLocation(name: string, path: FlinkPath): AreaLocation {
  const { store, key } = placeOf(path);
  return { name, store, prefix: key === '' ? '' : `${key}/`, hidden: 0 };
}

/**
 * Why these locations can't be surveyed together, and what to do; null where they can. The first sentence is what is wrong,
 * the second what helps, so that what follows from it can stand between them.
 *
 * @param isBucket whether a location is a bucket; a directory that stands for one can be given another URL.
 */
export function overlapProblem(
  locations: readonly AreaLocation[],
  isBucket: (location: AreaLocation) => boolean = ({ name }) => /^s3[anp]?:\/\//i.test(name),
): { readonly problem: string; readonly advice: string } | null {
  const both = overlap(locations);
  if (both === null) return null;
  const [outer, inner] = both;
  if (both.every(isBucket)) {
    return outer.prefix === inner.prefix
      ? { problem: `${outer.name} and ${inner.name} are the same location.`, advice: 'Give it only once.' }
      : {
          problem: `${inner.name} is inside ${outer.name}, so its objects would be judged twice.`,
          advice: 'Give only the outer location.',
        };
  }
  const [around, within] = both.map(({ name, store, prefix }) => `${name} (as ${store}/${prefix})`);
  return {
    problem: `The URL of ${within} is inside the URL of ${around}, so a reference could mean a file in either of them.`,
    advice: 'Give them different URLs with "as", or give only the outer location.',
  };
}
