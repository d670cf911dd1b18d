/**
 * The decision on an object. Every object of an area gets exactly one verdict, with the rule that decided it.
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

/** The rules, by stable names, each with the reason that is shown for an object that it decides. */
export const REASONS = {
  'special-entry': 'not an ordinary object: it is never read, judged or deleted',
  pinned: 'pinned, or referenced by a pinned checkpoint or savepoint',
  root: 'the _metadata of a checkpoint or savepoint',
  'unreadable-root': 'the _metadata of a checkpoint or savepoint, which could not be read',
  'named-by-root': 'referenced by a checkpoint or savepoint',
  'base-name': 'has the name of a missing file that a checkpoint or savepoint references',
  'named-by-renamed-root': 'referenced by a checkpoint or savepoint whose metadata file is not called _metadata',
  copy: 'has the name of a live file elsewhere in the area: a copy, or the same file under another name',
  'high-availability': "Flink's high-availability storage",
  'protect-pattern': 'matches a protect pattern of the configuration',
  'steward-marker': "the steward's own marker: it names the ledger that is responsible for this location",
  'unknown-name': "not a name that Flink's state code writes",
  'forst-working-files': 'working files of a ForSt database',
  taskowned: 'task-owned state: a write-ahead sink may need it although no checkpoint references it',
  'savepoint-files': 'in the directory of a savepoint',
  'directory-marker': 'a directory marker; the job is not declared dead',
  'min-age': 'younger than the minimum age',
  'running-checkpoint': 'in the directory of a checkpoint that Flink reports as in progress',
  'rootless-directory': 'the job directory has no checkpoint yet, and does not count as abandoned',
  'no-later-checkpoint': 'no later checkpoint of its job has shown that it is unused',
  'foreign-directory': 'there is no evidence that its directory belongs to a Flink job',
  'undecidable-area':
    'no checkpoint or savepoint that could be read references it, but the area is undecidable in this run',
  quarantine: 'garbage, in quarantine',
  garbage: 'garbage: no checkpoint or savepoint references it, and its quarantine is over',
} as const;
/** The stable name of the rule that decided on an object. */
export type JudgementRule = keyof typeof REASONS;
