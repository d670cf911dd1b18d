import type { SurveyProgress } from '#steward/documents.ts';
import type { Services } from '#steward/services.ts';
import type { Environment } from './environment.ts';

/** The signals that end an invocation in time. */
export interface Deadline {
  /** Aborted when the function must start nothing new. */
  readonly soft: AbortSignal;
  /** Aborted when the function must abort requests in progress. */
  readonly hard: AbortSignal;
  /** Told how far a look at the area has come. */
  readonly onProgress?: (progress: SurveyProgress) => void;
}

/** Everything outside the handler that it uses: the interface between a handler and Lambda. */
export interface Runtime extends Services {
  readonly environment: Environment;
  /** @default from {@link remaining} */
  readonly deadline?: Deadline;
  /** Invokes another function asynchronously. */
  readonly start: (functionName: string, event: object) => Promise<void>;
  /** Answers CloudFormation: an HTTP PUT to the URL in its event. */
  readonly put: (url: string, body: string) => Promise<void>;
  /** Adds to one of the function's own metrics. */
  readonly count: (metric: FunctionMetric, by?: number) => void;
}

/** Starts an execution of a state machine. @returns its ARN. */
export type StartExecution = (machine: string, name: string, input: object) => Promise<string>;

/** Invokes another function, and waits for its answer. */
export type AskFunction = (functionName: string, event: object, signal?: AbortSignal) => Promise<unknown>;

/** What the function for people uses besides. */
export interface ManualRuntime extends Runtime {
  readonly startExecution: StartExecution;
  readonly ask: AskFunction;
}

/** The functions' own metrics. */
export const FUNCTION_METRICS = {
  observed: 'CheckpointsObserved',
  failedRecords: 'FailedRecords',
  undecidable: 'UndecidableRuns',
  stopped: 'StoppedRuns',
  refused: 'RefusedDeletions',
  notProven: 'RunsNotProven',
  deletedObjects: 'DeletedObjects',
  deletedBytes: 'DeletedBytes',
  retired: 'RetiredRoots',
  rulesTakenOut: 'RulesTakenOut',
  slackMessages: 'SlackMessages',
} as const;
export type FunctionMetric = (typeof FUNCTION_METRICS)[keyof typeof FUNCTION_METRICS];
