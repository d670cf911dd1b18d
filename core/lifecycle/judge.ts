import { compareKeys } from '#core/key-order.ts';
import { places, touches } from './coverage.ts';
import type {
  BreakSummary,
  FirstLoss,
  LifecycleHazard,
  LifecycleJudgement,
  LiveObject,
  LiveRoot,
  RuleJudgement,
} from './judgement.ts';
import { actsFar, dueAt, hasSizeFilter, isFar, type Loss, lossesBy, takes } from './loss.ts';
import { type LifecycleRule, readingIn, ruleName, type TransitionMinimum } from './rule.ts';
import { describeCondition, describeRule } from './sentences.ts';

/** A set of keys of this many entries takes about 150 MB; V8 refuses sets of more than 2^24. */
const DISTINCT_LIMIT = 4_000_000;

/** What a judgement needs to know besides the rules and the roots. */
export interface LifecycleOptions {
  /** As the bucket says it. Null or absent: S3's default, `all_storage_classes_128K`. */
  readonly transitionMinimum?: TransitionMinimum | null;
  /** Of the area, in this bucket. @default the whole bucket */
  readonly prefixes?: readonly string[];
  /** How many distinct objects are told apart for the total. */
  readonly distinctLimit?: number;
}

/**
 * Judges the lifecycle rules of one bucket against the roots in it: which roots each rule breaks, and when.
 *
 * Takes one root at a time and keeps of each only its hazards; the keys of objects at risk are kept for the total.
 *
 * @param now epoch milliseconds.
 */
export function judgeLifecycle(
  rules: readonly LifecycleRule[],
  roots: Iterable<LiveRoot>,
  now: number,
  options: LifecycleOptions = {},
): LifecycleJudgement {
  const minimum = options.transitionMinimum ?? null;
  const trials = rules.map((rule) => new RuleTrial(rule, minimum, options.prefixes ?? [''], now));
  const active = trials.filter(({ losses, unclear }) => losses.length > 0 || unclear);
  const distinct = new DistinctObjects(options.distinctLimit ?? DISTINCT_LIMIT);
  for (const root of active.length > 0 ? roots : []) {
    root.forEachObject((object) => {
      let atRisk = false;
      for (const trial of active) {
        atRisk = trial.take(object) || atRisk;
      }
      if (atRisk) distinct.add(object);
    });
    for (const trial of active) {
      trial.finish(root);
    }
  }
  const judged = trials.map((trial) => trial.judgement());
  const { objects, bytes, atLeast } = distinct;
  const hazards = judged.flatMap((rule) => (rule.dangerous ? rule.hazards : []));
  return { rules: judged, total: { ...summarise(hazards), objects, bytes, atLeast } };
}

/** What one rule does to the root that is being visited, and the hazards found so far. */
class RuleTrial {
  readonly losses: readonly Loss[];
  /** It may do what the steward does not understand. */
  readonly unclear: boolean;
  readonly #notUnderstood: readonly string[];
  readonly #hazards: LifecycleHazard[] = [];
  readonly #condition: string | null;
  #first: FirstLoss | null = null;
  #reachesOutside = false;
  #objects = 0;
  #bytes = 0;
  #archived = 0;
  #due = 0;

  constructor(
    private readonly rule: LifecycleRule,
    private readonly minimum: TransitionMinimum | null,
    private readonly prefixes: readonly string[],
    private readonly now: number,
  ) {
    this.#notUnderstood = [...rule.notUnderstood, ...unknownClasses(rule)];
    this.unclear = rule.enabled && this.#notUnderstood.length > 0;
    this.losses = lossesBy(rule, minimum ?? 'all_storage_classes_128K');
    this.#condition = describeCondition(rule);
  }

  /** @returns whether the rule takes it within ten years. */
  take(object: LiveObject): boolean {
    const { key, bytes, modified, outside } = object;
    if (!takes(this.rule.filter, object)) return false;
    this.#reachesOutside ||= outside;
    let loss: Loss | null = null;
    let at = Number.POSITIVE_INFINITY;
    for (const candidate of this.losses) {
      const isSpared = bytes < candidate.fromBytes && !outside;
      const due = isSpared ? Number.POSITIVE_INFINITY : dueAt(candidate.when, modified);
      if (due < at) {
        loss = candidate;
        at = due;
      }
    }
    if (loss === null) return false;
    this.#objects++;
    this.#bytes += bytes;
    this.#archived += loss.effect === 'archives' ? 1 : 0;
    this.#due += at <= this.now ? 1 : 0;
    if (this.#first === null || goesBefore(key, at, this.#first)) {
      const { effect, storageClass } = loss;
      this.#first = { key, bytes, modified, outside, effect, storageClass, ageAtBreak: at - modified };
    }
    return !isFar(at, this.now);
  }

  finish(root: LiveRoot): void {
    if (this.#first === null) return;
    const breaksAt = this.#first.modified + this.#first.ageAtBreak;
    this.#hazards.push({
      rule: ruleName(this.rule),
      certain: this.#condition === null,
      condition: this.#condition,
      rootKey: root.key,
      job: root.job,
      label: root.label,
      newest: root.newest,
      completed: root.completed,
      breaksAt,
      due: breaksAt <= this.now,
      firstObject: this.#first,
      objects: this.#objects,
      bytes: this.#bytes,
      archivedObjects: this.#archived,
      dueObjects: this.#due,
    });
    this.#first = null;
    this.#objects = 0;
    this.#bytes = 0;
    this.#archived = 0;
    this.#due = 0;
  }

  judgement(): RuleJudgement {
    const { rule } = this;
    const hazards = this.#hazards.sort((a, b) => a.breaksAt - b.breaksAt || compareKeys(a.rootKey, b.rootKey));
    const notUnderstood = this.#notUnderstood;
    const effect = this.losses[0]?.effect ?? (this.unclear ? 'unclear' : 'harmless');
    const applies = touches(rule, this.prefixes) || this.#reachesOutside;
    const isSoon =
      this.losses.some((loss) => !actsFar(loss, this.now)) ||
      hazards.some(({ breaksAt }) => !isFar(breaksAt, this.now));
    const dangerous = applies && (isSoon || this.unclear);
    return {
      id: rule.id,
      position: rule.position,
      status: rule.enabled ? 'Enabled' : 'Disabled',
      effect,
      certain: this.#condition === null,
      applies,
      dangerous,
      ...summarise(hazards),
      hazards,
      notUnderstood,
      notes: this.#notes(notUnderstood),
      sentence: describeRule(rule, { effect, applies, dangerous, hazards, notUnderstood }, this.prefixes),
    };
  }

  #notes(notUnderstood: readonly string[]): string[] {
    const { rule } = this;
    const notes: string[] = [];
    if (!rule.enabled) return notes;
    const archives = this.losses.some(({ effect }) => effect === 'archives');
    if (archives && this.minimum === null && !hasSizeFilter(rule.filter)) {
      // S3 changed its default in September 2024 and left configurations from before as they were.
      notes.push(
        'The document does not contain TransitionDefaultMinimumObjectSize. The steward assumes that objects under 128 KB are not moved, as in configurations written since September 2024; older configurations archive them too.',
      );
    }
    if (rule.transitions.some(({ storageClass }) => storageClass === 'INTELLIGENT_TIERING')) {
      notes.push(
        'INTELLIGENT_TIERING stays readable unless its optional archive tiers are switched on for the bucket, which lifecycle rules do not show: see aws s3api list-bucket-intelligent-tiering-configurations.',
      );
    }
    const billed = billedClasses(rule);
    if (billed.length > 0) {
      notes.push(
        `${billed.join(' and ')} can be read at once, but S3 bills every gigabyte that is read, and a minimum storage time for every object: moving objects that Flink soon deletes, or that a restore reads, can cost more than it saves.`,
      );
    }
    if (rule.abortsUploadsAfter !== null) {
      notes.push(
        `File sinks keep multipart uploads open between checkpoints, and their state references these uploads. If a file sink writes ${places(rule, [rule.filter.prefix])}, a restore more than ${rule.abortsUploadsAfter} ${rule.abortsUploadsAfter === 1 ? 'day' : 'days'} after its checkpoint can fail.`,
      );
    }
    if (notUnderstood.length > 0) {
      notes.push(`Not understood, and so not judged: ${notUnderstood.join(', ')}.`);
    }
    return notes;
  }
}

function goesBefore(key: string, at: number, first: FirstLoss): boolean {
  const firstAt = first.modified + first.ageAtBreak;
  return at < firstAt || (at === firstAt && compareKeys(key, first.key) < 0);
}

function unknownClasses(rule: LifecycleRule): string[] {
  return rule.transitions.flatMap(({ storageClass }, index) =>
    readingIn(storageClass) === 'unknown' ? [`Transitions[${index}].StorageClass ${JSON.stringify(storageClass)}`] : [],
  );
}

/** Those that bill for retrieval and for a least time of storage: 30 days, GLACIER_IR 90 (S3 pricing). */
function billedClasses({ transitions }: LifecycleRule): string[] {
  const billed = new Set(['STANDARD_IA', 'ONEZONE_IA', 'GLACIER_IR']);
  return [...new Set(transitions.map(({ storageClass }) => storageClass).filter((name) => billed.has(name)))];
}

/** Several rules may break one root: it counts once, and is due when the first of them is. */
function summarise(hazards: readonly LifecycleHazard[]): BreakSummary {
  const keys = (chosen: readonly LifecycleHazard[]) => new Set(chosen.map(({ rootKey }) => rootKey)).size;
  return {
    earliest: hazards.reduce<number | null>((at, { breaksAt }) => (at === null || breaksAt < at ? breaksAt : at), null),
    roots: keys(hazards),
    newestRoots: keys(hazards.filter(({ newest }) => newest)),
    dueRoots: keys(hazards.filter(({ due }) => due)),
    jobs: new Set(hazards.map(({ job, label }) => job ?? label)).size,
  };
}

/** Counts distinct objects in bounded memory. */
class DistinctObjects {
  readonly #keys = new Set<string>();
  bytes = 0;
  atLeast = false;

  constructor(private readonly limit: number) {}

  get objects(): number {
    return this.#keys.size;
  }

  add(object: LiveObject): void {
    if (this.#keys.has(object.key)) return;
    if (this.#keys.size >= this.limit) {
      this.atLeast = true;
      return;
    }
    this.#keys.add(object.key);
    this.bytes += object.bytes;
  }
}
