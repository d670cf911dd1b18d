import { vi } from 'vitest';
import { METADATA_NAME } from '#core/flink/names.ts';
import type { ObjectTable } from '#core/inventory/object-table.ts';
import type { LedgerState } from '#operations/ledger/state.ts';
import type { UndoInput } from '#operations/run/plan-undo.ts';
import type { Done } from '#operations/run/run-record.ts';
import { isOff } from './switches.ts';

/** Takes rules out of the code that lives by the ledger: a part of `switched-off.ts`. */

const LOST = 'the document "state" of the ledger is missing';

vi.mock(import('#operations/ledger/state.ts'), async (original) => {
  const actual = await original();
  const seen = (state: LedgerState): LedgerState => {
    const isHeeded = !(isOff('pause') || (isOff('lost-state') && state.paused?.why.startsWith(LOST)));
    return isHeeded ? state : { ...state, paused: null };
  };
  return {
    ...actual,
    readState: async (store) => seen(await actual.readState(store)),
    updateState: async (store, update) => {
      // What nobody has said is not written either.
      const change: typeof update = (state) => update(isOff('lost-state') ? seen(state) : state);
      return seen(await actual.updateState(store, change));
    },
  };
});
vi.mock(import('#operations/ledger/run-memory.ts'), async (original) => {
  const actual = await original();
  const pinnedIn: typeof actual.pinnedIn = (state, area) => {
    if (!isOff('pins-by-place')) return actual.pinnedIn(state, area);
    const pinned = new Set(state.pins.map(({ url }) => url));
    return ({ location, key }) => pinned.has(area.url(location, key));
  };
  return {
    ...actual,
    pinnedIn: (...input) => (isOff('pins-again') ? () => false : pinnedIn(...input)),
    recall: async (store, input) => ({
      ...(await actual.recall(store, input)),
      isPinned: pinnedIn(input.state, input.area),
    }),
  };
});
vi.mock(import('#operations/ledger/marker.ts'), async (original) => {
  const actual = await original();
  return {
    ...actual,
    whose: (marker, ledger) =>
      isOff('ledger-place') && marker.ledger === ledger.id ? 'ours' : actual.whose(marker, ledger),
    readMarker: async (spot) => {
      const found = await actual.readMarker(spot);
      if (found === null || !isOff('ledger-number')) return found;
      const { lease: _, ...marker } = found.marker;
      return { ...found, marker };
    },
  };
});
vi.mock(import('#operations/ledger/put-back.ts'), async (original) => {
  const actual = await original();
  return {
    ...actual,
    rootsPutBack: async (...input) => (isOff('put-back') ? new Map() : await actual.rootsPutBack(...input)),
    contentAt: async (...place) => (isOff('undo-looks') ? null : await actual.contentAt(...place)),
  };
});
vi.mock(import('#operations/run/plan-undo.ts'), async (original) => {
  const actual = await original();
  return {
    ...actual,
    planUndo: async (input) => await actual.planUndo(isOff('undo-looks') ? withoutRoots(input) : input),
  };
});
vi.mock(import('#operations/ledger/root-cache.ts'), async (original) => {
  const actual = await original();
  return {
    ...actual,
    openRootCache: async (...input) => {
      const cache = await actual.openRootCache(...input);
      const read: typeof cache.read = async (...root) => {
        const copy = await cache.read(...root);
        // Where a world asks for one, there is one, and only a damaged one can't be had.
        if (copy === null && isOff('damaged-copies')) throw new Error('incorrect header check');
        return copy;
      };
      return { ...cache, read };
    },
  };
});
vi.mock(import('#operations/ledger/retired-savepoints.ts'), async (original) => {
  const actual = await original();
  return {
    ...actual,
    filesOfRetiredSavepoints: async (...input) =>
      isOff('retired-savepoint-files') ? new Map() : await actual.filesOfRetiredSavepoints(...input),
  };
});
vi.mock(import('#operations/run/run-record.ts'), async (original) => {
  const actual = await original();
  return {
    ...actual,
    recordRun: async (ledger, time, done) =>
      await actual.recordRun(ledger, time, isOff('refusals') ? withoutRefusals(done) : done),
  };
});

/** As if the survey had seen no root. */
function withoutRoots(input: UndoInput): UndoInput {
  const { survey } = input;
  const find: ObjectTable['find'] = (location, key) =>
    key.endsWith(METADATA_NAME) ? -1 : survey.objects.find(location, key);
  const objects = new Proxy(survey.objects, {
    get: (table, name) => {
      const value: unknown = name === 'find' ? find : Reflect.get(table, name, table);
      return typeof value === 'function' ? value.bind(table) : value;
    },
  });
  const reachability = Object.create(survey.reachability, { roots: { value: [] } });
  return { ...input, survey: { ...survey, objects, reachability } };
}

function withoutRefusals(done: Done): Done {
  const none = { refused: 0, refusal: null };
  const applied = done.applied && { ...done.applied, ...none };
  return { ...done, applied, retired: { ...done.retired, ...none } };
}
