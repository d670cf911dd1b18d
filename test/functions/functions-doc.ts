import * as z from 'zod';
import * as checkpointCompleted from '#functions/checkpoint-completed/handler.ts';
import * as collect from '#functions/collect/handler.ts';
import * as guard from '#functions/guard/handler.ts';
import * as lifecycleRules from '#functions/lifecycle-rules/handler.ts';
import * as manual from '#functions/manual/handler.ts';
import * as notifySlack from '#functions/notify-slack/handler.ts';
import * as onDeploy from '#functions/on-deploy/handler.ts';
import * as shard from '#functions/shard/handler.ts';
import * as shards from '#functions/shards/handler.ts';
import { ENV, ENVIRONMENT_OF, type EnvironmentVariable } from '#functions/shared/environment.ts';
import { FUNCTION_NAMES, type FunctionName } from '#functions/shared/function-names.ts';
import { MOST_PARTS, shardItemSchema } from '#functions/shared/function-requests.ts';
import { inShardsSchema } from '#functions/shared/outgrown.ts';
import * as states from '#functions/states/handler.ts';
import * as survey from '#functions/survey/handler.ts';
import * as sweep from '#functions/sweep/handler.ts';
import * as undo from '#functions/undo/handler.ts';

/** Writes docs/functions.md from what the functions themselves check and read. */

interface About {
  readonly does: string;
  readonly startedBy: string;
  readonly schemas: { readonly eventSchema: z.ZodType; readonly answerSchema: z.ZodType };
}

const ABOUT: Readonly<Record<FunctionName, About>> = {
  'checkpoint-completed': {
    does: 'Records size, time and job of each completed checkpoint and savepoint. Events are hints: duplicate, late and lost events do no harm.',
    startedBy: 'SQS, in batches of up to a minute',
    schemas: checkpointCompleted,
  },
  survey: {
    does: 'Surveys the whole area, and remembers since when each object has been garbage. Once a week lists [what is around the area](safety.md#what-is-around-the-area), in slices. Publishes metrics and the report. Changes only the ledger.',
    startedBy: 'a schedule, hourly by default',
    schemas: survey,
  },
  collect: {
    does: 'Surveys the area, and writes a plan into the ledger. With `"mode": "collect"` it answers with the order for `sweep`, which the state machine executes. Has no right to delete, and starts nothing.',
    startedBy:
      'with `"mode": "collect"` the state machine, which a schedule starts, daily by default; otherwise that schedule itself',
    schemas: { eventSchema: collect.eventSchema, answerSchema: z.union([collect.answerSchema, inShardsSchema]) },
  },
  sweep: {
    does: `Surveys the area again, and deletes the objects of a plan that are still garbage and have not changed since; or retires by policy. The only function with the right to delete objects. If time runs out before the plan is done, the state machine starts it again, for up to ${MOST_PARTS} parts.`,
    startedBy: 'the state machine, and nobody else',
    schemas: {
      eventSchema: z.union([sweep.eventSchema, shardItemSchema]),
      answerSchema: z.union([sweep.answerSchema, shard.answerSchema]),
    },
  },
  shards: {
    does: 'Says what is next in a collection in shards: which phase, and where the list of its items is. Takes the lease of the run, and gives it back. Has no right to delete. Exists only with `"shards": "auto"` under `deploy`.',
    startedBy: 'the state machine',
    schemas: shards,
  },
  shard: {
    does: 'Does one item of a collection in shards, such as listing or judging a shard; many run at once. What it needs and finds is in files of the ledger. Has no right to delete. Exists only with `"shards": "auto"` under `deploy`.',
    startedBy: 'the state machine',
    schemas: shard,
  },
  undo: {
    does: 'Puts back retired checkpoints, and deleted objects of a versioned bucket; and what others have deleted of live state. May delete only delete markers.',
    startedBy: '`manual`; with `guard.heal` also `guard`',
    schemas: undo,
  },
  guard: {
    does: 'Hears of objects that were deleted, and holds them against what the last survey found live and what the checkpoints and savepoints of now name. Where somebody else than Flink and the steward has deleted live state, publishes `LostObjects`, which raises the alarm, and with `guard.heal` starts `undo`. Only where `guard` is not `"off"`.',
    startedBy: 'SQS, in batches of up to 20 seconds',
    schemas: guard,
  },
  states: {
    does: 'Reads the ends of state files, each once in its life, and says which states make up a job and how they grow, or whether the state files of restore points are whole. Remembers it in the ledger, from where the messages about growth name the state, and publishes `StateBytes`. The only function beside `sweep` that may read state files. Exists only if `states` is set.',
    startedBy: 'a schedule, daily by default; `manual`',
    schemas: states,
  },
  'lifecycle-rules': {
    does: 'Compares the lifecycle rules of the buckets with those that the steward needs and, with `lifecycle.manage: "write"`, writes its own. It never changes rules of others, and reports a rule of its own that somebody removed instead of adding it again. Then it publishes how many rules delete live state, and how many bytes: `HazardousRules` and `BytesAtRisk`.',
    startedBy: 'a schedule, daily by default; each deployment; `manual`',
    schemas: lifecycleRules,
  },
  manual: {
    does: 'Answers people: the command line in the deployment. Changes nothing without `"execute": true`. Has no right to delete; to execute, it starts the state machine of the collection, whose `sweep` has.',
    startedBy: '`steward --stack`, `aws lambda invoke`',
    schemas: manual,
  },
  'on-deploy': {
    does: "Adds the steward's notification to a bucket that the stack created, and removes it with the stack. Never changes other notifications. Publishes the first heartbeat.",
    startedBy: 'CloudFormation, as a custom resource',
    schemas: onDeploy,
  },
  'notify-slack': {
    does: 'Posts alarms to Slack: each change once, with all its jobs in one message. Exists only if `signals.slack` is set.',
    startedBy: 'the SNS topic of the alarms',
    schemas: notifySlack,
  },
};

const MEANING: Readonly<Record<EnvironmentVariable, string>> = {
  [ENV.config]: 'path of `steward.json`, in a layer',
  [ENV.json]:
    'the text of `steward.json` in place of the file; how the [CloudFormation template](deploying.md#without-the-cdk) says it',
  [ENV.ledger]: 'the ledger: `s3://bucket`',
  [ENV.bucket]: 'the bucket that the stack created; unset if `area` names buckets',
  [ENV.namespace]: 'CloudWatch namespace of the metrics; `FlinkSteward` without it',
  [ENV.locations]:
    'locations of buckets that a CDK app gives to the construct, as a JSON list of URLs; unset if there are none',
  [ENV.collection]: 'ARN of the state machine that runs collections',
  [ENV.undoFunction]: 'name of `undo`',
  [ENV.rulesFunction]: 'name of `lifecycle-rules`',
  [ENV.manualFunction]: 'name of `manual`, for the commands in answers',
  [ENV.statesFunction]: 'name of `states`; unset where there is none',
  [ENV.inShards]: 'set where the state machine can run an area in shards',
  [ENV.shardObjects]: 'objects of a shard, to try shards with a small area; unset in a deployment',
  [ENV.stack]: 'name of the stack, for the commands in messages',
  [ENV.runbook]: 'URL of the runbook, for links in messages; without it, messages have no such link',
  [ENV.dashboard]: 'name of the dashboard, for links in messages; unset if there is none',
};

const INVOKING = `
\`steward --stack NAME audit\` asks it, and prints what it answers ([the command line](cli.md#asking-a-deployment)). Without the
command line, or from a program, invoke it:

\`\`\`
MANUAL=$(aws cloudformation describe-stacks --stack-name FlinkSteward --output text \\
  --query "Stacks[0].Outputs[?OutputKey=='ManualFunctionName'].OutputValue")
aws lambda invoke --function-name "$MANUAL" --cli-binary-format raw-in-base64-out --cli-read-timeout 900 \\
  --payload '{"action":"audit"}' /dev/stdout
\`\`\`

Every answer is small, ends with the command to run \`next\`, and names the file in the ledger that has the \`details\`.
`;

export function functionsDocument(): string {
  return `# The functions

<!-- Generated from the schemas in functions/: npx vitest run test/functions/functions-doc.test.ts --update -->

Each Lambda function is a folder in \`functions/\`, a bundle in \`dist/functions/\` (\`index.mjs\`, \`handler\`), and a role of
its own ([permissions](permissions.md)). All run on Node 24 on arm64. A function ends before Lambda would end it: it finishes
or aborts what it is doing, records what was done, and says what was not.

A function that meets another run under way answers so (\`lease-held\`), and does nothing; only \`undo\` fails then, for a person
has asked for it. Plans are executed by a state machine of Step Functions, the collection: it starts \`collect\`, then \`sweep\`, waits
while another run is under way, continues a plan in parts, and says how it ended
([deploying](deploying.md#how-a-collection-runs)).

An invalid event is an error in one sentence, and is not retried. Failed asynchronous invocations go to the on-failure
destination, SQS messages to the dead-letter queue after five receives; \`manual\` returns the error in its answer.

| function | does | started by |
|---|---|---|
${FUNCTION_NAMES.map((name) => `| [\`${name}\`](#${name}) | ${ABOUT[name].does} | ${ABOUT[name].startedBy} |`).join('\n')}

## Environment

| variable | holds | read by |
|---|---|---|
${Object.values(ENV)
  .map((variable) => `| \`${variable}\` | ${MEANING[variable]} | ${readersOf(variable)} |`)
  .join('\n')}

${FUNCTION_NAMES.map(sectionOf).join('\n\n')}
`;
}

function readersOf(variable: EnvironmentVariable): string {
  return FUNCTION_NAMES.filter((name) => ENVIRONMENT_OF[name].includes(variable))
    .map((name) => `\`${name}\``)
    .join(', ');
}

function sectionOf(name: FunctionName): string {
  const { eventSchema, answerSchema } = ABOUT[name].schemas;
  return `## ${name}
${name === 'manual' ? INVOKING : ''}
Event:

${tableOf(eventSchema)}

Answer:

${answersOf(answerSchema)}`;
}

/** Each of several answers with all its keys. */
function answersOf(schema: z.ZodType): string {
  const { anyOf } = jsonOf(schema);
  if (anyOf === undefined) return tableOf(schema);
  return anyOf.map((variant) => [`${variant.description ?? ''}:`, '', ...keysOf(variant)].join('\n')).join('\n\n');
}

function jsonOf(schema: z.ZodType): JsonSchema {
  return jsonSchema.parse(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
}

function keysOf(schema: JsonSchema): string[] {
  return ['| key | value | |', '|---|---|---|', ...rowsOf(schema, '')];
}

const jsonSchema = z.looseObject({
  get anyOf() {
    return z.array(jsonSchema).optional();
  },
  get oneOf() {
    return z.array(jsonSchema).optional();
  },
  get properties() {
    return z.record(z.string(), jsonSchema).optional();
  },
  get items() {
    return jsonSchema.optional();
  },
  type: z.union([z.string(), z.array(z.string())]).optional(),
  description: z.string().optional(),
  required: z.array(z.string()).optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
});
type JsonSchema = z.output<typeof jsonSchema>;

function tableOf(schema: z.ZodType): string {
  const json = jsonOf(schema);
  const variants = json.oneOf ?? json.anyOf;
  const rows =
    variants === undefined
      ? keysOf(json)
      : [
          '| event | |',
          '|---|---|',
          ...variants.map((variant) => `| ${exampleOf(variant)} | ${variant.description ?? ''} |`),
        ];
  return rows.join('\n');
}

function rowsOf({ properties = {}, required = [] }: JsonSchema, above: string): string[] {
  return Object.entries(properties).flatMap(([key, value]) => {
    const name = `${above}${key}`;
    const optional = required.includes(key) ? '' : ', optional';
    const row = `| \`${name}\` | ${typeOf(value)}${optional} | ${value.description ?? ''} |`;
    const below = value.items?.properties === undefined ? [] : rowsOf(value.items, `${name}[].`);
    return [row, ...below, ...(value.properties === undefined ? [] : rowsOf(value, `${name}.`))];
  });
}

function typeOf({ type, anyOf, oneOf, enum: values, const: only }: JsonSchema): string {
  if (only !== undefined) return `\`${JSON.stringify(only)}\``;
  if (values !== undefined) return values.map((value) => `\`${JSON.stringify(value)}\``).join(', ');
  if (anyOf !== undefined) return anyOf.map(typeOf).join(' or ');
  if (oneOf !== undefined) return 'object';
  return type === undefined ? 'anything' : [type].flat().join(' or ');
}

/** `{"action":"plan","job"?}`: what is optional has a question mark. */
function exampleOf({ properties = {}, required = [] }: JsonSchema): string {
  const keys = Object.entries(properties).map(([key, { const: only }]) =>
    only === undefined ? `"${key}"${required.includes(key) ? '' : '?'}` : `"${key}":${JSON.stringify(only)}`,
  );
  return `\`{${keys.join(', ')}}\``;
}
