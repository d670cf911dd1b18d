import { breakersOf, NO_BREAKER_MEMORY, type TrippedBreaker } from '#core/collect/breakers.ts';
import type { QuarantineEnds } from '#core/collect/quarantine-ends.ts';
import { sumTallies, type Tally } from '#core/collect/totals.ts';
import type { Undecidable } from '#core/collect/undecidable.ts';
import type { CountedReason } from '#operations/plan/plan.ts';
import { breakerMemory } from '#operations/run/breaker-memory.ts';
import { ONE, plannedRun, type ShardContext } from './context.ts';
import type { GatheredEvidence } from './gather-evidence.ts';
import type { ShardJudged } from './judge-shard.ts';
import { notedObjects, resolvedRoots } from './resolved-roots.ts';
import { fromPlain, toPlain } from './rich-json.ts';
import type { ItemOutput } from './shard-files.ts';

/** What a run in shards has found. */
export interface Concluded {
  /** Epoch milliseconds. */
  readonly start: number;
  readonly objects: number;
  readonly tally: Tally;
  /** By the ids of owners. */
  readonly byOwner: ReadonlyMap<string, Tally>;
  /** Whether an object has a name that only Flink gives. */
  readonly holdsFlinkFiles: boolean;
  /** The most bytes first. */
  readonly reasons: readonly CountedReason[];
  readonly quarantine: QuarantineEnds;
  readonly undecidable: readonly Undecidable[];
  readonly breakers: readonly TrippedBreaker[];
}

/** Adds up the verdicts of all shards, and asks the breakers. @throws StoreError */
export async function conclude(_item: string, context: ShardContext): Promise<ItemOutput> {
  const { area, files, input, ledger } = context;
  const { start, record } = await plannedRun(context);
  const gathered = await files.read('gather', ONE);
  const { roots } = await resolvedRoots(context, await notedObjects(context));
  const judged: ShardJudged[] = [];
  for await (const { facts } of files.readAll('judge')) judged.push(fromPlain<ShardJudged>(facts));
  const tally = sumTallies(judged.map((shard) => shard.tally));
  const objects = judged.reduce((sum, shard) => sum + shard.objects, 0);
  const memory =
    ledger === null ? NO_BREAKER_MEMORY : await breakerMemory(ledger, { record }, { area, reachability: { roots } });
  const concluded: Concluded = {
    start,
    objects,
    tally,
    byOwner: sumByOwner(judged),
    holdsFlinkFiles: judged.some((shard) => shard.holdsFlinkFiles),
    reasons: sumReasons(judged.flatMap(({ reasons }) => reasons)),
    quarantine: joinEnds(judged.map(({ quarantine }) => quarantine)),
    undecidable: fromPlain<GatheredEvidence>(gathered.facts).undecidable,
    breakers: breakersOf(
      {
        roots,
        objects,
        holdsState: () => judged.some((shard) => shard.holdsState),
        settings: input.settings,
        totals: { area: tally },
      },
      memory,
    ),
  };
  return { facts: toPlain(concluded), lists: {} };
}

/** What a run whose phases have all ended has found. */
export async function concluded({ files }: Pick<ShardContext, 'files'>): Promise<Concluded> {
  return fromPlain<Concluded>((await files.read('conclude', ONE)).facts);
}

function sumByOwner(judged: readonly ShardJudged[]): ReadonlyMap<string, Tally> {
  const sums = new Map<string, Tally>();
  for (const { byOwner } of judged) {
    for (const [id, its] of byOwner) {
      const known = sums.get(id);
      sums.set(id, known === undefined ? its : sumTallies([known, its]));
    }
  }
  return sums;
}

function sumReasons(reasons: readonly CountedReason[]): readonly CountedReason[] {
  const sums = new Map<string, CountedReason>();
  for (const reason of reasons) {
    const known = sums.get(reason.rule);
    const sum =
      known === undefined
        ? reason
        : { ...known, objects: known.objects + reason.objects, bytes: known.bytes + reason.bytes };
    sums.set(reason.rule, sum);
  }
  return [...sums.values()].sort((a, b) => b.bytes - a.bytes);
}

function joinEnds(ends: readonly QuarantineEnds[]): QuarantineEnds {
  const times = (end: 'first' | 'last'): readonly number[] => ends.flatMap((each) => each[end] ?? []);
  return {
    first: times('first').reduce<number | null>((first, time) => Math.min(first ?? time, time), null),
    last: times('last').reduce<number | null>((last, time) => Math.max(last ?? time, time), null),
    unremembered: ends.reduce((sum, { unremembered }) => sum + unremembered, 0),
  };
}
