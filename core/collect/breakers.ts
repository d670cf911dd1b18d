import type { ObjectTable } from '#core/inventory/object-table.ts';
import type { Area } from '../area/area.ts';
import { bytes, count } from '../quantity.ts';
import type { Evidence } from './evidence.ts';
import type { Root } from './roots.ts';
import { amountOf, type Totals } from './totals.ts';

/**
 * Breakers judge a run, never an object: the verdicts do not change, but nothing is executed until a person has checked
 * the run.
 */

/** Every breaker, by the name that `--accept` takes. */
export const BREAKERS = [
  'no-roots',
  'roots-shrunk',
  'listing-shrunk',
  'area-shrunk',
  'too-much',
  'deleted-is-named',
] as const;
/** The name of a breaker. */
export type Breaker = (typeof BREAKERS)[number];

/** A breaker that stops this run, and why: a sentence without its full stop. */
export interface TrippedBreaker {
  readonly breaker: Breaker;
  readonly sentence: string;
}

/** What the last run without a tripped breaker saw, minus what the steward has deleted since. */
export interface LastRun {
  readonly roots: number;
  readonly objects: number;
}

/** What breakers need to know of earlier runs. */
export interface BreakerMemory {
  readonly lastRun: LastRun | null;
  /** Locations that the last run saw and this one does not, as {@link areaIdentity} names them. */
  readonly lostLocations: readonly string[];
  /** Whether our own audit log says that we deleted the object of this URL (under the area's own name of the place). */
  deletedByUs(url: string): boolean;
}

/** What a run without a ledger knows: nothing, so no breaker compares it with an earlier run. */
export const NO_BREAKER_MEMORY: BreakerMemory = { lastRun: null, lostLocations: [], deletedByUs: () => false };

/** With fewer roots than this, losing half of them is normal. */
const FEWEST_ROOTS_TO_COMPARE = 10;

/** What breakers ask of a run. */
export interface BreakerFacts extends Pick<Evidence, 'settings'> {
  readonly roots: readonly Root[];
  /** How many objects were listed. */
  readonly objects: number;
  /** Whether one of them has a name of Flink's. */
  readonly holdsState: () => boolean;
  readonly totals: Pick<Totals, 'area'>;
}

/** Asks every breaker about this run. None trips in a good run. */
export function trippedBreakers(
  { reachability, objects, settings }: Evidence,
  totals: Totals,
  memory: BreakerMemory = NO_BREAKER_MEMORY,
): readonly TrippedBreaker[] {
  const holds = (): boolean => holdsState(objects);
  return breakersOf({ roots: reachability.roots, objects: objects.size, holdsState: holds, settings, totals }, memory);
}

/** The same of a run whose facts were summed up. */
export function breakersOf(
  { roots: seen, objects, holdsState, settings, totals }: BreakerFacts,
  memory: BreakerMemory,
): readonly TrippedBreaker[] {
  const roots = presentRoots(seen);
  return [
    ...noRoots(roots.length, objects, holdsState, memory.lastRun),
    ...shrunk({ roots: roots.length, objects }, memory.lastRun),
    ...areaShrunk(memory.lostLocations),
    ...tooMuch(totals, settings.maxDeleteFraction),
    ...deletedIsNamed(roots, memory),
  ];
}

/**
 * A wrong prefix or a lost permission looks like an area without roots, and then everything looks like garbage.
 * Where nothing has a name of Flink's (the steward's own marker may lie there alone), nothing looks like that.
 */
function noRoots(
  roots: number,
  objects: number,
  holdsState: () => boolean,
  lastRun: LastRun | null,
): readonly TrippedBreaker[] {
  if (roots > 0 || !holdsState()) {
    return [];
  }
  const found = `The area contains ${count(objects, 'object')} but no checkpoint or savepoint`;
  const sentence = everHadRoots(lastRun)
    ? `${found} any more, so nothing is deleted. If that is right, accept this breaker; if not, add the missing location to the area`
    : `${found}, so nothing is deleted. No checkpoint has completed here yet, or the location is wrong. Wait for the first checkpoint, or add the location of the checkpoints to the area`;
  return [{ breaker: 'no-roots', sentence }];
}

/** Whether an earlier run saw a checkpoint or savepoint. A new area has none until its first checkpoint completes. */
export function everHadRoots(lastRun: LastRun | null): boolean {
  return lastRun !== null && lastRun.roots > 0;
}

/** Whether an object has a name of Flink's. */
export function holdsState(objects: ObjectTable): boolean {
  for (let object = 0; object < objects.size; object++) {
    if (objects.kind(object) !== 'unknown') {
      return true;
    }
  }
  return false;
}

/** A lost permission or an incomplete listing shows less, and the missing part may hold the roots that matter. */
export function shrunk(thisRun: LastRun, lastRun: LastRun | null): readonly TrippedBreaker[] {
  if (lastRun === null || lastRun.roots < FEWEST_ROOTS_TO_COMPARE) {
    return [];
  }
  return SHRINKING.filter(({ count }) => !(thisRun[count] * 2 >= lastRun[count])).map(({ breaker, count, what }) => ({
    breaker,
    sentence: `This run found ${thisRun[count]} ${what}, the last run ${lastRun[count]}: less than half are left. So nothing is deleted. Find out what became of the others, and accept this breaker if all is well`,
  }));
}

const SHRINKING = [
  { breaker: 'roots-shrunk', count: 'roots', what: 'checkpoints and savepoints' },
  { breaker: 'listing-shrunk', count: 'objects', what: 'objects' },
] as const;

/** Checkpoints in a location that is left out may reference files in the others. */
export function areaShrunk(lostLocations: readonly string[]): readonly TrippedBreaker[] {
  return lostLocations.map((location) => ({
    breaker: 'area-shrunk',
    sentence: `The last run also scanned ${location}, and this run does not. Its checkpoints and savepoints may reference files of this area, so nothing is deleted. Add it to the area again, or accept this breaker if it no longer belongs to the area`,
  }));
}

/** Locations of an earlier area that are in no location of this one, as {@link areaIdentity} names them. */
export function lostLocations(before: readonly string[], now: readonly string[]): readonly string[] {
  return before.filter((earlier) => !now.some((location) => earlier.startsWith(location)));
}

/** Trips where more than this share (0 to 1) of the area's objects or bytes would be deleted. */
export function tooMuch(totals: Pick<Totals, 'area'>, maxDeleteFraction: number): readonly TrippedBreaker[] {
  const all = amountOf(totals.area);
  const going = totals.area.delete;
  const share = Math.max(fraction(going.objects, all.objects), fraction(going.bytes, all.bytes));
  if (share <= maxDeleteFraction) {
    return [];
  }
  return [
    {
      breaker: 'too-much',
      sentence: `This run would delete ${percent(share)} of the area (${going.objects} of ${all.objects} objects, ${bytes(going.bytes)} of ${bytes(all.bytes)}), more than collect.maxDeleteFraction allows (${percent(maxDeleteFraction)}). So nothing is deleted. Check the plan, and accept this breaker if it is right`,
    },
  ];
}

/** The one thing that must never happen. If it seems to have happened, nothing is deleted. */
export function deletedIsNamed(roots: readonly Root[], memory: BreakerMemory): readonly TrippedBreaker[] {
  return roots.flatMap((root) => {
    const named = root.missing.find(({ url }) => memory.deletedByUs(url));
    return named === undefined
      ? []
      : {
          breaker: 'deleted-is-named' as const,
          sentence: `${root.key} references ${named.resolved}, which an earlier run deleted. So nothing is deleted; please report this with the files that SECURITY.md asks for`,
        };
  });
}

/** Roots that were there when they were read, or could not be read. */
export function presentRoots(roots: readonly Root[]): readonly Root[] {
  return roots.filter(({ state }) => state !== 'vanished');
}

/** The identity of an area, so that a plan can't be applied to another one. */
export function areaIdentity(area: Area): readonly string[] {
  return area.locations.map(({ store, prefix }) => `${store}/${prefix}`).sort();
}

function fraction(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}
