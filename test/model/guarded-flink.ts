import { Area } from '#core/area/area.ts';
import { DEFAULT_COLLECT_SETTINGS } from '#core/collect/settings.ts';
import { classifyDirectory } from '#core/flink/layout.ts';
import type { Deletion } from '#core/guard/deletion.ts';
import { type LiveSet, liveSetOf } from '#core/guard/live-set.ts';
import { confirmLosses, type Loss } from '#operations/guard/confirm.ts';
import { survey } from '#operations/look/survey.ts';
import { OPEN } from '#test/support/gate.ts';
import { MemoryStore } from '#test/support/memory-area.ts';
import { MemoryBucket } from '#test/support/memory-bucket.ts';
import { Chance } from './chance.ts';
import { Flink } from './flink/flink.ts';
import type { Job } from './flink/job.ts';
import { profileOf } from './profile.ts';

/** Flink alone in a bucket, with a guard that hears of each of its deletions, and of those of a lifecycle rule. */

const MINUTE = 60_000;
const BEGIN = Date.UTC(2027, 0, 1);

/** A bucket that tells of what goes. */
class TellingBucket extends MemoryBucket {
  readonly gone: { readonly key: string; readonly at: number }[] = [];

  override delete(key: string): boolean {
    const isGone = super.delete(key);
    if (isGone) this.gone.push({ key, at: this.now() });
    return isGone;
  }
}

/** What a life comes to. */
export interface GuardedLife {
  /** Deletions by Flink that the guard was told of. */
  readonly told: number;
  /** Of these, those that it had to look at, since the survey had seen the object live. */
  readonly suspected: number;
  /** Losses that it found where there was none. */
  readonly falseAlarms: readonly Loss[];
  /** Losses of roots that Flink itself has broken for good. */
  readonly leftBroken: number;
  /** Live objects that a rule took, and of these the ones that it found. */
  readonly taken: number;
  readonly found: number;
}

/** @param moves of Flink. Every so many the area is surveyed, and the guard hears of what has gone since. */
async function liveGuarded(seed: number, moves: number): Promise<GuardedLife> {
  const chance = new Chance(seed);
  let now = BEGIN;
  const bucket = new TellingBucket({ now: () => now });
  const flink = new Flink(bucket, chance, profileOf(seed).flink);
  const store = new MemoryStore(bucket, OPEN);
  const location = { name: bucket.name, store: bucket.name, prefix: '', hidden: 0 };
  const places = { area: new Area([location]), stores: [store] };
  let live: LiveSet | null = null;
  let told = 0;
  let suspected = 0;
  let taken = 0;
  let found = 0;
  let leftBroken = 0;
  const falseAlarms: Loss[] = [];
  const doomed: Doomed = new Map();
  const move = (): void => {
    now += chance.between(0, 40_000);
    flink.expire();
    flink.move();
    for (const job of flink.jobs) {
      for (const key of job.deletes) doomed.set(key, (doomed.get(key) ?? new Set()).add(job));
    }
  };
  /** Flink deletes hundreds of files a second, unless its JobManager dies. */
  const finishDeleting = async (): Promise<void> => {
    for (const job of flink.jobs.filter(({ isAlive }) => isAlive)) {
      for (const key of job.deletes.splice(0)) flink.remove(key);
    }
    now += MINUTE / 2;
  };
  const confirm = async (deletions: readonly Deletion[]): Promise<readonly Loss[]> =>
    live === null
      ? []
      : (await confirmLosses(deletions, { ...places, live, blind: false, wait: finishDeleting })).losses;
  for (let step = 0; step < moves; step++) {
    move();
    if (step % 200 === 199) {
      live = await surveyed(store, location, now);
    }
    if (step % 20 === 19 && live !== null) {
      const gone = bucket.gone.splice(0);
      const known = live;
      told += gone.length;
      suspected += gone.filter(({ key }) => known.mayHold(`${bucket.name}/${key}`)).length;
      const losses = await confirm(gone.map(({ key, at }) => deletion(bucket.name, key, at, 'request')));
      const wrong = losses.filter(({ key, roots }) =>
        roots.some(({ url }) => isToStay(flink, url.slice(bucket.name.length + 1), key, doomed)),
      );
      falseAlarms.push(...wrong);
      leftBroken += losses.length - wrong.length;
    }
    if (step % 500 === 499 && live !== null) {
      const key = someLiveFile(flink, chance);
      if (key === null || !live.mayHold(`${bucket.name}/${key}`)) continue;
      taken++;
      const object = bucket.get(key);
      bucket.delete(key);
      bucket.gone.pop();
      found += (await confirm([deletion(bucket.name, key, now, 'rule')])).length;
      // Flink would trip over it later, and this is about who notices first.
      if (object !== undefined) bucket.undelete(object);
    }
  }
  return { told, suspected, falseAlarms, leftBroken, taken, found };
}

function deletion(bucket: string, key: string, at: number, by: Deletion['by']): Deletion {
  return { url: `${bucket}/${key}`, at, by, leavesMarker: false, requester: null, address: null };
}

async function surveyed(
  store: MemoryStore,
  area: { readonly name: string; readonly store: string; readonly prefix: string; readonly hidden: number },
  now: number,
): Promise<LiveSet> {
  const seen = await survey({
    locations: [{ area, store }],
    outside: [],
    aliases: [],
    settings: DEFAULT_COLLECT_SETTINGS,
    deadJobs: [],
    protects: null,
    clock: () => now,
    wait: async () => {},
  });
  return liveSetOf(seen);
}

/** By key, the jobs that were about to delete it. */
type Doomed = Map<string, Set<Job>>;

/**
 * Whether a root is to stay whole, whatever Flink deletes. What a JobManager forgets or does not come to when it dies stays
 * behind broken: a checkpoint of which no job knows, or one that should have been deleted with its job. And a job that has
 * claimed a checkpoint deletes files that other checkpoints of its predecessor name, which breaks them in earnest.
 */
function isToStay({ roots, jobs }: Flink, key: string, file: string, doomed: Doomed): boolean {
  const owners = jobs.filter(({ retained }) => retained.some((root) => root.key === key));
  const by = [...(doomed.get(file) ?? [])];
  if (doomed.has(key) || (by.length > 0 && !by.some((job) => owners.includes(job)))) return false;
  if (owners.some(({ isAlive }) => isAlive)) return true;
  return roots.get(key)?.kind !== 'checkpoint' || owners.some(({ spec }) => spec.keepsOnCancel);
}

/** A file that a root names which is there. */
function someLiveFile(flink: Flink, chance: Chance): string | null {
  const roots = [...flink.roots.values()].filter(({ key }) => flink.bucket.has(key));
  if (roots.length === 0) return null;
  const root = chance.pick(roots);
  const files = [...root.exclusive, ...root.shared.map(({ key }) => key)].filter(
    (key) => flink.bucket.has(key) && classifyDirectory(key.slice(0, key.lastIndexOf('/') + 1)).role !== 'plain',
  );
  return files.length === 0 ? null : chance.pick(files);
}

/** What several lives come to, all together. */
export async function liveGuardedLives(seed: number, lives: number, moves: number): Promise<GuardedLife> {
  const all: GuardedLife[] = [];
  for (let life = 0; life < lives; life++) all.push(await liveGuarded(seed + life, moves));
  const sum = (of: (life: GuardedLife) => number): number => all.reduce((total, life) => total + of(life), 0);
  return {
    told: sum(({ told }) => told),
    suspected: sum(({ suspected }) => suspected),
    falseAlarms: all.flatMap(({ falseAlarms }) => falseAlarms),
    leftBroken: sum(({ leftBroken }) => leftBroken),
    taken: sum(({ taken }) => taken),
    found: sum(({ found }) => found),
  };
}
