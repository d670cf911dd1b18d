import { nameOf, outermostOf, parentOf, type Site } from './sites.ts';

/** Which folders belong into the area, so that nothing that shares state is left out. */

/** A folder for the area, with the sites because of which it is there. */
export interface AreaFolder {
  /** Key prefix, empty or with a closing slash. */
  readonly path: string;
  readonly sites: readonly Site[];
  /** How many folders with random names are below it, of those that were looked into; undefined without entropy. */
  readonly randomFolders?: number;
}

/** More folders than that under one are replaced by that one: a list that nobody reads is no help. */
const MOST_SIBLINGS = 8;
/** Names of folders that are set as a whole, with regions, teams or jobs below. */
const WHOLE = /(?:^|[-_.])(?:check|save)points?(?:$|[-_.])/i;

/** Regions, teams and environments: so many levels of them are below such a folder. */
const MOST_LEVELS = 3;

/** What is known of how completely a folder was looked into. */
export interface Sampling {
  /** Folders whose own folders were not all looked into. */
  readonly sampled: ReadonlySet<string>;
  /** What was asked for: nothing above it is proposed. */
  readonly start: string;
  /** Folders above random names. */
  readonly entropy: ReadonlyMap<string, number>;
}

/**
 * Chooses the folders. High-availability storage needs no place in the area: nothing there is collected.
 *
 * A folder above is chosen instead where it is named for the purpose, where several such folders are right below it, and
 * where only some of its folders were looked into. The area gets larger by that, which costs requests and no safety.
 */
export function areaFolders(sites: readonly Site[], sampling: Sampling): readonly AreaFolder[] {
  const state = sites.filter(({ kind }) => kind !== 'high-availability');
  const { entropy } = sampling;
  const lifted = new Map<string, string>();
  for (const each of state) lifted.set(each.path, liftedPath(each, state, sampling));
  const crowded = joinCrowds([...lifted.values(), ...entropy.keys()], sampling.start);
  return outermostOf(crowded.map(nameable)).map((path) => {
    const random = entropy.get([...entropy.keys()].find((above) => above.startsWith(path)) ?? '-');
    return {
      path,
      sites: state.filter((each) => each.path.startsWith(path)),
      ...(random === undefined ? {} : { randomFolders: random }),
    };
  });
}

function liftedPath(site: Site, all: readonly Site[], { sampled, start }: Sampling): string {
  // A root under a name of its own: others are put beside it.
  const isLone = site.kind === 'roots' && parentOf(site.path) !== '' && mayLift(site.path, start);
  let path = isLone ? parentOf(site.path) : site.path;
  const above = parentOf(path);
  const isOneOfSeveral = all.some(
    ({ kind, path: other }) => kind === site.kind && other !== path && parentOf(other) === above,
  );
  if (isOneOfSeveral && above !== '' && mayLift(path, start)) path = above;
  path = namedAbove(path, start) ?? path;
  while (path !== '' && mayLift(path, start) && sampled.has(parentOf(path))) path = parentOf(path);
  return path;
}

/** The nearest folder above that is named for what is below it; null where there is none, or it is named itself. */
function namedAbove(path: string, start: string): string | null {
  if (WHOLE.test(nameOf(path))) return null;
  for (let above = path, level = 0; level < MOST_LEVELS && mayLift(above, start); level++) {
    above = parentOf(above);
    if (WHOLE.test(nameOf(above))) return above;
  }
  return null;
}

/**
 * The innermost folder of a path that a location can name. Paths are compared as Flink writes them, without empty folders,
 * `.` and `..`; the objects of `x//y/` are found by `x` alone.
 */
function nameable(path: string): string {
  const folders = path.split('/').slice(0, -1);
  const end = folders.findIndex((name) => /^\.{0,2}$|\\/.test(name));
  return end === -1
    ? path
    : folders
        .slice(0, end)
        .map((name) => `${name}/`)
        .join('');
}

function mayLift(path: string, start: string): boolean {
  return parentOf(path).startsWith(start);
}

function joinCrowds(paths: readonly string[], start: string): readonly string[] {
  const crowds = new Map<string, Set<string>>();
  for (const path of paths) {
    for (let above = path; above !== '' && mayLift(above, start); ) {
      above = parentOf(above);
      crowds.set(above, (crowds.get(above) ?? new Set()).add(path));
    }
  }
  const joined = [...crowds]
    .filter(([, below]) => outermostOf([...below]).length > MOST_SIBLINGS)
    .map(([above]) => above);
  // The innermost folder that joins a crowd is enough.
  const innermost = joined.filter((above) => !joined.some((other) => other !== above && other.startsWith(above)));
  return [...paths, ...innermost];
}
