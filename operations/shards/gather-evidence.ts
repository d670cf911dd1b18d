import { reasonsAgainst } from '#core/collect/decidability.ts';
import type { OwnerState } from '#core/collect/evidence.ts';
import { foreignAmong } from '#core/collect/foreign-jobs.ts';
import { type Owner, ownerId, ownersOf } from '#core/collect/owners.ts';
import type { Undecidable } from '#core/collect/undecidable.ts';
import { type Directory, ObjectTable } from '#core/inventory/object-table.ts';
import { ShardMap } from '#core/shards/key-ranges.ts';
import { directoryId } from '#operations/look/held-directories.ts';
import { allDirectories, hiddenEntries, lookedInto, lostDirectories, namedJobs } from './area-facts.ts';
import { batched, livenessOf } from './batch-roots.ts';
import { declarationsOf, ONE, plannedRun, type ShardContext } from './context.ts';
import { AddedDirectories, readDirectory } from './directory-lines.ts';
import { memoryOfRoots } from './memory.ts';
import { matchNames, notedObjects, type ResolvedRoots, resolvedRoots } from './resolved-roots.ts';
import { toPlain } from './rich-json.ts';
import type { ItemOutput } from './shard-files.ts';

/** What all shards are judged by. */
export interface GatheredEvidence {
  readonly foreignJobs: ReadonlySet<string>;
  readonly undecidable: readonly Undecidable[];
}

/** What the judge of a shard is told of an owner. */
export type OwnerLine = OwnerState & Pick<Owner, 'id'>;
/** Of a directory in a shard: whether it holds a root, and whether an object with the name of one was listed in it. */
export type HoldingLine = readonly [location: number, path: string, holdsRoot: boolean, isListed: boolean];

/**
 * Puts together what the rules ask of the whole area. Lists: for each shard the `owners-` of its directories, the
 * directories that hold a root in another shard or by what was read (`holds-`), and its `roots-`; for what is reported, the
 * `owners` without roots.
 */
export async function gatherEvidence(_item: string, context: ShardContext): Promise<ItemOutput> {
  const { files } = context;
  const gathered = await gather(context);
  const undecidable = [...gathered.undecidable, ...((await context.surroundings?.()) ?? [])];
  const { shards } = await plannedRun(context);
  const map = new ShardMap(shards);
  const lists: Record<string, Iterable<unknown>> = {
    owners: gathered.rootless.map(toPlain),
  };
  for await (const { item, lines } of files.readAll('list')) {
    const owners = new Map<string, OwnerLine>();
    const holding: HoldingLine[] = [];
    for await (const line of lines('directories')) {
      const { directory, holdsMetadata } = readDirectory(line);
      const { location, path, class: itsClass } = directory;
      const id = ownerId(location, itsClass);
      const owner = gathered.owners.get(id);
      if (owner !== undefined) owners.set(id, ownerLine(owner));
      const isListed = gathered.directories.get(directory)?.holdsMetadata === true;
      const holdsRoot = gathered.marked.get(directoryId(location, path)) ?? isListed;
      if (holdsRoot !== holdsMetadata || isListed !== holdsMetadata)
        holding.push([location, path, holdsRoot, isListed]);
    }
    lists[`owners-${item}`] = [...owners.values()].map(toPlain);
    lists[`holds-${item}`] = holding;
  }
  const rootsOf = new Map<number, unknown[]>();
  for (const { location, key, state, object } of gathered.found.roots) {
    if (object < 0) continue;
    const shard = map.shardOf(location, key);
    const its = rootsOf.get(shard) ?? [];
    rootsOf.set(shard, its);
    its.push([location, key, state]);
  }
  for (const [shard, its] of rootsOf) lists[`roots-${shard}`] = its;
  const facts: GatheredEvidence = { foreignJobs: gathered.foreignJobs, undecidable };
  return { facts: toPlain(facts), lists };
}

interface Gathered extends GatheredEvidence {
  readonly found: ResolvedRoots;
  readonly owners: ReadonlyMap<string, Owner>;
  /** Of them those in whose directories no root was listed. */
  readonly rootless: readonly Owner[];
  readonly directories: AddedDirectories;
  /** Of directories that were looked into, whether they hold a root. */
  readonly marked: ReadonlyMap<string, boolean>;
}

async function gather(context: ShardContext): Promise<Gathered> {
  const { area, files, input } = context;
  const liveness = livenessOf(context, await batched(context));
  const directories = new AddedDirectories();
  for await (const line of (await files.read('batch', ONE)).lines('directories')) directories.add(readDirectory(line));
  const objects = await notedObjects(context);
  const memory = await memoryOfRoots(context, objects);
  const found = await resolvedRoots(context, objects);
  const { marked, parquet } = await lookedInto(context);
  const all = (): Iterable<Directory> => allDirectories(directories, marked);

  const owners = new Map(found.owners.map((owner) => [owner.id, owner]));
  const others = [...directories.all()].filter(
    ({ directory }) => !owners.has(ownerId(directory.location, directory.class)),
  );
  const rootless = ownersOf(
    {
      objects: new ObjectTable(),
      roots: [],
      settings: input.settings,
      declarations: await declarationsOf(context),
      liveness,
      memory,
    },
    { directories: others, writesOf: () => new Map() },
  );
  for (const [id, owner] of rootless) owners.set(id, owner);
  const named = await namedJobs(context);
  return {
    found,
    owners,
    rootless: [...rootless.values()],
    directories,
    marked,
    foreignJobs: foreignAmong({
      directories: all,
      owners: owners.values(),
      roots: found.roots,
      named: (jobs) => [...jobs].filter((job) => named.has(job)),
      memory,
    }),
    undecidable: reasonsAgainst({
      area,
      objects,
      directories: all,
      roots: found.roots,
      misplaced: matchNames(found, objects),
      unsettled: found.unsettled,
      lost: await lostDirectories(context, found.roots, parquet, memory),
      hidden: await hiddenEntries(context),
      liveness,
    }),
  };
}

function ownerLine(owner: Owner): OwnerLine {
  const { id, job, holdsRoots, holdsCheckpoints, lastWrite, rootlessDirectories, foreignChangelogs } = owner;
  const { running, checkpointTimeout, lastCheckpoint, timesDistrusted, declaredDead } = owner;
  return {
    id,
    job,
    holdsRoots,
    holdsCheckpoints,
    lastWrite,
    rootlessDirectories,
    foreignChangelogs,
    running,
    checkpointTimeout,
    lastCheckpoint,
    timesDistrusted,
    declaredDead,
  };
}
