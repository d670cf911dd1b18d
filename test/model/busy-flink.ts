import { Area } from '#core/area/area.ts';
import { DEFAULT_COLLECT_SETTINGS } from '#core/collect/settings.ts';
import type { Deletion } from '#core/guard/deletion.ts';
import { liveSetOf } from '#core/guard/live-set.ts';
import { confirmLosses, type Loss } from '#operations/guard/confirm.ts';
import { survey } from '#operations/look/survey.ts';
import { OPEN } from '#test/support/gate.ts';
import { MemoryStore } from '#test/support/memory-area.ts';
import { MemoryBucket } from '#test/support/memory-bucket.ts';
import { PlayedJob, uuid } from '#test/support/played-job.ts';
import { Chance } from './chance.ts';

/** Jobs that do nothing but complete checkpoints and delete what these replace, hundreds of files a minute each. */

const MINUTE = 60_000;
const BEGIN = Date.UTC(2027, 0, 1);
const RETAINED = 2;

/** How busy they are. */
export interface Busyness {
  readonly jobs: number;
  readonly minutes: number;
  /** Files that each checkpoint adds, and as many of those before it that it no longer names. */
  readonly churn: number;
  /** Minutes between two surveys. */
  readonly surveyed: number;
}

interface BusyJob {
  readonly job: PlayedJob;
  /** Shared files of the newest checkpoint, the oldest first. */
  files: string[];
  /** What each retained checkpoint named, by its number. */
  readonly retained: Map<number, readonly string[]>;
}

/** @returns how many deletions the guard was told of, and what it took for losses. */
export async function playBusily(
  seed: number,
  { jobs, minutes, churn, surveyed }: Busyness,
): Promise<{ readonly told: number; readonly losses: readonly Loss[] }> {
  const chance = new Chance(seed);
  let now = BEGIN;
  let pieces = 0;
  let told = 0;
  const losses: Loss[] = [];
  const bucket = new MemoryBucket({ now: () => now });
  const store = new MemoryStore(bucket, OPEN);
  const location = { name: bucket.name, store: bucket.name, prefix: '', hidden: 0 };
  const places = { area: new Area([location]), stores: [store] };
  const place = {
    put: (key: string, content: string | Uint8Array, modified: number) => bucket.put(key, content, modified),
    remove: (...keys: readonly string[]) => keys.forEach((key) => void bucket.delete(key)),
  };
  const all: BusyJob[] = Array.from({ length: jobs }, (_, at) => ({
    job: new PlayedJob(place, `flink/${(at + 1).toString(16).padStart(32, '0')}/`),
    files: [],
    retained: new Map(),
  }));
  const look = async () =>
    liveSetOf(
      await survey({
        locations: [{ area: location, store }],
        outside: [],
        aliases: [],
        settings: DEFAULT_COLLECT_SETTINGS,
        deadJobs: [],
        protects: null,
        clock: () => now,
      }),
    );
  const upload = ({ job }: BusyJob): string => {
    const key = `${job.directory}shared/${uuid(++pieces)}`;
    place.put(key, 'x'.repeat(100), now);
    return key;
  };
  /** @returns what Flink is about to delete, in the order in which it does. */
  const complete = (busy: BusyJob, number: number): readonly string[] => {
    const files = [...busy.files.slice(busy.files.length > churn ? churn : 0)];
    for (let file = 0; file < churn; file++) files.push(upload(busy));
    busy.files = files;
    busy.job.complete(number, files, now);
    busy.retained.set(number, files);
    const subsumed = number - RETAINED;
    const held = new Set([...busy.retained].flatMap(([of, named]) => (of > subsumed ? named : [])));
    const freed = (busy.retained.get(subsumed) ?? []).filter((key) => !held.has(key));
    busy.retained.delete(subsumed);
    return subsumed < 1 ? [] : [...freed, busy.job.root(subsumed)];
  };
  let live = await look();
  for (let minute = 1; minute <= minutes; minute++) {
    now += MINUTE;
    if (minute % surveyed === 0) live = await look();
    const doomed = all.map((busy) => complete(busy, minute));
    // The batch comes while Flink is at it: of some checkpoints all is gone, of others the root is still there.
    const cuts = doomed.map((keys) => chance.between(0, keys.length));
    const first = doomed.flatMap((keys, at) => keys.slice(0, cuts[at]));
    const rest = doomed.flatMap((keys, at) => keys.slice(cuts[at]));
    for (const keys of [first, rest]) {
      place.remove(...keys);
      const deletions = keys.map((key): Deletion => {
        const url = `${bucket.name}/${key}`;
        return { url, at: now, by: 'request', leavesMarker: false, requester: null, address: null };
      });
      told += deletions.length;
      losses.push(...(await confirmLosses(deletions, { ...places, live, blind: false, wait: async () => {} })).losses);
    }
  }
  return { told, losses };
}
