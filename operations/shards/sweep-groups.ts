import type { ShardContext } from './context.ts';
import { decided } from './decide-run.ts';
import type { ShardRemembered } from './remember-shard.ts';

/** What an item deletes in some ten minutes, where two of them share 1,000 a second; and shards that it reads meanwhile. */
const DELETED_BY_ITEM = 300_000;
const SHARDS_OF_ITEM = 30;

/** The names of the items that delete. @throws LostPartError, StoreError */
export async function sweepItems(context: ShardContext): Promise<readonly string[]> {
  return (await groupsToSweep(context)).map((_, group) => String(group));
}

/** The shards of an item that deletes, one after the other. */
export async function shardsOfSweep(item: string, context: ShardContext): Promise<readonly string[]> {
  return (await groupsToSweep(context))[Number(item)] ?? [];
}

/**
 * The shards with garbage, in groups that one item sweeps one after the other. Each item looks at the roots of the whole area
 * first, so there are no more items than the deletions need.
 */
async function groupsToSweep(context: ShardContext): Promise<readonly (readonly string[])[]> {
  if (!(await decided(context)).acts) return [];
  const { deletedByItem = DELETED_BY_ITEM } = context.limits ?? {};
  const groups: string[][] = [];
  let left = 0;
  for await (const { item, facts } of context.files.readAll('remember')) {
    const { deletable } = facts as ShardRemembered;
    if (deletable === 0) continue;
    const last = groups.at(-1);
    if (last === undefined || deletable > left || last.length === SHARDS_OF_ITEM) {
      groups.push([item]);
      left = deletedByItem;
    } else {
      last.push(item);
    }
    left -= deletable;
  }
  return groups;
}
