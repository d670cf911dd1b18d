import { beforeEach, describe, expect, it } from 'vitest';
import { LocalDirectory } from '#adapters/local/local-directory.ts';
import { DEFAULT_COLLECT_SETTINGS } from '#core/collect/settings.ts';
import { lastWrite, RECORDINGS, recordedBucket, unpack } from '#test/support/corpus.ts';
import { decideAtOnce, decideInShards, SURVEYED } from '#test/support/sharded.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';

const makeFolder = useTempDirectories();
let folder: string;
beforeEach(async () => {
  folder = await makeFolder();
});

describe('A bucket that Flink wrote, judged in shards', () => {
  it.each(RECORDINGS)('gets the verdicts of one process: %s', async (name) => {
    // Prepare
    const bucket = await recordedBucket(name);
    await unpack(bucket, folder);
    const now = lastWrite(bucket) + 60_000;
    const second = 1_000;
    const input = {
      ...SURVEYED,
      locations: [
        {
          area: { name: bucket.bucket, store: `s3://${bucket.bucket}`, prefix: '', hidden: 0 },
          store: new LocalDirectory(folder, { now: () => now }),
        },
      ],
      settings: {
        ...DEFAULT_COLLECT_SETTINGS,
        minAge: 4 * second,
        quarantine: 2 * second,
        checkpointTimeout: second,
        taskowned: true,
        taskownedMinAge: 4 * second,
      },
      clock: () => now,
      assumeQuarantined: true,
    };
    const expected = await decideAtOnce(input);

    for (const shards of [1, 5]) {
      // Act
      const decided = await decideInShards(input, { shards });

      // Assess
      expect(decided).toEqual(expected);
    }
  });
});
