import type { JudgementRule, Verdict } from '#core/collect/verdicts.ts';
import type { CsvValue } from '#core/csv.ts';
import type { SnapshotKind, StateKind } from '#core/flink/metadata/model.ts';
import type { StorageClass } from '#core/inventory/storage-class.ts';
import type { JobState } from '#core/signals/job-states.ts';
import type { UndecidableWords } from '#operations/report/undecidable-words.ts';

/**
 * The document that is embedded in the report page: plain JSON. Times are epoch milliseconds, sizes are bytes,
 * amounts of money are in the currency of {@link ReportCost}.
 */
export interface ReportDocument {
  /** Version of this format. */
  readonly version: typeof REPORT_VERSION;
  /** The start of the survey, by the store's clock. */
  readonly at: number;
  readonly area: readonly string[];
  readonly total: ReportAmount;
  readonly groups: ReportGroups;
  /** The number of existing checkpoints and savepoints. */
  readonly roots: number;
  readonly restorePoints: number;
  /** Why, in the words of `steward audit`; empty if the area is decidable. */
  readonly undecidable: readonly UndecidableWords[];
  /** What the command says of an area without Flink state; null if there is some. */
  readonly empty: string | null;
  /** Sentences about jobs that can't be restored from their newest checkpoint. */
  readonly findings: readonly string[];
  readonly notes: readonly string[];
  /** Sentences about breakers that would stop the next run. */
  readonly breakers: readonly string[];
  readonly quarantine: ReportQuarantine;
  readonly ages: ReportAges;
  readonly reasons: readonly ReportReason[];
  readonly staying: readonly ReportStaying[];
  /** All jobs together; a single point if there is no history. */
  readonly trend: ReportTrend;
  /** Jobs with the most bytes first. */
  readonly jobs: readonly ReportJob[];
  /** Every submission, as the command prints it: for the file that the page offers. */
  readonly table: ReportTable;
  readonly needs: readonly ReportNeed[];
  readonly buckets: readonly ReportBucket[];
  /** Null if there are no prices. */
  readonly cost: ReportCost | null;
  readonly money: ReportMoney;
}

export interface ReportTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly CsvValue[])[];
}

export const REPORT_VERSION = 1;

export interface ReportAmount {
  readonly objects: number;
  readonly bytes: number;
}

/** Every object is in exactly one group. */
export interface ReportGroups {
  readonly live: ReportAmount;
  /** Garbage that the next collect deletes. */
  readonly deletable: ReportAmount;
  /** Garbage whose quarantine has not ended. */
  readonly quarantined: ReportAmount;
  readonly young: ReportAmount;
  /** Not yet proved to be unused. */
  readonly inProgress: ReportAmount;
  readonly protected: ReportAmount;
  readonly unknown: ReportAmount;
  readonly undecided: ReportAmount;
}
export type ReportGroup = keyof ReportGroups;

export interface ReportQuarantine {
  /** How long garbage is kept at least. */
  readonly lasts: number;
  /** When the first quarantine ends; null if no run has recorded any garbage. */
  readonly firstEnds: number | null;
  /** Garbage that no earlier run has recorded. */
  readonly unremembered: number;
}

/** Objects and bytes by age: a band below the first bound, bands between two bounds, and a band above the last bound. */
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

/** What waits or stays for one reason, and what would free it. */
export interface ReportStaying extends ReportAmount {
  readonly what: string;
  /** Sentences. */
  readonly remedy: string;
  /** When the oldest of it was written. */
  readonly oldest: number;
}

/** Columns of equal length, oldest first. */
export interface ReportTrend {
  readonly at: readonly number[];
  readonly live: readonly number[];
  readonly deletable: readonly number[];
  readonly quarantined: readonly number[];
  readonly other: readonly number[];
}

/** The growth since an earlier time. */
export interface ReportGrowth {
  /** The earlier time and the bytes at that time. */
  readonly since: number;
  readonly from: number;
}

/** All submissions of one label. */
export interface ReportJob {
  readonly label: string;
  /** The label, short enough for a list. */
  readonly name: string;
  readonly total: ReportAmount;
  readonly groups: ReportGroups;
  readonly costPerMonth: number | null;
  readonly submissions: readonly ReportSubmission[];
  /** Newest first; `rootsLeftOut` older ones are not listed. */
  readonly roots: readonly ReportRoot[];
  readonly rootsLeftOut: number;
  readonly restorePoints: number;
  /** By age bound: the number of restore points that need a file which is at least that old. */
  readonly brokenAt: readonly number[];
  readonly live: ReportBands;
  readonly garbage: ReportBands;
  readonly other: ReportBands;
  readonly reasons: readonly ReportReason[];
  readonly trend: ReportTrend;
  readonly growth: ReportGrowth | null;
  readonly completions: ReportCompletions;
  /** Of its newest restore point; null where there is none, or it was not read a second time. */
  readonly composition: ReportComposition | null;
  /** Null where nobody has looked at its state files. */
  readonly states: ReportStates | null;
  readonly ended: boolean | null;
  readonly state: JobState;
  /** What shows the state, as a clause. */
  readonly stateWhy: string;
}

/** The state of a root by operator. */
export interface ReportComposition {
  /** The last folder of its directory: `chk-7`. */
  readonly root: string;
  readonly bytes: number;
  readonly newBytes: number;
  /** The root since which they are new; null where Flink's own count stands. */
  readonly newSince: string | null;
  /** The largest first; `leftOut` smaller ones are not listed. */
  readonly operators: readonly ReportComposed[];
  readonly leftOut: number;
}

/** The state of an operator in a root, in bytes. */
export interface ReportComposed {
  readonly name: string;
  readonly bytes: number;
  readonly newBytes: number;
  /** Kinds of state that it has, the largest first. */
  readonly kinds: readonly { readonly kind: StateKind; readonly bytes: number }[];
  /** The subtask that stands out; null where none does. `ratio` is to the median, null where most hold nothing. */
  readonly skew: { readonly subtask: number; readonly bytes: number; readonly ratio: number | null } | null;
}

/** What a look at state files found. */
export interface ReportStates {
  /** When the checkpoint that it is of was complete. */
  readonly at: number;
  readonly bytes: number;
  /** The largest first. */
  readonly operators: readonly ReportOperator[];
  /** How many smaller states are not listed. */
  readonly leftOut: number;
}

export interface ReportOperator {
  readonly name: string;
  readonly bytes: number;
  /** The largest first. */
  readonly states: readonly ReportState[];
}

/** Null where its files do not tell. */
export interface ReportState {
  readonly name: string;
  readonly hasTtl: boolean | null;
  readonly bytes: number;
  readonly entries: number | null;
  readonly deletions: number | null;
  /** Of a value in the mean, before compression. */
  readonly valueBytes: number | null;
  /** Growth in bytes. */
  readonly perDay: number | null;
}

export interface ReportSubmission {
  /** 32 hex digits; null if the path does not contain the job id. */
  readonly id: string | null;
  /** URL. */
  readonly directory: string;
  readonly total: ReportAmount;
  readonly live: ReportAmount;
  readonly roots: number;
  readonly declaredDead: boolean;
  readonly lastWrite: number;
}

export type RootCondition = 'whole' | 'damaged' | 'unreadable' | 'archived' | 'unverified' | 'unsettled';

export interface ReportRoot {
  /** `chk-15`, or the name of a savepoint's directory. */
  readonly name: string;
  /** The path for `flink run -s`. */
  readonly path: string;
  /** Index of its submission. */
  readonly submission: number;
  readonly savepoint: boolean;
  readonly kind: SnapshotKind;
  readonly condition: RootCondition;
  readonly completed: number;
  /** Bytes that a restore reads. */
  readonly bytes: number;
  /** Null if it can't be restored from, or if that is not known. */
  readonly command: string | null;
  /** The problem, in a sentence. */
  readonly problem: string | null;
  /** When the files that it references were written, including its own _metadata. */
  readonly oldest: number;
  readonly median: number;
  readonly newest: number;
  /** Referenced files in directories of other jobs: their number, and when the oldest was written. */
  readonly borrowed: number;
  readonly borrowedOldest: number | null;
  /** When a lifecycle rule may delete or archive the first of its files; null if none does. */
  readonly breaksAt: number | null;
}

/** Columns of equal length, oldest first: all known checkpoints and savepoints, including deleted ones. */
export interface ReportCompletions {
  readonly at: readonly number[];
  readonly bytes: readonly (number | null)[];
  readonly increments: readonly (number | null)[];
  readonly savepoint: readonly boolean[];
}

/** The position of a job and one of its submissions in {@link ReportDocument.jobs}. */
export interface ReportPlace {
  readonly job: number;
  readonly submission: number;
}

/** Checkpoints of one submission that need files of another. */
export interface ReportNeed extends ReportAmount {
  readonly from: ReportPlace;
  /** Null if the files are in no job directory. */
  readonly to: ReportPlace | null;
  readonly directory: string;
  readonly oldest: number;
  /** The number of checkpoints and savepoints that need one of the files. */
  readonly roots: number;
}

export interface ReportBucket {
  /** Null if the rules came from a file. */
  readonly bucket: string | null;
  /** Whether the rules could be read. */
  readonly known: boolean;
  readonly rules: readonly ReportRule[];
  /** What rules delete of files that jobs need although no checkpoint references them. */
  readonly unnamed: readonly string[];
  readonly unknown: readonly string[];
}

export interface ReportRule {
  /** Null if it has none. */
  readonly id: string | null;
  readonly position: number;
  readonly enabled: boolean;
  /** Whether it breaks, or may break, checkpoints of today or to come. */
  readonly dangerous: boolean;
  /** False if it acts under a condition that nobody can check, such as a tag. */
  readonly certain: boolean;
  readonly sentence: string;
  /** Checkpoints and savepoints that it breaks. */
  readonly roots: number;
  readonly newestRoots: number;
  readonly dueRoots: number;
  readonly earliest: number | null;
  /** The roots that break first. */
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
  /** The latest possible time if the file is outside the area. */
  readonly firstModified: number;
  readonly firstOutside: boolean;
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
  /** Of this survey. */
  readonly survey: number;
  readonly storageClasses: readonly ReportStorageClass[];
  /** Null where nothing is known of them. */
  readonly versions: ReportUnlisted | null;
  readonly uploads: ReportUnlisted | null;
  /** With noncurrent versions and incomplete uploads. */
  readonly whole: number;
  /** What is not in the sum, in sentences. */
  readonly notLookedAt: readonly string[];
}

export interface ReportStorageClass extends ReportAmount {
  readonly storageClass: StorageClass | 'STANDARD';
  readonly billedBytes: number;
  readonly perMonth: number;
}

export interface ReportUnlisted {
  readonly count: number;
  readonly bytes: number;
  readonly perMonth: number;
  readonly atLeast: boolean;
}

/** The words of `steward audit` about money. */
export interface ReportMoney {
  /** What the area costs a month; what it holds, where no prices are known. */
  readonly answer: string;
  /** What the sum contains beside objects; null where there is nothing to tell. */
  readonly contains: string | null;
  /** What can be saved, in sentences. */
  readonly savings: readonly string[];
}
