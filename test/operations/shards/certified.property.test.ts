import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BREAKERS } from '#core/collect/breakers.ts';
import type { RetentionInput } from '#core/retention/policy.ts';
import { type Certificate, readCertificate, readChain } from '#operations/ledger/certificates.ts';
import type { RunRecord } from '#operations/ledger/run-records.ts';
import { runOverArea } from '#operations/run/run.ts';
import type { ShardLimits } from '#operations/shards/context.ts';
import { CertifiedParts } from '#operations/verification/certified-parts.ts';
import type { GuardedDeleter } from '#ports/guarded-deleter.ts';
import { StoreError } from '#ports/object-store.ts';
import { type CollectionInShards, collectInShards } from '#test/model/collect-in-shards.ts';
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

const JOBS = [JOB, OTHER_JOB, `7${JOB.slice(1)}`] as const;

/**
 * Besides, jobs that have left what goes: garbage, of which Flink has copied a part for the third one; a file of `taskowned/` that
 * a root referenced before; and, of one that has ended, a checkpoint.
 *
 * @param now when the run is that sees it.
 */
function playJobs(store: MovingStore, now = NOW): void {
  const [job, ended, restored] = JOBS.map((id) => new PlayedJob(store, `flink/${id}/`, 's3://bucket'));
  if (job === undefined || ended === undefined || restored === undefined) return;
  const owned = job.upload(5, NOW - 5 * DAY, 'taskowned');
  const live = [job.upload(1), job.upload(3)];
  job.complete(7, now > NOW - 2 * DAY ? live : [...live, owned]);
  job.upload(2);
  job.upload(6);
  restored.complete(1, [restored.upload(6, NOW - 4 * DAY), restored.upload(7)]);
  restored.upload(8);
  const files = [ended.upload(4, NOW - 40 * DAY)];
  for (const checkpoint of [1, 2]) ended.complete(checkpoint, files, NOW - (32 - checkpoint) * DAY);
}

/** Cuts of the shards, also between these jobs. */
const anyCutsToo = fc
  .tuple(anyCuts, fc.subarray(JOBS.map((id) => ({ location: 0, key: `flink/${id}~` }))))
  .map(([cuts, others]) => [...cuts, ...others]);

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

const ORDER = {
  run: '20270301T120000000Z-a1',
  accept: new Set(BREAKERS),
  retention: (known: unknown): RetentionInput => ({ ...keepLast(1)(known), labelOf: ({ id }) => id }),
};

/** A whole collection; null where the stores failed too often. */
async function collected(
  area: AnyArea,
  order: Pick<CollectionInShards, 'cuts' | 'limits' | 'again'>,
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
      ...ORDER,
      holders: ALONE,
      shards: 1,
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

/** What the certificate of one process says of the same. */
async function certifiedAtOnce(area: AnyArea): Promise<Certificate | null> {
  const ledger = await ledgerOf(area, new LedgerContent(), playJobs);
  if (ledger === null) return null;
  const stores = storesOf([area.content], NOW);
  playJobs(stores[0]);
  const { record } = await runOverArea({
    ...ORDER,
    survey: surveyOf(area, stores),
    writers: [],
    deleters: stores.map(deleterOf),
    ledger,
    newLedgerId: 'ledger-1',
    command: 'collect',
    holders: ALONE,
    now: () => NOW,
    execute: true,
    sweep: async () => () => true,
    deletesPerSecond: 1e9,
  });
  return (await readCertificate(ledger, record.run))?.certificate ?? null;
}

/** What certificates say, in no order that matters. */
async function saidBy(ledger: MemoryLedger, certificate: Certificate): Promise<unknown> {
  const parts = new CertifiedParts(ledger, certificate);
  const roots: string[] = [];
  for await (const root of parts.roots()) roots.push(JSON.stringify(root));
  const lines = new Set<string>();
  const names = new Set<bigint>();
  for await (const deletions of parts.deletions()) {
    for (const line of [...deletions.jobs, ...deletions.exceptions]) lines.add(JSON.stringify(line));
    for (const name of deletions.names) names.add(name);
  }
  const { run, start, area, settings, protect, pins, undecidable } = certificate.head;
  return {
    head: { run, start, area, settings, protect, pins, undecidable },
    roots: roots.sort(),
    lines: [...lines].sort(),
    names: [...names].sort(),
  };
}

const anyFails = fc.uniqueArray(fc.integer({ min: 1, max: 900 }), { maxLength: 4 });

const anyLimits: fc.Arbitrary<ShardLimits> = fc.constantFrom({}, { deletedByItem: 1 }, { wholeNames: 0 });

describe('A collection in shards', () => {
  it('leaves a certificate that proves it, whatever lies in the area, wherever it is cut and whatever is tried again', async () => {
    let [proven, deleted, retired, failed, groups] = [0, 0, 0, 0, 0];
    const reasons = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        anyDecidable,
        anyCutsToo,
        anyFails,
        anyLimits,
        fc.boolean(),
        async (area, cuts, fails, limits, twice) => {
          // Prepare, Act
          const run = await collected(area, { cuts, limits, again: () => twice }, fails);
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
          if (limits.wholeNames === undefined) {
            const [own, other] = [await readCertificate(ledger, record.run), await certifiedAtOnce(area)];
            if (!own?.certificate || other === null) throw new Error('There is no certificate.');
            for (const { why } of other.exceptions) reasons.add(why);
            groups = Math.max(groups, own.certificate.head.parts?.deletions.length ?? 0);
            expect(await saidBy(ledger, own.certificate)).toEqual(await saidBy(ledger, other));
          }
          deleted += record.deleted.objects;
          retired += record.retired;

          for (const isHidden of [false, true]) {
            const forged = forgeDeletion(content, record.run, { isHidden });
            if (forged === null) continue;
            const { proof, findings } = await verified(new MemoryLedger(forged, OPEN), record.run);
            expect(proof).toBe('not-proven');
            expect(findings.map(({ rule }) => rule)).toContain(isHidden ? 'named-by-root' : 'log');
          }
        },
      ),
      { seed: SEED, numRuns: 60 },
    );
    // Else the property would hold for runs that did nothing.
    expect([...reasons].sort()).toEqual(['duplicate', 'named-before']);
    expect(groups).toBeGreaterThan(2);
    expect(Math.min(proven - 30, deleted - proven, retired - 10, proven - failed)).toBeGreaterThan(0);
  });
});
