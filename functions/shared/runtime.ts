import type { Surroundings } from '#steward/surroundings.ts';
import type { Environment } from './environment.ts';

/** The end of an invocation. */
export interface Deadline {
  /** Nothing new is begun. */
  readonly soft: AbortSignal;
  /** What is under way is broken off. */
  readonly hard: AbortSignal;
}

/** What a handler may touch of the world around it: the seam between it and Lambda. */
export interface Runtime extends Surroundings {
  readonly environment: Environment;
  /** When to end. @default by {@link remaining} */
  readonly deadline?: Deadline;
  /** Starts another function, and does not wait for its answer. */
  readonly start: (functionName: string, event: object) => Promise<void>;
  /** Answers CloudFormation: an HTTP PUT to the address that it gave. */
  readonly put: (url: string, body: string) => Promise<void>;
  /** Adds to one of the function's own metrics. */
  readonly count: (metric: FunctionMetric, by?: number) => void;
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
