import { retentionOf } from '#config/retention.ts';
import type { Breaker } from '#core/collect/breakers.ts';
import { retentionHints } from '#core/retention/hints.ts';
import type { SurveyInput } from '#operations/look/survey.ts';
import type { RememberedJobs } from '#operations/run/remember-findings.ts';
import { type RunInput, type RunReport, runOverArea } from '#operations/run/run.ts';
import type { StoreProbe } from '#ports/store-probe.ts';
import { billingOf } from './billing.ts';
import { checkSurroundings, LOOK, type ScopePass } from './check-surroundings.ts';
import type { Access } from './open-access.ts';
import { retireWord, type SaidOfJob } from './retire-word.ts';
import { newRun, type RunIdentity } from './run-identity.ts';
import type { LedgeredSteward } from './steward.ts';
import { noteUnmatchedPatterns } from './unmatched-patterns.ts';

/** Runs over the area, with a record in the ledger. */

export { INTERRUPTED } from '#operations/run/apply.ts';

export interface RunOrder
  extends Pick<RunInput, 'command' | 'plan' | 'sweep' | 'beforeActing' | 'onDeleted' | 'guarded'> {
  readonly retires: boolean;
  /** What is retired in place of what the policy says; only with `retires`. */
  readonly said?: SaidOfJob | null;
  readonly accept?: readonly Breaker[];
  /** Access by location. With it the run executes; without it the run is a dry run. */
  readonly access?: readonly Access[];
  /** What finds out about the stores, by location, from `openProbe`. Only who deletes may hold it: it deletes too. */
  readonly probes?: readonly (StoreProbe | null)[];
  /** Called with the history of each job, which includes this run. */
  readonly onHistory?: RememberedJobs['onHistory'];
  /** How much of what is around the area this run lists. @default nothing */
  readonly scope?: ScopePass;
  /** Whether what this run plans is executed without a person. @default whether it has access */
  readonly acts?: boolean;
  /** Called with the number of objects that are listed around the area by now. */
  readonly onListedOutside?: (objects: number) => void;
  /** @default a new one */
  readonly identity?: RunIdentity;
}

export interface RunLimits {
  /** Aborted when the run must start nothing new. */
  readonly soft?: AbortSignal | undefined;
  /** Aborted when requests in progress must be aborted: a frozen Lambda would continue to delete when it is thawed. */
  readonly hard?: AbortSignal | undefined;
  /** Told how far the survey has come. */
  readonly onProgress?: SurveyInput['onProgress'] | undefined;
}

/** @throws as {@link runOverArea} */
export async function runSteward(
  steward: LedgeredSteward,
  order: RunOrder,
  { soft, hard, onProgress }: RunLimits = {},
): Promise<RunReport> {
  const { config, input, ledger, locations, clock, notes } = steward;
  const {
    identity = newRun(clock),
    access = [],
    probes = [],
    accept = [],
    retires,
    said = null,
    onHistory,
    ...others
  } = order;
  const { scope = LOOK, acts = access.length > 0, onListedOutside, ...rest } = others;
  const report = await runOverArea({
    ...identity,
    ...rest,
    survey: onProgress === undefined ? input : { ...input, onProgress },
    ledger,
    writers: access.map(({ writer }) => writer),
    deleters: access.map(({ deleter }) => (hard === undefined ? deleter : endingWith(hard, deleter))),
    probes: probes.map((probe) => (probe === null || hard === undefined ? probe : probeEndingWith(hard, probe))),
    execute: access.length > 0,
    accept: new Set(accept),
    retention: retires
      ? (survey) => ({
          ...retentionOf(config, survey),
          word: said === null ? null : retireWord(survey, said, config.labels),
        })
      : null,
    scope: async ({ state, signal }) =>
      await checkSurroundings(steward, { pass: scope, acts, state, signal, onListed: onListedOutside }),
    protect: config.protect,
    deletesPerSecond: config.deletesPerSecond,
    jobs: {
      labels: config.labels,
      billing: async () => await billingOf(config, locations),
      ...(onHistory === undefined ? {} : { onHistory }),
    },
    ...(soft === undefined ? {} : { signal: soft }),
  });
  notes.add(...report.notes);
  // Retiring is off by default, and a schedule need not say so each time.
  if (order.command === 'retire' && said === null) {
    notes.add(...retentionHints(report.decisions, retentionOf(config, report.survey)));
  }
  noteUnmatchedPatterns(steward, report.survey);
  return report;
}

/** A deleter whose requests end with a signal. */
export function endingWith(hard: AbortSignal, deleter: Access['deleter']): Access['deleter'] {
  return {
    delete: (batch, signal) => deleter.delete(batch, signal === undefined ? hard : AbortSignal.any([signal, hard])),
    heeding: (guard) => endingWith(hard, deleter.heeding?.(guard) ?? deleter),
  };
}

function probeEndingWith(hard: AbortSignal, probe: StoreProbe): StoreProbe {
  return {
    endpoint: () => probe.endpoint(),
    probe: (signal) => probe.probe(signal === undefined ? hard : AbortSignal.any([signal, hard])),
  };
}
