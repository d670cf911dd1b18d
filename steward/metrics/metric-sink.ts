import { CloudWatchMetrics } from '#adapters/cloudwatch/cloudwatch-metrics.ts';
import { type Host, METRIC_NAMESPACE } from '#functions/shared/runtime.ts';
import type { MetricSink } from '#ports/metric-sink.ts';

/** Where the gauges of jobs and fleet go. Apart from the host, so that only functions that publish any carry the client. */
export function gaugesOf({ gauges, clock }: Host): MetricSink {
  return gauges ?? new CloudWatchMetrics({ namespace: METRIC_NAMESPACE, clock });
}
