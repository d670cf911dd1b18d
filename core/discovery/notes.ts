import { count } from '../quantity.ts';
import { type Draft, type DraftedPlace, isIn, placeIn, shownPlace } from './draft.ts';
import { MOST_JOBS } from './next-looks.ts';
import type { Site } from './sites.ts';

/** What is not certain about what was found, in sentences. */

const MOST_NAMED = 3;

/** The sentences, place by place. */
export function discoveryNotes({ places }: Draft): readonly string[] {
  return places.flatMap((place) => [
    ...emptyNote(place),
    ...unseenNotes(place),
    ...jobNotes(place),
    ...twinNotes(place),
    ...rootNotes(place),
  ]);
}

/** Whether there is nothing at all. */
export function isEmptyPlace({ found }: DraftedPlace): boolean {
  return found.looks.every(({ folders, files }) => folders.length + files.length === 0);
}

function emptyNote(place: DraftedPlace): readonly string[] {
  if (place.folders.length > 0) return [];
  return [`Nothing in ${shownStart(place)} looks like Flink's checkpoints or savepoints, so it is not proposed.`];
}

function shownStart({ found }: DraftedPlace): string {
  return shownPlace(placeIn(found.top, found.start));
}

function unseenNotes({ found, folders }: DraftedPlace): readonly string[] {
  const covered = (path: string): boolean => folders.some((folder) => path.startsWith(folder.path));
  const unseen = [...found.leftOut].filter(([path]) => !covered(path)).sort(([, a], [, b]) => b - a);
  const named = unseen.slice(0, MOST_NAMED).map(([path, number]) => {
    return `${shownPlace(placeIn(found.top, path))} (${count(number, 'folder')} or more)`;
  });
  if (named.length === 0) return [];
  const more = unseen.length > MOST_NAMED ? ', and others' : '';
  const why = found.isCut ? 'The limit of requests was reached' : 'Some folders were sampled';
  return [
    `${why}, so not everything was searched in ${named.join(', ')}${more}. If checkpoints or savepoints are there, add them to "area". The first run that deletes lists the rest of the bucket, and stops if one of them needs files of the area.`,
  ];
}

/** A few of many jobs tell what a folder is, and not what each of them references. */
function jobNotes({ found, sites }: DraftedPlace): readonly string[] {
  const many = sites.filter(({ kind, names }) => kind === 'checkpoints' && names.length > MOST_JOBS);
  return many.map(
    ({ path, names, isWhole }) =>
      `${MOST_JOBS} of ${isWhole ? '' : 'more than '}${count(names.length, 'job')} in ${shownPlace(placeIn(found.top, path))} were read. If another job references files elsewhere, "steward audit" shows where.`,
  );
}

/** The same job in two places: a copy, or two clusters that share a job id, each with its own files. */
function twinNotes({ found, sites, entropy: random }: DraftedPlace): readonly string[] {
  const checkpoints = sites.filter(({ kind }) => kind === 'checkpoints');
  const entropy = [...random.keys()];
  const isOriginal = ({ path }: Site): boolean => {
    const place = placeIn(found.top, path);
    const own = found.roots.filter(({ root }) => isIn(root, place));
    return own.some(({ folders }) => folders.some(({ folder }) => isIn(folder, place)));
  };
  const isNamed = (site: Site): boolean =>
    found.names.some(({ to }) => shownPlace(placeIn(found.top, site.path)).startsWith(shownPlace(to)));
  const twins = checkpoints.flatMap((site, at) =>
    checkpoints
      .slice(at + 1)
      .filter((other) => other.names.some((name) => site.names.includes(name)))
      .filter((other) => !entropy.some((above) => site.path.startsWith(above) && other.path.startsWith(above)))
      .filter((other) => !isNamed(site) && !isNamed(other) && !(isOriginal(site) && isOriginal(other)))
      .map((other) => [site, other] as const),
  );
  return twins.slice(0, MOST_NAMED).map(([one, other]) => {
    const [here, there] = [one, other].map(({ path }) => shownPlace(placeIn(found.top, path)));
    return `The same job ids are in ${here} and ${there}. If one is a copy of the other, declare it in "copies". Until then, both are in the area.`;
  });
}

function rootNotes({ found }: DraftedPlace): readonly string[] {
  const partial = found.roots.filter(({ isWhole }) => !isWhole);
  const [first] = partial;
  if (first === undefined) return [];
  const others = partial.length > 1 ? ` and ${count(partial.length - 1, 'other')}` : '';
  return [
    `${shownPlace(first.root)}${others} could not be read to the end, so some of the files that it references may be missing here. "steward audit" reads all of it, or says why it can't.`,
  ];
}
