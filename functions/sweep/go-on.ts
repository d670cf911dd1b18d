import { MOST_PARTS, type SweepOrder } from '#functions/shared/function-requests.ts';
import type { Runtime } from '#functions/shared/runtime.ts';
import type { RunReport } from '#steward/documents.ts';
import { INTERRUPTED } from '#steward/run.ts';

export interface GoingOn {
  readonly goesOn: boolean;
  /** What people should know of it, as a sentence. */
  readonly note: string | null;
}

/**
 * Starts sweep anew where its time was over before all of a plan was done. Never two at once: its concurrency is one, so
 * Lambda lets the new one wait until this one has answered, and the ledger's lease and the plan's parts hold besides.
 */
export async function goOn(order: SweepOrder, { applied, retired }: RunReport, runtime: Runtime): Promise<GoingOn> {
  if (order.order === 'retire' || applied?.stopped !== INTERRUPTED) {
    return { goesOn: false, note: null };
  }
  const part = (order.part ?? 0) + 1;
  const did = applied.deleted.objects + applied.gone + retired.retired.length;
  const own = runtime.environment.AWS_LAMBDA_FUNCTION_NAME;
  const hindrance = whyNot(part, did, own);
  if (hindrance !== null || own === undefined) {
    const note = `Its time was over before all of plan ${order.plan} was done, and ${hindrance}. What is left goes with the next plan.`;
    runtime.log('warn', note);
    return { goesOn: false, note };
  }
  await runtime.start(own, { ...order, part });
  return { goesOn: true, note: `Its time was over before all was done. Started again for the rest, part ${part}.` };
}

function whyNot(part: number, did: number, own: string | undefined): string | null {
  if (part >= MOST_PARTS) return `it has gone on ${MOST_PARTS - 1} times already`;
  // The next one would get no further.
  if (did === 0) return 'nothing could be deleted in it';
  return own === undefined ? 'it does not know its own name to start itself again' : null;
}
