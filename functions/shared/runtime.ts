import type { S3Connection } from '#adapters/s3/s3-client.ts';
import type { PostJson } from '#adapters/slack/post-json.ts';
import type { MetricSink } from '#ports/metric-sink.ts';
import type { Environment } from './environment.ts';

/** The end of an invocation. */
export interface Deadline {
  /** Nothing new is begun. */
  readonly soft: AbortSignal;
  /** What is under way is broken off. */
  readonly hard: AbortSignal;
}

/** What a handler may touch of the world around it: the seam between it and Lambda. */
export interface Host {
  readonly environment: Environment;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Milliseconds until Lambda ends this invocation. */
  readonly remaining: () => number;
  /** When to end. @default by {@link remaining} */
  readonly deadline?: Deadline;
  /** Waits for so many milliseconds. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** How the buckets of area and ledger are reached. @default as the SDK finds it */
  readonly connection?: S3Connection;
  /** Starts another function, and does not wait for its answer. */
  readonly start: (functionName: string, event: object) => Promise<void>;
  /** An HTTP POST of JSON, and what was said to it. */
  readonly post: PostJson;
  /** Answers CloudFormation: an HTTP PUT to the address that it gave. */
  readonly put: (url: string, body: string) => Promise<void>;
  readonly log: (level: 'info' | 'warn' | 'error', sentence: string, facts?: object) => void;
  /** Adds to one of the function's own metrics. */
  readonly count: (metric: FunctionMetric, by?: number) => void;
  /** Where gauges of jobs and fleet are published. @default CloudWatch */
  readonly gauges?: MetricSink;
}

/** The functions' own metrics. */
export const FUNCTION_METRICS = {
  observed: 'CheckpointsObserved',
  failedRecords: 'FailedRecords',
  undecidable: 'UndecidableRuns',
  stopped: 'StoppedRuns',
  deletedObjects: 'DeletedObjects',
  deletedBytes: 'DeletedBytes',
  retired: 'RetiredRoots',
  rulesTakenOut: 'RulesTakenOut',
  slackMessages: 'SlackMessages',
} as const;
export type FunctionMetric = (typeof FUNCTION_METRICS)[keyof typeof FUNCTION_METRICS];

/** The namespace of {@link FUNCTION_METRICS} and of the gauges. */
export const METRIC_NAMESPACE = 'FlinkSteward';
