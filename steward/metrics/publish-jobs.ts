import { budgetFor, type FleetFacts, fleetGaugesOf, gaugesOf, type MeasuredJob } from '#core/signals/gauges.ts';
import type { JobHistory } from '#core/signals/job-history.ts';
import { fleetValuesOf, jobValuesOf, OTHER_JOBS } from '#core/signals/publication.ts';
import { leavePublishedNames } from '#operations/ledger/published-names.ts';
import type { MetricValue } from '#ports/metric-sink.ts';
import type { Services } from '#steward/services.ts';
import type { LedgeredSteward } from '#steward/steward.ts';
import { publishWhatMatters } from './publish-what-matters.ts';

/** Publishes the gauges of all jobs and of the fleet, as of one time. */

const NO_FACTS: FleetFacts = {
  UndecidableRoots: null,
  HazardousRules: null,
  BytesAtRisk: null,
  SweptBytes: null,
  SweptObjects: null,
  LostObjects: null,
  GuardBlind: null,
  PausedHours: null,
};

interface PublishOptions {
  /** Whether the steward surveys the area in time, which `Heartbeat` reports. @default true */
  readonly beats?: boolean;
  /** Further values to publish with them. */
  readonly more?: readonly MetricValue[];
}

/** Collects the gauges of all jobs of a survey, publishes them together, and leaves the names that they have. */
export class JobGaugesToPublish {
  readonly #steward: Pick<LedgeredSteward, 'config' | 'ledger'>;
  readonly #now: number;
  readonly #jobs: MeasuredJob[] = [];

  /** @param now epoch milliseconds. */
  constructor(steward: Pick<LedgeredSteward, 'config' | 'ledger'>, now: number) {
    this.#steward = steward;
    this.#now = now;
  }

  add(history: JobHistory): void {
    const { budget } = this.#steward.config.signals;
    const gauges = gaugesOf(history, { now: this.#now, budget: budgetFor(history.label, budget) });
    // The samples are dropped: for a thousand jobs they take some hundred megabytes.
    this.#jobs.push({ history: { ...history, completions: [], measures: [] }, gauges });
  }

  /**
   * @param facts gauges that are not in the history of a job; those left out are not published.
   * @throws StoreError, LedgerError, MetricError
   */
  async publish(
    services: Services,
    facts: Partial<FleetFacts>,
    { beats = true, more = [] }: PublishOptions = {},
  ): Promise<void> {
    const { signals } = this.#steward.config;
    const running = this.#jobs.filter(({ history }) => !history.ended);
    const { values, folded, labels } = jobValuesOf(
      running.map(({ history: { label }, gauges }) => ({ label, gauges })),
      signals,
    );
    if (folded > 0) {
      services.log(
        'warn',
        `There are ${running.length} jobs, but only ${signals.maxJobs} are published by name. The ${folded} smallest ones share the name "${OTHER_JOBS}". Each name costs about a dollar a month. To publish more, raise signals.maxJobs; or join jobs by labels.`,
      );
    }
    const totals = fleetGaugesOf(this.#jobs, { ...NO_FACTS, ...facts });
    const fleet = fleetValuesOf({ ...totals, Heartbeat: beats ? totals.Heartbeat : null }, signals);
    const known = { values: [...fleet, ...values], at: this.#now, complete: true, more };
    await publishWhatMatters(known, this.#steward, services);
    await leavePublishedNames(this.#steward.ledger, folded === 0 ? null : labels);
  }
}
