import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StoreError } from '#ports/object-store.ts';
import { anyArea, anyCuts, storesOf, surveyOf } from '#test/support/any-area.ts';
import type { Gate } from '#test/support/gate.ts';
import { OPEN } from '#test/support/gate.ts';
import { LedgerContent, MemoryLedger } from '#test/support/memory-ledger.ts';
import type { MovingStore } from '#test/support/moving-store.ts';
import { NOW } from '#test/support/played-job.ts';
import { decideAtOnce, decideInShards } from '#test/support/sharded.ts';

const SEED = 20_270_302;

/** A place for files in which the calls of these numbers fail, each before or after it has taken effect. */
function failingScratch(content: LedgerContent, fails: ReadonlySet<number>): MemoryLedger {
  let calls = 0;
  const pass: Gate['pass'] = async (_call, effect, failure) => {
    calls++;
    if (!fails.has(calls)) return effect();
    if (calls % 2 === 0) effect();
    throw failure('It can not be had now');
  };
  return new MemoryLedger(content, { ...OPEN, pass });
}

function failNow(store: MovingStore, fails: ReadonlySet<number>, operations: readonly string[]): void {
  let calls = 0;
  store.always(
    ({ operation }) => operations.includes(operation),
    () => {
      calls++;
      if (fails.has(calls)) throw new StoreError('unavailable', 'It can not be had now');
    },
  );
}

const anyCalls = fc.uniqueArray(fc.integer({ min: 1, max: 250 }), { minLength: 1, maxLength: 4 });

describe('A run in shards whose stores fail now and then', () => {
  it("decides as one process without failures, or says that it failed, and what it left is no other run's", async () => {
    let decided = 0;
    let failed = 0;
    await fc.assert(
      fc.asyncProperty(anyArea, anyCuts, anyCalls, anyCalls, async (area, cuts, ofFiles, ofListings) => {
        // Prepare
        const content = new LedgerContent();
        const stores = () => storesOf([area.content], NOW);
        const expected = await decideAtOnce(surveyOf(area, stores()));
        const failing = stores();
        for (const store of failing) failNow(store, new Set(ofListings), ['list', 'children']);

        // Act
        const first = await decideInShards(surveyOf(area, failing), {
          cuts,
          scratch: failingScratch(content, new Set(ofFiles)),
        }).catch((error: unknown) => error);
        const second = await decideInShards(surveyOf(area, stores()), {
          cuts,
          scratch: failingScratch(content, new Set()),
          run: 'another-run',
        });

        // Assess
        if (first instanceof Error) {
          expect(first).toMatchObject({ name: 'StoreError' });
          failed++;
        } else {
          expect(first).toEqual(expected);
          decided++;
        }
        expect(second).toEqual(expected);
      }),
      { seed: SEED, numRuns: 15 },
    );
    expect(decided).toBeGreaterThan(0);
    expect(failed).toBeLessThan(decided);
  });

  it('gives up an item that fails three times, and counts nothing of its phase', async () => {
    // Prepare
    const [area] = fc.sample(anyArea, { seed: SEED, numRuns: 1 });
    if (area === undefined) throw new Error('There is no area.');
    const content = new LedgerContent();
    const stores = storesOf([area.content], NOW);
    for (const store of stores) failNow(store, new Set([1, 2, 3, 4, 5, 6, 7, 8]), ['list']);

    // Act
    const failing = decideInShards(surveyOf(area, stores), {
      cuts: [{ location: 0, key: 'cp/' }],
      scratch: failingScratch(content, new Set()),
    });

    // Assess
    await expect(failing).rejects.toThrow('It can not be had now');
    expect([...content.files.keys()].filter((path) => path.endsWith('/done.json'))).toEqual([
      'shards/run/plan/done.json',
    ]);
  });

  it('takes no file for whole that is another one than was written', async () => {
    const [area] = fc.sample(anyArea, { seed: SEED, numRuns: 1 });
    if (area === undefined) throw new Error('There is no area.');
    for (const part of [/^shards\/run\/list\/0\.json$/, /^shards\/run\/list\/0-objects-00001/]) {
      // Prepare
      const content = new LedgerContent();
      const spoil: Gate['pass'] = async (call, effect) => {
        const result = effect();
        const spoiled = [...content.files.keys()].find((path) => part.test(path));
        if (call.includes('look/done.json') && spoiled !== undefined) content.files.delete(spoiled);
        return result;
      };

      // Act
      const running = decideInShards(surveyOf(area, storesOf([area.content], NOW)), {
        scratch: new MemoryLedger(content, { ...OPEN, pass: spoil }),
      });

      // Assess
      await expect(running).rejects.toMatchObject({ name: 'LostPartError' });
    }
  });
});
