import { Writes } from '#core/collect/former-runs.ts';
import { laggingCopies } from '#core/collect/lagging-copies.ts';
import { type Owner, ownersOf } from '#core/collect/owners.ts';
import type { MarkedDirectory } from '#core/collect/rootless-directories.ts';
import type { Root } from '#core/collect/roots.ts';
import type { ObjectTable } from '#core/inventory/object-table.ts';
import { ShardMap } from '#core/shards/key-ranges.ts';
import { directoryId } from '#operations/look/held-directories.ts';
import { batched, livenessOf } from './batch-roots.ts';
import { declarationsOf, ONE, plannedRun, type ShardContext } from './context.ts';
import { readDirectory } from './directory-lines.ts';
import { namingLists } from './naming-roots.ts';
import { everyObject, objectLines } from './object-lines.ts';
import { nameLines } from './read-batch.ts';
import { replayedBatch } from './replay-batch.ts';
import type { ReplayedRoots } from './replayed-roots.ts';
import { MARKS, type OwnerOfBatch, type RenamedLine } from './resolved-lines.ts';
import { fromPlain, toPlain } from './rich-json.ts';
import type { ItemFound, ItemOutput } from './shard-files.ts';

/**
 * Resolves the references of a batch, as one process does it: the answers make a table, and the roots are read into it
 * again. Lists: `roots`, `owners` and roots under other names (`others`); `live-`, `renamed-`, `pinned-` for each shard the keys that are marked; `dangling`
 * references, names that roots under another name miss (`missed`) and of files of another size (`wrong`); ids of jobs of which a file is referenced (`named`);
 * the objects that are no files but are referenced (`linked`); `lagging` copies.
 */
export async function resolveBatch(item: string, context: ShardContext): Promise<ItemOutput> {
  const { objects, resolved, isRenamed } = await replayedBatch(item, context);
  const { shards } = await plannedRun(context);
  const map = new ShardMap(shards);
  const owners = isRenamed ? [] : [...(await ownersOfBatch(item, context, objects, resolved)).values()];
  const linked = resolved.roots.flatMap((root) => (root.linked < 0 ? [] : [root.linked]));
  return {
    facts: {},
    lists: {
      roots: resolved.rootLines(),
      others: resolved.renamed.map((root) => toPlain(renamedLine(root))),
      lagging: laggingCopies(owners, objects, context.input.settings.minAge).map(({ job, copy, original }) => ({
        job,
        copy: resolved.numberOf(copy),
        original: resolved.numberOf(original),
      })),
      owners: owners.map((owner) => toPlain(ownerOfBatch(owner, resolved))),
      dangling: resolved.dangling,
      missed: resolved.missed,
      wrong: [...resolved.wrongSizes()],
      named: [...resolved.namedJobs()],
      linked: objectLines(
        objects,
        [...new Set(linked)].sort((a, b) => a - b),
      ),
      ...markLists(resolved, objects, map),
      ...(context.verdicts ? namingLists(resolved, objects, map) : {}),
    },
  };
}

function renamedLine(root: Root): RenamedLine {
  const { location, key, etag, completed, state, failure, summary, content, writtenOff } = root;
  return { location, key, etag, completed, state, failure, summary, content, writtenOff };
}

function ownerOfBatch({ formerRuns, ...owner }: Owner, resolved: ReplayedRoots): OwnerOfBatch {
  return {
    ...owner,
    roots: [],
    formerRuns: formerRuns.map(({ roots, newest }) => ({
      roots: [...roots].map((root) => resolved.numberOf(root)),
      newest,
    })),
  };
}

/** The facts of the owners whose roots these are, by the directories of the whole area. */
async function ownersOfBatch(
  item: string,
  context: ShardContext,
  objects: ObjectTable,
  { roots, memory }: ReplayedRoots,
): Promise<ReadonlyMap<string, Owner>> {
  const { input } = context;
  const batch = await ownBatchOf(item, context);
  const inTable = new Map([...objects.directories()].map((each) => [directoryId(each.location, each.path), each]));
  const directories: MarkedDirectory[] = [];
  for await (const line of batch.lines(`directories-${item}`)) {
    const sums = readDirectory(line);
    const { location, path } = sums.directory;
    directories.push({ ...sums, directory: inTable.get(directoryId(location, path)) ?? sums.directory });
  }
  const writes = new Map<string, Writes>();
  for await (const line of batch.lines(`writes-${item}`)) {
    const [job, times] = fromPlain<readonly [string, readonly number[]]>(line);
    const its = new Writes(input.settings.deadAfter);
    for (const time of times) its.add(time);
    writes.set(job, its);
  }
  return ownersOf(
    {
      objects,
      roots,
      settings: input.settings,
      declarations: await declarationsOf(context),
      liveness: livenessOf(context, await batched(context)),
      memory,
    },
    {
      directories,
      writesOf: (ids) => new Map([...ids].flatMap((id) => (writes.has(id) ? [[id, writes.get(id) as Writes]] : []))),
    },
  );
}

/** The phase that made a batch, with the directories of its owners. */
async function ownBatchOf(item: string, { files }: ShardContext): Promise<ItemFound> {
  const first = await files.read('batch', ONE);
  return first.lists.includes(`listed-${item}`) ? first : await files.read('batch-again', ONE);
}

function markLists({ marks }: ReplayedRoots, objects: ObjectTable, map: ShardMap): Record<string, Iterable<unknown>> {
  const lists: Record<string, Iterable<unknown>> = {};
  for (const mark of MARKS) {
    const byShard = new Map<number, number[]>();
    for (const object of everyObject(objects)) {
      if (!marks[mark].has(object)) continue;
      const shard = map.shardOf(objects.location(object), objects.key(object));
      const its = byShard.get(shard) ?? [];
      byShard.set(shard, its);
      its.push(object);
    }
    for (const [shard, its] of byShard) lists[`${mark}-${shard}`] = nameLines(foldersOf(objects, its));
  }
  return lists;
}

function* foldersOf(
  objects: ObjectTable,
  some: readonly number[],
): Generator<{ readonly location: number; readonly path: string; readonly names: readonly string[] }> {
  let names: string[] = [];
  for (const [at, object] of some.entries()) {
    names.push(objects.name(object));
    const next = some[at + 1];
    if (next === undefined || objects.directoryId(next) !== objects.directoryId(object)) {
      const { location, path } = objects.directory(object);
      yield { location, path, names };
      names = [];
    }
  }
}
