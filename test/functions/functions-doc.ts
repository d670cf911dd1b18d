import * as z from 'zod';
import * as checkpointCompleted from '#functions/checkpoint-completed/handler.ts';
import * as collect from '#functions/collect/handler.ts';
import * as lifecycleRules from '#functions/lifecycle-rules/handler.ts';
import * as manual from '#functions/manual/handler.ts';
import * as notifySlack from '#functions/notify-slack/handler.ts';
import * as onDeploy from '#functions/on-deploy/handler.ts';
import { ENV, ENVIRONMENT_OF, type EnvironmentVariable } from '#functions/shared/environment.ts';
import { FUNCTION_NAMES, type FunctionName } from '#functions/shared/function-names.ts';
import { MOST_PARTS } from '#functions/shared/function-requests.ts';
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
    does: 'Records size, time and job of each completed checkpoint and savepoint. Events are hints: doubled, late and lost ones do no harm.',
    startedBy: 'messages of the queue, a minute of them at a time',
    schemas: checkpointCompleted,
  },
  survey: {
    does: 'Looks at the whole area and remembers since when what is garbage. Changes nothing but the ledger.',
    startedBy: 'a schedule, hourly',
    schemas: survey,
  },
  collect: {
    does: 'Judges the area, leaves a plan in the ledger, and in the mode "collect" starts `sweep` with it. Can delete nothing.',
    startedBy: 'a schedule, daily',
    schemas: collect,
  },
  sweep: {
    does: `Looks at the area anew and deletes what a plan names, what is garbage still, and what has not changed since; or retires by policy. The only function with the right to delete. Where its time is over before all of a plan is done, it starts itself again, ${MOST_PARTS - 1} times at most.`,
    startedBy: '`collect` and `manual`',
    schemas: sweep,
  },
  undo: {
    does: 'Puts retired checkpoints back, and brings deleted objects of a versioned bucket back. Can delete nothing but delete markers.',
    startedBy: '`manual`',
    schemas: undo,
  },
  'lifecycle-rules': {
    does: "Compares the buckets' lifecycle rules with what tidies up, and where it may, writes the steward's own; those of others stay as they are. A rule of its own that somebody took out is reported and stays out. Then it publishes how many rules of anybody take live state, and how much of it: the gauges `HazardousRules` and `BytesAtRisk`.",
    startedBy: 'a schedule, daily; each deployment; `manual`',
    schemas: lifecycleRules,
  },
  manual: {
    does: 'Answers people. Changes nothing without `"execute": true`, and can delete nothing: what deletes, it starts.',
    startedBy: '`aws lambda invoke`',
    schemas: manual,
  },
  'on-deploy': {
    does: "Adds the steward's notification to the bucket that the deployment made, takes it away with the stack, and leaves those of others alone.",
    startedBy: 'CloudFormation, as a custom resource',
    schemas: onDeploy,
  },
  'notify-slack': {
    does: 'Tells Slack of alarms: each change once, and all jobs that it is about in one message. Only there where `signals.slack` is set.',
    startedBy: 'the topic of the alarms',
    schemas: notifySlack,
  },
};

const MEANING: Readonly<Record<EnvironmentVariable, string>> = {
  [ENV.config]: 'path of `steward.json`, which a layer brings',
  [ENV.ledger]: 'where the ledger is kept: `s3://bucket`',
  [ENV.bucket]: 'the bucket that the deployment made; unset where the area names buckets',
  [ENV.sweepFunction]: 'name of `sweep`',
  [ENV.undoFunction]: 'name of `undo`',
  [ENV.rulesFunction]: 'name of `lifecycle-rules`',
  [ENV.manualFunction]: 'name of `manual`, for the commands that answers name',
  [ENV.runbook]: 'address of the runbook, for the links of messages; unset, they name its section',
  [ENV.dashboard]: 'name of the dashboard, for the links of messages; unset where there is none',
};

export function functionsDocument(): string {
  return `# The functions

Each is a folder in \`functions/\`, a bundle in \`dist/functions/\` (\`index.mjs\`, \`handler\`), and a role of its own
([permissions](permissions.md)). All run on Node 24 on arm64. They end by themselves before Lambda would end them: what
is under way is brought to its end or broken off, what was done is on record, and the next run goes on from there.

A bad event is an error in one sentence, and is not tried again: a start that nobody waits for ends in the failure queue,
a message in the dead-letter queue after five deliveries, and \`manual\` puts the sentence into its answer.

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

Event:

${tableOf(eventSchema)}

Answer:

${tableOf(answerSchema)}`;
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
  const json = jsonSchema.parse(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
  const variants = json.oneOf ?? json.anyOf;
  const rows =
    variants === undefined
      ? ['| key | value | |', '|---|---|---|', ...rowsOf(json, '')]
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

function typeOf({ type, anyOf, enum: values, const: only }: JsonSchema): string {
  if (only !== undefined) return `\`${JSON.stringify(only)}\``;
  if (values !== undefined) return values.map((value) => `\`${JSON.stringify(value)}\``).join(', ');
  if (anyOf !== undefined) return anyOf.map(typeOf).join(' or ');
  return type === undefined ? 'anything' : [type].flat().join(' or ');
}

/** `{"action":"plan","job"?}`: what is optional has a question mark. */
function exampleOf({ properties = {}, required = [] }: JsonSchema): string {
  const keys = Object.entries(properties).map(([key, { const: only }]) =>
    only === undefined ? `"${key}"${required.includes(key) ? '' : '?'}` : `"${key}":${JSON.stringify(only)}`,
  );
  return `\`{${keys.join(', ')}}\``;
}
