import type { MetricName } from '#core/signals/metrics.ts';

/** One value of one metric. */
export interface MetricValue {
  readonly name: MetricName;
  /** In the unit of the metric. */
  readonly value: number;
  /** Label of the job; null for the fleet. */
  readonly job: string | null;
  /** Of one state of a job: what people call it. */
  readonly state?: string;
  /** Of a fleet's total: the one location that it is of. */
  readonly area?: string;
  /** What it is of: epoch milliseconds. */
  readonly at: number;
}

/** The port to the place where gauges are published. */
export interface MetricSink {
  /**
   * Publishes all of them, or throws: publishing the same once more does no harm.
   *
   * @throws MetricError
   */
  publish(values: readonly MetricValue[]): Promise<void>;
}

/** They could not be published, as a sentence. */
export class MetricError extends Error {
  override readonly name = 'MetricError';
}
