import type { Amount } from '#core/collect/totals.ts';
import type { RunReport } from '#steward/documents.ts';
import { earlierRuns } from '#steward/history.ts';
import { keepVersions } from '#steward/keeps-versions.ts';
import { openAccess } from '#steward/open-access.ts';
import { openProbe } from '#steward/open-probe.ts';
import { type RunOrder, runSteward } from '#steward/run.ts';
import { newRun } from '#steward/run-identity.ts';
import { requireLedger } from './choose-ledger.ts';
import { confirmFirst, mayAsk, NOTHING, sayPutBack } from './first-deletion.ts';
import { interruptionOf } from './interruption.ts';
import type { Io } from './io.ts';
import { nextCommand } from './next-command.ts';
import { noteLeftOut, refusePart } from './part-of-area.ts';
import type { PreparedArea } from './prepare-area.ts';
import { complain } from './print/stderr.ts';
import { bytes, count } from './print/text.ts';
import { onlyToldOf } from './told-of.ts';

/** Runs over a prepared area, with its ledger. */

export type TypedOrder = Pick<RunOrder, 'command' | 'sweep' | 'retires' | 'said' | 'accept' | 'beforeActing'> & {
  readonly execute: boolean;
  /** Whether a person has said yes already. @default false */
  readonly yes?: boolean;
};

/** @throws Declined where a person does not want the first deletion in the area */
export async function runArea(prepared: PreparedArea, { yes, ...order }: TypedOrder, io: Io): Promise<RunReport> {
  const { json } = prepared.typed.options;
  if (order.execute) {
    refusePart(prepared, order.command);
  } else {
    noteLeftOut(prepared);
  }
  if (!mayAsk({ execute: order.execute, yes, json }, io)) return await runPrepared(prepared, order, io);
  const told = await askBeforeFirst(prepared, order, io);
  if (told === null) return await runPrepared(prepared, order, io);
  // Where the dry run was stopped, nobody was asked, and what stopped it may be over by now.
  if (told.record.result !== 'observed') return told;
  return await runPrepared(prepared, { ...order, sweep: onlyToldOf(order.sweep, told) }, io);
}

/**
 * Asks before the first run that deletes in an area. A dry run finds what it would do, and has given back its lease when
 * the question is asked: a person may think for as long as they like. The run itself then decides again, from the
 * beginning, and deletes only what the dry run had found too.
 *
 * @returns the dry run; null where none was needed.
 */
async function askBeforeFirst(prepared: PreparedArea, order: TypedOrder, io: Io): Promise<RunReport | null> {
  const steward = requireLedger(prepared.steward);
  const { any, acted } = await earlierRuns(steward);
  // What no run has seen has served no quarantine.
  const canRetire = order.retires && ((order.said ?? null) !== null || steward.config.retain.length > 0);
  if (acted || (!any && !canRetire)) return null;
  const told = await runPrepared(prepared, { ...order, execute: false }, io);
  const { record, decisions } = told;
  if (record.result !== 'observed') return told;
  const going = {
    deleted: order.sweep === null ? NOTHING : record.deletable,
    retired: decisions.filter(({ action }) => action === 'retire').length,
  };
  const { endpoint } = prepared.typed.options;
  // Another store may have a bucket of that name.
  const at = endpoint === undefined ? '' : ` at ${endpoint}`;
  const places = prepared.entries.map((entry) => (entry.kind === 's3' ? `${entry.url}${at}` : entry.path));
  const versions = going.deleted.objects === 0 ? [] : await keepVersions(steward, io.signal);
  await confirmFirst({ ...going, places, putBack: sayPutBack(versions, going) }, io);
  return told;
}

async function runPrepared(prepared: PreparedArea, { execute, ...order }: TypedOrder, io: Io): Promise<RunReport> {
  const { progress, endProgress } = prepared;
  const steward = requireLedger(prepared.steward);
  const access = execute ? await Promise.all(steward.locations.map(({ reach }) => openAccess(reach))) : [];
  const probes = execute ? await Promise.all(steward.locations.map(openProbe)) : [];
  const identity = newRun(steward.clock);
  let deleted: Amount = { objects: 0, bytes: 0 };
  const onDeleted = (total: Amount, all: Amount): void => {
    deleted = total;
    progress?.showDeleted(total, all);
  };
  try {
    const scope = execute ? { scope: { kind: 'whole' } as const } : {};
    const onListedOutside = (objects: number): void => progress?.showOutside(objects);
    const run = { ...order, ...scope, access, probes, identity, onDeleted, onListedOutside };
    return await runSteward(steward, run, { soft: io.signal });
  } catch (error) {
    endProgress();
    throw deleted.objects === 0 ? error : cutShort(error, identity.run, deleted, prepared, io);
  } finally {
    endProgress();
  }
}

/** Adds to a failure what the run had already deleted. */
function cutShort(error: unknown, run: string, deleted: Amount, { typed }: PreparedArea, io: Io): unknown {
  const doneSoFar = `until then ${describeDeleted(deleted)}, and the next run continues. To list the deleted objects: ${nextCommand(['history'], typed, ['--run', run])}`;
  const interruption = interruptionOf(io.signal, doneSoFar);
  if (interruption === undefined) {
    complain(`The run failed; ${doneSoFar}`, io);
  }
  return interruption ?? error;
}

export function describeDeleted(deleted: Amount): string {
  return `${count(deleted.objects, 'object was', 'objects were')} deleted (${bytes(deleted.bytes)})`;
}
