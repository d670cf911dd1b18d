/** The small object in each location that names the ledger that is responsible for it. */
export const MARKER_NAME = '.flink-steward.json';
