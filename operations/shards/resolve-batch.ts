import { Writes } from '#core/collect/former-runs.ts';
import { laggingCopies } from '#core/collect/lagging-copies.ts';
import { type Owner, ownerId, ownersOf } from '#core/collect/owners.ts';
import { type Beyond, RootReading } from '#core/collect/root-reading.ts';
import type { MarkedDirectory } from '#core/collect/rootless-directories.ts';
import type { Root } from '#core/collect/roots.ts';
import { baseName } from '#core/flink/state-path.ts';
import { BitColumn } from '#core/inventory/columns.ts';
import { ObjectTable } from '#core/inventory/object-table.ts';
import { ShardMap } from '#core/shards/key-ranges.ts';
import { directoryId } from '#operations/look/held-directories.ts';
import { completedBefore, contentId } from '#operations/look/read-root.ts';
import { unsettledRoots } from '#operations/look/root-rounds.ts';
import { READINGS } from './answer-shard.ts';
import { batched, livenessOf } from './batch-roots.ts';
import { declarationsOf, ONE, plannedRun, type ShardContext } from './context.ts';
import { readDirectory } from './directory-lines.ts';
import { memoryOfRoots } from './memory.ts';
import { namingLists } from './naming-roots.ts';
import { everyObject, objectLines, readObjects } from './object-lines.ts';
import { type BatchRead, nameLines } from './read-batch.ts';
import { type ReplayedRoot, replay } from './recorded-roots.ts';
import { fromPlain, toPlain } from './rich-json.ts';
import type { ItemFound, ItemOutput } from './shard-files.ts';

/** A reference to nothing in the area, by the number of its root among those of the batch. */
export interface DanglingLine {
  readonly name: string;
  readonly root: number;
  readonly resolved: string;
  readonly within: Beyond;
}

/** A reference to nothing, of a root under another name, by its number among those of the batch. */
export type MissedLine = Pick<DanglingLine, 'name' | 'root'>;

/** A root without its objects, as the phase that gathers all needs it. */
export interface RootLine {
  readonly root: Root;
  readonly isUnsettled: boolean;
  /** The ids of those in whose directories it references an object. */
  readonly names: readonly string[];
}

/** A root under another name. */
export type RenamedLine = Pick<Root, 'location' | 'key' | 'state' | 'failure'>;

/** By their numbers among the roots of the batch. */
export interface LaggingLine {
  readonly job: string;
  readonly copy: number;
  readonly original: number;
}

/** What keeps an object for the roots' sake, in lists `marks-` for each shard: `[location, folder, name, …]` each. */
export const MARKS = ['live', 'renamed', 'pinned'] as const;
/** One of these. */
export type Mark = (typeof MARKS)[number];

/**
 * Resolves the references of a batch, as one process does it: the answers make a table, and the roots are read into it
 * again. Lists: `roots`, `owners` and roots under other names (`others`); `live-`, `renamed-`, `pinned-` for each shard the keys that are marked; `dangling`
 * references, and names that roots under another name miss (`missed`); ids of jobs of which a file is referenced (`named`);
 * the objects that are no files but are referenced (`linked`); `lagging` copies.
 */
export async function resolveBatch(item: string, context: ShardContext): Promise<ItemOutput> {
  const found = await readingsOf(item, context);
  const objects = await answeredObjects(item, found, context);
  const resolved = new Resolved(context, objects, await memoryOfRoots(context, objects));
  const isRenamed = found.some(({ facts }) => fromPlain<BatchRead>(facts).isRenamed);
  for (const { lines } of found) {
    await replay(lines('recorded'), (location, key) => objects.find(location, key), {
      begin: (replayed) => (isRenamed ? resolved.beginRenamed(replayed) : resolved.begin(replayed)),
    });
  }
  resolved.settle();
  const { shards } = await plannedRun(context);
  const map = new ShardMap(shards);
  const owners = isRenamed ? [] : [...(await ownersOfBatch(item, context, objects, resolved)).values()];
  const linked = resolved.roots.flatMap((root) => (root.linked < 0 ? [] : [root.linked]));
  return {
    facts: {},
    lists: {
      roots: resolved.rootLines(),
      others: resolved.renamed.map(({ location, key, state, failure }) => ({ location, key, state, failure })),
      lagging: laggingCopies(owners, objects, context.input.settings.minAge).map(({ job, copy, original }) => ({
        job,
        copy: resolved.numberOf(copy),
        original: resolved.numberOf(original),
      })),
      owners: owners.map((owner) => toPlain({ ...owner, roots: [], formerRuns: [] })),
      dangling: resolved.dangling,
      missed: resolved.missed,
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

const ASKED = 'asked-';

/** Roots and what they mark, in a table of what they asked for. */
class Resolved {
  readonly roots: Root[] = [];
  readonly renamed: Root[] = [];
  readonly dangling: DanglingLine[] = [];
  readonly missed: MissedLine[] = [];
  readonly marks: Readonly<Record<Mark, BitColumn>> = {
    live: new BitColumn(),
    renamed: new BitColumn(),
    pinned: new BitColumn(),
  };
  readonly #context: ShardContext;
  readonly #objects: ObjectTable;
  readonly memory: Awaited<ReturnType<typeof memoryOfRoots>>;
  readonly #read = new Set<string>();
  readonly #replayed = new Map<Root, ReplayedRoot>();
  readonly #unsettled = new Set<Root>();

  constructor(context: ShardContext, objects: ObjectTable, memory: Resolved['memory']) {
    this.#context = context;
    this.#objects = objects;
    this.memory = memory;
  }

  /** A content that was read in both phases counts once. */
  begin(replayed: ReplayedRoot): RootReading | null {
    const { root, outcome } = replayed;
    if (this.#read.has(contentId(root))) return null;
    if (outcome.end === 'read') this.#read.add(contentId(root));
    const number = this.roots.push(root) - 1;
    this.#replayed.set(root, replayed);
    const isPinned = this.memory.isPinned(root);
    return new RootReading(this.#context.area, this.#objects, root, {
      named: (object) => {
        this.marks.live.add(object);
        if (isPinned) this.marks.pinned.add(object);
      },
      dangling: (resolved, within) => {
        this.dangling.push({ name: baseName(resolved), root: number, resolved, within });
      },
    });
  }

  beginRenamed({ root }: ReplayedRoot): RootReading {
    const number = this.renamed.push(root) - 1;
    return new RootReading(this.#context.area, this.#objects, root, {
      named: (object) => this.marks.renamed.add(object),
      dangling: (resolved) => {
        this.missed.push({ name: baseName(resolved), root: number });
      },
    });
  }

  /** Once all were read: when they were complete, and which vanished without a later one. */
  settle(): void {
    const byDirectory = new Map<string, Root[]>();
    for (const [root, { content }] of this.#replayed) {
      if (content !== null) {
        root.content = content;
        // Without a file the content tells nothing: of a job without state that began anew it is the same again.
        if (root.objects.size > 0) root.completed = Math.min(root.completed, completedBefore(this.memory, root));
      }
      const path = root.class.role === 'checkpoint' ? root.class.base : root.directory;
      const id = directoryId(root.location, path);
      byDirectory.set(id, [...(byDirectory.get(id) ?? []), root]);
    }
    const restless = this.roots.filter((root) => this.#replayed.get(root)?.isRestless);
    for (const roots of byDirectory.values()) {
      for (const root of unsettledRoots(roots, restless)) this.#unsettled.add(root);
    }
  }

  numberOf(root: Root): number {
    return this.roots.indexOf(root);
  }

  /** What they reference stays here. Numbers of objects are of the lists beside. */
  *rootLines(): Generator<unknown> {
    for (const root of this.roots) {
      const { objects: _, class: __, directory: ___, ...rest } = root;
      yield toPlain({
        root: { ...rest, linked: this.#placeOf(root.linked), object: root.object },
        isUnsettled: this.#unsettled.has(root),
        names: this.#ownersNamedBy(root),
      });
    }
  }

  /** The ids in the paths of what is marked. */
  namedJobs(): ReadonlySet<string> {
    const jobs = new Set<string>();
    for (const object of everyObject(this.#objects)) {
      const { job } = this.#objects.directory(object).class;
      if (job !== null && (this.marks.live.has(object) || this.marks.renamed.has(object))) jobs.add(job);
    }
    return jobs;
  }

  #ownersNamedBy({ objects }: Root): readonly string[] {
    const ids = new Set<string>();
    let last = -1;
    for (const object of objects) {
      if (this.#objects.directoryId(object) === last) continue;
      last = this.#objects.directoryId(object);
      const { location, class: itsClass } = this.#objects.directory(object);
      ids.add(ownerId(location, itsClass));
    }
    return [...ids];
  }

  #placeOf(object: number): unknown {
    return object < 0 ? null : { location: this.#objects.location(object), key: this.#objects.key(object) };
  }
}

async function readingsOf(item: string, { files }: ShardContext): Promise<readonly ItemFound[]> {
  const found: ItemFound[] = [];
  for (const phase of READINGS) {
    if ((await files.items(phase)).includes(item)) found.push(await files.read(phase, item));
  }
  return found;
}

/** What the shards answered that were asked. */
async function answeredObjects(
  item: string,
  readings: readonly ItemFound[],
  { files }: ShardContext,
): Promise<ObjectTable> {
  const objects = new ObjectTable();
  const asked = readings.flatMap(({ lists }) => lists).filter((list) => list.startsWith(ASKED));
  for (const list of new Set(asked)) {
    await readObjects(objects, (await files.read('answer', list.slice(ASKED.length))).lines(`for-${item}`));
  }
  objects.seal();
  return objects;
}

/** The facts of the owners whose roots these are, by the directories of the whole area. */
async function ownersOfBatch(
  item: string,
  context: ShardContext,
  objects: ObjectTable,
  { roots, memory }: Resolved,
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

function markLists({ marks }: Resolved, objects: ObjectTable, map: ShardMap): Record<string, Iterable<unknown>> {
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
