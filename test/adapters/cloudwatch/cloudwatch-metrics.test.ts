import { describe, expect, it } from 'vitest';
import { CloudWatchMetrics } from '#adapters/cloudwatch/cloudwatch-metrics.ts';
import { MetricError, type MetricValue } from '#ports/metric-sink.ts';
import { useMetricServer } from '#test/support/metric-server.ts';

const NOW = Date.UTC(2027, 2, 1);
const DAY = 24 * 3_600_000;
const serve = useMetricServer();

function sink(endpoint: string): CloudWatchMetrics {
  return new CloudWatchMetrics({ namespace: 'FlinkSteward', clock: () => NOW, endpoint });
}

function value(more: Partial<MetricValue> = {}): MetricValue {
  return { name: 'LiveBytes', value: 7, job: 'orders', at: NOW, ...more };
}

describe('Metrics of CloudWatch', () => {
  it('bear the job as their dimension, and those of the fleet none', async () => {
    // Prepare
    const { url, taken } = await serve();

    // Act
    await sink(url).publish([value({ job: 'eu/órdenes' }), value({ name: 'Heartbeat', value: 1, job: null })]);

    // Assess
    expect(taken).toEqual([
      {
        Namespace: 'FlinkSteward',
        MetricData: [
          {
            MetricName: 'LiveBytes',
            Value: 7,
            Unit: 'Bytes',
            Timestamp: NOW / 1_000,
            Dimensions: [{ Name: 'Job', Value: 'eu/%C3%B3rdenes' }],
          },
          { MetricName: 'Heartbeat', Value: 1, Unit: 'Count', Timestamp: NOW / 1_000 },
        ],
      },
    ]);
  });

  it('of one location bear that as their dimension', async () => {
    const { url, taken } = await serve();

    await sink(url).publish([value({ job: null, area: 's3://bucket/flink' })]);

    expect(taken[0]?.MetricData[0]?.Dimensions).toEqual([{ Name: 'Area', Value: 's3://bucket/flink' }]);
  });

  it('of a thousand jobs go in few requests', async () => {
    const { url, taken } = await serve();
    const jobs = Array.from({ length: 2_500 }, (_, at) => value({ job: `job-${at}` }));

    await sink(url).publish(jobs);

    expect(taken.map(({ MetricData }) => MetricData.length)).toEqual([1_000, 1_000, 500]);
  });

  it('leave out what CloudWatch would refuse, and the whole request with it', async () => {
    const { url, taken } = await serve();

    await sink(url).publish([
      value({ value: Number.NaN }),
      value({ value: Number.POSITIVE_INFINITY }),
      value({ at: NOW - 14 * DAY }),
      value({ at: NOW - 13 * DAY }),
    ]);
    await sink(url).publish([]);

    expect(taken.map(({ MetricData }) => MetricData.map(({ Timestamp }) => Timestamp))).toEqual([
      [(NOW - 13 * DAY) / 1_000],
    ]);
  });

  it('are asked for again where CloudWatch throttles', async () => {
    const { url, taken, statuses } = await serve();
    statuses.push(400, 500);

    await sink(url).publish([value()]);

    expect(taken).toHaveLength(1);
  });

  it('that are refused are told in a sentence', async () => {
    const { url, statuses } = await serve();
    statuses.push(403);

    await expect(sink(url).publish([value(), value()])).rejects.toThrow(
      new MetricError(
        'Not all of the 2 metric values could be published (Denied: UnknownError); alarms see gaps until the next publication. The function needs cloudwatch:PutMetricData in the namespace FlinkSteward.',
      ),
    );
  });
});
