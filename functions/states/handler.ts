import { Buffer } from 'node:buffer';
import type * as z from 'zod';
import { parseEvent } from '#functions/shared/bad-event.ts';
import { LONG_MARGINS, withDeadline } from '#functions/shared/deadline.ts';
import { statesOrderSchema } from '#functions/shared/function-requests.ts';
import { type DeployedSteward, openDeployedSteward } from '#functions/shared/open-steward.ts';
import type { Runtime } from '#functions/shared/runtime.ts';
import { type StatesAnswer, statesAnswerSchema } from '#functions/shared/states-answer.ts';
import type { StatesReport } from '#steward/states.ts';
import type { VerifyReport } from '#steward/verify.ts';

/**
 * Reads the ends of state files, which no other function may: each day those of all jobs, so that a message about growth
 * can name the state; and for people who ask `manual`. It changes only the ledger.
 */

export const eventSchema = statesOrderSchema;
export const answerSchema = statesAnswerSchema;

/** @throws BadEventError, DeploymentError, DeadlineError, StoreError, LedgerError, MetricError */
export async function statesHandler(event: unknown, runtime: Runtime): Promise<z.output<typeof answerSchema>> {
  const { ask, job = null } = parseEvent('states', eventSchema, event);
  return await withDeadline('states', runtime, LONG_MARGINS, async ({ soft }): Promise<StatesAnswer> => {
    // Loaded while the steward opens, which waits for the ledger.
    const [steward, { look }, { statesOf }, { emptiness }, { RefusedError }] = await Promise.all([
      openDeployedSteward(runtime, soft),
      import('#steward/look.ts'),
      import('#steward/states.ts'),
      import('#steward/empty-area.ts'),
      import('#steward/refusals.ts'),
    ]);
    try {
      const looked = await look(steward, soft);
      const options = { job, signal: soft };
      if (ask === 'verify') {
        const { verifyRestorePoints } = await import('#steward/verify.ts');
        const report = await verifyRestorePoints(steward, looked, options);
        return await answerOf(report, { steward, runtime, ask, empty: emptiness(looked.survey) });
      }
      const report = await statesOf(steward, looked, options);
      if (ask !== undefined) return await answerOf(report, { steward, runtime, ask, empty: emptiness(looked.survey) });
      const { publishStates } = await import('#steward/metrics/publish-states.ts');
      // Last, because publishing can fail: what was read is remembered by now.
      const published = await publishStates(report, steward, runtime);
      return { ...found(report, steward), published, details: null, refusal: null, empty: null };
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      return { ...NOTHING, notes: [...steward.notes.all], refusal: error.refusal };
    }
  });
}

const NOTHING: StatesAnswer = {
  jobs: 0,
  looked: { files: 0, remembered: 0, requests: 0, cost: null, left: 0 },
  published: 0,
  notes: [],
  details: null,
  refusal: null,
  empty: null,
};

type Found = Pick<StatesAnswer, 'jobs' | 'looked' | 'notes'>;

function found({ jobs, looked }: StatesReport | VerifyReport, { notes }: DeployedSteward): Found {
  return { jobs: jobs.length, looked, notes: [...notes.all] };
}

interface Asked {
  readonly steward: DeployedSteward;
  readonly runtime: Runtime;
  readonly ask: string;
  readonly empty: string | null;
}

/** Leaves what was found in the ledger: an answer has room for six megabytes. */
async function answerOf(
  report: StatesReport | VerifyReport,
  { steward, runtime, ask, empty }: Asked,
): Promise<StatesAnswer> {
  const time = new Date(runtime.clock()).toISOString().replace(/[-:]/g, '');
  const details = `results/${time}-${ask}.json`;
  await steward.ledger.writeFile(details, Buffer.from(`${JSON.stringify(report, null, 1)}\n`));
  return { ...found(report, steward), published: 0, details, refusal: null, empty };
}
