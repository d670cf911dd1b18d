/** The small object in each location that names the ledger which looks after it. */
export const MARKER_NAME = '.flink-steward.json';
