/** Something that is wrong with a run or its certificate. */
export interface Finding {
  /** The rule that was broken, as docs/safety.md calls it; or `log`, `certificate`, `chain` or `record`. */
  readonly rule: string;
  /** The object that was deleted, or the root; null where it is none of a single object. */
  readonly url: string | null;
  readonly sentence: string;
}
