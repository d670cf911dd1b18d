import * as z from 'zod';
import { areaIdentity } from '#core/collect/breakers.ts';
import type { Grounds } from '#core/collect/evidence.ts';
import type { Verdicts } from '#core/collect/judge.ts';
import { isoTime } from '#core/iso-time.ts';
import type { Survey } from '#operations/look/survey.ts';

/**
 * A plan as lines of JSON: first the area and the time it was made for, then one line for each object to delete, as it
 * was when it was judged.
 */

/** The format of plan files that this version writes and reads. */
export const PLAN_FORMAT = 1;
/** Milliseconds after which a plan is too old to be executed: what it was made from has moved on. */
export const PLAN_VALID = 24 * 3_600_000;

const headSchema = z.object({
  plan: z.literal(PLAN_FORMAT),
  /** The run that made it. Part of a path in the ledger. */
  id: z.string().regex(/^[\w-]+$/),
  area: z.array(z.string()),
  /** The ledger by whose memory the quarantine was served, by its id; null where it was made without. */
  ledger: z.string().nullable(),
  /** Where that ledger is kept, as it was opened. */
  ledgerPlace: z.string().nullable(),
  /** The locations as they were opened. */
  locations: z.array(
    z.union([z.object({ bucket: z.string() }), z.object({ path: z.string(), as: z.string().nullable() })]),
  ),
  start: z.iso.datetime(),
  expires: z.iso.datetime(),
  decidable: z.boolean(),
  lookAhead: z.boolean(),
});
/** The first line of a plan: what it was made for, and until when it may be executed. */
export type PlanHead = z.output<typeof headSchema>;

const entrySchema = z.object({ url: z.string(), etag: z.string() });
/** What identifies an object to delete. */
export type PlanEntry = z.output<typeof entrySchema>;

/** A plan that must not be executed, as sentences. */
export class PlanError extends Error {
  override readonly name = 'PlanError';
}

/** Which run made a plan, and with which ledger. */
export interface PlanOrigin extends Pick<PlanHead, 'id' | 'ledger' | 'ledgerPlace' | 'locations'> {
  /** Whether the survey only assumed that garbage has served its quarantine. Such a plan says so, and is refused. */
  readonly lookAhead: boolean;
}

/** What a plan is made of. */
export interface PlanContents {
  readonly survey: Survey;
  readonly verdicts: Verdicts;
  readonly origin: PlanOrigin;
  /** Which of the objects that may be deleted the plan names. @default all */
  readonly chosen?: (object: number) => boolean;
}

/** The lines of a plan as objects for JSON: the head, then each object to delete. */
export function* planLines({ survey, verdicts, origin, chosen }: PlanContents): Generator<object> {
  yield planHead({ ...survey, decidable: survey.undecidable.length === 0 }, origin);
  yield* planEntries(survey, verdicts, origin.lookAhead, chosen);
}

/** What the head of a plan tells of the run. */
export interface PlannedArea extends Pick<Survey, 'area' | 'start' | 'settings'> {
  readonly decidable: boolean;
}

/** The first line of a plan. */
export function planHead({ area, start, settings, decidable }: PlannedArea, origin: PlanOrigin): object {
  return {
    plan: PLAN_FORMAT,
    id: origin.id,
    area: areaIdentity(area),
    ledger: origin.ledger,
    ledgerPlace: origin.ledgerPlace,
    locations: origin.locations,
    start: isoTime(start),
    expires: isoTime(start + PLAN_VALID),
    decidable,
    lookAhead: origin.lookAhead,
    rules: settings,
  };
}

/** The objects of a plan, each as it was when it was judged. */
export function* planEntries(
  { area, objects, memory }: Pick<Survey, 'area' | 'objects'> & Pick<Grounds, 'memory'>,
  verdicts: Verdicts,
  lookAhead: boolean,
  chosen: (object: number) => boolean = () => true,
): Generator<object> {
  for (let object = 0; object < objects.size; object++) {
    if (verdicts.verdict(object) === 'delete' && chosen(object)) {
      const since = lookAhead ? undefined : memory.candidacy(object)?.since;
      yield {
        url: area.url(objects.location(object), objects.key(object)),
        etag: objects.etag(object),
        bytes: objects.bytes(object),
        modified: isoTime(objects.modified(object)),
        rule: verdicts.rule(object),
        garbageSince: since === undefined ? null : isoTime(since),
      };
    }
  }
}

/**
 * The first line of a plan file.
 *
 * @param source the name of the file, for messages.
 * @throws PlanError
 */
export function readPlanHead(line: string, source: string): PlanHead {
  const result = headSchema.safeParse(jsonOf(line));
  if (!result.success) {
    throw new PlanError(
      `${source} is not a plan of this version: its first line is not what "steward plan --out" writes. Nothing was deleted; make a new plan.`,
    );
  }
  return result.data;
}

/** @throws PlanError */
export function readPlanEntry(line: string, source: string): PlanEntry {
  const result = entrySchema.safeParse(jsonOf(line));
  if (!result.success) {
    throw new PlanError(
      `${source} is damaged: one of its lines is not an object to delete (${JSON.stringify(line.slice(0, 60))}). Nothing was deleted; make a new plan.`,
    );
  }
  return result.data;
}

/**
 * Whether a plan may be executed on this area, with this ledger, at this time.
 *
 * @param now epoch milliseconds.
 * @throws PlanError
 */
export function admitPlan(
  head: PlanHead,
  source: string,
  { area, ledger, now }: { readonly area: readonly string[]; readonly ledger: string; readonly now: number },
): void {
  const refuse = (why: string): never => {
    throw new PlanError(`${source} ${why}`);
  };
  if (head.lookAhead) {
    refuse(
      'was made with --assume-quarantined, so the quarantine of its objects may not be over. Nothing was deleted; make a plan without that option.',
    );
  }
  if (head.ledger === null) {
    refuse(
      'was made without a ledger, so the quarantine of its objects is not over. Nothing was deleted; make a plan with --ledger.',
    );
  }
  if (head.ledger !== ledger) {
    refuse('was made with another ledger. Nothing was deleted; use the ledger that the plan was made with.');
  }
  if (JSON.stringify(head.area) !== JSON.stringify(area)) {
    refuse(
      `is for the area ${head.area.join(', ')}, not for ${area.join(', ')}. Nothing was deleted; use the locations that the plan was made with.`,
    );
  }
  if (!head.decidable) {
    refuse('was made while the area was undecidable. Nothing was deleted; fix the cause, then make a new plan.');
  }
  if (!(now < Date.parse(head.expires))) {
    refuse(`is too old: it expired at ${head.expires}. Nothing was deleted; make a new plan.`);
  }
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
