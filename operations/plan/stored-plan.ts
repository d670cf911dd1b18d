import { Buffer } from 'node:buffer';
import { text as readText } from 'node:stream/consumers';
import * as z from 'zod';
import { partSchema, readLines, writeLines } from '#operations/ledger/line-parts.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { type PlanContents, PlanError, type PlanHead, planLines, readPlanHead } from './plan-file.ts';

/** A plan that is kept in the ledger, so that one process can make it and another, with other rights, execute it. */

const indexSchema = z.object({ head: z.unknown(), entries: z.int(), parts: z.array(partSchema) });
const PLAN_ID = /^[\w-]+$/;

/** A plan that the ledger keeps. */
export interface StoredPlan {
  readonly head: PlanHead;
  /** How many objects it names. */
  readonly objects: number;
  /** Its lines without the head. @throws LostPartError, StoreError */
  entries(): AsyncIterable<string>;
}

/** Keeps a plan in the ledger. @returns how many objects it names. @throws StoreError */
export async function storePlan(store: LedgerStore, plan: PlanContents): Promise<number> {
  const { origin } = plan;
  const lines = planLines(plan);
  const head: unknown = lines.next().value;
  let entries = 0;
  const counted = function* (): Generator<unknown> {
    for (const line of lines) {
      entries++;
      yield line;
    }
  };
  const parts = await writeLines(store, `${folderOf(origin.id)}part-`, counted());
  // Last: a plan whose parts are not all there is none.
  await store.writeFile(indexOf(origin.id), Buffer.from(`${JSON.stringify({ head, entries, parts }, null, 1)}\n`));
  return entries;
}

/** @throws PlanError where there is none of that name, StoreError */
export async function openStoredPlan(store: LedgerStore, id: string): Promise<StoredPlan> {
  const chunks = PLAN_ID.test(id) ? await store.readFile(indexOf(id)) : null;
  if (chunks === null) {
    throw new PlanError(
      `The ledger ${store.name} has no plan ${id}: the plan was never stored there, or has expired. Nothing was deleted; make a new plan.`,
    );
  }
  const index = indexSchema.safeParse(jsonOf(await readText(chunks))).data;
  if (index === undefined) {
    throw new PlanError(`Plan ${id} in the ledger ${store.name} can't be read. Nothing was deleted; make a new plan.`);
  }
  const head = readPlanHead(JSON.stringify(index.head), `Plan ${id}`);
  return {
    head,
    objects: index.entries,
    entries: async function* () {
      for await (const line of readLines(store, index.parts)) {
        yield JSON.stringify(line);
      }
    },
  };
}

function folderOf(id: string): string {
  return `plans/${id}/`;
}

function indexOf(id: string): string {
  return `${folderOf(id)}plan.json`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
