import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSstTail } from '#core/states/sst-tail.ts';
import type { StatesReport } from '#steward/states.ts';
import { contentsOf, recordedBucket, unpack } from '#test/support/corpus.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { documentOf, steward } from '../../cli/steward.ts';

const makeDirectory = useTempDirectories();

/** The recordings that have the contents of state files, but for those of which Flink merged the files. */
const WITH_CONTENTS = [
  'f120-claim-chain',
  'f120-crash',
  'f120-failover',
  'f120-rocksdb-inc-retained3',
  'f120-savepoints',
  'f23-crash',
  'f23-rocksdb-inc-retained3',
];
const EACH_STATE = /^(?:count|hash|payload|profile|recent|_timer_state\/(?:event|processing)_user-timers)$/;

/**
 * A reader of another kind: the properties of a table are in order, so what they share with the one before is left out,
 * and the name of the column family always stands behind the same six bytes.
 */
function familyIn(content: Buffer): string | null {
  const marker = Buffer.from([22, 4]);
  for (let at = content.lastIndexOf('name'); at >= 3; at = content.lastIndexOf('name', at - 1)) {
    const length = content[at - 1] ?? 0;
    if (content.subarray(at - 3, at - 1).equals(marker)) return content.toString('latin1', at + 4, at + 4 + length);
  }
  return null;
}

describe('the state files of recorded buckets', () => {
  it.each(WITH_CONTENTS)('tell their states as another reader finds them: %s', async (name) => {
    const contents = await contentsOf(await recordedBucket(name));
    const files = [...contents].filter(([key]) => /\/(?:shared|chk-\d+|savepoint-[^/]*)\/[0-9a-f-]{36}$/.test(key));

    const ours = files.map(([key, content]) => {
      const found = readSstTail(content.subarray(-4096), content.length);
      return [key, found.outcome === 'table' ? found.properties?.family : null];
    });

    expect(ours.filter(([, family]) => family !== null).length).toBeGreaterThan(10);
    expect(ours).toEqual(files.map(([key, content]) => [key, familyIn(content)]));
  });

  it('are attributed, all but the parts of merged files and what was torn', async () => {
    const contents = await Promise.all(
      WITH_CONTENTS.map(async (name) => [...(await contentsOf(await recordedBucket(name)))]),
    );
    const outcomes = contents
      .flat()
      .filter(([key, { length }]) => /\/(?:shared|chk-\d+)\/[0-9a-f-]{36}$/.test(key) && length > 0)
      .map(([, content]) => readSstTail(content.subarray(-4096), content.length));

    const named = outcomes.filter((end) => end.outcome === 'table' && end.properties?.family != null);
    expect(named.length).toBeGreaterThan(300);
    expect(outcomes.filter(({ outcome }) => outcome === 'table').length).toBe(named.length);
    expect(outcomes.filter(({ outcome }) => outcome === 'torn' || outcome === 'need-more')).toEqual([]);
  });

  it.each([...WITH_CONTENTS, 'f120-filemerging', 'seed-bucket', 'f120-hashmap'])(
    'leave nothing unknown of the state of a job, and sum up to its operators: %s',
    async (name) => {
      // Prepare
      const recording = await recordedBucket(name);
      const folder = await makeDirectory({});
      await mkdir(join(folder, 'copy'));
      await unpack(recording, join(folder, 'copy'));
      const args = ['states', './copy', '--as', `s3://${recording.bucket}`, '--json'];

      // Act
      const { jobs } = documentOf(await steward(folder, args)) as unknown as StatesReport;

      // Assess
      expect(jobs.length).toBeGreaterThan(0);
      for (const { states, operators, root, uncountedBytes } of jobs) {
        expect(states.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(operators.bytes);
        expect(operators.bytes + uncountedBytes).toBe(root?.bytes ?? 0);
        expect(states.filter(({ state }) => state !== null && !EACH_STATE.test(state))).toEqual([]);
        if (root?.missing === 0) expect(states.filter(({ kind }) => kind === 'unread')).toEqual([]);
      }
    },
  );
});
