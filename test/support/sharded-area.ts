import { isoTime } from '#core/iso-time.ts';
import type { ShardCut } from '#core/shards/key-ranges.ts';
import { runName } from '#operations/ledger/run-records.ts';
import { type RetiredRoot, updateState } from '#operations/ledger/state.ts';
import { runOverArea } from '#operations/run/run.ts';
import { type AnyArea, pinnedUrls, retiredRoot, storesOf, surveyOf } from '#test/support/any-area.ts';
import { OPEN } from '#test/support/gate.ts';
import { LedgerContent, MemoryLedger } from '#test/support/memory-ledger.ts';
import type { MovingStore } from '#test/support/moving-store.ts';
import { DAY, NOW } from '#test/support/played-job.ts';
import { type Decision, decideAtOnce, decideInShards } from '#test/support/sharded.ts';
import { ALONE } from '#test/support/stewarded.ts';

/** An area that is judged twice: by one process, and in shards. */

/**
 * The ledger after two runs, the second of which saw what the first did; null where nothing is remembered.
 *
 * @param content of the ledger. @default empty
 * @param play what else lies in the first bucket, in both runs. @default nothing
 */
export async function ledgerOf(
  area: AnyArea,
  content = new LedgerContent(),
  play: (store: MovingStore, now: number) => void = () => {},
): Promise<MemoryLedger | null> {
  if (!area.remembers) return null;
  const ledger = new MemoryLedger(content, OPEN);
  for (const [at, ago] of [2, 1].entries()) {
    const now = NOW - ago * DAY;
    const stores = storesOf([area.earlier, area.content], now);
    play(stores[0], now);
    await runOverArea({
      survey: { ...surveyOf(area, stores, now), assumeQuarantined: false },
      writers: [],
      deleters: [],
      ledger,
      newLedgerId: 'ledger-1',
      run: `run-${at}`,
      command: 'plan',
      holders: ALONE,
      now: () => now,
      execute: false,
      accept: new Set(),
      retention: null,
      sweep: null,
      deletesPerSecond: 1,
    });
  }
  const pins = pinnedUrls(area).map((url) => ({ url, at: isoTime(NOW), why: null }));
  const retired = retiredRoot(area);
  if (retired !== null) await ledger.writeFile(COPY, retired.copy);
  await updateState(ledger, (state) => ({ ...state, pins, retired: retired === null ? [] : [entryOf(retired)] }));
  return ledger;
}

const COPY = 'retired/a/000001.metadata';

function entryOf({ url, copy }: NonNullable<ReturnType<typeof retiredRoot>>): RetiredRoot {
  const completed = isoTime(NOW - 30 * DAY);
  const run = runName(NOW - DAY / 4, 'a1');
  const etag = 'of-the-retired-one';
  return { url, etag, bytes: copy.length, completed, run, file: COPY, state: 'retired', restoredEtag: null };
}

/** Both decisions. Each has stores of its own, in which the same happens. */
export async function decideBoth(
  area: AnyArea,
  cuts: readonly ShardCut[],
): Promise<{ readonly atOnce: Decision; readonly inShards: Decision }> {
  const ledger = await ledgerOf(area);
  return {
    atOnce: await decideAtOnce(surveyOf(area, storesOf([area.content], NOW)), ledger),
    inShards: await decideInShards(surveyOf(area, storesOf([area.content], NOW)), { cuts, ledger }),
  };
}

/** The rules that decided, and the reasons against deciding. */
export function* rulesOf({ verdicts, undecidable }: Decision): Generator<string> {
  for (const line of verdicts) yield line.split(' ').at(-1) ?? '';
  for (const line of undecidable) yield line.split(' ')[0] ?? '';
}

/** The reasons for which roots are kept and retired. */
export function* retentionRulesOf({ retention }: Decision): Generator<string> {
  for (const line of retention) yield* line.slice(line.lastIndexOf(' ') + 1).split(',');
}
