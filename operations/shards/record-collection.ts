import { discountOf } from '#operations/ledger/run-memory.ts';
import type { RunRecord } from '#operations/ledger/run-records.ts';
import type { ApplyResult } from '#operations/run/apply.ts';
import { uncertified } from '#operations/run/certify.ts';
import { type RunTime, recordSum } from '#operations/run/run-record.ts';
import { certifyCollection } from './certify-collection.ts';
import { concluded } from './conclude.ts';
import type { ShardContext } from './context.ts';
import { decided } from './decide-run.ts';
import { foundRoots } from './remember-run.ts';
import { ledgerOf, type ShardRemembered } from './remember-shard.ts';
import type { RootsRetired } from './retire-roots.ts';
import { sumOfSweeps } from './sweep-shard.ts';

/** The record of a collection in shards, and what kept it from its certificate, in sentences. */
export interface CollectionRecorded {
  readonly record: RunRecord;
  readonly notes: readonly string[];
}

/**
 * Leaves the record of a collection in shards, and its certificate before that. To be called by who holds the lease.
 *
 * @param failed why what was done could not be certified, in sentences; null where it could.
 * @throws LostPartError, StoreError, LedgerError
 */
export async function recordCollection(
  context: ShardContext,
  time: Omit<RunTime, 'execute'>,
  failed: string | null = null,
): Promise<CollectionRecorded> {
  const ledger = ledgerOf(context);
  const { tally, breakers } = await concluded(context);
  const { execute, stop, deletable, acts } = await decided(context);
  const applied = acts ? await allSweeps(context) : null;
  const retired = await rootsRetired(context);
  const { roots } = await foundRoots(context);
  if (applied !== null || retired.retired.length > 0) {
    const objects = applied === null ? 0 : applied.deleted.objects + applied.gone;
    const { directories } = retired;
    await discountOf(ledger, time.run, { objects, roots: retired.retired.length, directories });
  }
  const { certificate, notes } = failed === null ? await certifyCollection(context, time.run) : uncertified(failed);
  // The mode may be another one by now.
  const asDecided = { ...time, execute };
  const record = await recordSum(ledger, asDecided, {
    area: context.area,
    tally,
    quarantineEnd: await firstQuarantineEnd(context),
    roots: roots.filter(({ state }) => state !== 'vanished').length,
    deletable,
    breakers,
    stop,
    retired,
    applied,
    certificate,
  });
  return { record, notes };
}

async function rootsRetired({ files }: ShardContext): Promise<RootsRetired> {
  const [item] = await files.items('retire');
  return item === undefined
    ? { retired: [], directories: [], refused: 0, refusal: null, stopped: null }
    : ((await files.read('retire', item)).facts as RootsRetired);
}

async function allSweeps({ files }: ShardContext): Promise<ApplyResult> {
  const swept: ApplyResult[] = [];
  for await (const { facts } of files.readAll('sweep')) swept.push(facts as ApplyResult);
  return sumOfSweeps(swept);
}

async function firstQuarantineEnd({ files }: ShardContext): Promise<number | null> {
  let first: number | null = null;
  for await (const { facts } of files.readAll('remember')) {
    const { quarantineEnd } = facts as ShardRemembered;
    if (quarantineEnd !== null) first = Math.min(first ?? quarantineEnd, quarantineEnd);
  }
  return first;
}
