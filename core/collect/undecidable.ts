/** Every kind of reason for which nothing in an area is deleted in a run. */
export const UNDECIDABLE_CODES = [
  'unreadable-root',
  'archived-root',
  'foreign-root',
  'other-name',
  'vanished-root',
  'lost-directory',
  'hidden-roots',
  'same-directory',
  'cut-job-directory',
  'linked-state',
  'flink-unreachable',
  'missing-location',
  'outside-root',
  'unreadable-outside-root',
] as const;
/** A stable name for a reason, for scripts. */
export type UndecidableCode = (typeof UNDECIDABLE_CODES)[number];

/** One reason, with what to do about it. */
export interface Undecidable {
  readonly code: UndecidableCode;
  /** The whole key or URL it is about. */
  readonly object: string;
  readonly sentence: string;
}
