/**
 * What is decided of an object. Every object of an area gets exactly one verdict, with the rule that decided it.
 * Verdicts do not depend on breakers or on the mode: those judge a run.
 */
export const VERDICTS = [
  'keep-live',
  'keep-young',
  'keep-pinned',
  'keep-in-progress',
  'keep-protected',
  'keep-unknown',
  'keep-undecidable',
  'quarantined',
  'delete',
] as const;
/** The decision on one object. */
export type Verdict = (typeof VERDICTS)[number];

/** The rules, by stable names, and what each one says of an object that it decides. */
export const REASONS = {
  'special-entry': 'no ordinary object: never read, judged or deleted',
  pinned: 'pinned, or named by a pinned checkpoint or savepoint',
  root: 'a checkpoint or savepoint starts here',
  'unreadable-root': 'a checkpoint or savepoint that could not be read',
  'named-by-root': 'named by a checkpoint or savepoint',
  'base-name': 'has the name of a file that a checkpoint or savepoint misses elsewhere',
  copy: 'has the name of a live file elsewhere: a copy of it, or that file itself under another name',
  'high-availability': "Flink's high-availability storage",
  'protect-pattern': 'matches a protect pattern of the configuration',
  'steward-marker': "the steward's own marker, which names the ledger that looks after this location",
  'unknown-name': "not a name that Flink's state code writes",
  'forst-working-files': 'working files of a ForSt database',
  taskowned: 'task-owned state, which a write-ahead sink may know of only by itself',
  'savepoint-files': 'in the directory of a savepoint',
  'directory-marker': 'a directory marker; the job is not declared dead',
  'min-age': 'younger than the minimum age',
  'running-checkpoint': 'in the directory of a checkpoint that is in progress, as Flink says',
  'rootless-directory': 'the job directory has no checkpoint yet, and is not given up',
  'no-later-checkpoint': 'no checkpoint completed since that could show it to be unused',
  'undecidable-area': 'named by nothing that could be read, but the area is undecidable in this run',
  quarantine: 'garbage, in quarantine',
  garbage: 'garbage: no checkpoint or savepoint names it, and its quarantine is served',
} as const;
/** The stable name of the rule that decided on an object. */
export type JudgementRule = keyof typeof REASONS;

/** How long an object has been garbage, from earlier runs. */
export interface Candidacy {
  /** Epoch milliseconds of the first run that found it garbage. */
  readonly since: number;
  /** In how many decidable runs it was garbage, this one not counted. */
  readonly runs: number;
  /** The ETag it had then. */
  readonly etag: string;
}
