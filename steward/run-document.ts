import { NO_BREAKER_MEMORY } from '#core/collect/breakers.ts';
import { isoTime } from '#core/iso-time.ts';
import type { RetentionDecision } from '#core/retention/decide.ts';
import { damageMemory } from '#operations/ledger/run-memory.ts';
import { snapshotPath } from '#operations/look/root-view.ts';
import { type PlanPart, type PlanReport, plan } from '#operations/plan/plan.ts';
import type { RunReport } from '#operations/run/run.ts';
import type { Look } from './look.ts';
import type { Steward } from './steward.ts';

/** Makes the documents about a run, or about a survey without a run. */

export { RULE_ORDERS, type RuleOrder, sortRules } from '#operations/plan/sort-rules.ts';
export { type VerdictLine, verdictLines } from '#operations/report/verdict-line.ts';

/**
 * The summed verdicts of a run, with what the ledger knows about breakers and damage.
 *
 * @param part the objects that are counted. Default: all.
 */
export function planOfRun({ config }: Steward, report: RunReport, part?: PlanPart): PlanReport {
  const { survey, verdicts, totals, breakerMemory: breakers, before, state } = report;
  const damage = damageMemory(before, survey.area);
  return plan({
    survey,
    verdicts,
    totals,
    labels: config.labels,
    quarantineBegins: survey.start,
    memory: { state, breakers, damage },
    part,
  });
}

/** As {@link planOfRun}, of a look that is no run: nothing is known of breakers. */
export function planOfLook(
  { config }: Steward,
  { survey, verdicts, totals, state, damage }: Pick<Look, 'survey' | 'verdicts' | 'totals' | 'state' | 'damage'>,
  part?: PlanPart,
): PlanReport {
  const memory = { state, damage, breakers: NO_BREAKER_MEMORY };
  return plan({ survey, verdicts, totals, labels: config.labels, memory, part });
}

/** One root, and the decision of the policy. */
export interface RetentionView {
  readonly path: string;
  readonly completed: string;
  readonly group: string;
  readonly action: RetentionDecision['action'];
  readonly reasons: RetentionDecision['reasons'];
}

/** What a run decided about roots. Empty where it retires nothing. */
export function retentionOfRun({ decisions, survey }: RunReport): readonly RetentionView[] {
  return decisions.map(({ root, group, action, reasons }) => ({
    path: snapshotPath(survey.area, root),
    completed: isoTime(root.completed),
    group: group.label,
    action,
    reasons,
  }));
}
