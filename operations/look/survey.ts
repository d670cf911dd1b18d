import { Area, type AreaLocation, type PlaceMapping } from '#core/area/area.ts';
import { assumeQuarantined } from '#core/collect/assume-quarantined.ts';
import { reasonsAgainst } from '#core/collect/decidability.ts';
import type { Evidence } from '#core/collect/evidence.ts';
import { foreignJobs } from '#core/collect/foreign-jobs.ts';
import type { Liveness } from '#core/collect/liveness.ts';
import { type Memory, NO_MEMORY } from '#core/collect/memory.ts';
import { type Declarations, gatherOwners, type Owners } from '#core/collect/owners.ts';
import { Reachability } from '#core/collect/reachability.ts';
import type { Root } from '#core/collect/roots.ts';
import type { CollectSettings } from '#core/collect/settings.ts';
import type { Undecidable } from '#core/collect/undecidable.ts';
import type { FlinkPath, Place } from '#core/flink/state-path.ts';
import type { ObjectTable } from '#core/inventory/object-table.ts';
import { type KnownNames, NO_NAMES, namesOf } from '#core/jobs/job-names.ts';
import { withoutRoots } from '#core/retention/without-roots.ts';
import { MOST_CLOCK_SKEW } from '#operations/clock-skew.ts';
import type { RootCache } from '#operations/ledger/root-cache.ts';
import { reallyWait, type Wait } from '#operations/wait.ts';
import type { ObjectStore } from '#ports/object-store.ts';
import type { RunningJobs } from '#ports/running-jobs.ts';
import { type ArchiveNotes, markArchiveTiers } from './archive-tiers.ts';
import { askClusters } from './ask-clusters.ts';
import { directoryId } from './held-directories.ts';
import { type ListedMarker, listObjects } from './list-objects.ts';
import { type RenamedRoots, readRenamedRoots } from './renamed-roots.ts';
import type { ListedRoot, SurveyedLocation } from './root-listing.ts';
import { RootSweep } from './root-rounds.ts';
import type { SurveyProgress } from './survey-progress.ts';

/** Looks at an area: lists it, reads its roots, marks what they name. Changes nothing. */

/** An area, and how it is surveyed. */
export interface SurveyInput {
  readonly locations: readonly SurveyLocation[];
  readonly outside: readonly FlinkPath[];
  readonly aliases: readonly PlaceMapping[];
  /** Places of which the operator keeps a copy. @default none */
  readonly copies?: readonly PlaceMapping[];
  readonly settings: CollectSettings;
  /** Job ids that the operator calls dead in the configuration. */
  readonly deadJobs: readonly string[];
  /**
   * Whether the configuration protects a key: the whole key or the one the store knows, as such or after a slash. Null
   * where it protects none.
   */
  readonly protects: ((key: string) => boolean) | null;
  /** Our own clock, epoch milliseconds, to hold against the stores'. */
  readonly clock: () => number;
  /** What earlier runs know of these objects; asked once all are listed. */
  readonly recall?: (area: Area, objects: ObjectTable) => Memory | Promise<Memory>;
  /** Copies of roots, by the start of the run. */
  readonly openCache?: (start: number) => Promise<RootCache>;
  /** When the ledger says that a job was declared dead, epoch milliseconds; null where it does not. */
  readonly declaredDeadAt?: (job: string) => number | null;
  /** Flink clusters whose jobs may be in this area. */
  readonly running?: readonly RunningJobs[];
  /** Names of jobs that clusters have reported before. @default none */
  readonly knownNames?: KnownNames;
  /** As if all garbage had served its quarantine. Only for a look ahead. */
  readonly assumeQuarantined?: boolean;
  /** Directories that held a root in the last run: their keys have a closing slash. */
  readonly earlierDirectories?: readonly Place[];
  /** How the time passes before a store that contradicts itself is asked again. @default the real time */
  readonly wait?: Wait;
  /** Milliseconds from any beginning, to measure how fast roots come. @default the real time */
  readonly passed?: () => number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: SurveyProgress) => void;
  /** How many objects the last run listed, to tell how far this one has come. @default nobody knows */
  readonly expectedObjects?: number | undefined;
}

/** A location with the store behind it. */
export interface SurveyLocation {
  readonly area: AreaLocation;
  readonly store: ObjectStore;
  /** The folders above a directory, each as a store of its own. Of a bucket its store reaches those. */
  readonly above?: readonly ObjectStore[];
}

/** What one scan of an area found. */
export interface Survey extends Evidence {
  /** What the clusters said, once in this run. */
  readonly liveness: Liveness;
  /** What clusters call the jobs, now or when they ran. */
  readonly names: KnownNames;
  /** Every directory of which a root was read. */
  readonly directoriesWithRoots: readonly Place[];
  /** What could not be learnt of archive tiers, in sentences. */
  readonly archives: ArchiveNotes;
  /** What lies in the area under other names than `_metadata` and may be a root. */
  readonly renamed: RenamedRoots;
  /** URLs of the objects that have the name of a root and are Parquet files. */
  readonly parquetFiles: readonly string[];
  /** The steward's markers in the listing, except those of the locations themselves. */
  readonly markers: readonly ListedMarker[];
  /**
   * Lists the roots again and reads what is new or has changed: the marks grow, and so may the reasons against
   * deciding. What the listing of all objects showed, and when, stays as it is.
   *
   * @throws StoreError where a listing failed; then nothing is known of the roots of now.
   */
  readAgain(): Promise<readonly Undecidable[]>;
  /** What a later run would know if these roots of the survey had been retired. */
  without(roots: ReadonlySet<Root>): Evidence;
}

/** The stores' clocks and ours disagree, so no age can be trusted. */
export class ClockError extends Error {
  override readonly name = 'ClockError';
}

/**
 * The order is the argument (section "Order of reading" of docs/safety.md): first every object is listed, which is
 * the only source of candidates; then the roots are listed and read. A file that a checkpoint takes into use after
 * that was either not listed, or is named by a root that is read, or is too young to go.
 *
 * @throws StoreError where a listing failed; then nothing is known.
 * @throws ClockError where a store's clock and ours differ by more than a minute.
 */
export async function survey(input: SurveyInput): Promise<Survey> {
  const area = new Area(
    input.locations.map((location) => location.area),
    input.outside,
    input.aliases,
    input.copies,
  );
  const locations = input.locations.map(({ store }, location) => ({ location, store }));
  const start = await freezeStart(locations, input);
  const progress = { objects: 0, bytes: 0, expected: input.expectedObjects ?? null, roots: 0, rootsRead: 0 };
  const { objects, listedRoots, hidden, markers } = await listObjects(area, locations, {
    signal: input.signal,
    onPage: (page) => {
      progress.objects += page.objects;
      progress.bytes += page.bytes;
      progress.roots = page.roots;
      input.onProgress?.(progress);
    },
  });
  const archives = await markArchiveTiers(area, objects, locations, start, input.signal);
  const liveness = await askClusters(area, input.running ?? [], input.signal);
  const reachability = new Reachability(area, objects);
  const memory = (await input.recall?.(area, objects)) ?? NO_MEMORY;
  const cache = await input.openCache?.(start);
  const reading = {
    area,
    locations,
    objects,
    reachability,
    memory,
    ...(cache === undefined ? {} : { cache }),
    passed: input.passed ?? (() => performance.now()),
    ...(input.signal === undefined ? {} : { signal: input.signal }),
  };
  const renamed = await readRenamedRoots(reading);
  const sweep = new RootSweep({
    ...reading,
    everywhere: objects,
    start,
    wait: input.wait ?? reallyWait,
    earlierDirectories: directoryIds(area, input.earlierDirectories ?? []),
    onRootRead: () => {
      progress.rootsRead++;
      input.onProgress?.(progress);
    },
  });
  const readRoots = async (listed?: readonly ListedRoot[]): Promise<readonly Undecidable[]> => {
    const { unsettled, lost } = await sweep.read(listed);
    const misplaced = reachability.keepByName();
    return reasonsAgainst({ area, objects, roots: reachability.roots, misplaced, unsettled, lost, hidden, liveness });
  };
  const undecidable = await readRoots(listedRoots);
  const said = { settings: input.settings, declarations: declarations(input, start), liveness, memory };
  const ownersOf = (roots: readonly Root[]): Owners => gatherOwners({ objects, roots, ...said });
  const owners = ownersOf(reachability.roots);
  const evidence = {
    start,
    settings: input.settings,
    area,
    objects,
    reachability,
    owners,
    foreignJobs: foreignJobs({ objects, owners, reachability, memory }),
    undecidable,
    isProtected: protectedIn(area, objects, input.protects),
  };
  const judged = { ...evidence, memory: input.assumeQuarantined ? assumeQuarantined(memory, evidence) : memory };
  return {
    ...judged,
    liveness,
    names: namesOf(liveness.jobs, input.knownNames ?? NO_NAMES),
    archives,
    markers,
    renamed,
    parquetFiles: sweep.parquetFiles.map(({ location, key }) => area.url(location, key)),
    directoriesWithRoots: [...sweep.directoriesWithRoots()].map(({ location, path }) => placeIn(area, location, path)),
    readAgain: () => readRoots(),
    without: (roots) => withoutRoots(judged, roots, ownersOf),
  };
}

/** How a ledger remembers a place: by its own name, because a configuration may count its locations differently. */
function placeIn(area: Area, location: number, key: string): Place {
  return { store: area.locations[location]?.store ?? '', key };
}

/** Directories as this area knows them; of those outside nothing. */
export function directoryIds(area: Area, places: readonly Place[]): ReadonlySet<string> {
  const ids = places.map((place) => {
    const found = area.locate(place);
    return found.within === 'area' ? directoryId(found.location, found.key) : null;
  });
  return new Set(ids.filter((id) => id !== null));
}

/**
 * All that a `protect` pattern may call an object: its whole key and the one that the store knows. A pattern that was
 * written like a path from the root must not fail to protect by its first slash.
 */
export function namesForPatterns(
  area: Area,
  { location, key }: { readonly location: number; readonly key: string },
): readonly string[] {
  return [key, area.storeKey(location, key)].flatMap((name) => [name, `/${name}`]);
}

/** Whether the configuration protects an object of a table. */
export function protectedIn(
  area: Area,
  objects: ObjectTable,
  protects: SurveyInput['protects'],
): (object: number) => boolean {
  return (object) =>
    protects !== null &&
    namesForPatterns(area, { location: objects.location(object), key: objects.key(object) }).some(protects);
}

/** The earliest of the stores' clocks: an object must be old enough by every one of them. */
export async function freezeStart(
  locations: readonly SurveyedLocation[],
  { clock, signal }: Pick<SurveyInput, 'clock' | 'signal'>,
): Promise<number> {
  let start = Number.POSITIVE_INFINITY;
  for (const { store } of locations) {
    const theirs = await store.now(signal === undefined ? {} : { signal });
    const skew = Math.abs(theirs - clock());
    if (skew > MOST_CLOCK_SKEW) {
      throw new ClockError(
        `The clock of ${store.name} and the clock of this machine differ by ${Math.round(skew / 1000)} seconds. No age can be trusted, so this run decides nothing. Correct this machine's clock, then run again.`,
      );
    }
    start = Math.min(start, theirs);
  }
  return start;
}

/**
 * A declaration in the configuration dates from the run that first saw it; without a ledger, from `minAge` ago, so
 * that a job which writes now never counts as dead.
 */
export function declarations(
  { deadJobs, declaredDeadAt, settings }: Pick<SurveyInput, 'deadJobs' | 'declaredDeadAt' | 'settings'>,
  start: number,
): Declarations {
  const dead = new Set(deadJobs);
  return { declaredDeadAt: (job) => declaredDeadAt?.(job) ?? (dead.has(job) ? start - settings.minAge : null) };
}
