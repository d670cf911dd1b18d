import { Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type MathExpression,
  SingleValueWidget,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { FunctionName } from '#functions/shared/function-names.ts';
import { FUNCTION_METRICS } from '#functions/shared/runtime.ts';
import { fleetMetric, jobsQuery, ofFunctions } from '#infra/alarms.ts';

export interface StewardDashboardProps {
  readonly name: string;
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

  constructor(scope: Construct, id: string, { name, alarms, functions, deadLetters }: StewardDashboardProps) {
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
    this.dashboard.addWidgets(
      new SingleValueWidget({
        title: 'Fleet',
        width: WIDE,
        height: 4,
        metrics: [
          named(fleetMetric('Jobs', 'Maximum'), 'Jobs'),
          named(fleetMetric('TotalBytes', 'Maximum'), 'Stored'),
          named(fleetMetric('LiveBytes', 'Maximum'), 'Live'),
          named(fleetMetric('ReclaimableBytes', 'Maximum'), 'Garbage'),
          named(fleetMetric('RestorePoints', 'Minimum'), 'Restore points'),
          named(fleetMetric('MonthlyCost', 'Maximum'), 'Cost a month'),
        ],
      }),
    );
    this.dashboard.addWidgets(
      graph('Stored, live and garbage', HALF, [
        named(fleetMetric('TotalBytes', 'Maximum'), 'Stored'),
        named(fleetMetric('LiveBytes', 'Maximum'), 'Live'),
        named(fleetMetric('ReclaimableBytes', 'Maximum'), 'Garbage'),
      ]),
      graph('Risks', HALF, [
        named(fleetMetric('HazardousRules', 'Maximum'), 'Hazardous rules'),
        named(fleetMetric('UndecidableRoots', 'Maximum'), 'Roots that cannot be read'),
        named(fleetMetric('DamagedRoots', 'Maximum'), 'Damaged roots'),
      ]),
    );
    this.dashboard.addWidgets(
      graph(`Checkpoint size, top ${TOP}`, THIRD, [jobsQuery('CheckpointBytes', 'MAX', 'DESC', TOP)]),
      graph(`Growth against the last 7 days, top ${TOP}`, THIRD, [jobsQuery('GrowthRatio', 'MAX', 'DESC', TOP)]),
      graph(`Lateness, top ${TOP}`, THIRD, [jobsQuery('Lateness', 'MAX', 'DESC', TOP)]),
    );
    this.dashboard.addWidgets(
      graph(`Garbage, top ${TOP}`, THIRD, [jobsQuery('ReclaimableBytes', 'MAX', 'DESC', TOP)]),
      graph(`Days to budget, lowest ${TOP}`, THIRD, [jobsQuery('DaysToBudget', 'MIN', 'ASC', TOP)]),
      graph(`Restore points, lowest ${TOP}`, THIRD, [jobsQuery('RestorePoints', 'MAX', 'ASC', TOP)]),
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
      graph('Heartbeat', THIRD, [named(fleetMetric('Heartbeat', 'Sum'), 'Surveys')]),
      graph('Deleted bytes', THIRD, [ofFunctions(FUNCTION_METRICS.deletedBytes, 'Sum')]),
      graph('Runs that stopped', THIRD, [
        ofFunctions(FUNCTION_METRICS.stopped, 'Sum'),
        ofFunctions(FUNCTION_METRICS.undecidable, 'Sum'),
      ]),
    );
  }
}

function named(metric: ReturnType<typeof fleetMetric>, label: string): IMetric {
  return metric.with({ label });
}

function graph(title: string, width: number, metrics: readonly (IMetric | MathExpression)[]): GraphWidget {
  return new GraphWidget({ title, width, height: 6, left: [...metrics], leftYAxis: { min: 0, showUnits: false } });
}
