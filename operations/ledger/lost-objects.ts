import * as z from 'zod';
import type { ObjectFilter } from '#core/lifecycle/rule.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { type Part, readLines, writeLines } from './line-parts.ts';

/** Lists of lost objects: those that are handed over to be healed, and what became of them. */

/** Where the ledger keeps the lists that are handed over. */
export const LOST_FOLDER = 'guard';

const filterSchema: z.ZodType<ObjectFilter> = z.object({
  prefix: z.string(),
  tags: z.array(z.object({ key: z.string(), value: z.string() })),
  largerThan: z.number().nullable(),
  smallerThan: z.number().nullable(),
  understood: z.boolean(),
});
const lostSchema = z.object({
  /** Under the area's own name of its place. */
  url: z.string(),
  /** Bytes that a root expects; -1 where none says. */
  bytes: z.number(),
  /** URLs of the roots that name it; its own where it is a root itself. */
  roots: z.array(z.string()),
  /** Where only what a rule took is brought back: which objects the rules take, and about when they did. */
  takenBy: z.object({ filters: z.array(filterSchema), since: z.number() }).optional(),
});
/** An object that is gone, and that restore points need. */
export type LostObject = z.output<typeof lostSchema>;

/** What became of one of them. */
export type Healed = {
  readonly url: string;
  readonly outcome: 'restored' | 'present' | 'unneeded' | 'lost';
  readonly why: string | null;
};

/** @param run names the list. @throws StoreError */
export async function handOver(
  ledger: LedgerStore,
  run: string,
  lost: readonly LostObject[],
): Promise<readonly Part[]> {
  return await writeLines(ledger, `${LOST_FOLDER}/lost-${run}-`, lost);
}

/** @throws LostPartError, StoreError */
export async function takeOver(ledger: LedgerStore, parts: readonly Part[]): Promise<readonly LostObject[]> {
  const lost: LostObject[] = [];
  for await (const line of readLines(ledger, parts)) lost.push(lostSchema.parse(line));
  return lost;
}

/** Beside the audit log of deletions: before anything is brought back, what shall be; and then what became of it. */
export async function logHealing(
  ledger: LedgerStore,
  run: string,
  lines: { readonly planned: readonly LostObject[] } | { readonly done: readonly Healed[] },
): Promise<void> {
  if ('planned' in lines) await writeLines(ledger, `runs/${run}/to-heal-`, lines.planned);
  else await writeLines(ledger, `runs/${run}/healed-`, lines.done);
}
