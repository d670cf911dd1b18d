import type { LossEffect } from './loss.ts';

/** A file that a root needs: one that was listed, or one of the same bucket that lies outside the area. */
export interface LiveObject {
  /** The whole key in the bucket whose rules are judged. */
  readonly key: string;
  /** 0 where it is outside the area: nobody has listed it. */
  readonly bytes: number;
  /** LastModified in epoch milliseconds; where it is outside the area, the latest that it can be. */
  readonly modified: number;
  readonly outside: boolean;
}

/** A root with what it needs. */
export interface LiveRoot {
  /** Key of its `_metadata`; its URL if it is in another bucket than the one whose rules are judged. */
  readonly key: string;
  /** The job's name for people. */
  readonly label: string;
  /** 32 hex digits, or null where the path does not tell. */
  readonly job: string | null;
  /** Epoch milliseconds. */
  readonly completed: number;
  /** Whether it is the newest of its job of which no file is known to be missing. */
  readonly newest: boolean;
  /**
   * Visits every existing object in this bucket that the root names, its own `_metadata` if it is here, and the files of
   * this bucket that it names outside the area, each once.
   */
  forEachObject(visit: (object: LiveObject) => void): void;
}

/** The object that is lost first. */
export interface FirstLoss extends LiveObject {
  readonly effect: LossEffect;
  /** The archive class that it is moved to; null if it is deleted. */
  readonly storageClass: string | null;
  /** Milliseconds from LastModified to the date of the loss. */
  readonly ageAtBreak: number;
}

/**
 * A root that a rule breaks, provided that the root is still there then: Flink retires the checkpoints of running
 * jobs, mostly long before, but what it keeps in later ones it does not write anew.
 */
export interface LifecycleHazard {
  /** The rule, as {@link ruleName} names it. */
  readonly rule: string;
  /** False where the rule may spare the objects; then `condition` is when it affects them. */
  readonly certain: boolean;
  readonly condition: string | null;
  readonly rootKey: string;
  readonly job: string | null;
  readonly label: string;
  readonly newest: boolean;
  /** Epoch milliseconds. */
  readonly completed: number;
  /**
   * Epoch milliseconds: the first object can be lost from then on. A midnight UTC, unless a rule's date has passed before
   * the object was written. S3 works through rules once a day.
   */
  readonly breaksAt: number;
  /** Whether that date has come: the object may vanish any day. */
  readonly due: boolean;
  readonly firstObject: FirstLoss;
  /** How many objects that the root needs the rule deletes or archives, sooner or later. */
  readonly objects: number;
  readonly bytes: number;
  /** How many of them are archived before they are deleted, if they ever are. */
  readonly archivedObjects: number;
  /** How many of them are due already. */
  readonly dueObjects: number;
}

/** `unclear`: none of its known parts does harm, but it has parts that the steward does not understand. */
export type RuleEffect = LossEffect | 'harmless' | 'unclear';

/** How much breaks. */
export interface BreakSummary {
  /** Epoch milliseconds of the first break; null where nothing breaks. */
  readonly earliest: number | null;
  readonly roots: number;
  /** How many of them are the newest restore point of their job. */
  readonly newestRoots: number;
  /** How many of them are due. */
  readonly dueRoots: number;
  readonly jobs: number;
}

/** What one lifecycle rule does to live state. */
export interface RuleJudgement extends BreakSummary {
  readonly id: string | null;
  /** Place in the document, from 1. */
  readonly position: number;
  readonly status: 'Enabled' | 'Disabled';
  /** What it does to current objects that match its filter, whether or not a root needs one of them. */
  readonly effect: RuleEffect;
  readonly certain: boolean;
  /** Whether it applies to keys of the area, or to files outside the area that a root names. */
  readonly applies: boolean;
  /**
   * Whether live state is in danger from it: it deletes or archives what a root needs, or what a root to come may need
   * below the area's prefixes, or it applies to either and has parts that the steward does not understand. One that
   * acts only after more than ten years is not.
   */
  readonly dangerous: boolean;
  /** Ordered by the time of the break. */
  readonly hazards: readonly LifecycleHazard[];
  /** Paths of what was not understood in the rule. */
  readonly notUnderstood: readonly string[];
  /** Whole sentences about what the judgement rests on. */
  readonly notes: readonly string[];
  readonly sentence: string;
}

/** What all lifecycle rules of a bucket do to live state, each alone and together. */
export interface LifecycleJudgement {
  /** In the document's order. */
  readonly rules: readonly RuleJudgement[];
  /** Of the dangerous rules together. */
  readonly total: BreakSummary & {
    /** Distinct objects that at least one rule deletes or archives within ten years and at least one root needs. */
    readonly objects: number;
    readonly bytes: number;
    /** True where there were too many to tell apart: `objects` and `bytes` are then lower bounds. */
    readonly atLeast: boolean;
  };
}
