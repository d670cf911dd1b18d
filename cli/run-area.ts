import { randomBytes, randomUUID } from 'node:crypto';
import { thisProcess } from '#adapters/process/this-process.ts';
import { retentionOf } from '#config/retention.ts';
import type { Breaker } from '#core/collect/breakers.ts';
import type { Amount } from '#core/collect/totals.ts';
import { runName } from '#operations/ledger/run-records.ts';
import { type RunInput, type RunReport, runOverArea } from '#operations/run/run.ts';
import { billingOf } from '#steward/billing.ts';
import { openHands } from '#steward/open-access.ts';
import type { PreparedArea } from './area-options.ts';
import { requireLedger } from './choose-ledger.ts';
import { interruptionOf } from './interruption.ts';
import type { Io } from './io.ts';
import { noteIdlePatterns } from './judge-area.ts';
import { nextCommand } from './next-command.ts';
import { complain } from './print/complaint.ts';
import { bytes, count } from './print/text.ts';
import { noteLeftOut, refusePart } from './typed-part.ts';

/** Runs over a prepared area, with its ledger. */

export interface RunOrder extends Pick<RunInput, 'command' | 'sweep'> {
  readonly execute: boolean;
  readonly accept: readonly Breaker[];
  readonly retires: boolean;
  readonly beforeActing?: () => Promise<void>;
}

/** Who this run is, for the ledger. */
export function newRun(io: Io): Pick<RunInput, 'run' | 'newLedgerId' | 'holders' | 'now'> {
  return {
    run: runName(io.clock(), randomBytes(4).toString('hex').slice(0, 5)),
    newLedgerId: randomUUID(),
    holders: thisProcess(),
    now: io.clock,
  };
}

export async function runArea(prepared: PreparedArea, order: RunOrder, io: Io): Promise<RunReport> {
  const { config, locations, input, ledger, progress } = prepared;
  if (order.execute) {
    refusePart(prepared, order.command, io);
  } else {
    noteLeftOut(prepared, io);
  }
  const store = requireLedger(ledger);
  const hands = order.execute ? await Promise.all(locations.map(({ reach }) => openHands(reach))) : [];
  const identity = newRun(io);
  let deleted: Amount = { objects: 0, bytes: 0 };
  const report = await runOverArea({
    ...identity,
    survey: input,
    ledger: store,
    writers: hands.map(({ writer }) => writer),
    deleters: hands.map(({ deleter }) => deleter),
    command: order.command,
    execute: order.execute,
    accept: new Set(order.accept),
    retention: order.retires ? (survey) => retentionOf(config, survey) : null,
    sweep: order.sweep,
    deletesPerSecond: config.deletesPerSecond,
    jobs: {
      labels: config.labels,
      billing: async () => await billingOf(config, locations),
    },
    onDeleted: (far) => {
      deleted = far;
      progress?.showDeleted(far);
    },
    ...(order.beforeActing === undefined ? {} : { beforeActing: order.beforeActing }),
    ...(io.signal === undefined ? {} : { signal: io.signal }),
  })
    .catch((error: unknown) => {
      prepared.endProgress();
      throw deleted.objects === 0 ? error : cutShort(error, identity.run, deleted, prepared, io);
    })
    .finally(prepared.endProgress);
  for (const note of report.notes) {
    complain(`Note: ${note}`, io);
  }
  noteIdlePatterns(prepared.patterns, report.survey, io);
  return report;
}

/** Whoever reads of a failure must learn what was done before it. */
function cutShort(error: unknown, run: string, deleted: Amount, { typed }: PreparedArea, io: Io): unknown {
  const far = `up to there ${sayDeleted(deleted)}, and the next run goes on; each of them is shown by: ${nextCommand(['history'], typed, ['--run', run])}`;
  const interruption = interruptionOf(io.signal, far);
  if (interruption === undefined) {
    complain(`The run failed; ${far}`, io);
  }
  return interruption ?? error;
}

export function sayDeleted(deleted: Amount): string {
  return `${count(deleted.objects, 'object was', 'objects were')} deleted (${bytes(deleted.bytes)})`;
}
