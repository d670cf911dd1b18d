import type { PostJson } from '#adapters/slack/post-json.ts';
import type { MetricSink } from '#ports/metric-sink.ts';
import type { BucketConnection } from './open-area.ts';

/** What the application asks of the process around it, besides stores. */
export interface Surroundings {
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Milliseconds until this process is ended. */
  readonly remaining: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly log: (level: 'info' | 'warn' | 'error', sentence: string, facts?: object) => void;
  /** How buckets are reached. @default as the SDK finds them */
  readonly connection?: BucketConnection;
  /** An HTTP POST of JSON, and what was answered. */
  readonly post: PostJson;
  /** Where gauges of jobs and fleet are published. @default CloudWatch */
  readonly gauges?: MetricSink;
}

/** The default for {@link Surroundings.post}. */
export { type PostJson, postJson } from '#adapters/slack/post-json.ts';
