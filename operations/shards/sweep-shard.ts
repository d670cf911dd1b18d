import { judgeEach } from '#core/collect/judge.ts';
import { AuditLog } from '#operations/ledger/audit-log.ts';
import type { PlanEntry } from '#operations/plan/plan-file.ts';
import { unchangedObjects } from '#operations/plan/planned-objects.ts';
import { type ApplyInput, type ApplyResult, apply } from '#operations/run/apply.ts';
import type { ShardContext } from './context.ts';
import { groundsOfShard } from './judge-shard.ts';
import { LateRoots } from './late-roots.ts';
import { ledgerOf } from './remember-shard.ts';
import type { ItemOutput } from './shard-files.ts';

/** What it takes to delete the garbage of a shard. */
export interface ShardSweep extends Pick<ApplyInput, 'deleters' | 'lease' | 'pace' | 'now'> {
  readonly run: string;
  /** Aborted when nothing new may be begun. */
  readonly soft?: AbortSignal | undefined;
}

/**
 * Deletes what was judged to be garbage in a shard, by the same deleter and with the same checks before each batch as one
 * process: the roots of the whole area are listed again, and what new ones reference is spared. Where an attempt before has
 * deleted some of it, that is found gone.
 *
 * @throws LostPartError, StoreError; what was deleted up to there is on record.
 */
export async function sweepShard(shard: string, context: ShardContext, sweep: ShardSweep): Promise<ItemOutput> {
  const ledger = ledgerOf(context);
  const { grounds, roots } = await groundsOfShard(shard, context);
  const verdicts = judgeEach(grounds, roots);
  const late = await LateRoots.of(context, grounds);
  const judged = {
    ...grounds,
    area: context.area,
    reachability: {
      roots: late.reachability.roots,
      isLive: (object: number) => grounds.reachability.isLive(object) || late.reachability.isLive(object),
      isKeptByName: (object: number) =>
        grounds.reachability.isKeptByName(object) || late.reachability.isKeptByName(object),
      isKeptByRenamed: (object: number) => grounds.reachability.isKeptByRenamed(object),
      isCopy: (object: number) => grounds.reachability.isCopy(object) || late.reachability.isCopy(object),
    },
    readElsewhere: roots,
    readAgain: async () => await late.readAgain(),
  };
  // Nothing else was counted when the run decided that it may delete.
  const planned = (await context.files.read('judge', shard)).lines('plan') as AsyncIterable<PlanEntry>;
  const chosen = await unchangedObjects(planned, judged);
  const { run, soft, ...others } = sweep;
  const log = await AuditLog.ofShard(ledger, run, Number(shard));
  const result: ApplyResult = await apply({ ...others, survey: judged, verdicts, chosen, ledger, log, signal: soft });
  return { facts: result, lists: {} };
}
