import { Duration } from 'aws-cdk-lib';
import { Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct, type IConstruct } from 'constructs';
import { JOB_DIMENSION } from '#core/signals/dimension.ts';
import type { FleetMetric, JobMetric } from '#core/signals/metrics.ts';

/** A steward, whether this app makes it or another one has made it. */
export interface IFlinkSteward extends IConstruct {
  /** The function that answers people, and acts for them. */
  readonly manualFunction: IFunction;
  /** Where the steward keeps its records. No Flink job needs access to it. */
  readonly ledgerBucket: IBucket;
  /** The CloudWatch namespace of its metrics. */
  readonly metricNamespace: string;

  /**
   * Lets somebody ask the steward and act through it: `steward --stack`, or `aws lambda invoke`. What that may do is limited
   * by the roles of the functions, not by who asks.
   */
  grantInvokeManual(grantee: IGrantable): Grant;
  /** Lets somebody read the ledger: reports, plans, histories. */
  grantReadLedger(grantee: IGrantable): Grant;

  /** A metric of all jobs together, by its name. @default - the statistic that fits it, over an hour */
  metric(metricName: FleetMetric, props?: MetricOptions): Metric;
  /** A metric of one job, by the label of the job. @default - the maximum over an hour */
  metricForJob(job: string, metricName: JobMetric, props?: MetricOptions): Metric;
  /** All bytes of the area. @default - the maximum over an hour */
  metricTotalBytes(props?: MetricOptions): Metric;
  /** Bytes that a checkpoint or savepoint references. @default - the maximum over an hour */
  metricLiveBytes(props?: MetricOptions): Metric;
  /** Garbage, in quarantine or not. @default - the maximum over an hour */
  metricReclaimableBytes(props?: MetricOptions): Metric;
  /** What storage costs in a month. @default - the maximum over an hour */
  metricMonthlyCost(props?: MetricOptions): Metric;
  /** Jobs that have not ended. @default - the maximum over an hour */
  metricJobs(props?: MetricOptions): Metric;
  /** Checkpoints and savepoints of which all objects are there. @default - the minimum over an hour */
  metricRestorePoints(props?: MetricOptions): Metric;
  /** Checkpoints and savepoints that miss an object. @default - the maximum over an hour */
  metricDamagedRoots(props?: MetricOptions): Metric;
  /** Checkpoints that can't be read; while there is one, nothing is deleted. @default - the maximum over an hour */
  metricUndecidableRoots(props?: MetricOptions): Metric;
  /** Lifecycle rules that delete live state. @default - the maximum over an hour */
  metricHazardousRules(props?: MetricOptions): Metric;
  /** Live bytes that those rules delete. @default - the maximum over an hour */
  metricBytesAtRisk(props?: MetricOptions): Metric;
  /** Live objects that others deleted. @default - the sum over an hour */
  metricLostObjects(props?: MetricOptions): Metric;
  /** Whether the guard does not know what is live. @default - the maximum over an hour */
  metricGuardBlind(props?: MetricOptions): Metric;
  /** Bytes that collections deleted. @default - the sum over an hour */
  metricSweptBytes(props?: MetricOptions): Metric;
  /** Objects that collections deleted. @default - the sum over an hour */
  metricSweptObjects(props?: MetricOptions): Metric;
  /** How long deleting has been paused. @default - the maximum over an hour */
  metricPausedHours(props?: MetricOptions): Metric;
  /** Surveys that came to their end. @default - the sum over an hour */
  metricHeartbeat(props?: MetricOptions): Metric;
}

/** Gauges are published hourly. */
const PERIOD = Duration.hours(1);
/** Of the others, the largest value of an hour is what matters. */
const STATISTICS: Readonly<Partial<Record<FleetMetric, string>>> = {
  RestorePoints: Stats.MINIMUM,
  LostObjects: Stats.SUM,
  SweptBytes: Stats.SUM,
  SweptObjects: Stats.SUM,
  Heartbeat: Stats.SUM,
};

/** What every steward can do, known by its function, its ledger and its metrics. */
export abstract class FlinkStewardBase extends Construct implements IFlinkSteward {
  abstract readonly manualFunction: IFunction;
  abstract readonly ledgerBucket: IBucket;
  abstract readonly metricNamespace: string;

  grantInvokeManual(grantee: IGrantable): Grant {
    return this.manualFunction.grantInvoke(grantee);
  }

  grantReadLedger(grantee: IGrantable): Grant {
    return this.ledgerBucket.grantRead(grantee);
  }

  metric(metricName: FleetMetric, props: MetricOptions = {}): Metric {
    const statistic = STATISTICS[metricName] ?? Stats.MAXIMUM;
    return new Metric({ namespace: this.metricNamespace, metricName, statistic, period: PERIOD, ...props });
  }

  metricForJob(job: string, metricName: JobMetric, props: MetricOptions = {}): Metric {
    return new Metric({
      namespace: this.metricNamespace,
      metricName,
      dimensionsMap: { [JOB_DIMENSION]: job },
      statistic: Stats.MAXIMUM,
      period: PERIOD,
      ...props,
    });
  }

  metricTotalBytes(props?: MetricOptions): Metric {
    return this.metric('TotalBytes', props);
  }

  metricLiveBytes(props?: MetricOptions): Metric {
    return this.metric('LiveBytes', props);
  }

  metricReclaimableBytes(props?: MetricOptions): Metric {
    return this.metric('ReclaimableBytes', props);
  }

  metricMonthlyCost(props?: MetricOptions): Metric {
    return this.metric('MonthlyCost', props);
  }

  metricJobs(props?: MetricOptions): Metric {
    return this.metric('Jobs', props);
  }

  metricRestorePoints(props?: MetricOptions): Metric {
    return this.metric('RestorePoints', props);
  }

  metricDamagedRoots(props?: MetricOptions): Metric {
    return this.metric('DamagedRoots', props);
  }

  metricUndecidableRoots(props?: MetricOptions): Metric {
    return this.metric('UndecidableRoots', props);
  }

  metricHazardousRules(props?: MetricOptions): Metric {
    return this.metric('HazardousRules', props);
  }

  metricBytesAtRisk(props?: MetricOptions): Metric {
    return this.metric('BytesAtRisk', props);
  }

  metricLostObjects(props?: MetricOptions): Metric {
    return this.metric('LostObjects', props);
  }

  metricGuardBlind(props?: MetricOptions): Metric {
    return this.metric('GuardBlind', props);
  }

  metricSweptBytes(props?: MetricOptions): Metric {
    return this.metric('SweptBytes', props);
  }

  metricSweptObjects(props?: MetricOptions): Metric {
    return this.metric('SweptObjects', props);
  }

  metricPausedHours(props?: MetricOptions): Metric {
    return this.metric('PausedHours', props);
  }

  metricHeartbeat(props?: MetricOptions): Metric {
    return this.metric('Heartbeat', props);
  }
}
