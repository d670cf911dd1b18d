import { assumeQuarantined } from '#core/collect/assume-quarantined.ts';
import { holdsState } from '#core/collect/breakers.ts';
import type { Grounds } from '#core/collect/evidence.ts';
import { judgeEach, type Verdicts } from '#core/collect/judge.ts';
import { ownerId } from '#core/collect/owners.ts';
import { type QuarantineEnds, quarantineEnds } from '#core/collect/quarantine-ends.ts';
import type { RootMarks } from '#core/collect/root-marks.ts';
import type { Root } from '#core/collect/roots.ts';
import { type Tally, tally } from '#core/collect/totals.ts';
import { BitColumn } from '#core/inventory/columns.ts';
import type { ObjectTable } from '#core/inventory/object-table.ts';
import { protectedIn } from '#operations/look/survey.ts';
import { type CountedReason, countReasons } from '#operations/plan/plan.ts';
import { planEntries } from '#operations/plan/plan-file.ts';
import { holdsFlinkFiles } from '#operations/report/emptiness.ts';
import { lineWithoutRoots, type VerdictLine } from '#operations/report/verdict-line.ts';
import { objectsOfShard } from './answer-shard.ts';
import { ONE, plannedRun, type ShardContext } from './context.ts';
import type { GatheredEvidence, HoldingLine, OwnerLine } from './gather-evidence.ts';
import { readNumbers, SHARD_MARKS } from './mark-shard.ts';
import { memoryOfObjects } from './memory.ts';
import { rootsThatName } from './naming-roots.ts';
import { everyObject } from './object-lines.ts';
import { fromPlain, toPlain } from './rich-json.ts';
import type { ItemFound, ItemOutput } from './shard-files.ts';

/** The verdicts on a shard, summed up. */
export interface ShardJudged {
  readonly objects: number;
  readonly tally: Tally;
  /** By the ids of owners. */
  readonly byOwner: ReadonlyMap<string, Tally>;
  readonly reasons: readonly CountedReason[];
  readonly quarantine: QuarantineEnds;
  /** Whether an object has a name of Flink's. */
  readonly holdsState: boolean;
  /** Whether an object has a name that only Flink gives. */
  readonly holdsFlinkFiles: boolean;
}

/**
 * Judges the objects of a shard by the rules of one process. Lists: `plan`, the entries of a plan for what may be deleted;
 * where they are wanted, `verdicts`, a line of each object.
 */
export async function judgeShard(shard: string, context: ShardContext): Promise<ItemOutput> {
  const { input } = context;
  const { grounds, roots } = await groundsOfShard(shard, context);
  const verdicts = judgeEach(grounds, roots);
  const { objects } = grounds;
  const { area, byOwner } = tally(grounds, verdicts);
  const facts: ShardJudged = {
    objects: objects.size,
    tally: area,
    byOwner: new Map([...byOwner].map(([{ id }, its]) => [id, its])),
    reasons: countReasons(grounds, verdicts),
    quarantine: quarantineEnds(grounds, verdicts, null),
    holdsState: holdsState(objects),
    holdsFlinkFiles: holdsFlinkFiles(objects),
  };
  const judged = { ...grounds, area: context.area };
  return {
    facts: toPlain(facts),
    lists: {
      plan: planEntries(judged, verdicts, input.assumeQuarantined === true),
      verdicts: context.verdicts ? verdictLines(judged, verdicts, await rootsThatName(shard, context, grounds)) : [],
    },
  };
}

function* verdictLines(
  judged: Grounds & Pick<ShardContext, 'area'>,
  verdicts: Verdicts,
  rootsOf: (object: number, verdicts: Verdicts) => readonly string[],
): Generator<VerdictLine> {
  for (const object of everyObject(judged.objects)) {
    yield { ...lineWithoutRoots(judged, verdicts, object, null), roots: rootsOf(object, verdicts) };
  }
}

/** What the rules ask of a shard, once all roots are known. @throws LostPartError, StoreError */
export async function groundsOfShard(
  shard: string,
  context: ShardContext,
): Promise<{
  readonly grounds: Omit<Grounds, 'owners'> & { readonly owners: OwnersOfShard };
  readonly roots: RootMarks;
}> {
  const { area, files, input } = context;
  const { start } = await plannedRun(context);
  const gathered = await files.read('gather', ONE);
  const { foreignJobs, undecidable } = fromPlain<GatheredEvidence>(gathered.facts);
  const objects = await objectsOfShard(shard, context);
  const isListed = await markHolding(objects, gathered.lines(`holds-${shard}`));
  const memory = await memoryOfObjects(context, objects, (location, key) => {
    const directory = key.slice(0, key.lastIndexOf('/') + 1);
    return objects.find(location, key) >= 0 || isListed(location, directory);
  });
  const owners = await ownersOfShard(objects, gathered.lines(`owners-${shard}`));
  const marks = await marksOfShard(shard, context);
  const grounds = {
    start,
    settings: input.settings,
    objects,
    owners,
    foreignJobs,
    undecidable,
    reachability: {
      isLive: (object: number) => marks.live.has(object),
      isKeptByName: (object: number) => marks['by-name'].has(object),
      isKeptByRenamed: (object: number) => marks.renamed.has(object),
      isCopy: (object: number) => marks.copies.has(object),
    },
    isProtected: protectedIn(area, objects, input.protects),
  };
  return {
    grounds: { ...grounds, memory: input.assumeQuarantined ? assumeQuarantined(memory, grounds) : memory },
    roots: await rootsOfShard(objects, gathered.lines(`roots-${shard}`), marks.pinned),
  };
}

/** Tells the table which directories hold a root. @returns whether one of that name was listed there, in any shard. */
async function markHolding(
  objects: ObjectTable,
  lines: AsyncIterable<unknown>,
): Promise<(location: number, directory: string) => boolean> {
  const listed = new Set<string>();
  for await (const line of lines) {
    const [location, path, holdsRoot, isListed] = line as HoldingLine;
    if (holdsRoot) objects.markHoldsRoot(location, path);
    else objects.markHoldsNoRoot(location, path);
    if (isListed) listed.add(`${location}:${path}`);
  }
  return (location, directory) => listed.has(`${location}:${directory}`);
}

interface OwnersOfShard {
  ofDirectory(directoryId: number): OwnerLine;
}

async function ownersOfShard(objects: ObjectTable, lines: AsyncIterable<unknown>): Promise<OwnersOfShard> {
  const byId = new Map<string, OwnerLine>();
  for await (const line of lines) {
    const owner = fromPlain<OwnerLine>(line);
    byId.set(owner.id, owner);
  }
  const byDirectory: (OwnerLine | undefined)[] = [];
  for (const { directory, first } of objects.stretches()) {
    byDirectory[objects.directoryId(first)] ??= byId.get(ownerId(directory.location, directory.class));
  }
  return {
    ofDirectory: (directoryId) => {
      const owner = byDirectory[directoryId];
      if (owner === undefined) throw new RangeError(`No owner is known for directory ${directoryId} of the shard.`);
      return owner;
    },
  };
}

type ShardMarks = Readonly<Record<(typeof SHARD_MARKS)[number] | 'copies', BitColumn>>;

async function marksOfShard(shard: string, { files }: ShardContext): Promise<ShardMarks> {
  const found: ItemFound = await files.read('mark', shard);
  const copies = new BitColumn();
  for await (const { lines } of files.readAll('copies')) await readNumbers(lines(`copies-${shard}`), copies);
  const read = await Promise.all(
    SHARD_MARKS.map(async (mark) => [mark, await readNumbers(found.lines(mark))] as const),
  );
  return { ...(Object.fromEntries(read) as Omit<ShardMarks, 'copies'>), copies };
}

async function rootsOfShard(
  objects: ObjectTable,
  lines: AsyncIterable<unknown>,
  pinned: BitColumn,
): Promise<RootMarks> {
  const roots = new Map<number, Pick<Root, 'location' | 'key' | 'state'>>();
  for await (const line of lines) {
    const [location, key, state] = line as readonly [number, string, Root['state']];
    roots.set(objects.find(location, key), { location, key, state });
  }
  return { at: (object) => roots.get(object) ?? null, isNamedByPinned: (object) => pinned.has(object) };
}
