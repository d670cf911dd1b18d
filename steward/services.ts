import type { PostJson } from '#adapters/slack/post-json.ts';
import type { MetricSink } from '#ports/metric-sink.ts';
import type { BucketConnection } from './open-area.ts';

/** What the application uses of its process and of other services, except stores. */
export interface Services {
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Milliseconds until this process is ended. */
  readonly remaining: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly log: (level: 'info' | 'warn' | 'error', sentence: string, facts?: object) => void;
  /** How to reach buckets. @default as the SDK finds them */
  readonly connection?: BucketConnection;
  /** Sends JSON with an HTTP POST, and returns the response. */
  readonly post: PostJson;
  /** Where the gauges of jobs and fleet are published. @default CloudWatch */
  readonly gauges?: MetricSink;
  /** The CloudWatch namespace of the deployment. @default that of version 0.1.0, which all deployments shared */
  readonly namespace?: string;
}

/** The default for {@link Services.post}. */
export { type PostJson, postJson } from '#adapters/slack/post-json.ts';
