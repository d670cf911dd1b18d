import type { TakingRule } from '#core/lifecycle/disable-rule.ts';
import type { LossForecast } from './forecast.ts';

/** Losses that belong together, since no hour has passed between them: what people are told of as one thing. */

const HOUR = 3_600_000;
const MOST_FILES = 5;
/** Of the names of restore points that are kept to tell new ones from known ones. */
const MOST_BROKEN = 1_000;
const MOST_CULPRITS = 3;

/** A restore point that has broken. */
export interface BrokenPoint {
  /** URL of the directory that holds the `_metadata`. */
  readonly path: string;
  /** Label of the job. */
  readonly job: string;
  /** Epoch milliseconds; null of one of which the `_metadata` is gone. */
  readonly completed: number | null;
}

/** What became of the attempts to bring lost objects back. */
export interface Healing {
  readonly restored: number;
  /** What could not be brought back. */
  readonly failed: number;
  /** Why it stopped, or why the first one could not come back, in a sentence; null where all came back. */
  readonly why: string | null;
}

/** What a batch of deletions has broken. */
export interface Losses {
  /** Epoch milliseconds: of the first deletion, and of the last. */
  readonly began: number;
  readonly last: number;
  readonly objects: number;
  /** URLs of some of them. */
  readonly files: readonly string[];
  readonly broken: readonly BrokenPoint[];
  /** Subjects of sentences: `Lifecycle rule "x" of s3://bucket`. */
  readonly culprits: readonly string[];
  /** The rules among them. */
  readonly rules: readonly TakingRule[];
  /** What those rules take next of the same restore points; null where it is not known, or no rule did it. */
  readonly next: LossForecast | null;
  /** Whether older versions may still hold what is gone. */
  readonly keepsVersions: boolean;
}

/** The same over time, with what was done about it. */
export interface Incident extends Losses {
  readonly healing: Healing | null;
}

/** A known incident with further losses; a new one where the known one is over. */
export function withLosses(known: Incident | null, losses: Losses): Incident {
  if (known === null || losses.began - known.last >= HOUR) return { ...losses, healing: null };
  const paths = new Set(known.broken.map(({ path }) => path));
  return {
    began: Math.min(known.began, losses.began),
    last: Math.max(known.last, losses.last),
    objects: known.objects + losses.objects,
    files: [...known.files, ...losses.files].slice(0, MOST_FILES),
    broken: [...known.broken, ...losses.broken.filter(({ path }) => !paths.has(path))].slice(0, MOST_BROKEN),
    culprits: [...new Set([...known.culprits, ...losses.culprits])].slice(0, MOST_CULPRITS),
    rules: [...known.rules, ...losses.rules.filter((rule) => !known.rules.some((one) => isSame(one, rule)))],
    next: losses.next ?? known.next,
    keepsVersions: known.keepsVersions || losses.keepsVersions,
    healing: known.healing,
  };
}

/** An incident with what one attempt to heal it did. */
export function withHealing(known: Incident, { restored, failed, why }: Healing): Incident {
  const before = known.healing ?? { restored: 0, failed: 0, why: null };
  const healing = { restored: before.restored + restored, failed: before.failed + failed, why: why ?? before.why };
  return { ...known, healing };
}

function isSame(one: TakingRule, other: TakingRule): boolean {
  return one.bucket === other.bucket && one.id === other.id && one.position === other.position;
}
