import { CloudWatchMetrics } from '#adapters/cloudwatch/cloudwatch-metrics.ts';
import { METRIC_NAMESPACE } from '#core/signals/metrics.ts';
import type { MetricSink } from '#ports/metric-sink.ts';
import type { Surroundings } from '#steward/surroundings.ts';

/** Where the gauges of jobs and fleet are published. A file of its own, so that only functions that publish carry the client. */
export function metricSinkOf({ gauges, clock }: Pick<Surroundings, 'gauges' | 'clock'>): MetricSink {
  return gauges ?? new CloudWatchMetrics({ namespace: METRIC_NAMESPACE, clock });
}
