/** Who holds a lease, so that the end of a process on this machine need not be waited for. */
export interface Holder {
  readonly host: string;
  /** Names one process of that host for good: its number will be used again, and this not. Null where that can't be told. */
  readonly process: string | null;
}

/** The processes that may hold a lease, as this one sees them. */
export interface Holders {
  readonly self: Holder;
  /** True only where it is certain that the process has ended. */
  hasEnded(holder: Holder): boolean;
}
