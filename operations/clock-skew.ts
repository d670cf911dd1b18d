/** By how much the clock of this machine may differ from a store's, in milliseconds. So two machines may by twice that. */
export const MOST_CLOCK_SKEW = 60_000;
