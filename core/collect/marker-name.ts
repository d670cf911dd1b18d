/** The small object in each location that names the ledger that is responsible for it. */
export const MARKER_NAME = '.flink-steward.json';
/** How the names begin under which a probe finds out what a store honours. They are gone when it has ended. */
export const PROBE_NAME = '.flink-steward-probe-';

/** Whether an object of this base name is the steward's own: no file of a job's, and nothing that a job has written. */
export function isStewardsOwn(baseName: string): boolean {
  return baseName === MARKER_NAME || baseName.startsWith(PROBE_NAME);
}
