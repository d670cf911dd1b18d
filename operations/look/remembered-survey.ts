import { rememberedNames } from '#operations/ledger/jobs-document.ts';
import { type PutBack, rootsPutBack, withPutBack } from '#operations/ledger/put-back.ts';
import { openRootCache } from '#operations/ledger/root-cache.ts';
import { type Recollection, recall, recollect } from '#operations/ledger/run-memory.ts';
import { declaredDeadAt, type LedgerState, readState } from '#operations/ledger/state.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { type Survey, type SurveyInput, survey } from './survey.ts';

/** A survey that knows what earlier runs left in the ledger. */

/** A survey, and what of the ledger went into it. */
export interface RememberedSurvey {
  readonly survey: Survey;
  readonly recollection: Recollection;
  readonly state: LedgerState;
  /** Retired roots that are there again, though the state does not say so yet. */
  readonly putBack: PutBack;
  /** What of the ledger is lost, in sentences. */
  readonly lost: readonly string[];
}

/**
 * Surveys an area with what earlier runs left in the ledger.
 *
 * @param mayWrite whether copies of roots may be left in the ledger.
 * @throws StoreError, LedgerError, ClockError
 */
export async function rememberedSurvey(
  store: LedgerStore,
  input: SurveyInput,
  { mayWrite }: { readonly mayWrite: boolean },
): Promise<RememberedSurvey> {
  const state = await readState(store);
  const recollection = await recollect(store);
  const lost = recollection.lost === null ? [] : [recollection.lost];
  let putBack: PutBack = new Map();
  const stores = input.locations.map((location) => location.store);
  const surveyed = await survey({
    ...input,
    earlierDirectories: recollection.earlierDirectories,
    expectedObjects: recollection.record?.lastRun?.objects,
    knownNames: await rememberedNames(store),
    openCache: (start) => openRootCache(store, start, mayWrite),
    declaredDeadAt: (job) => declaredDeadAt(state, job),
    recall: async (area, objects) => {
      // Before any root is read: each takes its place in the order by what is found here.
      putBack = await rootsPutBack(store, state, { area, objects }, stores);
      return await recall(store, {
        recollection,
        state: withPutBack(state, putBack),
        area,
        objects,
        onLost: (sentence) => {
          lost.push(sentence);
        },
      });
    },
  });
  return { survey: surveyed, recollection, state, putBack, lost };
}
