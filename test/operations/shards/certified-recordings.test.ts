import { beforeEach, describe, expect, it } from 'vitest';
import { LocalDeleter } from '#adapters/local/local-deleter.ts';
import { LocalDirectory } from '#adapters/local/local-directory.ts';
import { BREAKERS } from '#core/collect/breakers.ts';
import { DEFAULT_COLLECT_SETTINGS } from '#core/collect/settings.ts';
import { runName } from '#operations/ledger/run-records.ts';
import { collectInShards } from '#test/model/collect-in-shards.ts';
import { lastWrite, RECORDINGS, recordedBucket, unpack } from '#test/support/corpus.ts';
import { forgeDeletion } from '#test/support/forged-deletion.ts';
import { OPEN } from '#test/support/gate.ts';
import { LedgerContent, MemoryLedger } from '#test/support/memory-ledger.ts';
import { SURVEYED } from '#test/support/sharded.ts';
import { ALONE, keepLast } from '#test/support/stewarded.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { verified } from '#test/support/verified.ts';

const SECOND = 1_000;

const makeFolder = useTempDirectories();
let folder: string;
beforeEach(async () => {
  folder = await makeFolder();
});

describe('A bucket that Flink wrote, collected in shards', () => {
  it.each(RECORDINGS)('has a certificate that proves it, and shows a forged log: %s', async (name) => {
    // Prepare
    const bucket = await recordedBucket(name);
    await unpack(bucket, folder);
    let now = lastWrite(bucket) + 60 * SECOND;
    const store = new LocalDirectory(folder, { now: () => now });
    const locations = [{ area: { name: bucket.bucket, store: `s3://${bucket.bucket}`, prefix: '', hidden: 0 }, store }];
    const content = new LedgerContent();
    const ledger = new MemoryLedger(content, OPEN);
    const settings = {
      ...DEFAULT_COLLECT_SETTINGS,
      minAge: 4 * SECOND,
      quarantine: 2 * SECOND,
      checkpointTimeout: SECOND,
      taskowned: true,
      taskownedMinAge: 4 * SECOND,
    };
    const collect = async (chance: string) =>
      await collectInShards({
        input: { ...SURVEYED, locations, settings, clock: () => now },
        ledger,
        run: runName(now, chance),
        holders: ALONE,
        shards: 3,
        accept: new Set(BREAKERS),
        retention: keepLast(1),
        writers: [],
        deleters: [new LocalDeleter(folder)],
        now: () => now,
      });

    for (const chance of ['a1', 'a2', 'a3']) {
      // Act
      const { run, certificate, deleted, retired } = await collect(chance);
      now += 3 * SECOND;

      // Assess
      const proof = deleted.objects + retired > 0 ? 'proven' : 'no-certificate';
      expect(await verified(ledger, run, locations)).toMatchObject({ proof, findings: [] });
      expect(typeof certificate).toBe(proof === 'proven' ? 'string' : 'undefined');
      const forged = proof === 'proven' ? forgeDeletion(content, run, { isHidden: true }) : null;
      if (forged === null) continue;
      const { findings } = await verified(new MemoryLedger(forged, OPEN), run);
      expect(findings.map(({ rule }) => rule)).toContain('named-by-root');
    }
  });
});
