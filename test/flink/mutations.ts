import type { FlinkLine } from './flink-build.ts';

/** A safety rule that is switched off, and a scenario that it alone holds up. */
export interface Mutation {
  /** As `unsafe-steward.ts` knows it. */
  readonly name: string;
  readonly scenario: string;
  readonly flink: FlinkLine;
}

export const MUTATIONS: readonly Mutation[] = [
  { name: 'references across jobs', scenario: 'CLAIM chain, one retained', flink: 'flink-1.20' },
  { name: 'a later checkpoint', scenario: 'changelog, outage', flink: 'flink-1.20' },
  { name: 'task-owned files', scenario: 'write-ahead sink', flink: 'flink-1.20' },
  { name: 'names of live files', scenario: 'backup of a job inside the area', flink: 'flink-1.20' },
  { name: 'two names', scenario: 'one directory under two names', flink: 'flink-1.20' },
  { name: 'a second ledger', scenario: 'a second ledger on a part of the area', flink: 'flink-2' },
  { name: 'everything but age', scenario: 'rocksdb incremental, failures, kill -9', flink: 'flink-2' },
];
