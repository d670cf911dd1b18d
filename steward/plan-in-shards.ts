import { ScratchFiles } from '#adapters/local/scratch-files.ts';
import { NO_NAMES } from '#core/jobs/job-names.ts';
import { rememberedNames } from '#operations/ledger/jobs-document.ts';
import { openLedger } from '#operations/ledger/ledger.ts';
import { namesForPatterns } from '#operations/look/survey.ts';
import { type PlanOrigin, planHead } from '#operations/plan/plan-file.ts';
import type { VerdictLine } from '#operations/report/verdict-line.ts';
import { listedMarkers } from '#operations/shards/area-facts.ts';
import { plannedRun, type ShardContext, shardContext } from '#operations/shards/context.ts';
import { ObjectLineReader } from '#operations/shards/object-lines.ts';
import { planOfShards, type ShardedPlan } from '#operations/shards/plan-report.ts';
import { runPhases } from '#operations/shards/run-phases.ts';
import { ShardFiles } from '#operations/shards/shard-files.ts';
import { checkSurroundings, LOOK } from './check-surroundings.ts';
import { notesOfMarkers } from './look.ts';
import { newRun } from './run-identity.ts';
import { inScratchFolder } from './scratch-folder.ts';
import type { Steward } from './steward.ts';
import { noteUnused } from './unmatched-patterns.ts';

/** A plan that is made shard by shard, so that no more than some shards are in memory at once. */

/** How a plan is made in shards. */
export interface ShardedOrder {
  /** One at least. */
  readonly shards: number;
  /** How many of them are in memory at once. */
  readonly atOnce: number;
  /** Whether a line is wanted of each verdict. */
  readonly verdicts: boolean;
}

/** A plan that was made in shards. Its lines can be read as long as it is in use. */
export interface PlannedInShards extends ShardedPlan {
  /** A line of each verdict, by location and in the order of keys; none where they were not wanted. */
  readonly verdicts: () => AsyncIterable<VerdictLine>;
  /** The head of a plan, then each object that would be deleted. */
  readonly lines: (locations: PlanOrigin['locations']) => AsyncIterable<object>;
}

/**
 * Surveys and judges the area in shards. It is not a run: it changes nothing, not even the ledger, whose memory of earlier
 * runs it goes by.
 *
 * @param use what is to be done with the plan; its files are gone afterwards.
 * @throws StoreError, LedgerError, ClockError
 */
export async function planInShards<T>(
  steward: Steward,
  order: ShardedOrder,
  use: (planned: PlannedInShards) => Promise<T>,
): Promise<T> {
  return await inScratchFolder(async (folder) => {
    const { notes, config } = steward;
    const known = steward.ledger === null ? null : await openLedger(steward.ledger);
    const ledger = known?.store ?? null;
    const { run } = newRun(steward.clock);
    const context: ShardContext = shardContext({
      input: steward.input,
      ledger,
      files: new ShardFiles(new ScratchFiles(folder), run),
      shards: order.shards,
      verdicts: order.verdicts,
      surroundings: async () => {
        const { state } = await plannedRun(context);
        const { signal } = steward.input;
        const scope = await checkSurroundings({ ...steward, ledger }, { pass: LOOK, acts: false, state, signal });
        notes.add(...scope.notes);
        return scope.undecidable;
      },
      progress: progressOf(steward),
    });
    await runPhases(context, { atOnce: order.atOnce });
    const { lost } = await plannedRun(context);
    const markers = { area: context.area, markers: await listedMarkers(context) };
    notes.add(...(lost === null ? [] : [lost]), ...(await notesOfMarkers(steward, known, markers)));
    await matchPatterns(steward, context);
    const plan = await planOfShards(context, config.labels, ledger === null ? NO_NAMES : await rememberedNames(ledger));
    const origin = {
      id: run,
      ledger: known?.id ?? null,
      ledgerPlace: known === null ? null : known.store.name,
      lookAhead: steward.input.assumeQuarantined === true,
    };
    return await use({
      ...plan,
      verdicts: () => linesOf<VerdictLine>(context, 'verdicts'),
      lines: (locations) => planLinesOf(context, plan, { ...origin, locations }),
    });
  });
}

async function* planLinesOf(
  context: ShardContext,
  { report }: ShardedPlan,
  origin: PlanOrigin,
): AsyncGenerator<object, void, undefined> {
  const { start } = await plannedRun(context);
  const { area, input } = context;
  yield planHead({ area, start, settings: input.settings, decidable: report.undecidable.length === 0 }, origin);
  yield* linesOf<object>(context, 'plan');
}

async function* linesOf<T>({ files }: ShardContext, list: string): AsyncGenerator<T, void, undefined> {
  for await (const { lines } of files.readAll('judge')) {
    for await (const line of lines(list)) yield line as T;
  }
}

/** Patterns that no object which other rules leave has matched are held against the others. */
async function matchPatterns(steward: Steward, { area, files }: ShardContext): Promise<void> {
  const { patterns } = steward;
  let objects = 0;
  for await (const { lines } of files.readAll('list')) {
    const reader = new ObjectLineReader();
    for await (const line of lines('objects')) {
      const entry = reader.read(line);
      if (entry === null) continue;
      objects++;
      if (patterns.unused().length === 0) return;
      for (const name of namesForPatterns(area, entry)) patterns.matches(name);
    }
  }
  if (objects > 0) noteUnused(steward);
}

function progressOf({ input }: Steward): NonNullable<ShardContext['progress']> {
  const state = { objects: 0, bytes: 0, expected: null, roots: 0, rootsRead: 0 };
  return {
    listed: ({ objects, bytes }) => {
      state.objects += objects;
      state.bytes += bytes;
      input.onProgress?.(state);
    },
    rootRead: () => {
      state.rootsRead++;
      state.roots = Math.max(state.roots, state.rootsRead);
      input.onProgress?.(state);
    },
  };
}
