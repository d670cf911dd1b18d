import { guardOf } from '#config/guard.ts';
import { surveyRate } from '#config/survey-rate.ts';
import type { FleetFacts } from '#core/signals/gauges.ts';
import { knownHazards } from '#operations/ledger/hazards.ts';
import { readHistories } from '#operations/ledger/job-histories.ts';
import { jobsState } from '#operations/ledger/jobs-document.ts';
import { liveSetStart } from '#operations/ledger/live-set-parts.ts';
import { readState } from '#operations/ledger/state.ts';
import { isBlind } from '#steward/guard-sight.ts';
import type { Services } from '#steward/services.ts';
import type { LedgeredSteward } from '#steward/steward.ts';
import { JobGaugesToPublish } from './publish-jobs.ts';

/**
 * Publishes the gauges of the jobs from the ledger, without a survey. Alarms over many jobs read the last three hours
 * (CloudWatch user guide, "Metrics Insights quotas"), so gauges must be published each hour even if surveys are rarer.
 */

const HOUR = 3_600_000;

export interface Republished {
  readonly result: 'published' | 'no-survey-yet';
  /** The time of the last survey. */
  readonly surveyed: string | null;
  /** The number of known jobs, including ended ones. */
  readonly jobs: number;
}

/**
 * @param surveyedBy whose schedule surveys the area.
 * @throws StoreError, LedgerError, MetricError
 */
export async function republish(
  steward: LedgeredSteward,
  services: Services,
  surveyedBy: 'survey' | 'collect' = 'survey',
): Promise<Republished> {
  const state = await jobsState(steward.ledger);
  if (state === null) {
    return { result: 'no-survey-yet', surveyed: null, jobs: 0 };
  }
  const now = services.clock();
  const gauges = new JobGaugesToPublish(steward, now);
  let jobs = 0;
  for (const file of state.files) {
    const { histories } = await readHistories(steward.ledger, file);
    for (const history of histories.values()) {
      gauges.add(history);
      jobs++;
    }
  }
  const facts = await fleetFacts(steward, state.undecidable, now);
  // Heartbeat means that surveys run. If they have stopped, it must not be published.
  const beats = now - Date.parse(state.surveyed) <= allowedSilence(steward.config.deploy[surveyedBy]);
  await gauges.publish(services, facts, { beats });
  return { result: 'published', surveyed: state.surveyed, jobs };
}

/** @throws StoreError, LedgerError */
export async function fleetFacts(
  { ledger, config }: Pick<LedgeredSteward, 'ledger' | 'config'>,
  undecidable: number,
  now: number,
): Promise<Partial<FleetFacts>> {
  const [{ paused }, hazards, start] = await Promise.all([
    readState(ledger),
    knownHazards(ledger),
    guardOf(config).mode === 'off' ? now : liveSetStart(ledger),
  ]);
  return {
    UndecidableRoots: undecidable,
    GuardBlind: isBlind(start, config, now) ? 1 : 0,
    PausedHours: paused === null ? 0 : Math.max(0, now - Date.parse(paused.at)) / HOUR,
    ...(hazards === null ? {} : { HazardousRules: hazards.rules, BytesAtRisk: hazards.bytes }),
  };
}

/** How long after a survey the next one is late: twice the rate plus an hour; 26 hours for a calendar. */
function allowedSilence(schedule: string): number {
  const rate = surveyRate(schedule);
  return rate === null ? 26 * HOUR : 2 * rate + HOUR;
}
