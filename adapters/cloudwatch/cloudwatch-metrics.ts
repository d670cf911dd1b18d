import { CloudWatchClient, type MetricDatum, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { ALARMS, type AlarmKind } from '#core/signals/alarms.ts';
import { AREA_DIMENSION, dimensionOf, JOB_DIMENSION, STATE_DIMENSION } from '#core/signals/dimension.ts';
import { METRICS } from '#core/signals/metrics.ts';
import { MetricError, type MetricSink, type MetricValue } from '#ports/metric-sink.ts';

/** All that one request takes (CloudWatch API reference, "PutMetricData"). */
const MOST_AT_ONCE = 1_000;
/** Values that are older are refused, and with them all of their request. */
const OLDEST = 14 * 24 * 3_600_000 - 3_600_000;
const ATTEMPTS = 6;

/** Those of alarms that do not wait for the end of a minute. */
const AT_ONCE: ReadonlySet<string> = new Set(
  ALARMS.flatMap((kind: AlarmKind) => (kind.period === undefined ? [] : [kind.source.metric])),
);

const UNITS = new Map<string, MetricDatum['Unit']>(METRICS.map(({ name, unit }) => [name, unit]));

export interface CloudWatchOptions {
  readonly namespace: string;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** @default as the SDK finds it */
  readonly endpoint?: string;
}

/** Gauges as metrics of CloudWatch; those of a job with its label as dimension. */
export class CloudWatchMetrics implements MetricSink {
  readonly #client: CloudWatchClient;
  readonly #namespace: string;
  readonly #clock: () => number;

  constructor({ namespace, clock, endpoint }: CloudWatchOptions) {
    this.#client = new CloudWatchClient({ maxAttempts: ATTEMPTS, ...(endpoint === undefined ? {} : { endpoint }) });
    this.#namespace = namespace;
    this.#clock = clock;
  }

  async publish(values: readonly MetricValue[]): Promise<void> {
    const oldest = this.#clock() - OLDEST;
    const data = values.filter(({ value, at }) => Number.isFinite(value) && at >= oldest).map(datumOf);
    // One request after the other: a thousand jobs are some ten of them, and no burst that is throttled.
    for (let at = 0; at < data.length; at += MOST_AT_ONCE) {
      await this.#put(data.slice(at, at + MOST_AT_ONCE), data.length);
    }
  }

  async #put(MetricData: MetricDatum[], all: number): Promise<void> {
    try {
      await this.#client.send(new PutMetricDataCommand({ Namespace: this.#namespace, MetricData }));
    } catch (error) {
      const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      throw new MetricError(
        `Not all of the ${all} metric values could be published (${why}); alarms see gaps until the next publication. The function needs cloudwatch:PutMetricData in the namespace ${this.#namespace}.`,
        { cause: error },
      );
    }
  }
}

function datumOf({ name, value, job, state, area, at }: MetricValue): MetricDatum {
  return {
    MetricName: name,
    Value: value,
    Unit: UNITS.get(name),
    Timestamp: new Date(at),
    ...(AT_ONCE.has(name) ? { StorageResolution: 1 } : {}),
    ...dimensions({ [JOB_DIMENSION]: job ?? undefined, [STATE_DIMENSION]: state, [AREA_DIMENSION]: area }),
  };
}

function dimensions(named: Readonly<Record<string, string | undefined>>): Pick<MetricDatum, 'Dimensions'> {
  const Dimensions = Object.entries(named).flatMap(([Name, value]) =>
    value === undefined ? [] : [{ Name, Value: dimensionOf(value) }],
  );
  return Dimensions.length === 0 ? {} : { Dimensions };
}
