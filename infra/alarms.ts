import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmRule,
  AlarmState,
  ComparisonOperator,
  CompositeAlarm,
  type IMetric,
  MathExpression,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct, type IConstruct } from 'constructs';
import { alarmThresholds } from '#config/signals.ts';
import type { StewardConfig } from '#config/steward-config.ts';
import {
  ALARM_PERIOD,
  ALARMS,
  type AlarmId,
  type AlarmKind,
  JOB_ALARMS,
  type Severity,
  thresholdOf,
} from '#core/signals/alarms.ts';
import { JOB_DIMENSION } from '#core/signals/dimension.ts';
import type { JobMetric } from '#core/signals/metrics.ts';
import { FIRST_AID } from '#core/slack/first-aid.ts';
import type { FunctionName } from '#functions/shared/function-names.ts';

export interface StewardAlarmsProps {
  /** What the names of all alarms begin with; no two stacks of an account may share it. */
  readonly prefix: string;
  readonly config: StewardConfig;
  readonly topic: ITopic;
  /** Those that get the alarms of one severity only. */
  readonly topics: Readonly<Record<Severity, ITopic>>;
  readonly functions: Readonly<Partial<Record<FunctionName, LambdaFunction>>>;
  /** Queues in which nothing should be, by a name for the alarm. */
  readonly deadLetters: Readonly<Record<string, IQueue>>;
  /** ARN of the state machine that runs collections. */
  readonly collection: string;
  /** The queue of checkpoint events. */
  readonly events: IQueue;
  /** The CloudWatch namespace of the deployment. */
  readonly namespace: string;
  /** Publishes the first heartbeat. */
  readonly deployed: IConstruct;
  /** Address or name of the page of the runbook. */
  readonly runbook: string;
}

/** What a query of CloudWatch returns at most. */
const MOST_SERIES = 500;
const SEVERITY_WORDS: Readonly<Record<Severity, string>> = { page: 'Page', ticket: 'Ticket' };
const PERIOD = Duration.seconds(ALARM_PERIOD);
/** The functions whose runs can be stopped by a breaker, or be refused a deletion. */
const ACTING = ['collect', 'sweep', 'shards'] as const satisfies readonly FunctionName[];
/** Which functions count what. */
const COUNTED_BY = {
  StoppedRuns: ACTING,
  RefusedDeletions: ACTING,
  RunsNotProven: ['survey'],
} as const satisfies Readonly<Record<string, readonly FunctionName[]>>;
/** The dimension that the functions' own counters have. */
const SERVICE = 'service';

/** All alarms, as the list of them in `core` says, with the thresholds of the configuration. */
export class StewardAlarms extends Construct {
  /** By what follows the prefix in their names: the id of the kind, and of which function or queue. */
  readonly byId: Readonly<Record<string, Alarm>>;
  /** Names of all alarms. */
  readonly names: readonly string[];
  readonly #prefix: string;
  readonly #ofSteward: readonly Alarm[];
  #unhealthy: CompositeAlarm | undefined;

  constructor(scope: Construct, id: string, props: StewardAlarmsProps) {
    super(scope, id);
    const created = ALARMS.flatMap((kind: AlarmKind & { readonly id: AlarmId }) =>
      metricsOf(kind, props).map(({ part, metric }) => {
        const name = part === null ? kind.id : `${kind.id}-${part}`;
        return { kind, name, alarm: this.#create(kind, part, metric, props) };
      }),
    );
    this.byId = Object.fromEntries(created.map(({ name, alarm }) => [name, alarm]));
    this.names = created.map(({ name }) => `${props.prefix}-${name}`);
    this.#prefix = props.prefix;
    this.#ofSteward = created.filter(({ kind }) => isOfSteward(kind)).map(({ alarm }) => alarm);
  }

  /** Whether one of those is in alarm that say that the steward itself does not work. One alarm, however often it is asked for. */
  unhealthy(): CompositeAlarm {
    this.#unhealthy ??= new CompositeAlarm(this, 'unhealthy', {
      compositeAlarmName: `${this.#prefix}-unhealthy`,
      alarmDescription:
        'The steward itself does not work: one of its alarms says that it fails, is silent, or lost messages. See those.',
      alarmRule: AlarmRule.anyOf(...this.#ofSteward.map((alarm) => AlarmRule.fromAlarm(alarm, AlarmState.ALARM))),
    });
    return this.#unhealthy;
  }

  #create(
    kind: AlarmKind & { readonly id: AlarmId },
    part: string | null,
    metric: IMetric,
    props: StewardAlarmsProps,
  ): Alarm {
    const { title, severity, runbook, comparison, hours, period, missing } = kind;
    const threshold = thresholdOf(kind, alarmThresholds(props.config));
    const name = part === null ? kind.id : `${kind.id}-${part}`;
    const alarmName = `${props.prefix}-${name}`;
    const steps = FIRST_AID[kind.id].steps.join(' ');
    const alarm = new Alarm(this, name, {
      alarmName,
      alarmDescription: `${SEVERITY_WORDS[severity]}: ${title}${part === null ? '' : ` (${part})`}. ${steps} Runbook: ${props.runbook}#${runbook}`,
      metric,
      threshold,
      comparisonOperator:
        comparison === 'above' ? ComparisonOperator.GREATER_THAN_THRESHOLD : ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: period === undefined ? hours : (hours * ALARM_PERIOD) / period,
      datapointsToAlarm: period === undefined ? hours : 1,
      treatMissingData: missing === 'breaching' ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
    // None for missing data: what counts then is said above, and an alarm over many series takes no such action.
    for (const topic of [props.topic, props.topics[kind.severity]]) {
      alarm.addAlarmAction(new SnsAction(topic));
      alarm.addOkAction(new SnsAction(topic));
    }
    // Where missing data is what the alarm is about, there must be some before it looks for the first time.
    if (missing === 'breaching') alarm.node.addDependency(props.deployed);
    return alarm;
  }
}

/** Whether an alarm is about the functions and queues of the steward, and not about jobs and buckets. */
function isOfSteward({ id, source }: AlarmKind): boolean {
  return id === 'silent' || source.of.startsWith('AWS/');
}

/** Names of the alarms over many jobs. */
export function jobAlarmNames(prefix: string): readonly string[] {
  return JOB_ALARMS.map(({ id }) => `${prefix}-${id}`);
}

interface PartMetric {
  /** Of an alarm for each of several things: which. */
  readonly part: string | null;
  readonly metric: IMetric;
}

function metricsOf(kind: AlarmKind, props: StewardAlarmsProps): readonly PartMetric[] {
  const { source, statistic } = kind;
  switch (source.of) {
    case 'job':
      return [{ part: null, metric: perJob(kind, source.metric, props.namespace) }];
    case 'fleet':
      return [{ part: null, metric: fleetMetric(source.metric, statistic, props.namespace, kind.period) }];
    case 'functions':
      return [{ part: null, metric: countedByRuns(source.metric, props) }];
    case 'AWS/Lambda':
      // Not the starts that were turned away: they are tried again, and end in the failure queue where they are given up.
      return Object.entries(props.functions).map(([name, fn]) => ({
        part: name,
        metric: fn.metricErrors({ period: PERIOD, statistic: Stats.SUM }),
      }));
    case 'AWS/States':
      return [{ part: null, metric: failedExecutions(props.collection) }];
    case 'AWS/SQS':
      if (source.metric === 'ApproximateAgeOfOldestMessage') {
        const age = props.events.metricApproximateAgeOfOldestMessage({ period: PERIOD, statistic: Stats.MAXIMUM });
        return [{ part: null, metric: age }];
      }
      return Object.entries(props.deadLetters).map(([name, queue]) => ({
        part: name,
        metric: queue.metricApproximateNumberOfMessagesVisible({ period: PERIOD, statistic: Stats.MAXIMUM }),
      }));
  }
}

/** One alarm with a contributor for each job: jobs come and go, and an alarm for each would have to be deployed. */
function perJob({ statistic, comparison }: AlarmKind, metric: JobMetric, namespace: string): IMetric {
  const order = comparison === 'above' ? 'DESC' : 'ASC';
  return jobsQuery({ namespace, metric, fn: sqlOf(statistic), order, most: MOST_SERIES });
}

/** Which jobs a query is about, and how many of them. */
export interface JobsQuery {
  readonly namespace: string;
  readonly metric: JobMetric;
  readonly fn: 'MAX' | 'MIN' | 'SUM';
  readonly order: 'ASC' | 'DESC';
  readonly most: number;
}

/** A query of CloudWatch Metrics Insights: the series of the jobs that have most of it, or least. */
export function jobsQuery({ namespace, metric, fn, order, most }: JobsQuery): MathExpression {
  return new MathExpression({
    expression: `SELECT ${fn}(${metric}) FROM SCHEMA("${namespace}", ${JOB_DIMENSION}) GROUP BY ${JOB_DIMENSION} ORDER BY ${fn}() ${order} LIMIT ${most}`,
    usingMetrics: {},
    label: '',
    period: PERIOD,
  });
}

/** A gauge of all jobs together. */
export function fleetMetric(
  metricName: string,
  statistic: AlarmKind['statistic'],
  namespace: string,
  period = ALARM_PERIOD,
): Metric {
  return new Metric({ namespace, metricName, statistic, period: Duration.seconds(period) });
}

/** A counter of the functions themselves, which each of them publishes by its own name. */
export function ofFunctions(metric: string, statistic: AlarmKind['statistic'], namespace: string): MathExpression {
  return new MathExpression({
    expression: `SELECT ${sqlOf(statistic)}(${metric}) FROM SCHEMA("${namespace}", ${SERVICE})`,
    usingMetrics: {},
    label: metric,
    period: PERIOD,
  });
}

/** Executions that failed, and those whose time ran out. */
function failedExecutions(stateMachine: string): IMetric {
  const count = (metricName: string): Metric =>
    new Metric({
      namespace: 'AWS/States',
      metricName,
      dimensionsMap: { StateMachineArn: stateMachine },
      statistic: Stats.SUM,
      period: PERIOD,
    });
  return new MathExpression({
    expression: 'FILL(failed, 0) + FILL(late, 0)',
    usingMetrics: { failed: count('ExecutionsFailed'), late: count('ExecutionsTimedOut') },
    label: 'failed collections',
    period: PERIOD,
  });
}

/**
 * A counter of the functions. A sum of metrics, not a query: nothing shows that an alarm takes a function
 * over a query. With a zero for each hour in which nothing was counted, since an alarm would go on with the last number.
 */
function countedByRuns(
  metricName: keyof typeof COUNTED_BY,
  { functions, namespace }: Pick<StewardAlarmsProps, 'functions' | 'namespace'>,
): MathExpression {
  const acting = COUNTED_BY[metricName].filter((name) => name in functions);
  const usingMetrics = Object.fromEntries(
    acting.map((service) => [
      service,
      new Metric({
        namespace,
        metricName,
        dimensionsMap: { [SERVICE]: service },
        statistic: Stats.SUM,
        period: PERIOD,
      }),
    ]),
  );
  return new MathExpression({
    expression: acting.map((service) => `FILL(${service}, 0)`).join(' + '),
    usingMetrics,
    label: metricName,
    period: PERIOD,
  });
}

function sqlOf(statistic: AlarmKind['statistic']): 'MAX' | 'MIN' | 'SUM' {
  return ({ Maximum: 'MAX', Minimum: 'MIN', Sum: 'SUM' } as const)[statistic];
}
