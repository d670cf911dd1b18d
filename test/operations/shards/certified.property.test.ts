import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BREAKERS } from '#core/collect/breakers.ts';
import { readChain } from '#operations/ledger/certificates.ts';
import type { RunRecord } from '#operations/ledger/run-records.ts';
import type { GuardedDeleter } from '#ports/guarded-deleter.ts';
import { StoreError } from '#ports/object-store.ts';
import { collectInShards } from '#test/model/collect-in-shards.ts';
import { type AnyArea, anyArea, anyCuts, storesOf, surveyOf } from '#test/support/any-area.ts';
import { forgeDeletion } from '#test/support/forged-deletion.ts';
import { type Gate, OPEN } from '#test/support/gate.ts';
import { LedgerContent, MemoryLedger } from '#test/support/memory-ledger.ts';
import type { MovingStore } from '#test/support/moving-store.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob } from '#test/support/played-job.ts';
import { ledgerOf } from '#test/support/sharded-area.ts';
import { ALONE, keepLast } from '#test/support/stewarded.ts';
import { verified } from '#test/support/verified.ts';

const SEED = 20_270_303;

/**
 * An area in which something can be decided: most of what speaks against deciding is left out. One in four is nearly empty, for
 * almost anything that jobs leave may be what a starting one needs, and keeps checkpoints from being retired.
 */
const anyDecidable: fc.Arbitrary<AnyArea> = fc.tuple(anyArea, fc.nat(3)).map(([area, kind]) => ({
  ...area,
  content:
    kind === 0
      ? { files: [], roots: [], renamed: [] }
      : { ...area.content, roots: area.content.roots.map((root) => ({ ...root, fate: 'read' as const })) },
  earlier: kind === 0 ? { files: [], roots: [], renamed: [] } : area.earlier,
  running: area.running === null || kind === 0 ? null : { ...area.running, silent: false },
  remembers: true,
  looksAhead: false,
}));

/** Besides, one job with garbage, and one that has ended and left two checkpoints. */
function playJobs(store: MovingStore): void {
  const job = new PlayedJob(store, `flink/${JOB}/`, 's3://bucket');
  job.complete(7, [job.upload(1), job.upload(3)]);
  job.upload(2);
  const ended = new PlayedJob(store, `flink/${OTHER_JOB}/`, 's3://bucket');
  const files = [ended.upload(4, NOW - 40 * DAY)];
  for (const checkpoint of [1, 2]) ended.complete(checkpoint, files, NOW - (32 - checkpoint) * DAY);
}

function deleterOf(store: MovingStore): GuardedDeleter {
  return {
    delete: async (batch) =>
      await Promise.all(
        batch.map(async ({ key, etag }) => {
          const read = await store.read(key);
          if (!read.found) return { key, outcome: 'gone' } as const;
          if (read.etag !== etag) return { key, outcome: 'changed' } as const;
          store.remove(key);
          return { key, outcome: 'deleted' } as const;
        }),
      ),
  };
}

/** A ledger of which the calls of these numbers fail, each before or after it has taken effect. */
function failing(content: LedgerContent, fails: ReadonlySet<number>): MemoryLedger {
  let calls = 0;
  const pass: Gate['pass'] = async (call, effect, failure) => {
    calls++;
    if (!fails.has(calls) || call.includes(' lease')) return effect();
    if (calls % 2 === 0) effect();
    throw failure('It can not be had now');
  };
  return new MemoryLedger(content, { ...OPEN, pass });
}

interface Collected {
  readonly ledger: MemoryLedger;
  readonly content: LedgerContent;
  readonly record: RunRecord;
  readonly locations: ReturnType<typeof surveyOf>['locations'];
}

/** A whole collection; null where the stores failed too often. */
async function collected(
  area: AnyArea,
  order: Pick<Parameters<typeof collectInShards>[0], 'cuts' | 'again'>,
  fails: readonly number[],
): Promise<Collected | null> {
  const content = new LedgerContent();
  const ledger = await ledgerOf(area, content, playJobs);
  if (ledger === null) return null;
  const stores = storesOf([area.content], NOW);
  playJobs(stores[0]);
  const input = surveyOf(area, stores);
  try {
    const record = await collectInShards({
      ...order,
      input,
      ledger: failing(content, new Set(fails)),
      run: '20270301T120000000Z-a1',
      holders: ALONE,
      shards: 1,
      accept: new Set(BREAKERS),
      retention: (known) => ({ ...keepLast(1)(known), labelOf: ({ id }) => id }),
      writers: [],
      deleters: stores.map(deleterOf),
      now: () => NOW,
      attempts: 3,
    });
    return { ledger, content, record, locations: input.locations };
  } catch (error) {
    if (error instanceof StoreError) return null;
    throw error;
  }
}

const anyFails = fc.uniqueArray(fc.integer({ min: 1, max: 900 }), { maxLength: 4 });

describe('A collection in shards', () => {
  it('leaves a certificate that proves it, whatever lies in the area, wherever it is cut and whatever is tried again', async () => {
    let [proven, deleted, retired, failed] = [0, 0, 0, 0];
    await fc.assert(
      fc.asyncProperty(anyDecidable, anyCuts, anyFails, fc.boolean(), async (area, cuts, fails, twice) => {
        // Prepare, Act
        const run = await collected(area, { cuts, again: () => twice }, fails);
        if (run === null) {
          failed++;
          return;
        }
        const { ledger, record, locations, content } = run;
        if (record.certificate === null) failed++;
        if (typeof record.certificate !== 'string') return;

        // Assess
        const byLedger = await verified(ledger, record.run);
        expect(byLedger).toMatchObject({ proof: 'proven', findings: [], certificate: record.certificate });
        const { chain } = (await readChain(ledger)) ?? { chain: [] };
        expect(chain).toEqual([{ run: record.run, sha256: record.certificate }]);
        expect(await verified(ledger, record.run, locations)).toMatchObject({ proof: 'proven', findings: [] });
        proven++;
        deleted += record.deleted.objects;
        retired += record.retired;

        for (const isHidden of [false, true]) {
          const forged = forgeDeletion(content, record.run, { isHidden });
          if (forged === null) continue;
          const { proof, findings } = await verified(new MemoryLedger(forged, OPEN), record.run);
          expect(proof).toBe('not-proven');
          expect(findings.map(({ rule }) => rule)).toContain(isHidden ? 'named-by-root' : 'log');
        }
      }),
      { seed: SEED, numRuns: 60 },
    );
    // Else the property would hold for runs that did nothing.
    expect(Math.min(proven - 30, deleted - proven, retired - 10, proven - failed)).toBeGreaterThan(0);
  });
});
