import type { Anything, Aws } from './aws.ts';
import type { Buckets } from './buckets.ts';
import { eventually } from './eventually.ts';

/** Where `steward.json` does not say another name. */
export const STACK = 'FlinkSteward';

/** The deployed stack as people with a console see it. */
export class Stack {
  readonly name: string;
  readonly #aws: Aws;
  readonly #buckets: Buckets;

  constructor(aws: Aws, buckets: Buckets, name: string) {
    this.name = name;
    this.#aws = aws;
    this.#buckets = buckets;
  }

  /** Physical names by logical id. @param type such as `AWS::Lambda::Function` */
  async resources(type: string): Promise<ReadonlyMap<string, string>> {
    const input = { StackName: this.name };
    const { StackResources } = await this.#aws.call('cloudformation', 'describe_stack_resources', input);
    return new Map(
      StackResources.filter((one: Anything) => one.ResourceType === type).map((one: Anything) => [
        one.LogicalResourceId,
        one.PhysicalResourceId,
      ]),
    );
  }

  /** @param id what the logical id begins with. */
  async nameOf(type: string, id: string): Promise<string> {
    const found = [...(await this.resources(type))].find(([logical]) => logical.startsWith(id));
    if (found === undefined) throw new Error(`The stack has no ${type} ${id}.`);
    return found[1];
  }

  /** URLs of the roots that `checkpoint-completed` has seen. */
  async observed(ledger: string): Promise<readonly string[]> {
    const files = await this.#buckets.keys(ledger, 'observations/');
    const texts = await Promise.all(files.map((file) => this.#buckets.content(ledger, file)));
    const lines = texts.flatMap((content) => content.toString().trim().split('\n'));
    return [...new Set(lines.map((line) => JSON.parse(line).url))].sort();
  }

  /** Names of all metrics that are not AWS's own. */
  async metricNames(): Promise<readonly string[]> {
    const { Metrics } = await this.#aws.call('cloudwatch', 'list_metrics');
    const own = Metrics.filter((metric: Anything) => !metric.Namespace.startsWith('AWS/'));
    return [...new Set<string>(own.map((metric: Anything) => metric.MetricName))].sort();
  }

  /** Has a schedule fire at other times, without a deployment. */
  async reschedule(id: string, ScheduleExpression: string): Promise<void> {
    const physical = await this.nameOf('AWS::Scheduler::Schedule', id);
    const Name = physical.split('/').at(-1);
    const { FlexibleTimeWindow, Target } = await this.#aws.call('scheduler', 'get_schedule', { Name });
    const changed = { Name, FlexibleTimeWindow, Target, ScheduleExpression };
    await this.#aws.call('scheduler', 'update_schedule', changed);
  }

  /** Has a function be stopped so many seconds after its start. */
  async shorten(id: string, seconds: number): Promise<void> {
    const FunctionName = await this.nameOf('AWS::Lambda::Function', `${id}Function`);
    await this.#aws.call('lambda', 'update_function_configuration', { FunctionName, Timeout: seconds });
  }

  /** Changes what the environment of a function says as its `steward.json`, without a deployment. */
  async reconfigure(id: string, change: object): Promise<void> {
    const FunctionName = await this.nameOf('AWS::Lambda::Function', `${id}Function`);
    const { Environment } = await this.#aws.call('lambda', 'get_function_configuration', { FunctionName });
    const STEWARD_JSON = JSON.stringify({ ...JSON.parse(Environment.Variables.STEWARD_JSON), ...change });
    const changed = { Variables: { ...Environment.Variables, STEWARD_JSON } };
    await this.#aws.call('lambda', 'update_function_configuration', { FunctionName, Environment: changed });
  }

  /** Sets variables in the environment of a function, without a deployment. */
  async setVariables(id: string, variables: Readonly<Record<string, string>>): Promise<void> {
    const FunctionName = await this.nameOf('AWS::Lambda::Function', `${id}Function`);
    const { Environment } = await this.#aws.call('lambda', 'get_function_configuration', { FunctionName });
    const changed = { Variables: { ...Environment.Variables, ...variables } };
    await this.#aws.call('lambda', 'update_function_configuration', { FunctionName, Environment: changed });
  }

  /** Starts a collection, as its schedule does. */
  async startCollection(): Promise<string> {
    const stateMachineArn = await this.nameOf('AWS::StepFunctions::StateMachine', 'StewardCollection');
    const input = JSON.stringify({ by: 'schedule' });
    const { executionArn } = await this.#aws.call('stepfunctions', 'start_execution', { stateMachineArn, input });
    return executionArn;
  }

  /** How the items of each Distributed Map of an execution ended, in order. */
  async mapRuns(executionArn: string): Promise<readonly { readonly status: string; readonly items: number }[]> {
    const { mapRuns } = await this.#aws.call('stepfunctions', 'list_map_runs', { executionArn });
    const described = mapRuns.map(
      async ({ mapRunArn }: Anything) => await this.#aws.call('stepfunctions', 'describe_map_run', { mapRunArn }),
    );
    return (await Promise.all(described)).map(({ status, itemCounts }: Anything) => ({
      status,
      items: itemCounts.succeeded,
    }));
  }

  /** Has the next invocation begin with a new process. */
  async restart(id: string): Promise<void> {
    const FunctionName = await this.nameOf('AWS::Lambda::Function', `${id}Function`);
    const Description = `Begun anew at ${Date.now()}.`;
    await this.#aws.call('lambda', 'update_function_configuration', { FunctionName, Description });
  }

  /** Waits until the newest collection has ended. */
  async lastExecution(longest?: number): Promise<{ readonly status: string; readonly output: Anything }> {
    const stateMachineArn = await this.nameOf('AWS::StepFunctions::StateMachine', 'StewardCollection');
    const newest = async () => {
      const { executions } = await this.#aws.call('stepfunctions', 'list_executions', { stateMachineArn });
      return executions[0];
    };
    const { executionArn, status } = await eventually(
      newest,
      (one) => one !== undefined && one.status !== 'RUNNING',
      longest,
    );
    const { output, cause } = await this.#aws.call('stepfunctions', 'describe_execution', { executionArn });
    return { status, output: output === undefined ? cause : JSON.parse(output) };
  }

  /** Name of an alarm by its kind, such as `paused`. */
  async alarm(kind: string): Promise<string> {
    const names = [...(await this.resources('AWS::CloudWatch::Alarm')).values()];
    const found = names.find((name) => name.endsWith(`-${kind}`));
    if (found === undefined) throw new Error(`The stack has no alarm ${kind}, but ${names.join(', ')}.`);
    return found;
  }

  /** What a function has logged, line by line. */
  async log(id: string): Promise<readonly string[]> {
    const group = await this.nameOf('AWS::Logs::LogGroup', `${id}Log`);
    const lines: string[] = [];
    let nextToken: string | undefined;
    do {
      const input = { logGroupName: group, ...(nextToken === undefined ? {} : { nextToken }) };
      const page = await this.#aws.call('logs', 'filter_log_events', input);
      lines.push(...page.events.map((event: Anything) => event.message));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return lines;
  }

  /** Waits until a function has ended so many times. */
  async ends(id: string, times: number): Promise<void> {
    const count = async () => (await this.log(id)).filter((line) => line.startsWith('END ')).length;
    await eventually(count, (ends) => ends >= times);
  }

  /** Names of the functions of which invocations failed. */
  async failing(): Promise<readonly string[]> {
    const failing: string[] = [];
    for (const [id, name] of await this.resources('AWS::Lambda::Function')) {
      const { Datapoints } = await this.#aws.call('cloudwatch', 'get_metric_statistics', {
        Namespace: 'AWS/Lambda',
        MetricName: 'Errors',
        Dimensions: [{ Name: 'FunctionName', Value: name }],
        StartTime: '2020-01-01T00:00:00Z',
        EndTime: '2099-01-01T00:00:00Z',
        Period: 86_400,
        Statistics: ['Sum'],
      });
      if (Datapoints.some(({ Sum }: Anything) => Sum > 0)) failing.push(id);
    }
    return failing.sort();
  }

  /** Waits until no queue of the stack has a message, seen or unseen. */
  async drained(): Promise<void> {
    const left = async () => {
      const queues: string[] = [];
      for (const [name, QueueUrl] of await this.resources('AWS::SQS::Queue')) {
        const { Attributes } = await this.#aws.call('sqs', 'get_queue_attributes', {
          QueueUrl,
          AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
        });
        const messages = Object.values<string>(Attributes).reduce((sum, value) => sum + Number(value), 0);
        if (messages > 0) queues.push(`${name}: ${messages}`);
      }
      return queues;
    };
    await eventually(left, (queues) => queues.length === 0);
  }
}
