import { discountOf } from '#operations/ledger/run-memory.ts';
import type { RunRecord } from '#operations/ledger/run-records.ts';
import { NOTHING_DONE } from '#operations/run/act.ts';
import type { ApplyResult } from '#operations/run/apply.ts';
import { type RunTime, recordSum } from '#operations/run/run-record.ts';
import { concluded } from './conclude.ts';
import type { ShardContext } from './context.ts';
import { decided } from './decide-run.ts';
import { foundRoots } from './remember-run.ts';
import { ledgerOf, type ShardRemembered } from './remember-shard.ts';
import { sumOfSweeps } from './sweep-shard.ts';

/** Leaves the record of a collection in shards. @throws LostPartError, StoreError, LedgerError */
export async function recordCollection(context: ShardContext, time: RunTime): Promise<RunRecord> {
  const ledger = ledgerOf(context);
  const { tally, breakers } = await concluded(context);
  const { stop, deletable, acts } = await decided(context);
  const applied = acts ? await allSweeps(context) : null;
  const { roots } = await foundRoots(context);
  if (applied !== null) {
    const objects = applied.deleted.objects + applied.gone;
    await discountOf(ledger, time.run, { objects, roots: 0, directories: [] });
  }
  return await recordSum(ledger, time, {
    area: context.area,
    tally,
    quarantineEnd: await firstQuarantineEnd(context),
    roots: roots.filter(({ state }) => state !== 'vanished').length,
    deletable,
    breakers,
    stop,
    retired: NOTHING_DONE.retired,
    applied,
  });
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
