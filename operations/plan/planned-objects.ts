import * as z from 'zod';
import { BitColumn } from '#core/inventory/columns.ts';
import { isoTime } from '#core/iso-time.ts';
import type { Survey } from '#operations/look/survey.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { type PlanEntry, PlanError, readPlanEntry } from './plan-file.ts';

/** The execution of a plan: which objects it names, and that it is executed once. */

/**
 * The objects of a plan that are what they were when it was made.
 *
 * @param entries the lines of the plan without its head.
 * @param source how people know the plan, for messages.
 * @throws PlanError
 */
export async function plannedObjects(
  entries: AsyncIterable<string>,
  listed: Pick<Survey, 'area' | 'objects'>,
  source: string,
): Promise<(object: number) => boolean> {
  return await unchangedObjects(entriesOf(entries, source), listed);
}

async function* entriesOf(lines: AsyncIterable<string>, source: string): AsyncGenerator<PlanEntry> {
  for await (const line of lines) yield readPlanEntry(line, source);
}

/** The objects of some entries of a plan that are what they were when it was made. */
export async function unchangedObjects(
  entries: AsyncIterable<PlanEntry>,
  { area, objects }: Pick<Survey, 'area' | 'objects'>,
): Promise<(object: number) => boolean> {
  const unchanged = new BitColumn();
  for await (const { url, etag } of entries) {
    const place = area.placeOfUrl(url);
    const object = place === null ? -1 : objects.find(place.location, place.key);
    if (object >= 0 && objects.etag(object) === etag) unchanged.add(object);
  }
  return (object) => unchanged.has(object);
}

/** @throws PlanError where it has been executed before. */
export async function refuseSpent(store: LedgerStore, id: string, source: string): Promise<void> {
  if ((await store.readDocument(documentOf(id))) !== null) {
    throw spent(source);
  }
}

/** One execution of a plan, or one part of an execution. */
export interface PlanExecution {
  /** Of the plan. */
  readonly id: string;
  /** How people know the plan, for messages. */
  readonly source: string;
  /** Epoch milliseconds. */
  readonly now: number;
  /** 0 for the execution itself, then one more for each time that it goes on. @default 0 */
  readonly part?: number | undefined;
}

/**
 * Marks a plan as executed. An execution that ran out of time may continue in more parts. Each part is begun once, and
 * only after the one before it: a second request for a part, or a request for a later one, is refused.
 *
 * @throws PlanError where it has been before.
 */
export async function spendPlan(store: LedgerStore, { id, source, now, part = 0 }: PlanExecution): Promise<void> {
  const before = part === 0 ? null : await store.readDocument(documentOf(id));
  if (part > 0 && partOf(before?.text) !== part - 1) {
    throw new PlanError(
      `${source} can't continue with part ${part}: this part was executed before, or another part comes first. Nothing was deleted; make a new plan.`,
    );
  }
  const used = { plan: id, used: isoTime(now), part };
  if ((await store.writeDocument(documentOf(id), `${JSON.stringify(used)}\n`, before?.tag ?? null)) === null) {
    throw spent(source);
  }
}

const usedSchema = z.object({ part: z.int() });

/** The part that was begun last; null where that is not known. */
function partOf(text: string | undefined): number | null {
  try {
    return usedSchema.safeParse(JSON.parse(text ?? '')).data?.part ?? null;
  } catch {
    return null;
  }
}

function documentOf(id: string): string {
  return `plans/${id}`;
}

function spent(source: string): PlanError {
  return new PlanError(`${source} has been executed before. Nothing was deleted; make a new plan.`);
}
