import { describe, expect, it } from 'vitest';
import type { AnyArea } from '#test/support/any-area.ts';
import { file, NOTHING, PLAIN, reference, root, SAVED } from '#test/support/plain-area.ts';
import { decideBoth } from '#test/support/sharded-area.ts';

describe('What one shard must know of another', () => {
  it('is that a retired savepoint has something in its place again', async () => {
    // The file sorts before the root, and the cut lies between them.
    const area: AnyArea = {
      ...PLAIN,
      remembers: true,
      looksAhead: false,
      retired: { folder: 8, references: [reference(SAVED, 3)] },
      content: { ...NOTHING, files: [file(SAVED, 3)], roots: [root(8, { fate: 'parquet' })] },
    };

    const { atOnce, inShards } = await decideBoth(area, [{ location: 0, key: 'saved/_' }]);

    expect(atOnce.verdicts.find((line) => line.includes('saved/2'))).toMatch(/keep-unknown unknown-name$/);
    expect(inShards).toEqual(atOnce);
  });

  it("is that a file lies beside a root, so that it is a savepoint's", async () => {
    const content = { ...NOTHING, files: [file(SAVED, 3)], roots: [root(8, { savepoint: true })] };

    const { atOnce, inShards } = await decideBoth({ ...PLAIN, content }, [{ location: 0, key: 'saved/_' }]);

    expect(atOnce.verdicts.find((line) => line.includes('saved/2'))).toMatch(/keep-protected savepoint-files$/);
    expect(inShards).toEqual(atOnce);
  });

  it('is that a file of an unknown name lies beside files of Flink', async () => {
    // `kept` sorts after the names of state files, and the cut lies between them.
    const kept = { ...root(27, { references: [reference(1, 3)] }), cut: false, named: false };
    const content = { ...NOTHING, files: [file(27, 3), file(1, 3)], renamed: [kept] };

    const { atOnce, inShards } = await decideBoth({ ...PLAIN, content }, [{ location: 0, key: 'table/data/d' }]);

    expect(atOnce.verdicts.some((line) => line.endsWith('named-by-renamed-root'))).toBe(true);
    expect(inShards).toEqual(atOnce);
  });

  it("is which jobs are an owner's, so that no other job may be", async () => {
    // The running job has a directory without a root, so it does not write into that of nobody's id.
    const running = { job: 'b'.repeat(32), folder: 1, silent: false };
    const content = { ...NOTHING, files: [file(8, 1), file(25, 2)], roots: [root(9)] };

    const { atOnce, inShards } = await decideBoth({ ...PLAIN, content, running }, []);

    expect(atOnce.verdicts.find((line) => line.includes('chk-7/1'))).toMatch(/delete garbage$/);
    expect(inShards).toEqual(atOnce);
  });

  it("is that a root references a file of a directory, so that it is a job's", async () => {
    const files = [file(19, 1), file(19, 2)];
    const content = { ...NOTHING, files, roots: [root(4, { references: [reference(19, 1)] })] };

    const { atOnce, inShards } = await decideBoth({ ...PLAIN, content }, [{ location: 0, key: 'cache/z' }]);

    expect(atOnce.verdicts.find((line) => line.includes('cache/') && line.includes('/1f'))).toMatch(/delete garbage$/);
    expect(inShards).toEqual(atOnce);
  });
});
