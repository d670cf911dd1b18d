import { Buffer } from 'node:buffer';
import type { JobHistory } from '#core/signals/job-history.ts';
import { REPORT_FILE } from '#operations/ledger/report-file.ts';
import { damageMemory } from '#operations/ledger/run-memory.ts';
import type { RunReport } from '#operations/run/run.ts';
import { reportOf } from '#report/model/report-of.ts';
import { auditArea } from './audit.ts';
import { knownStates } from './known-states.ts';
import { withOperatorsOfLargest } from './operators.ts';
import type { LedgeredSteward } from './steward.ts';

/** Writes the report page of a run into the ledger. @throws StoreError, LedgerError */
export async function leaveReport(
  steward: LedgeredSteward,
  run: RunReport,
  histories: readonly JobHistory[],
  signal?: AbortSignal,
): Promise<void> {
  const { survey, verdicts, totals, before, breakers, state } = run;
  const { ledger, config } = steward;
  const judged = { survey, verdicts, totals, damage: damageMemory(before, survey.area), state, ledger };
  const { report } = await auditArea(steward, judged, { histories, quarantineBegins: survey.start, signal });
  const audit = await withOperatorsOfLargest(steward, judged, report, signal);
  const states = config.states === undefined ? new Map() : await knownStates(steward, judged);
  // A third of a megabyte, which runs without a page need not load.
  const { renderReport } = await import('#report/render.ts');
  const page = await renderReport(
    reportOf({ survey, verdicts, totals, labels: config.labels, audit, breakers, histories, states }),
  );
  await ledger.writeFile(REPORT_FILE, Buffer.from(page));
}
