import * as z from 'zod';
import type { Completion, Measure } from '#core/signals/job-history.ts';
import type { JobEvents } from '#core/signals/replay.ts';
import { ConfigError } from './config-error.ts';
import { parseJsonText } from './json-text.ts';
import { describeProblems, generalAdvice, located } from './problems.ts';

/** The history of jobs, written down for a replay: one event per line, as JSON. */

const TIME = 'Write a time such as "2027-03-01T06:00:00Z".';
const at = z.iso
  .datetime({ offset: true, error: TIME })
  .transform((text) => new Date(text).getTime())
  .describe('Time of the event: ISO 8601, with an offset.');
const job = z
  .string({ error: 'Write the name of the job.' })
  .min(1, { error: 'Write the name of the job.' })
  .describe('Label of the job, which stays the same when the job is submitted again.');

const AMOUNT = 'Write a number of bytes, 0 or more.';
const bytes = z.number({ error: AMOUNT }).min(0, { error: AMOUNT });
const NUMBER = 'Write a whole number, 0 or more.';
const number = z.int({ error: NUMBER }).min(0, { error: NUMBER });
const ID = 'Write a whole number of decimal digits, as a number or as a text.';
const checkpointId = z.union(
  [z.int({ error: ID }).min(0, { error: ID }), z.string().regex(/^[0-9]+$/, { error: ID })],
  {
    error: ID,
  },
);

export const eventSchemas = {
  completed: z.strictObject({
    at,
    job,
    event: z.literal('completed').describe('"completed": a checkpoint or savepoint was completed.'),
    jobId: z.string().nullable().default(null).describe('Id of this submission. Default: null, unknown.'),
    checkpointId: checkpointId
      .transform(String)
      .nullable()
      .default(null)
      .describe('Number of the checkpoint. Default: null, unknown.'),
    savepoint: z.boolean().default(false).describe('Whether it is a savepoint. Default: false.'),
    bytes: bytes.nullable().default(null).describe('Full size: what a restore reads. Default: null, unknown.'),
    incrementBytes: bytes
      .nullable()
      .default(null)
      .describe('Bytes that no earlier checkpoint references. Default: null, unknown.'),
  }),
  survey: z.strictObject({
    at,
    job,
    event: z.literal('survey').describe('"survey": the area was surveyed.'),
    live: bytes.describe('Bytes that a checkpoint or savepoint references.'),
    reclaimable: bytes.default(0).describe('Bytes of garbage. Default: 0.'),
    quarantined: bytes
      .optional()
      .describe('The part of "reclaimable" that has not yet served its quarantine. Default: all of it.'),
    unknown: bytes.default(0).describe('Bytes of objects whose names Flink does not write. Default: 0.'),
    total: bytes.optional().describe('All bytes. Default: live, reclaimable and unknown together.'),
    roots: number.default(1).describe('Number of checkpoints and savepoints. Default: 1.'),
    restorePoints: number
      .optional()
      .describe('How many of them can be restored from. Default: "roots" minus "damagedRoots".'),
    damagedRoots: number.default(0).describe('How many of them lack an object. Default: 0.'),
    newestDamaged: z
      .boolean()
      .default(false)
      .describe('Whether the newest checkpoint lacks an object, and the job has no successor. Default: false.'),
    costPerMonth: bytes.nullable().default(null).describe('Costs per month. Default: null, unknown.'),
  }),
  ended: z.strictObject({
    at,
    job,
    event: z.literal('ended').describe('"ended": the job has ended. A later checkpoint starts it again.'),
  }),
} as const;

const EVENTS = Object.keys(eventSchemas);
const NO_OBJECT =
  'Write one JSON object a line, such as {"at": "2027-03-01T06:00:00Z", "job": "orders", "event": "ended"}.';

const namedSchema = z.looseObject({ event: z.unknown().optional() });

type Kind = keyof typeof eventSchemas;

interface Gathered {
  readonly job: string;
  readonly completions: Completion[];
  readonly measures: Measure[];
  readonly ends: number[];
}

/**
 * The events of each job, sorted by its label. Empty lines are passed over.
 *
 * @param source the name of the file, as messages shall call it.
 * @throws ConfigError of the first line that is no event
 */
export function parseHistoryLines(text: string, source: string): readonly JobEvents[] {
  const jobs = new Map<string, Gathered>();
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() !== '') {
      take(parseLine(line, index + 1, source), jobs);
    }
  }
  return [...jobs.values()].toSorted((a, b) => (a.job < b.job ? -1 : 1));
}

type Event = { [Name in Kind]: z.output<(typeof eventSchemas)[Name]> }[Kind];

function parseLine(line: string, position: number, source: string): Event {
  const text = parseJsonText(line, source, { comments: false, firstLine: position });
  const document = text.value;
  const named = namedSchema.safeParse(document).data;
  if (named === undefined) {
    throw new ConfigError(`${text.placeOf([])}: this is no JSON object, so the file is refused. ${NO_OBJECT}`);
  }
  const kind = kindOf(named.event);
  if (kind === undefined) {
    const is = named.event === undefined ? 'is missing' : `is ${JSON.stringify(named.event)}`;
    const known = EVENTS.map((name) => JSON.stringify(name)).join(' or ');
    throw new ConfigError(`${text.placeOf(['event'])}: event ${is}, so the file is refused. Write ${known}.`);
  }
  const schema: z.ZodType<Event> = eventSchemas[kind];
  const result = schema.safeParse(document, { error: generalAdvice });
  if (result.success) {
    return result.data;
  }
  const problems = describeProblems(result.error.issues, document, z.toJSONSchema(schema, { io: 'input' }));
  throw new ConfigError(located(problems, text));
}

function kindOf(event: unknown): Kind | undefined {
  return event === 'completed' || event === 'survey' || event === 'ended' ? event : undefined;
}

function take(event: Event, jobs: Map<string, Gathered>): void {
  const gathered = jobs.get(event.job) ?? { job: event.job, completions: [], measures: [], ends: [] };
  jobs.set(event.job, gathered);
  switch (event.event) {
    case 'completed': {
      const { at: completed, jobId, checkpointId: id, savepoint, bytes: size, incrementBytes } = event;
      gathered.completions.push({ completed, jobId, checkpointId: id, savepoint, bytes: size, incrementBytes });
      return;
    }
    case 'survey':
      gathered.measures.push(measureOf(event));
      return;
    case 'ended':
      gathered.ends.push(event.at);
      return;
    default:
      event satisfies never;
  }
}

function measureOf({ job: _job, event: _event, ...survey }: Extract<Event, { event: 'survey' }>): Measure {
  const { live, reclaimable, unknown, roots, damagedRoots } = survey;
  return {
    ...survey,
    quarantined: survey.quarantined ?? reclaimable,
    total: survey.total ?? live + reclaimable + unknown,
    restorePoints: survey.restorePoints ?? Math.max(0, roots - damagedRoots),
  };
}
