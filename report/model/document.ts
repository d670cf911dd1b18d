import type { JudgementRule, Verdict } from '#core/collect/verdicts.ts';
import type { SnapshotKind } from '#core/flink/metadata/model.ts';

/**
 * What the report shows, as it is embedded in the page: plain JSON. Times are epoch milliseconds, sizes are bytes,
 * amounts of money are in the currency of {@link ReportCost}.
 */
export interface ReportDocument {
  /** Of this format. */
  readonly version: typeof REPORT_VERSION;
  /** The start of the survey, by the store's clock. */
  readonly at: number;
  readonly area: readonly string[];
  readonly total: ReportAmount;
  readonly groups: ReportGroups;
  /** Checkpoints and savepoints that are there. */
  readonly roots: number;
  readonly restorePoints: number;
  readonly undecidable: readonly { readonly object: string; readonly sentence: string }[];
  /** Sentences about jobs that can't be restored from their newest checkpoint. */
  readonly findings: readonly string[];
  readonly notes: readonly string[];
  /** Sentences about what stops the next run. */
  readonly breakers: readonly string[];
  readonly quarantine: ReportQuarantine;
  readonly ages: ReportAges;
  readonly reasons: readonly ReportReason[];
  /** Of all jobs together; one point where nothing is remembered. */
  readonly trend: ReportTrend;
  /** Those with the most bytes first. */
  readonly jobs: readonly ReportJob[];
  readonly needs: readonly ReportNeed[];
  readonly buckets: readonly ReportBucket[];
  /** Null where no prices hold. */
  readonly cost: ReportCost | null;
}

export const REPORT_VERSION = 1;

export interface ReportAmount {
  readonly objects: number;
  readonly bytes: number;
}

/** Every object is in one of them. */
export interface ReportGroups {
  readonly live: ReportAmount;
  /** Garbage that the next collect deletes. */
  readonly deletable: ReportAmount;
  /** Garbage that has not yet served its quarantine. */
  readonly quarantined: ReportAmount;
  /** Too young, or not yet shown to be unused. */
  readonly waiting: ReportAmount;
  readonly protected: ReportAmount;
  readonly unknown: ReportAmount;
  readonly undecided: ReportAmount;
}
export type ReportGroup = keyof ReportGroups;

export interface ReportQuarantine {
  /** How long garbage stays at least. */
  readonly lasts: number;
  /** When the first of the garbage has served it; null where no run has remembered any. */
  readonly firstEnds: number | null;
  /** Objects that are garbage, and that no earlier run has remembered as such. */
  readonly unremembered: number;
}

/** Objects and bytes by age; the bands lie between the bounds, younger than the first and older than the last one. */
export interface ReportAges {
  /** Milliseconds, ascending. */
  readonly bounds: readonly number[];
  readonly live: ReportBands;
  readonly garbage: ReportBands;
  readonly other: ReportBands;
}

export interface ReportBands {
  readonly objects: readonly number[];
  readonly bytes: readonly number[];
}

export interface ReportReason extends ReportAmount {
  readonly rule: JudgementRule;
  readonly verdict: Verdict;
  readonly text: string;
}

/** Columns of equal length, oldest first. */
export interface ReportTrend {
  readonly at: readonly number[];
  readonly live: readonly number[];
  readonly deletable: readonly number[];
  readonly quarantined: readonly number[];
  readonly other: readonly number[];
}

/** How much it grew, all told. */
export interface ReportGrowth {
  /** What the size of now is held against: the time and the bytes of then. */
  readonly since: number;
  readonly from: number;
}

/** All submissions of one label. */
export interface ReportJob {
  readonly label: string;
  readonly total: ReportAmount;
  readonly groups: ReportGroups;
  readonly costPerMonth: number | null;
  readonly submissions: readonly ReportSubmission[];
  /** Newest first; `rootsLeftOut` older ones are not listed. */
  readonly roots: readonly ReportRoot[];
  readonly rootsLeftOut: number;
  readonly restorePoints: number;
  /** By age bound: how many of the restore points need a file that is at least so old. */
  readonly brokenAt: readonly number[];
  readonly live: ReportBands;
  readonly garbage: ReportBands;
  readonly other: ReportBands;
  readonly reasons: readonly ReportReason[];
  readonly trend: ReportTrend;
  readonly growth: ReportGrowth | null;
  readonly completions: ReportCompletions;
  readonly ended: boolean | null;
}

export interface ReportSubmission {
  /** 32 hex digits, or null where no path tells. */
  readonly id: string | null;
  /** URL. */
  readonly directory: string;
  readonly total: ReportAmount;
  readonly live: ReportAmount;
  readonly roots: number;
  readonly declaredDead: boolean;
  readonly lastWrite: number;
}

export type RootCondition = 'whole' | 'damaged' | 'unreadable' | 'unverified' | 'unsettled';

export interface ReportRoot {
  /** `chk-15`, or the name of a savepoint's directory. */
  readonly name: string;
  /** What `flink run -s` takes. */
  readonly path: string;
  /** Index of its submission. */
  readonly submission: number;
  readonly savepoint: boolean;
  readonly kind: SnapshotKind;
  readonly condition: RootCondition;
  readonly completed: number;
  /** What a restore reads. */
  readonly bytes: number;
  /** Null where it can't be restored, or nobody here can say so. */
  readonly command: string | null;
  /** What is wrong with it, in a sentence. */
  readonly problem: string | null;
  /** When the files were written that it names, itself among them. */
  readonly oldest: number;
  readonly median: number;
  readonly newest: number;
  /** Of those that lie with other jobs: how many, and when the oldest was written. */
  readonly borrowed: number;
  readonly borrowedOldest: number | null;
  /** When the first rule of a bucket may take the first of its files; null where none does. */
  readonly breaksAt: number | null;
}

/** Columns of equal length, oldest first: the checkpoints and savepoints that are known, gone ones among them. */
export interface ReportCompletions {
  readonly at: readonly number[];
  readonly bytes: readonly (number | null)[];
  readonly increments: readonly (number | null)[];
  readonly savepoint: readonly boolean[];
}

/** Where a job and one of its submissions stand in {@link ReportDocument.jobs}. */
export interface ReportPlace {
  readonly job: number;
  readonly submission: number;
}

/** Checkpoints of one submission that need files which lie with another. */
export interface ReportNeed extends ReportAmount {
  readonly from: ReportPlace;
  /** Null where the files lie with no job. */
  readonly to: ReportPlace | null;
  readonly directory: string;
  readonly oldest: number;
  /** How many of the checkpoints and savepoints need one of the files. */
  readonly roots: number;
}

export interface ReportBucket {
  /** Null where the rules came from a file. */
  readonly bucket: string | null;
  /** Whether the rules could be read. */
  readonly known: boolean;
  readonly rules: readonly ReportRule[];
  /** What rules take of what no checkpoint names and jobs need. */
  readonly unnamed: readonly string[];
  readonly unknown: readonly string[];
}

export interface ReportRule {
  /** Null where it has none. */
  readonly id: string | null;
  readonly position: number;
  readonly enabled: boolean;
  readonly sentence: string;
  /** Checkpoints and savepoints that it breaks. */
  readonly roots: number;
  readonly newestRoots: number;
  readonly dueRoots: number;
  readonly earliest: number | null;
  /** The first to break. */
  readonly hazards: readonly ReportHazard[];
}

export interface ReportHazard {
  readonly label: string;
  readonly job: string | null;
  readonly root: string;
  readonly newest: boolean;
  readonly breaksAt: number;
  readonly due: boolean;
  readonly objects: number;
  readonly firstObject: string;
  readonly firstModified: number;
}

export interface ReportCost {
  /** ISO 4217. */
  readonly currency: string;
  readonly pricesOf: string;
  readonly regions: readonly string[];
  readonly regionAssumed: boolean;
  readonly live: number;
  readonly reclaimable: number;
  readonly total: number;
  readonly survey: number;
}
