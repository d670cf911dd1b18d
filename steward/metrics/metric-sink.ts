import { NAMESPACE_ROOT } from '#core/signals/metrics.ts';
import type { MetricSink } from '#ports/metric-sink.ts';
import type { Services } from '#steward/services.ts';

/**
 * Where the gauges of jobs and fleet are published. It has its own file so that only bundles that publish contain the
 * client, which is loaded at the first publication.
 */
export function metricSinkOf({
  gauges,
  clock,
  namespace,
}: Pick<Services, 'gauges' | 'clock' | 'namespace'>): MetricSink {
  return gauges ?? cloudWatch(namespace ?? NAMESPACE_ROOT, clock);
}

function cloudWatch(namespace: string, clock: Services['clock']): MetricSink {
  return {
    publish: async (values) => {
      const { CloudWatchMetrics } = await import('#adapters/cloudwatch/cloudwatch-metrics.ts');
      await new CloudWatchMetrics({ namespace, clock }).publish(values);
    },
  };
}
