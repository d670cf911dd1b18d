import { randomBytes, randomUUID } from 'node:crypto';
import { thisProcess } from '#adapters/process/this-process.ts';
import { retentionOf } from '#config/retention.ts';
import type { Breaker } from '#core/collect/breakers.ts';
import type { JobHistory } from '#core/signals/job-history.ts';
import { runName } from '#operations/ledger/run-records.ts';
import { type RunInput, type RunReport, runOverArea } from '#operations/run/run.ts';
import { billingOf } from '#steward/billing.ts';
import type { Hands } from '#steward/open-access.ts';
import type { Deadline } from './deadline.ts';
import type { Steward } from './open-steward.ts';
import type { Host } from './runtime.ts';

export interface RunOrder extends Pick<RunInput, 'command' | 'sweep' | 'beforeActing'> {
  readonly retires: boolean;
  readonly accept?: readonly Breaker[];
  /** By location; with them the run executes. Without, it only looks and remembers. */
  readonly hands?: readonly Hands[];
  /** Called for the history of each job, once what this run saw is in it. */
  readonly onHistory?: (history: JobHistory) => void;
}

/** Who this run is, for the ledger. */
export function newRun(host: Host): Pick<RunInput, 'run' | 'newLedgerId' | 'holders' | 'now'> {
  return {
    run: runName(host.clock(), randomBytes(4).toString('hex').slice(0, 5)),
    newLedgerId: randomUUID(),
    holders: thisProcess(),
    now: host.clock,
  };
}

/** A run over the area that ends before its function does. @throws as runOverArea, and DeadlineError */
export async function runSteward(
  { config, input, ledger, locations }: Steward,
  { hands = [], accept = [], retires, onHistory, ...order }: RunOrder,
  host: Host,
  { soft, hard }: Deadline,
): Promise<RunReport> {
  return await runOverArea({
    ...newRun(host),
    ...order,
    survey: input,
    ledger,
    writers: hands.map(({ writer }) => writer),
    // A request that hangs must not outlive the function's answer: whoever is thawed later would still be deleting.
    deleters: hands.map(({ deleter }) => ({
      delete: (batch, signal) => deleter.delete(batch, signal === undefined ? hard : AbortSignal.any([signal, hard])),
    })),
    execute: hands.length > 0,
    accept: new Set(accept),
    retention: retires ? (survey) => retentionOf(config, survey) : null,
    deletesPerSecond: config.deletesPerSecond,
    jobs: {
      labels: config.labels,
      billing: async () => await billingOf(config, locations),
      ...(onHistory === undefined ? {} : { onHistory }),
    },
    signal: soft,
  });
}
