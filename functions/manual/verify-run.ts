import { fewOf } from '#functions/shared/few-of.ts';
import { verifyRuns } from '#steward/verify-run.ts';
import type { ActionNamed, Answered } from './actions.ts';
import { leave, type Session } from './session.ts';

const USUAL_RUNS = 10;
const MOST_TOLD = 20;

/** Has the second judge look at runs. It changes nothing. */
export async function verifyRunAction(
  { run, last = USUAL_RUNS, ledgerOnly = false }: ActionNamed<'verify-run'>,
  session: Session,
): Promise<Answered<'verify-run'>> {
  const runs = run === undefined ? { last } : { named: run };
  const verified = await verifyRuns(session.steward, { runs, readRoots: !ledgerOnly, signal: session.deadline.soft });
  const notProven = verified.filter(({ proof }) => proof === 'not-proven');
  const proven = verified.filter(({ proof }) => proof === 'proven').length;
  return {
    executed: false,
    action: 'verify-run',
    summary: `Runs that are proven: ${proven} of ${verified.length}. Not proven: ${notProven.length}.`,
    notProven: notProven.slice(0, MOST_TOLD).map(({ run: name, findings }) => ({
      run: name,
      findings: fewOf(findings.map(({ sentence }) => sentence)),
    })),
    details: await leave(session, 'verify-run', { runs: verified }),
    whole: { runs: verified },
    next: null,
  };
}
