import { Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  SingleValueWidget,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { FleetMetric, JobMetric } from '#core/signals/metrics.ts';
import type { FunctionName } from '#functions/shared/function-names.ts';
import { FUNCTION_METRICS } from '#functions/shared/runtime.ts';
import { fleetMetric, jobsQuery, ofFunctions } from '#infra/alarms.ts';

export interface StewardDashboardProps {
  readonly name: string;
  /** The CloudWatch namespace of the deployment. */
  readonly namespace: string;
  /** Names of the alarms. */
  readonly alarms: readonly string[];
  readonly functions: Readonly<Partial<Record<FunctionName, LambdaFunction>>>;
  readonly deadLetters: Readonly<Record<string, IQueue>>;
}

const TOP = 10;
const WIDE = 24;
const HALF = 12;
const THIRD = 8;
const HOUR = Duration.hours(1);

/** What there is to see at a glance: alarms, the fleet, the jobs that have most of something, and the steward itself. */
export class StewardDashboard extends Construct {
  readonly dashboard: Dashboard;

  constructor(
    scope: Construct,
    id: string,
    { name, namespace, alarms, functions, deadLetters }: StewardDashboardProps,
  ) {
    super(scope, id);
    this.dashboard = new Dashboard(this, 'Dashboard', {
      dashboardName: name,
      defaultInterval: Duration.days(7),
    });
    if (alarms.length > 0) {
      // By their names, so that the dashboard waits for none of them.
      const shown = alarms.map((alarm) =>
        Alarm.fromAlarmArn(
          this,
          alarm,
          Stack.of(this).formatArn({ service: 'cloudwatch', resource: `alarm:${alarm}` }),
        ),
      );
      this.dashboard.addWidgets(new AlarmStatusWidget({ title: 'Alarms', alarms: shown, width: WIDE, height: 5 }));
    }
    const fleet = (metric: FleetMetric, statistic: 'Maximum' | 'Minimum' | 'Sum', label: string): IMetric =>
      fleetMetric(metric, statistic, namespace).with({ label });
    const most = (metric: JobMetric): IMetric => jobsQuery({ namespace, metric, fn: 'MAX', order: 'DESC', most: TOP });
    const least = (metric: JobMetric, fn: 'MIN' | 'MAX'): IMetric =>
      jobsQuery({ namespace, metric, fn, order: 'ASC', most: TOP });
    this.dashboard.addWidgets(
      new SingleValueWidget({
        title: 'Fleet',
        width: WIDE,
        height: 4,
        metrics: [
          fleet('Jobs', 'Maximum', 'Jobs'),
          fleet('TotalBytes', 'Maximum', 'Stored'),
          fleet('LiveBytes', 'Maximum', 'Live'),
          fleet('ReclaimableBytes', 'Maximum', 'Garbage'),
          fleet('RestorePoints', 'Minimum', 'Restore points'),
          fleet('MonthlyCost', 'Maximum', 'Cost a month'),
        ],
      }),
    );
    this.dashboard.addWidgets(
      graph('Stored, live and garbage', HALF, [
        fleet('TotalBytes', 'Maximum', 'Stored'),
        fleet('LiveBytes', 'Maximum', 'Live'),
        fleet('ReclaimableBytes', 'Maximum', 'Garbage'),
      ]),
      graph('Risks', HALF, [
        fleet('HazardousRules', 'Maximum', 'Hazardous rules'),
        fleet('UndecidableRoots', 'Maximum', 'Roots that cannot be read'),
        fleet('DamagedRoots', 'Maximum', 'Damaged roots'),
      ]),
    );
    this.dashboard.addWidgets(
      graph(`Checkpoint size, top ${TOP}`, THIRD, [most('CheckpointBytes')]),
      graph(`Stored, top ${TOP}`, THIRD, [most('TotalBytes')]),
      graph(`Jumps in size, top ${TOP}`, THIRD, [most('JumpRatio')]),
    );
    this.dashboard.addWidgets(
      graph(`Lateness, top ${TOP}`, THIRD, [most('Lateness')]),
      graph(`Days to budget, lowest ${TOP}`, THIRD, [least('DaysToBudget', 'MIN')]),
      graph(`Restore points, lowest ${TOP}`, THIRD, [least('RestorePoints', 'MAX')]),
    );
    const each = Object.entries(functions);
    this.dashboard.addWidgets(
      graph('Errors of the steward', THIRD, [
        ...each.map(([fn, made]) => made.metricErrors({ label: fn, period: HOUR, statistic: Stats.SUM })),
      ]),
      graph('Longest run, milliseconds', THIRD, [
        ...each.map(([fn, made]) => made.metricDuration({ label: fn, period: HOUR, statistic: Stats.MAXIMUM })),
      ]),
      graph('Failed events and invocations', THIRD, [
        ...Object.entries(deadLetters).map(([queue, made]) =>
          made.metricApproximateNumberOfMessagesVisible({ label: queue, period: HOUR, statistic: Stats.MAXIMUM }),
        ),
      ]),
    );
    this.dashboard.addWidgets(
      graph('Heartbeat', THIRD, [fleet('Heartbeat', 'Sum', 'Surveys')]),
      graph('Deleted bytes', THIRD, [ofFunctions(FUNCTION_METRICS.deletedBytes, 'Sum', namespace)]),
      graph('Runs that stopped', THIRD, [
        ofFunctions(FUNCTION_METRICS.stopped, 'Sum', namespace),
        ofFunctions(FUNCTION_METRICS.undecidable, 'Sum', namespace),
      ]),
    );
  }
}

function graph(title: string, width: number, metrics: readonly IMetric[]): GraphWidget {
  return new GraphWidget({ title, width, height: 6, left: [...metrics], leftYAxis: { min: 0, showUnits: false } });
}
