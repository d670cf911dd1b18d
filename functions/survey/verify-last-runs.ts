import * as z from 'zod';
import { fewOf } from '#functions/shared/few-of.ts';
import { FUNCTION_METRICS, type Runtime } from '#functions/shared/runtime.ts';
import type { LedgeredSteward } from '#steward/steward.ts';

export const verifiedSchema = z
  .object({
    result: z.enum(['proven', 'not-proven']).describe('of all runs'),
    verified: z.number().describe('number of runs that were verified: those that deleted or retired something'),
    proven: z.number(),
    notProven: z.array(z.string()).describe('names of runs that are not proven'),
    findings: z.array(z.string()).describe('what is wrong with them; at most ten sentences'),
  })
  .describe('With `"only": "proof"`');

const DAY = 24 * 3_600_000;
/** A week, and what a schedule may be late. */
const VERIFIED_DAYS = 8;

/** Has the second judge look at the runs of the last days. Those without a certificate are no finding. */
export async function verifyLastRuns(
  steward: LedgeredSteward,
  runtime: Runtime,
): Promise<z.output<typeof verifiedSchema>> {
  const { verifyRuns } = await import('#steward/verify-run.ts');
  const since = runtime.clock() - VERIFIED_DAYS * DAY;
  const runs = await verifyRuns(steward, { runs: { since }, readRoots: false });
  const notProven = runs.filter(({ proof }) => proof === 'not-proven');
  const findings = fewOf(notProven.flatMap((run) => run.findings.map(({ sentence }) => sentence)));
  if (notProven.length > 0) runtime.count(FUNCTION_METRICS.notProven, notProven.length);
  for (const sentence of findings) runtime.log('error', sentence);
  return {
    result: notProven.length === 0 ? 'proven' : 'not-proven',
    verified: runs.length,
    proven: runs.filter(({ proof }) => proof === 'proven').length,
    notProven: notProven.map(({ run }) => run),
    findings,
  };
}
