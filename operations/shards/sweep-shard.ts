import { judgeEach } from '#core/collect/judge.ts';
import { BitColumn } from '#core/inventory/columns.ts';
import type { ObjectTable } from '#core/inventory/object-table.ts';
import { AuditLog } from '#operations/ledger/audit-log.ts';
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
  const chosen = await plannedObjects(shard, context, grounds.objects);
  const { run, soft, ...others } = sweep;
  const log = await AuditLog.ofShard(ledger, run, Number(shard));
  const result: ApplyResult = await apply({ ...others, survey: judged, verdicts, chosen, ledger, log, signal: soft });
  return { facts: result, lists: {} };
}

/** What the judge of the shard has planned: nothing else was counted when the run decided that it may delete. */
async function plannedObjects(
  shard: string,
  { area, files }: ShardContext,
  objects: ObjectTable,
): Promise<(object: number) => boolean> {
  const planned = new BitColumn();
  for await (const line of (await files.read('judge', shard)).lines('plan')) {
    const { url, etag } = line as { readonly url: string; readonly etag: string };
    const place = area.placeOfUrl(url);
    const object = place === null ? -1 : objects.find(place.location, place.key);
    if (object >= 0 && objects.etag(object) === etag) planned.add(object);
  }
  return (object) => planned.has(object);
}
