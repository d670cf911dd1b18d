import * as z from 'zod';
import type { UndoOrder } from '#functions/shared/function-requests.ts';
import type { Runtime } from '#functions/shared/runtime.ts';
import type { LedgeredSteward } from '#steward/steward.ts';

/** Brings live objects back that the guard has found lost. */

export const healAnswerSchema = z
  .object({
    run: z.string().describe('name of this run; its files in the ledger have each object'),
    restored: z.number().describe('objects that are there again'),
    failed: z.number().describe('objects that could not come back'),
    left: z.number().describe('objects that it did not come to, which a survey has brought back'),
    unneeded: z.number().describe('objects that were there already, or that no checkpoint or savepoint names any more'),
    why: z.string().nullable().describe('why the first one could not come back, or why it ended early'),
  })
  .describe('After healing');

type ToHeal = Extract<UndoOrder, { readonly heal: unknown }>['heal'];

/** @throws as healLosses */
export async function healed(
  parts: ToHeal,
  steward: LedgeredSteward,
  runtime: Runtime,
  signal: AbortSignal,
): Promise<z.output<typeof healAnswerSchema>> {
  const { healLosses } = await import('#steward/heal.ts');
  const wait = async (milliseconds: number): Promise<void> => await runtime.sleep(milliseconds);
  const answer = await healLosses(steward, parts, { signal, wait });
  const { restored, failed, left, why } = answer;
  runtime.log(
    failed + left > 0 ? 'error' : 'info',
    `${restored} lost objects were brought back; ${failed} could not be; ${left} are still to come.${why === null ? '' : ` ${why}`}`,
    answer,
  );
  return answer;
}
