import { CloudWatchMetrics } from '#adapters/cloudwatch/cloudwatch-metrics.ts';
import { NAMESPACE_ROOT } from '#core/signals/metrics.ts';
import type { MetricSink } from '#ports/metric-sink.ts';
import type { Services } from '#steward/services.ts';

/** Where the gauges of jobs and fleet are published. It has its own file so that only bundles that publish contain the client. */
export function metricSinkOf({
  gauges,
  clock,
  namespace,
}: Pick<Services, 'gauges' | 'clock' | 'namespace'>): MetricSink {
  return gauges ?? new CloudWatchMetrics({ namespace: namespace ?? NAMESPACE_ROOT, clock });
}
