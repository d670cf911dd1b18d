import type { TakingRule } from '#core/lifecycle/disable-rule.ts';
import type { LossForecast } from './forecast.ts';
import { hashText } from './text-hash.ts';

/** Losses that belong together, since no hour has passed between them: what people are told of as one thing. */

const SECOND = 1_000;
const HOUR = 3_600_000;
const MOST_FILES = 5;
/** Of the names of restore points that are kept to tell new ones from known ones. */
const MOST_BROKEN = 1_000;
const MOST_CULPRITS = 3;
/** Of the losses that are known, so that what is told twice counts once. */
const MOST_COUNTED = 10_000;

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
  /** What is still to be brought back, by a later attempt. */
  readonly left: number;
  /** Why it stopped, or why the first one could not come back, in a sentence; null where all came back. */
  readonly why: string | null;
}

/** What a batch of deletions has broken. */
export interface Losses {
  /** Epoch milliseconds: of the first deletion, and of the last. */
  readonly began: number;
  readonly last: number;
  readonly objects: number;
  /** For each object a number by which it is known again, by {@link lossNumber}. */
  readonly counted: readonly number[];
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
  /** Of how many losses the metric has not been told yet. */
  readonly unpublished: number;
  readonly healing: Healing | null;
}

/**
 * By which a loss is known again: S3 may tell twice, in two forms with different fractions of a second, and what failed on
 * the way is told once more.
 */
export function lossNumber({ url, at }: { readonly url: string; readonly at: number }): number {
  return hashText(`${url}@${Math.floor(at / SECOND)}`);
}

/** A known incident with further losses; a new one where the known one is over. */
export function withLosses(known: Incident | null, losses: Losses): Incident {
  const before = new Set(known?.counted);
  const fresh = losses.counted.filter((one) => !before.has(one));
  if (known !== null && fresh.length === 0) return known;
  const counted = [...before, ...fresh].slice(-MOST_COUNTED);
  const unpublished = (known?.unpublished ?? 0) + fresh.length;
  if (known === null || losses.began - known.last >= HOUR) {
    return { ...losses, objects: fresh.length, counted, unpublished, healing: null };
  }
  const paths = new Set(known.broken.map(({ path }) => path));
  return {
    began: Math.min(known.began, losses.began),
    last: Math.max(known.last, losses.last),
    objects: known.objects + fresh.length,
    counted,
    unpublished,
    files: [...new Set([...known.files, ...losses.files])].slice(0, MOST_FILES),
    broken: [...known.broken, ...losses.broken.filter(({ path }) => !paths.has(path))].slice(0, MOST_BROKEN),
    culprits: [...new Set([...known.culprits, ...losses.culprits])].slice(0, MOST_CULPRITS),
    rules: [...known.rules, ...losses.rules.filter((rule) => !known.rules.some((one) => isSame(one, rule)))],
    next: losses.next ?? known.next,
    keepsVersions: known.keepsVersions || losses.keepsVersions,
    healing: known.healing,
  };
}

/** An incident of which the metric has been told so many losses. */
export function withPublished(known: Incident, losses: number): Incident {
  return { ...known, unpublished: Math.max(0, known.unpublished - losses) };
}

/** When the alarm ends, if nothing more is lost: until then what is lost raises no other one. Epoch milliseconds. */
export function quietUntil({ last }: Pick<Incident, 'last'>): number {
  return last + HOUR;
}

/** An incident with what one attempt to heal it did. What is left is all that is left by now. */
export function withHealing(known: Incident, { restored, failed, left, why }: Healing): Incident {
  const before = known.healing ?? { restored: 0, failed: 0, left: 0, why: null };
  const failures = before.failed + failed;
  const reason = failures + left === 0 ? null : (why ?? before.why);
  return { ...known, healing: { restored: before.restored + restored, failed: failures, left, why: reason } };
}

function isSame(one: TakingRule, other: TakingRule): boolean {
  return one.bucket === other.bucket && one.id === other.id && one.position === other.position;
}
