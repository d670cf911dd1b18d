import { describe, expect, it } from 'vitest';
import { heal } from '#operations/guard/heal.ts';
import type { LostObject } from '#operations/ledger/lost-objects.ts';
import type { AreaWriter, RestoreOutcome } from '#ports/area-writer.ts';
import { OPEN } from '#test/support/gate.ts';
import { LedgerContent, MemoryLedger } from '#test/support/memory-ledger.ts';
import { JOB, PlayedJob, uuid } from '#test/support/played-job.ts';
import { guarded } from './guarded-store.ts';

const SHARED = `flink/${JOB}/shared/${uuid(1)}`;
const CHANGELOG = `changelog/${JOB}/dstl/${uuid(2)}`;
const ROOT = `s3://bucket/flink/${JOB}/chk-1/_metadata`;

function lost(key: string, changes: Partial<LostObject> = {}): LostObject {
  return { url: `s3://bucket/${key}`, bytes: 100, roots: [ROOT], ...changes };
}

/** A checkpoint of which all files are gone. @param bytes that the newest version of each has; null where there is none. */
async function healed(
  objects: readonly LostObject[],
  {
    bytes = 100,
    restored = { outcome: 'restored' },
    versions = true,
    signal,
    onTake = () => {},
  }: {
    readonly bytes?: number | null;
    readonly restored?: RestoreOutcome;
    readonly versions?: boolean;
    readonly signal?: AbortSignal;
    readonly onTake?: () => void;
  } = {},
) {
  const { places } = await guarded((store) => {
    new PlayedJob(store).complete(1, [SHARED, CHANGELOG]);
  });
  const calls: string[] = [];
  const writer = {
    ...(versions ? { lastContent: async () => (bytes === null ? null : { etag: 'e', bytes }) } : {}),
    restore: async ({ key }: { readonly key: string }) => {
      calls.push(key);
      return restored;
    },
  } as Partial<AreaWriter> as AreaWriter;
  const taken: number[] = [];
  const pace = {
    take: async (objectsNow: number) => {
      taken.push(objectsNow);
      onTake();
    },
  };
  const ledger = new MemoryLedger(new LedgerContent(), OPEN);
  const result = await heal(objects, { ...places, signal, writers: [writer], ledger, pace });
  return { ...result, calls, taken };
}

describe('Healing lost objects', () => {
  it('brings back what a root names, a hundred at a time by the pace, and roots last', async () => {
    const root = lost(`flink/${JOB}/chk-9/_metadata`, { bytes: -1 });
    const others = Array.from({ length: 100 }, (_, at) => lost(`flink/${JOB}/shared/${uuid(100 + at)}`));

    const { healed: done, calls, taken, stopped } = await healed([root, lost(SHARED), ...others]);

    expect(calls).toEqual([SHARED, `flink/${JOB}/chk-9/_metadata`]);
    expect(taken).toEqual([100, 1, 1]);
    expect(done.filter(({ outcome }) => outcome === 'unneeded')).toHaveLength(100);
    expect(stopped).toBeNull();
  });

  it.each([
    ['of a changelog, which may be larger than Flink says', CHANGELOG, 101, 'restored'],
    ['of a changelog that is too small', CHANGELOG, 99, 'lost'],
    ['of another size', SHARED, 101, 'lost'],
    ['of which no version is left', SHARED, null, 'lost'],
  ] as const)('looks at the size of a file %s', async (_, key, bytes, outcome) => {
    const { healed: done } = await healed([lost(key)], { bytes });

    expect(done.map((one) => one.outcome)).toEqual([outcome]);
  });

  it('says of a place without versions that it keeps none, and of what the store says why', async () => {
    const none = await healed([lost(SHARED)], { versions: false });
    const refused = await healed([lost(SHARED)], { restored: { outcome: 'lost', why: 'It was overwritten.' } });

    expect(none.healed[0]?.why).toBe(`s3://bucket/${SHARED} is in a place that keeps no versions.`);
    expect(refused.healed[0]?.why).toBe('It was overwritten.');
  });

  it('ends between two batches where its time is over, and says what to do', async () => {
    const controller = new AbortController();
    const many = Array.from({ length: 101 }, (_, at) => lost(`flink/${JOB}/shared/${uuid(100 + at)}`));

    const {
      stopped,
      left,
      healed: done,
    } = await healed(many, {
      signal: controller.signal,
      onTake: () => controller.abort(),
    });

    expect(done).toHaveLength(100);
    expect(stopped).toBe('The time of the function was over. The next survey has the rest brought back.');
    expect(left).toEqual(many.slice(100));
  });
});
