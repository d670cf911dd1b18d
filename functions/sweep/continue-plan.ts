import { MOST_PARTS, type SweepOrder } from '#functions/shared/function-requests.ts';
import type { Runtime } from '#functions/shared/runtime.ts';
import type { RunReport } from '#steward/documents.ts';
import { INTERRUPTED } from '#steward/run.ts';

export interface GoingOn {
  readonly goesOn: boolean;
  /** A sentence for the answer and the log. */
  readonly note: string | null;
}

/**
 * Starts `sweep` again if its time was over before the whole plan was executed. Two invocations never run at once: the
 * reserved concurrency is one, so Lambda starts the new one after this one has ended. The lease of the ledger and the part
 * number of the plan guard against it as well.
 */
export async function goOn(order: SweepOrder, { applied, retired }: RunReport, runtime: Runtime): Promise<GoingOn> {
  if (order.order === 'retire' || applied?.stopped !== INTERRUPTED) {
    return { goesOn: false, note: null };
  }
  const part = (order.part ?? 0) + 1;
  const done = applied.deleted.objects + applied.gone + retired.retired.length;
  const own = runtime.environment.AWS_LAMBDA_FUNCTION_NAME;
  const hindrance = whyNot(part, done, own);
  if (hindrance !== null || own === undefined) {
    const note = `The time of sweep was over before the whole plan ${order.plan} was executed, and ${hindrance}. The next plan will contain the rest.`;
    runtime.log('warn', note);
    return { goesOn: false, note };
  }
  await runtime.start(own, { ...order, part });
  return {
    goesOn: true,
    note: `The time of sweep was over before the whole plan was executed. It was started again for the rest, as part ${part}.`,
  };
}

function whyNot(part: number, done: number, own: string | undefined): string | null {
  if (part >= MOST_PARTS) return `it was started again ${MOST_PARTS - 1} times already`;
  // The next invocation would not get further either.
  if (done === 0) return 'it deleted nothing';
  return own === undefined ? 'it cannot start itself again, because its own name is not known' : null;
}
