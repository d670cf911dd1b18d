/** How far a survey has come. */
export interface SurveyProgress {
  /** Listed by now. */
  readonly objects: number;
  /** Of these objects. */
  readonly bytes: number;
  /** How many objects the last run listed; null where nobody knows. */
  readonly expected: number | null;
  /** How many roots are listed by now. */
  readonly roots: number;
  readonly rootsRead: number;
}
