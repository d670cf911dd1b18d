import { HashList, linesOfHashes } from '#operations/ledger/name-hashes.ts';
import { MOST_WHOLE } from '#operations/run/needed-names.ts';
import type { ShardContext } from './context.ts';
import { hashList, partBits, readHashes } from './hash-parts.ts';
import type { Logged } from './logged-deletions.ts';
import type { BatchCertified } from './needed-by-batch.ts';
import type { ItemFound, ItemOutput } from './shard-files.ts';

/** How the hashes of needed names are divided in the certificate of this run. */
export interface Grouping {
  /** How many names are needed; one that two batches have counts twice. */
  readonly count: number;
  /** As in the certificate. */
  readonly groupBits: number;
  /** The items that have deleted something. */
  readonly deleting: readonly string[];
}

/** @throws LostPartError, StoreError */
export async function groupingOf(context: ShardContext): Promise<Grouping> {
  const { wholeNames = MOST_WHOLE } = context.limits ?? {};
  let count = 0;
  for await (const { facts } of context.files.readAll('needed')) count += (facts as BatchCertified).names;
  const deleting: string[] = [];
  for await (const { item, facts } of context.files.readAll('logged')) {
    if ((facts as Logged).deletions > 0) deleting.push(item);
  }
  // No group lies in two parts. More bits than names would make groups of which most are empty.
  const bits = Math.max(await partBits(context), Math.ceil(Math.log2(Math.max(1, count))));
  return { count, groupBits: count * deleting.length <= wholeNames ? 0 : bits, deleting };
}

/**
 * Finds, for each item that has deleted something, the needed names of one part that its parts of the certificate list: of each
 * group into which a deleted name falls all of them. Lists: `near-` each such item.
 *
 * @throws LostPartError, StoreError
 */
export async function nearNames(part: string, context: ShardContext): Promise<ItemOutput> {
  const { files } = context;
  const { groupBits, deleting } = await groupingOf(context);
  const near = new Map(deleting.map((item) => [item, new HashList()]));
  const shift = BigInt(64 - groupBits);
  const byGroup = groupBits === 0 ? null : await deletedGroups(part, context, shift);
  for (const phase of ['needed', 'sweep', 'retire']) {
    for await (const { lines } of files.readAll(phase)) {
      for await (const hashes of readHashes(lines(hashList(part)))) {
        for (const hash of hashes) {
          for (const item of byGroup === null ? deleting : (byGroup.get(hash >> shift) ?? []))
            near.get(item)?.add(hash);
        }
      }
    }
  }
  return {
    facts: {},
    lists: Object.fromEntries([...near].map(([item, hashes]) => [nearList(item), linesOfHashes(hashes.ascending())])),
  };
}

/** The list of the names near what an item has deleted. */
export function nearList(item: string): string {
  return `near-${item}`;
}

/** By group of hashes the items that have deleted a name in it. */
async function deletedGroups(
  part: string,
  { files }: ShardContext,
  shift: bigint,
): Promise<ReadonlyMap<bigint, readonly string[]>> {
  const byGroup = new Map<bigint, string[]>();
  for await (const found of files.readAll('logged')) {
    for (const group of await groupsOf(found, part, shift)) {
      const its = byGroup.get(group) ?? [];
      byGroup.set(group, its);
      its.push(found.item);
    }
  }
  return byGroup;
}

async function groupsOf({ lines }: ItemFound, part: string, shift: bigint): Promise<ReadonlySet<bigint>> {
  const groups = new Set<bigint>();
  for await (const hashes of readHashes(lines(hashList(part)))) for (const hash of hashes) groups.add(hash >> shift);
  return groups;
}
