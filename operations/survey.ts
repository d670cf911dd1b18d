import { Area, type AreaLocation } from '#core/area/area.ts';
import { ObjectTable } from '#core/area/object-table.ts';
import { reasonsAgainst } from '#core/collect/decidability.ts';
import { assumeQuarantined, type Evidence, type Memory, NO_MEMORY } from '#core/collect/evidence.ts';
import { type Declarations, gatherOwners } from '#core/collect/owners.ts';
import { Reachability } from '#core/collect/reachability.ts';
import type { CollectRules } from '#core/collect/rules.ts';
import type { FlinkPath } from '#core/flink/state-path.ts';
import type { ObjectStore } from '#ports/object-store.ts';
import { type ListedRoot, rootsAmong, type SurveyedLocation } from './root-listing.ts';
import { sweepRoots } from './root-sweep.ts';

/** Looks at an area: lists it, reads its roots, marks what they name. Changes nothing. */

const MOST_CLOCK_SKEW = 60_000;

export interface SurveyInput {
  readonly locations: readonly { readonly area: AreaLocation; readonly store: ObjectStore }[];
  readonly outside: readonly FlinkPath[];
  readonly aliases: readonly { readonly from: FlinkPath; readonly to: FlinkPath }[];
  readonly rules: CollectRules;
  /** Job ids that the operator calls dead in the configuration. */
  readonly deadJobs: readonly string[];
  /** Whether the configuration protects a key: the whole key or the one the store knows, as such or after a slash. */
  readonly protects: (key: string) => boolean;
  /** Our own clock, epoch milliseconds, to hold against the stores'. */
  readonly clock: () => number;
  readonly memory?: Memory;
  /** As if all garbage had served its quarantine. Only for a look ahead. */
  readonly assumeQuarantined?: boolean;
  /** Directories that held a root in the last run, by `directoryId`. */
  readonly earlierDirectories?: ReadonlySet<string>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: SurveyProgress) => void;
}

export interface SurveyProgress {
  readonly objects: number;
  readonly rootsRead: number;
}

export interface Survey extends Evidence {
  readonly area: Area;
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
  );
  const locations = input.locations.map(({ store }, location) => ({ location, store }));
  const start = await freezeStart(locations, input.clock);
  const progress = { objects: 0, rootsRead: 0 };
  const { objects, listedRoots, hidden } = await listObjects(area, locations, input, progress);
  const reachability = new Reachability(area, objects);
  const { unsettled, lost } = await sweepRoots({
    area,
    locations,
    objects,
    reachability,
    start,
    listed: listedRoots,
    earlierDirectories: input.earlierDirectories ?? new Set(),
    ...(input.signal === undefined ? {} : { signal: input.signal }),
    onRootRead: () => {
      progress.rootsRead++;
      input.onProgress?.(progress);
    },
  });
  const undecidable = reasonsAgainst({
    area,
    objects,
    roots: reachability.roots,
    misplaced: reachability.keepByBaseName(),
    unsettled,
    lost,
    hidden,
  });
  const owners = gatherOwners(objects, reachability.roots, input.rules, declarations(input, start));
  const isProtected = (object: number): boolean => namesForPatterns(area, objects, object).some(input.protects);
  const evidence = { start, rules: input.rules, objects, reachability, owners, undecidable, isProtected };
  const memory = input.memory ?? NO_MEMORY;
  return { ...evidence, area, memory: input.assumeQuarantined ? assumeQuarantined(memory, evidence) : memory };
}

/**
 * All that a `protect` pattern may call an object: its whole key and the one that the store knows. A pattern that was
 * written like a path from the root must not fail to protect by its first slash.
 */
export function namesForPatterns(area: Area, objects: ObjectTable, object: number): readonly string[] {
  const key = objects.key(object);
  return [key, area.storeKey(objects.location(object), key)].flatMap((name) => [name, `/${name}`]);
}

/** The earliest of the stores' clocks: an object must be old enough by every one of them. */
async function freezeStart(locations: readonly SurveyedLocation[], clock: () => number): Promise<number> {
  let start = Number.POSITIVE_INFINITY;
  for (const { store } of locations) {
    const theirs = await store.now();
    const skew = Math.abs(theirs - clock());
    if (skew > MOST_CLOCK_SKEW) {
      throw new ClockError(
        `The clock of ${store.name} and the clock of this machine differ by ${Math.round(skew / 1000)} seconds. No age can be trusted, so nothing is decided; set this machine's clock right and run again.`,
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
function declarations({ deadJobs, rules }: SurveyInput, start: number): Declarations {
  const dead = new Set(deadJobs);
  return { declaredDeadAt: (job) => (dead.has(job) ? start - rules.minAge : null) };
}

async function listObjects(
  area: Area,
  locations: readonly SurveyedLocation[],
  input: SurveyInput,
  progress: { objects: number; rootsRead: number },
): Promise<{
  readonly objects: ObjectTable;
  readonly listedRoots: readonly ListedRoot[];
  readonly hidden: readonly { readonly url: string; readonly what: string }[];
}> {
  const objects = new ObjectTable();
  const listedRoots: ListedRoot[] = [];
  const hidden: { url: string; what: string }[] = [];
  for (const { location, store } of locations) {
    const prefix = area.storeKey(location, area.locations[location]?.prefix ?? '');
    for await (const page of store.list({ prefix }, input.signal === undefined ? {} : { signal: input.signal })) {
      for (const { key: storeKey, bytes, modified, etag, special } of page) {
        const key = area.wholeKey(location, storeKey);
        objects.add(location, key, bytes, modified, etag, special?.what);
        if (special?.mayHideRoots) {
          hidden.push({ url: area.url(location, key), what: special.what });
        }
      }
      listedRoots.push(...rootsAmong(page, area, location));
      progress.objects += page.length;
      input.onProgress?.(progress);
    }
  }
  return { objects, listedRoots, hidden };
}
