/**
 * Where each call of a port in memory waits until it is let through. What a call does happens all at once, when it is
 * let through and not before: between two of them anything may happen.
 */
export interface Gate {
  /**
   * @param call what is asked, for the trace: `ledger write lease`.
   * @param effect happens in one step; what it throws is thrown to the caller.
   * @param failure of this call, where it is made to fail; the effect may then have happened or not.
   */
  pass<T>(call: string, effect: () => T, failure: (why: string) => Error): Promise<T>;
  /** How many objects the next page of a listing shows. */
  pageSize(): number;
  /** How many keys a request is said to list. @default as of a directory, that listing takes no requests */
  readonly keysPerRequest?: number;
}

/** Lets everything through at once. */
export const OPEN: Gate = {
  pass: async (_call, effect) => effect(),
  pageSize: () => 1_000,
};
