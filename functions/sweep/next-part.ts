import { MOST_PARTS, type SweepOrder } from '#functions/shared/function-requests.ts';
import type { RunReport } from '#steward/documents.ts';
import { INTERRUPTED } from '#steward/run.ts';

export interface Rest {
  /** Whether time ran out before the whole plan was executed. */
  readonly unfinished: boolean;
  /** The part that continues the plan; null where nothing is left, or where another part would not help. */
  readonly nextPart: number | null;
  /** A sentence for the answer and the log; null where the plan is done. */
  readonly note: string | null;
}

const DONE: Rest = { unfinished: false, nextPart: null, note: null };

/**
 * What is left of a plan, and whether another invocation may continue it. The state machine starts that one after this one
 * has answered. The lease of the ledger and the part number of the plan see to it that no part runs twice, or beside another.
 */
export function restOf(order: SweepOrder, { record, applied, retired }: RunReport): Rest {
  if (record.why !== INTERRUPTED) return DONE;
  if (order.order === 'retire') return restOfRetiring(retired.retired.length);
  const part = (order.part ?? 0) + 1;
  const done = (applied?.deleted.objects ?? 0) + (applied?.gone ?? 0) + retired.retired.length;
  const over = `The time of sweep was over before the whole plan ${order.plan} was executed`;
  const rest = 'The next plan will contain the rest.';
  // The next invocation would not get further either.
  if (done === 0) return { unfinished: true, nextPart: null, note: `${over}, and it deleted nothing. ${rest}` };
  return part < MOST_PARTS
    ? { unfinished: true, nextPart: part, note: `${over}. Part ${part} continues it.` }
    : { unfinished: true, nextPart: null, note: `${over}, after ${MOST_PARTS} parts, which is the most. ${rest}` };
}

/** It is not continued by itself: between two parts somebody may have put back what was asked for once. */
function restOfRetiring(retired: number): Rest {
  const note = `The time of sweep was over before all were retired that were to be: ${retired} checkpoints and savepoints were. Ask again to retire the rest.`;
  return { unfinished: true, nextPart: null, note };
}
