import jsonata from 'jsonata';
import * as z from 'zod';

/**
 * Runs a state machine in Amazon States Language with JSONata, as far as the steward's own needs it, with the version of
 * JSONata that Step Functions implements. What a state has that this interpreter does not know is an error.
 */

const retrySchema = z.union([
  z.strictObject({
    ErrorEquals: z.array(z.string()),
    IntervalSeconds: z.number(),
    BackoffRate: z.number(),
    MaxAttempts: z.number(),
    MaxDelaySeconds: z.number(),
    JitterStrategy: z.literal('FULL'),
  }),
  z
    .strictObject({ ErrorEquals: z.array(z.string()), MaxAttempts: z.literal(0) })
    .transform((never) => ({ ...never, IntervalSeconds: 0, BackoffRate: 1, MaxDelaySeconds: 0 })),
]);
const catchSchema = z.strictObject({ ErrorEquals: z.array(z.string()), Output: z.unknown(), Next: z.string() });
const assign = z.record(z.string(), z.unknown()).default({});
const Comment = z.string().optional();
const QueryLanguage = z.literal('JSONata').optional();
const path = z.templateLiteral(['$.', z.string()]);
const taskSchema = {
  QueryLanguage,
  Type: z.literal('Task'),
  Resource: z.literal('arn:aws:states:::lambda:invoke'),
  Arguments: z.strictObject({ FunctionName: z.unknown(), Payload: z.unknown() }),
  Output: z.unknown(),
  Assign: assign,
  TimeoutSeconds: z.number(),
  Retry: z.array(retrySchema),
};
const itemSchema = z.strictObject({ ...taskSchema, End: z.literal(true) });
/** A Distributed Map in JSONPath. */
const mapSchema = z.strictObject({
  Type: z.literal('Map'),
  QueryLanguage: z.literal('JSONPath'),
  MaxConcurrencyPath: path,
  ItemReader: z.strictObject({
    Resource: z.literal('arn:aws:states:::s3:getObject'),
    ReaderConfig: z.strictObject({ InputType: z.literal('JSON') }),
    Parameters: z.strictObject({ 'Bucket.$': path, 'Key.$': path }),
  }),
  ItemSelector: z.record(z.string(), z.string()),
  ItemProcessor: z.strictObject({
    ProcessorConfig: z.strictObject({ Mode: z.literal('DISTRIBUTED'), ExecutionType: z.literal('STANDARD') }),
    StartAt: z.literal('Item'),
    States: z.strictObject({ Item: itemSchema }),
  }),
  ResultPath: z.null(),
  Catch: z.tuple([
    z.strictObject({ ErrorEquals: z.tuple([z.literal('States.ALL')]), ResultPath: path, Next: z.string() }),
  ]),
  Next: z.string(),
});
const stateSchema = z.discriminatedUnion('Type', [
  z.strictObject({ QueryLanguage, Type: z.literal('Pass'), Output: z.unknown(), Next: z.string() }),
  z.strictObject({ ...taskSchema, Catch: z.array(catchSchema), Next: z.string() }),
  mapSchema,
  z.strictObject({
    QueryLanguage,
    Type: z.literal('Choice'),
    Choices: z.array(
      z.strictObject({ Condition: z.string(), Assign: assign, Output: z.unknown().optional(), Next: z.string() }),
    ),
    Assign: assign,
    Default: z.string(),
  }),
  z.strictObject({ QueryLanguage, Type: z.literal('Wait'), Seconds: z.number(), Assign: assign, Next: z.string() }),
  z.strictObject({ QueryLanguage, Type: z.literal('Succeed'), Comment }),
  z.strictObject({ QueryLanguage, Type: z.literal('Fail'), Comment, Error: z.string(), Cause: z.string() }),
]);
const machineSchema = z.strictObject({
  Comment,
  QueryLanguage,
  TimeoutSeconds: z.number(),
  StartAt: z.string(),
  States: z.record(z.string(), stateSchema),
});
type State = z.output<typeof stateSchema>;
type Task = Extract<State, { Type: 'Task' }>;
type DistributedMap = z.output<typeof mapSchema>;

/** An error of the service or of a function, by the name that Step Functions gives it. */
export class TaskError extends Error {
  override readonly name: string;

  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

export interface Execution {
  readonly status: 'SUCCEEDED' | 'FAILED';
  /** Where it succeeded. */
  readonly output: unknown;
  /** Where it failed. */
  readonly error: string | null;
  readonly cause: string | null;
  /** Names of the states that were entered, in order. */
  readonly history: readonly string[];
  /** Seconds that it waited, in `Wait` and between retries; jitter is left out. */
  readonly waited: number;
}

export interface Surroundings {
  /** Invokes a function; what it throws is an error of the task. */
  readonly invoke: (functionName: string, payload: unknown) => Promise<unknown>;
  /** What the reader of a Distributed Map finds in S3. */
  readonly read?: (bucket: string, key: string) => Promise<string> | string;
  /** Called when it waits. */
  readonly wait?: (seconds: number) => Promise<void> | void;
}

/** One execution of a state machine. */
export async function execute(definition: object, input: object, surroundings: Surroundings): Promise<Execution> {
  const machine = machineSchema.parse(definition);
  const run = new Run(input, surroundings);
  let at = machine.StartAt;
  let current: unknown = input;
  for (;;) {
    const state = machine.States[at];
    if (state === undefined) throw new Error(`There is no state ${at}.`);
    run.history.push(at);
    if (state.Type === 'Succeed') return { ...run.end, status: 'SUCCEEDED', output: current, error: null, cause: null };
    if (state.Type === 'Fail') {
      const [error, cause] = [await run.value(state.Error, current), await run.value(state.Cause, current)];
      if (typeof error !== 'string' || typeof cause !== 'string') throw new Error('Error and Cause must be strings.');
      return { ...run.end, status: 'FAILED', output: null, error, cause };
    }
    ({ next: at, output: current } = await run.step(state, current));
  }
}

interface Step {
  readonly next: string;
  readonly output: unknown;
}

class Run {
  readonly history: string[] = [];
  readonly #input: object;
  readonly #surroundings: Surroundings;
  #variables: Readonly<Record<string, unknown>> = {};
  #waited = 0;

  constructor(input: object, surroundings: Surroundings) {
    this.#input = input;
    this.#surroundings = surroundings;
  }

  get end(): Pick<Execution, 'history' | 'waited'> {
    return { history: this.history, waited: this.#waited };
  }

  async step(state: Exclude<State, { Type: 'Succeed' | 'Fail' }>, input: unknown): Promise<Step> {
    switch (state.Type) {
      case 'Pass':
        return { next: state.Next, output: await this.value(state.Output, input) };
      case 'Wait':
        await this.#wait(state.Seconds);
        await this.#assign(state.Assign, input);
        return { next: state.Next, output: input };
      case 'Choice':
        for (const { Condition, Assign, Output, Next } of state.Choices) {
          const holds = await this.value(Condition, input);
          if (typeof holds !== 'boolean') throw new Error(`${Condition} is ${JSON.stringify(holds)}.`);
          if (holds) {
            const output = Output === undefined ? input : await this.value(Output, input);
            await this.#assign(Assign, input);
            return { next: Next, output };
          }
        }
        await this.#assign(state.Assign, input);
        return { next: state.Default, output: input };
      case 'Task':
        return await this.#task(state, input);
      case 'Map':
        return await this.#map(state, input);
    }
  }

  /** One item after the other; as in Step Functions nothing is done any more once one has failed. */
  async #map(state: DistributedMap, input: unknown): Promise<Step> {
    const { 'Bucket.$': bucket, 'Key.$': key } = state.ItemReader.Parameters;
    const text = await this.#surroundings.read?.(String(at(bucket, input)), String(at(key, input)));
    if (typeof at(state.MaxConcurrencyPath, input) !== 'number') throw new Error('How many at once is no number.');
    const [caught] = state.Catch;
    try {
      for (const value of z.array(z.unknown()).parse(JSON.parse(text ?? ''))) {
        const selected = Object.entries(state.ItemSelector).map(([name, from]) => [
          name.replace(/\.\$$/, ''),
          from === '$$.Map.Item.Value' ? value : at(from, input),
        ]);
        await this.#invoke(state.ItemProcessor.States.Item, Object.fromEntries(selected));
      }
      return { next: state.Next, output: input };
    } catch (error) {
      if (!(error instanceof TaskError)) throw error;
      const failure = {
        Error: 'States.ExceedToleratedFailureThreshold',
        Cause: 'The specified tolerated failure threshold was exceeded',
      };
      return { next: caught.Next, output: { ...Object(input), [caught.ResultPath.slice(2)]: failure } };
    }
  }

  async #task(state: Task, input: unknown): Promise<Step> {
    try {
      const result = { StatusCode: 200, Payload: await this.#invoke(state, input) };
      const output = await this.value(state.Output, input, { result });
      await this.#assign(state.Assign, input, { result });
      return { next: state.Next, output };
    } catch (error) {
      if (!(error instanceof TaskError)) throw error;
      const caught = state.Catch.find(({ ErrorEquals }) => matches(ErrorEquals, error));
      if (caught === undefined) throw error;
      const errorOutput = { Error: error.name, Cause: error.message };
      return { next: caught.Next, output: await this.value(caught.Output, input, { errorOutput }) };
    }
  }

  async #invoke({ Arguments, Retry }: Pick<Task, 'Arguments' | 'Retry'>, input: unknown): Promise<unknown> {
    const name = await this.value(Arguments.FunctionName, input);
    const payload = await this.value(Arguments.Payload, input);
    for (let attempt = 0; ; attempt++) {
      try {
        return JSON.parse(JSON.stringify(await this.#surroundings.invoke(String(name), payload)));
      } catch (error) {
        const failed = error instanceof TaskError ? error : thrown(error);
        const retry = Retry.find(({ ErrorEquals }) => matches(ErrorEquals, failed));
        if (retry === undefined || attempt >= retry.MaxAttempts) throw failed;
        await this.#wait(Math.min(retry.IntervalSeconds * retry.BackoffRate ** attempt, retry.MaxDelaySeconds));
      }
    }
  }

  async #wait(seconds: number): Promise<void> {
    this.#waited += seconds;
    await this.#surroundings.wait?.(seconds);
  }

  /** All are evaluated with the variables of before. */
  async #assign(assigned: Readonly<Record<string, unknown>>, input: unknown, more: object = {}): Promise<void> {
    const values = Object.entries(assigned).map(async ([name, value]) => [name, await this.value(value, input, more)]);
    this.#variables = { ...this.#variables, ...Object.fromEntries(await Promise.all(values)) };
  }

  /** A template, with its expressions evaluated. What is undefined is an error, as in Step Functions. */
  async value(template: unknown, input: unknown, more: object = {}): Promise<unknown> {
    if (typeof template === 'string') {
      const [, expression] = /^\{%(.*)%\}$/s.exec(template) ?? [];
      return expression === undefined ? template : await this.#evaluate(expression, { input, ...more });
    }
    if (Array.isArray(template)) return await Promise.all(template.map((item) => this.value(item, input, more)));
    if (template === null || typeof template !== 'object') return template;
    const entries = Object.entries(template).map(async ([key, item]) => [key, await this.value(item, input, more)]);
    return Object.fromEntries(await Promise.all(entries));
  }

  async #evaluate(source: string, states: object): Promise<unknown> {
    const expression = jsonata(source);
    expression.registerFunction('parse', (text: string) => JSON.parse(text), '<s:x>');
    const context = { Execution: { Input: this.#input } };
    const value = await expression.evaluate(undefined, { ...this.#variables, states: { ...states, context } });
    if (value === undefined) throw new Error(`${source} has no value.`);
    return JSON.parse(JSON.stringify(value));
  }
}

/** What a path leads to, by names alone. */
function at(path: string, input: unknown): unknown {
  const value = path
    .slice(2)
    .split('.')
    .reduce((found: unknown, name) => Object(found)[name], input);
  if (value === undefined) throw new Error(`${path} is not there.`);
  return value;
}

function matches(names: readonly string[], { name }: TaskError): boolean {
  return names.includes('States.ALL') || names.includes(name);
}

/** As Lambda tells of what a handler threw. */
function thrown(error: unknown): TaskError {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return new TaskError(name, JSON.stringify({ errorType: name, errorMessage: message, trace: [] }));
}
