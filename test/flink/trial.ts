import { mkdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { ageRule } from './age-rule.ts';
import { BACKUP, restoreFromCopies } from './copies.ts';
import type { FlinkBuild } from './flink-build.ts';
import type { Options } from './lab.ts';
import { keyIn, type Place, type StoredObject } from './place.ts';
import { optionsOf, play } from './play.ts';
import type { Scenario } from './scenarios.ts';
import { type Collector, waitingSeconds } from './steward.ts';
import type { Restored, Verifier } from './verifier.ts';

/** What a scenario has shown. */
export interface Trial {
  /** At the end of the last job, and those that had been deleted by then. */
  readonly objects: number;
  /** Named by a root, by Flink's own reader. */
  readonly live: number;
  readonly deletedBeside: number;
  readonly deletedAfter: number;
  /** Runs of the collector while jobs ran. */
  readonly runs: number;
  /** Roots that Flink restored, to the last key, when the jobs had been killed. */
  readonly restorable: number;
  /** Of these, those that it restores after the last collection. */
  readonly restored: number;
  /** Of these, those that it restores after the age rule. */
  readonly restoredAfterAgeRule: number;
  /** Objects that the age rule took, and Flink's words on the first root that it broke. */
  readonly expired: number;
  readonly ageRuleBroke: string | null;
  readonly seconds: number;
  /** What must not be. */
  readonly objections: readonly string[];
}

const PAUSE_BETWEEN_RUNS = 300;
/** By then what stays is garbage that is never collected. */
const LAST_COLLECTIONS_LIMIT = 5 * 60_000;

/** A root as it was when the jobs had ended. */
interface InspectedRoot {
  readonly key: string;
  readonly restored: Restored;
  /** Keys of the files that it names, by Flink's own reader. */
  readonly names: readonly string[];
  /** In what our reader differs from it. */
  readonly differences: readonly string[];
}

/** Plays a scenario with a collector beside it, then collects to the end, and has Flink restore every root. */
export async function trial(
  scenario: Scenario,
  build: FlinkBuild,
  place: Place,
  collector: Collector,
  verifier: Verifier,
  folder: string,
): Promise<Trial> {
  const begin = Date.now();
  await mkdir(folder, { recursive: true });
  const options = optionsOf(scenario, place);
  const beside = new Beside(collector, place);
  // A job that can't go on is a failure, and what the roots miss may tell why.
  const failure = await play(scenario, place, build, verifier, folder).then(
    () => [],
    (error: unknown) => [`The jobs did not go on: ${error instanceof Error ? error.message : String(error)}`],
  );
  await beside.stop();
  const deletedBeside = await collector.deleted();
  const objects = await place.list();
  const roots = await inspectRoots(verifier, place, objects, options);
  const restorable = roots.filter(({ restored }) => restored.keys !== null);
  const left = await collectToTheEnd(collector, place, roots, objects, waitingSeconds(scenario));
  const deleted = await collector.deleted();
  const again = await lostOf(verifier, place, restorable, options);
  const restored = restorable.length - again.length;
  const reported = await vanishedUnreported(place, objects, deleted);
  const copied = new Set([...objects.map(({ key }) => key), ...deletedBeside].filter((key) => key.startsWith(BACKUP)));
  const copies = copied.size === 0 ? [] : await restoreFromCopies(place, verifier, roots, copied, options);
  const expired = await ageRule(place, objects);
  const aged = await lostOf(verifier, place, restorable, options);
  const live = new Set(roots.flatMap(({ names }) => names));
  return {
    objects: objects.length + deletedBeside.size,
    live: objects.filter(({ key }) => live.has(key)).length,
    deletedBeside: deletedBeside.size,
    deletedAfter: deleted.size - deletedBeside.size,
    runs: beside.runs,
    restorable: restorable.length,
    restored,
    restoredAfterAgeRule: restorable.length - aged.length,
    expired,
    ageRuleBroke: aged[0]?.replace(`${place.location}/`, '') ?? null,
    seconds: Math.round((Date.now() - begin) / 1000),
    objections: [
      ...failure,
      ...blame(roots, objects, deletedBeside),
      ...roots.flatMap(({ key, differences }) => differences.map((what) => `READ OTHERWISE ${key}: ${what}`)),
      ...again.map((lost) => `LOST ${lost}`),
      ...[...deletedBeside]
        .filter(isWorkingFile)
        .map((key) => `LOST ${key}, a working file of a database that was open`),
      ...reported,
      ...copies,
      ...collector.objections(),
      ...(left.length > 0 ? [`GARBAGE STAYS: ${left.length} objects, such as ${left[0]}`] : []),
      ...(scenario.deletesBeside && deletedBeside.size === 0 ? ['Nothing was deleted while a job ran.'] : []),
      ...(deleted.size === 0 ? ['Nothing was there to be deleted, so nothing is shown.'] : []),
      ...(restorable.length === 0 ? ['No root was restorable, so nothing is shown.'] : []),
    ],
  };
}

/** Collects again and again until it is told to stop. */
class Beside {
  runs = 0;
  #stopped = false;
  #failure: unknown = null;
  readonly #loop: Promise<void>;

  constructor(collector: Collector, place: Place) {
    this.#loop = this.#collect(collector, place).catch((error: unknown) => {
      this.#failure = error;
    });
  }

  /** @throws what the collector has thrown. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#loop;
    if (this.#failure !== null) throw this.#failure;
  }

  async #collect(collector: Collector, place: Place): Promise<void> {
    // The steward refuses a place in which nothing of Flink's is, which might be the wrong one.
    while (!this.#stopped && !(await place.list()).some(isRoot)) await sleep(PAUSE_BETWEEN_RUNS);
    while (!this.#stopped) {
      await collector.collect([]);
      this.runs++;
      await sleep(PAUSE_BETWEEN_RUNS);
    }
  }
}

async function inspectRoots(
  verifier: Verifier,
  place: Place,
  objects: readonly StoredObject[],
  options: Options,
): Promise<readonly InspectedRoot[]> {
  const roots: InspectedRoot[] = [];
  for (const { key } of objects.filter(isRoot)) {
    const paths = (await verifier.references(place, key)) ?? [];
    const names = paths.flatMap((path) => keyIn(place, path) ?? []);
    const differences = await verifier.differences(place, key);
    roots.push({ key, names, differences, restored: await verifier.restore(place, key, options) });
  }
  return roots;
}

/** A root that doesn't restore is Flink's own doing, unless it misses what the steward has deleted. */
function blame(
  roots: readonly InspectedRoot[],
  objects: readonly StoredObject[],
  deleted: ReadonlySet<string>,
): string[] {
  const present = new Set(objects.map(({ key }) => key));
  const deletedNames = new Set([...deleted].map(baseName));
  return roots.flatMap(({ key, names, restored }) => {
    const lost = names.filter((name) => !present.has(name) && deletedNames.has(baseName(name)));
    if (lost.length > 0) return [`LOST ${key}: ${lost.length} of its files were deleted, such as ${lost[0]}`];
    const whole = names.every((name) => present.has(name));
    return whole && restored.keys === null
      ? [`LOST ${key} names nothing that is missing and does not restore: ${restored.why}`]
      : [];
  });
}

/** With all jobs declared dead nothing may stay that no root names, but what is protected. @returns what stays. */
async function collectToTheEnd(
  collector: Collector,
  place: Place,
  roots: readonly InspectedRoot[],
  objects: readonly StoredObject[],
  waiting: number,
): Promise<readonly string[]> {
  const jobs = new Set(objects.flatMap(({ key }) => /(?:^|\/)([0-9a-f]{32})\//.exec(key)?.[1] ?? []));
  const live = new Set(roots.flatMap(({ names }) => names.map(baseName)));
  const end = Date.now() + LAST_COLLECTIONS_LIMIT;
  // Declarations that are older than what a job has written lapse.
  await sleep(waiting * 1000);
  let left = await garbageIn(place, live);
  do {
    await collector.collect([...jobs]);
    left = await garbageIn(place, live);
    if (left.length > 0) await sleep((waiting * 1000) / 4);
  } while (left.length > 0 && Date.now() < end);
  return left;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** State files that no root names, by path or name. Savepoints belong to their users, task-owned files to sinks. */
async function garbageIn(place: Place, live: ReadonlySet<string>): Promise<readonly string[]> {
  return (await place.list())
    .map(({ key }) => key)
    .filter((key) => UUID.test(baseName(key)) && !live.has(baseName(key)))
    .filter((key) => !key.startsWith('savepoints/') && !/\/taskowned\/[^/]+$/.test(key));
}

/** What went when only the steward was there, without its log saying so. */
async function vanishedUnreported(
  place: Place,
  before: readonly StoredObject[],
  deleted: ReadonlySet<string>,
): Promise<readonly string[]> {
  const present = new Set((await place.list()).map(({ key }) => key));
  return before
    .filter(({ key }) => !present.has(key) && !deleted.has(key))
    .map(({ key }) => `${key} has gone, and the steward's log does not say so`);
}

/** @returns those that don't restore any more, each with Flink's words. */
async function lostOf(
  verifier: Verifier,
  place: Place,
  roots: readonly InspectedRoot[],
  options: Options,
): Promise<readonly string[]> {
  const lost: string[] = [];
  for (const { key, restored: before } of roots) {
    const { keys, why } = await verifier.restore(place, key, options);
    if (keys !== before.keys) {
      lost.push(`${key} restored before and does not any more: ${why || `${keys} keys`}`);
    }
  }
  return lost;
}

/** Linux lets a process go on with an open file that is deleted, and no store does: here no restore would show it. */
function isWorkingFile(key: string): boolean {
  return /\/op_[^/]+_attempt_\d+\/db\//.test(key);
}

function isRoot({ key }: StoredObject): boolean {
  return key.endsWith('/_metadata');
}

function baseName(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}
