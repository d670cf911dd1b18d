import { describe, expect, it } from 'vitest';
import { PlayedJob } from '#test/support/played-job.ts';
import { decideAtOnce, decideInShards } from '#test/support/sharded.ts';
import { useStewarded } from '#test/support/stewarded.ts';

const open = useStewarded();

describe('A bucket in shards whose files lie in a bucket', () => {
  it('gets the verdicts of one process', async () => {
    // Prepare
    const area = await open('bucket', { realLedger: true });
    for (const digit of ['1', '2', '3']) {
      const job = new PlayedJob(area, `flink/${digit.repeat(32)}/`, area.url);
      const files = Array.from({ length: 400 }, (_, number) => job.upload(number * 0x0005_ffff + Number(digit)));
      job.complete(9, files.slice(0, 350));
    }
    const input = area.surveyInput({ assumeQuarantined: true });
    const expected = await decideAtOnce(input);

    // Act
    const decided = await decideInShards(input, { shards: 4, scratch: area.ledger });

    // Assess
    expect(decided).toEqual(expected);
    expect(expected.verdicts.filter((line) => line.endsWith('delete garbage'))).toHaveLength(150);
  });
});
