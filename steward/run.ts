import { retentionOf } from '#config/retention.ts';
import type { Breaker } from '#core/collect/breakers.ts';
import type { RememberedJobs } from '#operations/run/remember-findings.ts';
import { type RunInput, type RunReport, runOverArea } from '#operations/run/run.ts';
import { billingOf } from './billing.ts';
import type { Access } from './open-access.ts';
import { newRun, type RunIdentity } from './run-identity.ts';
import type { LedgeredSteward } from './steward.ts';
import { noteUnmatchedPatterns } from './unmatched-patterns.ts';

/** A run over the area, which the ledger remembers. */

export { INTERRUPTED } from '#operations/run/apply.ts';

export interface RunOrder extends Pick<RunInput, 'command' | 'sweep' | 'beforeActing' | 'onDeleted'> {
  readonly retires: boolean;
  readonly accept?: readonly Breaker[];
  /** By location; with it the run executes. Without it the run only looks and remembers. */
  readonly access?: readonly Access[];
  /** Called for the history of each job, once what this run saw is in it. */
  readonly onHistory?: RememberedJobs['onHistory'];
  /** @default a new one */
  readonly identity?: RunIdentity;
}

export interface RunLimits {
  /** Nothing new is begun. */
  readonly soft?: AbortSignal | undefined;
  /** A request that is under way is broken off: a frozen Lambda that is thawed later would still be deleting. */
  readonly hard?: AbortSignal | undefined;
}

/** @throws as {@link runOverArea} */
export async function runSteward(
  steward: LedgeredSteward,
  order: RunOrder,
  { soft, hard }: RunLimits = {},
): Promise<RunReport> {
  const { config, input, ledger, locations, clock, notes } = steward;
  const { identity = newRun(clock), access = [], accept = [], retires, onHistory, ...rest } = order;
  const report = await runOverArea({
    ...identity,
    ...rest,
    survey: input,
    ledger,
    writers: access.map(({ writer }) => writer),
    deleters: access.map(({ deleter }) => (hard === undefined ? deleter : endingWith(hard, deleter))),
    execute: access.length > 0,
    accept: new Set(accept),
    retention: retires ? (survey) => retentionOf(config, survey) : null,
    deletesPerSecond: config.deletesPerSecond,
    jobs: {
      labels: config.labels,
      billing: async () => await billingOf(config, locations),
      ...(onHistory === undefined ? {} : { onHistory }),
    },
    ...(soft === undefined ? {} : { signal: soft }),
  });
  notes.add(...report.notes);
  noteUnmatchedPatterns(steward, report.survey);
  return report;
}

function endingWith(hard: AbortSignal, deleter: Access['deleter']): Access['deleter'] {
  return {
    delete: (batch, signal) => deleter.delete(batch, signal === undefined ? hard : AbortSignal.any([signal, hard])),
  };
}
