import { isRestorePoint } from '#core/collect/roots.ts';
import { METADATA_NAME } from '#core/flink/names.ts';
import { isoTime } from '#core/iso-time.ts';
import { labelOf } from '#core/jobs/labels.ts';
import { type Damage, damageIn, lastingDamage, newDamage } from '#operations/guard/damage-seen.ts';
import { type Survey, survey } from '#operations/look/survey.ts';
import { StoreError } from '#ports/object-store.ts';
import type { Steward } from './steward.ts';

/** Looks at an area again and again, until a file is gone that a checkpoint or savepoint needs. */

/** How long damage must last to be a loss: what Flink discards is gone by then, or misses ever more files. */
const LASTING = 10_000;

export interface WatchedLoss {
  /** URL of the file. */
  readonly url: string;
  /** The checkpoints and savepoints that need it, the newest first. */
  readonly restorePoints: readonly { readonly path: string; readonly job: string; readonly completed: string }[];
}

/** What was watched, and what came of it. */
export interface WatchReport {
  readonly began: string;
  readonly ended: string;
  readonly looks: number;
  /** In the first look. */
  readonly restorePoints: number;
  readonly objects: number;
  /** Checkpoints and savepoints that lacked files in the first look; what they lacked then is no loss. */
  readonly damaged: number;
  readonly losses: readonly WatchedLoss[];
}

export interface Watching {
  /** Milliseconds between two looks. */
  readonly every: number;
  /** How many looks at most, without those that look once more at a first sign; null for no end. */
  readonly most: number | null;
  readonly signal?: AbortSignal | undefined;
  readonly sleep: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;
  /** Told of the first look. */
  readonly onBegin: (report: WatchReport) => void;
  /** Told of a look that failed, in a sentence. The next one comes in its time. */
  readonly onFailure: (why: string) => void;
}

/** Ends with the first loss, after so many looks, or when the signal says so. @throws StoreError, ClockError where the first look fails. */
export async function watchArea(steward: Steward, watching: Watching): Promise<WatchReport> {
  const { every, most, signal, sleep } = watching;
  const look = async (): Promise<Survey> =>
    await survey({ ...steward.input, ...(signal === undefined ? {} : { signal }) });
  const first = await look();
  const known = damageIn(first);
  let looks = 1;
  const report = (losses: readonly WatchedLoss[]): WatchReport => ({
    began: isoTime(first.start),
    ended: isoTime(steward.clock()),
    looks,
    restorePoints: first.reachability.roots.filter(isRestorePoint).length,
    objects: first.objects.size,
    damaged: known.size,
    losses,
  });
  watching.onBegin(report([]));
  for (let round = 1; most === null || round < most; round++) {
    await sleep(every, signal);
    if (signal?.aborted) return report([]);
    try {
      const now = damageIn(await look());
      looks++;
      const fresh = newDamage(known, now);
      if (fresh.size === 0) continue;
      await sleep(Math.min(LASTING, every), signal);
      const later = await look();
      looks++;
      const lost = lastingDamage(fresh, now, damageIn(later));
      if (lost.size > 0) return report(lossesOf(lost, later, steward));
    } catch (error) {
      if (signal?.aborted) return report([]);
      if (!(error instanceof StoreError)) throw error;
      watching.onFailure(error.message);
    }
  }
  return report([]);
}

function lossesOf(lost: Damage, { area }: Survey, { config }: Steward): readonly WatchedLoss[] {
  const byFile = new Map<string, WatchedLoss['restorePoints'][number][]>();
  const roots = [...lost.values()].toSorted((one, other) => other.root.completed - one.root.completed);
  for (const { root, missing } of roots) {
    const { location, key, completed } = root;
    const owner = { location, base: root.class.base, job: root.class.job };
    const point = {
      path: area.url(location, key.slice(0, -METADATA_NAME.length - 1)),
      job: labelOf(area, owner, config.labels, false),
      completed: isoTime(completed),
    };
    for (const url of missing) byFile.set(url, [...(byFile.get(url) ?? []), point]);
  }
  return [...byFile].map(([url, restorePoints]) => ({ url, restorePoints }));
}
