import type { HiddenEntry } from '#core/collect/decidability.ts';
import { reasonsAgainst } from '#core/collect/decidability.ts';
import type { OwnerState } from '#core/collect/evidence.ts';
import { foreignAmong } from '#core/collect/foreign-jobs.ts';
import { type Owner, ownerId, ownersOf } from '#core/collect/owners.ts';
import type { NameMatch } from '#core/collect/reachability.ts';
import type { Root } from '#core/collect/roots.ts';
import type { Undecidable } from '#core/collect/undecidable.ts';
import { classifyDirectory } from '#core/flink/layout.ts';
import type { Place } from '#core/flink/state-path.ts';
import { ObjectSet } from '#core/inventory/object-set.ts';
import { type Directory, ObjectTable } from '#core/inventory/object-table.ts';
import { ShardMap } from '#core/shards/key-ranges.ts';
import { declaredDeadAt } from '#operations/ledger/state.ts';
import { directoryId, directoryOf } from '#operations/look/held-directories.ts';
import { declarations, directoryIds } from '#operations/look/survey.ts';
import { READINGS } from './answer-shard.ts';
import { batched, livenessOf } from './batch-roots.ts';
import { ONE, PLAN, plannedRun, type ShardContext } from './context.ts';
import { AddedDirectories, readDirectory } from './directory-lines.ts';
import type { ShardListed } from './list-shard.ts';
import { memoryOfRoots } from './memory.ts';
import { everyObject, ObjectLineReader, readObjects } from './object-lines.ts';
import type { BatchRead } from './read-batch.ts';
import type { DanglingLine, RootLine } from './resolve-batch.ts';
import { fromPlain, toPlain } from './rich-json.ts';
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
 * directories that hold a root in another shard or by what was read (`holds-`), and its `roots-`; for what is reported, all
 * `roots` and all `owners`.
 */
export async function gatherEvidence(_item: string, context: ShardContext): Promise<ItemOutput> {
  const { files } = context;
  const gathered = await gather(context);
  const undecidable = [...gathered.undecidable, ...((await context.surroundings?.()) ?? [])];
  const { shards } = await plannedRun(context);
  const map = new ShardMap(shards);
  const lists: Record<string, Iterable<unknown>> = {
    roots: gathered.roots.map((root) => toPlain({ ...root, objects: null })),
    owners: [...gathered.owners.values()].map(toPlain),
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
  for (const { location, key, state, object } of gathered.roots) {
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
  /** Without the objects that they reference. */
  readonly roots: readonly Root[];
  readonly owners: ReadonlyMap<string, Owner>;
  readonly directories: AddedDirectories;
  /** Of directories that were looked into, whether they hold a root. */
  readonly marked: ReadonlyMap<string, boolean>;
}

async function gather(context: ShardContext): Promise<Gathered> {
  const { area, files, input } = context;
  const { start, state } = await plannedRun(context);
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
      declarations: declarations(
        { ...input, declaredDeadAt: (job) => (state === null ? null : declaredDeadAt(state, job)) },
        start,
      ),
      liveness,
      memory,
    },
    { directories: others, writesOf: () => new Map() },
  );
  for (const [id, owner] of rootless) owners.set(id, owner);
  const named = await namedJobs(context);
  return {
    roots: found.roots,
    owners,
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

/** Objects with the names of missing files, and those that roots reference though they are no files. */
async function notedObjects({ files }: ShardContext): Promise<ObjectTable> {
  const objects = new ObjectTable();
  for await (const { lines } of files.readAll('mark')) await readObjects(objects, lines('matches'));
  // The table may be asked only once all are in it, so what was added before is looked up beside it.
  const known = new Set(
    [...everyObject(objects)].map((object) => placeId(objects.location(object), objects.key(object))),
  );
  const linked = new ObjectTable();
  for (const object of everyObject(objects)) linked.add(entryOf(objects, object));
  for await (const { lines } of files.readAll('resolve')) {
    const reader = new ObjectLineReader();
    for await (const line of lines('linked')) {
      const entry = reader.read(line);
      if (entry === null || known.has(placeId(entry.location, entry.key))) continue;
      known.add(placeId(entry.location, entry.key));
      linked.add(entry);
    }
  }
  linked.seal();
  return linked;
}

function entryOf(objects: ObjectTable, object: number) {
  return {
    location: objects.location(object),
    key: objects.key(object),
    bytes: objects.bytes(object),
    modified: objects.modified(object),
    etag: objects.etag(object),
    special: objects.special(object),
  };
}

function placeId(location: number, key: string): string {
  return `${location}:${key}`;
}

interface ResolvedRoots {
  readonly roots: Root[];
  readonly unsettled: Root[];
  readonly owners: Owner[];
  readonly dangling: Map<string, { readonly root: Root; readonly resolved: string; readonly within: string }[]>;
}

async function resolvedRoots({ files }: ShardContext, objects: ObjectTable): Promise<ResolvedRoots> {
  const found: ResolvedRoots = { roots: [], unsettled: [], owners: [], dangling: new Map() };
  for await (const { lines } of files.readAll('resolve')) {
    const begin = found.roots.length;
    for await (const line of lines('roots')) {
      const { root, isUnsettled } = rootOf(fromPlain<PlainRootLine>(line), objects);
      found.roots.push(root);
      if (isUnsettled) found.unsettled.push(root);
    }
    for await (const line of lines('dangling')) {
      const { name, root: number, resolved, within } = fromPlain<DanglingLine>(line);
      const root = found.roots[begin + number];
      if (root === undefined) throw new RangeError(`No root ${number} in its batch.`);
      const known = found.dangling.get(name) ?? [];
      found.dangling.set(name, known);
      known.push({ root, resolved, within });
    }
    const roots = found.roots.slice(begin);
    for await (const line of lines('owners')) {
      const owner = fromPlain<Owner>(line);
      const its = roots.filter((root) => ownerId(root.location, root.class) === owner.id);
      found.owners.push({ ...owner, roots: its });
    }
  }
  return found;
}

/** A root with the place of what it references though it is no file, in place of its number. */
type PlainRootLine = Omit<RootLine, 'root'> & {
  readonly root: Omit<Root, 'linked'> & { readonly linked: { readonly location: number; readonly key: string } | null };
};

function rootOf({ root, isUnsettled }: PlainRootLine, objects: ObjectTable): RootLine {
  const directory = root.key.slice(0, root.key.lastIndexOf('/') + 1);
  return {
    root: {
      ...root,
      directory,
      class: classifyDirectory(directory),
      objects: ObjectSet.EMPTY,
      linked: root.linked === null ? -1 : objects.find(root.linked.location, root.linked.key),
    },
    isUnsettled,
  };
}

/** The references out of the area to files whose name a file of it has; and which missing files are elsewhere in it. */
function matchNames({ dangling }: ResolvedRoots, objects: ObjectTable): readonly NameMatch[] {
  const misplaced: NameMatch[] = [];
  for (const object of objects.withBaseName(new Set(dangling.keys()))) {
    for (const { root, resolved, within } of dangling.get(objects.name(object)) ?? []) {
      if (within === 'elsewhere') misplaced.push({ root, resolved, object });
      else if (within === 'area' && root.foundElsewhere < 0) root.foundElsewhere = object;
    }
  }
  return misplaced;
}

async function lookedInto({ files }: ShardContext): Promise<{
  readonly marked: ReadonlyMap<string, boolean>;
  readonly parquet: ReadonlyMap<string, string>;
}> {
  const marked = new Map<string, boolean>();
  const parquet = new Map<string, string>();
  for (const phase of READINGS) {
    for await (const { facts } of files.readAll(phase)) {
      const read = fromPlain<BatchRead>(facts);
      for (const [location, path, holds] of read.marked) marked.set(directoryId(location, path), holds);
      for (const { location, key } of read.parquet) {
        parquet.set(directoryId(location, key.slice(0, key.lastIndexOf('/') + 1)), key);
      }
    }
  }
  return { marked, parquet };
}

function* allDirectories(added: AddedDirectories, marked: ReadonlyMap<string, boolean>): Generator<Directory> {
  for (const { directory } of added.all()) yield directory;
  for (const id of marked.keys()) {
    const { location, path } = directoryOf(id);
    const directory = { location, path, class: classifyDirectory(path) };
    if (added.get(directory) === undefined) yield directory;
  }
}

/** Ids of jobs of which a root references a file, or misses one that lies in their directories under its name. */
async function namedJobs({ files }: ShardContext): Promise<ReadonlySet<string>> {
  const named = new Set<string>();
  for await (const { lines } of files.readAll('resolve')) {
    for await (const line of lines('named')) named.add(fromPlain<string>(line));
  }
  for await (const { lines } of files.readAll('mark')) {
    const reader = new ObjectLineReader();
    for await (const line of lines('missed')) {
      const key = reader.read(line)?.key;
      const job = key === undefined ? null : classifyDirectory(key.slice(0, key.lastIndexOf('/') + 1)).job;
      if (job !== null) named.add(job);
    }
  }
  return named;
}

async function lostDirectories(
  { area, files }: ShardContext,
  roots: readonly Root[],
  parquet: ReadonlyMap<string, string>,
  memory: Awaited<ReturnType<typeof memoryOfRoots>>,
): Promise<readonly string[]> {
  const earlier: Place[] = [];
  for await (const line of (await files.read(PLAN, ONE)).lines('earlier')) earlier.push(fromPlain<Place>(line));
  const read = new Set(
    roots
      .filter(({ state }) => state !== 'vanished')
      .map(({ location, directory, class: { role, base } }) =>
        directoryId(location, role === 'checkpoint' ? base : directory),
      ),
  );
  const heldCheckpoints = (id: string): boolean => {
    const { location, path } = directoryOf(id);
    return memory.remembered(location, path)?.roots.some(({ name }) => name !== '') ?? false;
  };
  return (
    [...directoryIds(area, earlier)]
      .filter((id) => !read.has(id))
      // A Parquet file says nothing of checkpoints that were there. Else an earlier run took that very file for a root.
      .filter((id) => !parquet.has(id) || heldCheckpoints(id))
      .map((id) => area.url(directoryOf(id).location, directoryOf(id).path))
  );
}

async function hiddenEntries({ files }: ShardContext): Promise<readonly HiddenEntry[]> {
  const hidden: HiddenEntry[] = [];
  for await (const { facts } of files.readAll('list')) hidden.push(...(facts as ShardListed).hidden);
  return hidden;
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
