import { judgeEach } from '#core/collect/judge.ts';
import { AuditLog, deletedOnce } from '#operations/ledger/audit-log.ts';
import type { PlanEntry } from '#operations/plan/plan-file.ts';
import { unchangedObjects } from '#operations/plan/planned-objects.ts';
import { type ApplyInput, type ApplyResult, apply } from '#operations/run/apply.ts';
import type { ShardContext } from './context.ts';
import { groundsOfShard } from './judge-shard.ts';
import { LateRoots, type SharedLook } from './late-roots.ts';
import { ledgerOf } from './remember-shard.ts';

/** What it takes to delete the garbage of a shard. */
export interface ShardSweep extends Pick<ApplyInput, 'deleters' | 'lease' | 'pace' | 'now'> {
  readonly run: string;
  /** Aborted when nothing new may be begun. */
  readonly soft?: AbortSignal | undefined;
}

/**
 * Deletes what was judged to be garbage in a shard, by the same deleter and with the same checks before each batch as one
 * process: the roots of the whole area are looked at again, and what new ones reference is spared. Where an attempt before
 * has deleted some of it, that is found gone.
 *
 * @throws LostPartError, StoreError; what was deleted up to there is on record.
 */
export async function sweepShard(
  shard: string,
  context: ShardContext,
  { run, soft, look, findings, ...others }: ShardSweep & SharedLook,
): Promise<ApplyResult> {
  const ledger = ledgerOf(context);
  const { grounds, roots } = await groundsOfShard(shard, context);
  const verdicts = judgeEach(grounds, roots);
  const late = await LateRoots.of(context, grounds, { look, findings });
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
  const { log, isAlone } = await AuditLog.ofShard(ledger, run, Number(shard));
  const applied = await apply({ ...others, survey: judged, verdicts, chosen, ledger, log, signal: soft });
  // What others have deleted, this one has found gone; or the store has said "deleted" once more.
  return (await isAlone()) ? applied : { ...applied, ...(await deletedByAll([shard], context, run)) };
}

/** What all attempts at some shards have deleted by now. @throws StoreError, LedgerError for a file that is damaged */
export async function deletedByAll(
  shards: readonly string[],
  context: ShardContext,
  run: string,
): Promise<Pick<ApplyResult, 'deleted' | 'versioned' | 'gone'>> {
  const sum = { objects: 0, bytes: 0, versioned: 0, gone: 0 };
  const logged = deletedOnce(ledgerOf(context), run, new Set(shards.map(Number)));
  for await (const { outcome, bytes, versionId } of logged) {
    if (outcome === 'gone') sum.gone++;
    if (outcome !== 'deleted') continue;
    sum.objects++;
    sum.bytes += bytes;
    sum.versioned += versionId === null ? 0 : 1;
  }
  const { objects, bytes, versioned, gone } = sum;
  return { deleted: { objects, bytes }, versioned, gone };
}

/** What became of the objects of several shards. */
export function sumOfSweeps(swept: readonly ApplyResult[]): ApplyResult {
  const sum = (of: (one: ApplyResult) => number): number => swept.reduce((total, one) => total + of(one), 0);
  return {
    deleted: { objects: sum(({ deleted }) => deleted.objects), bytes: sum(({ deleted }) => deleted.bytes) },
    versioned: sum(({ versioned }) => versioned),
    gone: sum(({ gone }) => gone),
    changed: sum(({ changed }) => changed),
    refused: sum(({ refused }) => refused),
    refusal: swept.find(({ refusal }) => refusal !== null)?.refusal ?? null,
    spared: sum(({ spared }) => spared),
    stopped: swept.find(({ stopped }) => stopped !== null)?.stopped ?? null,
  };
}
