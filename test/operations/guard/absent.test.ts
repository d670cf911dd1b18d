import { describe, expect, it } from 'vitest';
import { absentOf, presentIn } from '#operations/guard/absent.ts';
import { NOW, uuid } from '#test/support/played-job.ts';
import { guarded } from './guarded-store.ts';

const FOLDER = 'flink/shared/';
const files = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => `s3://bucket/${FOLDER}${uuid(from + at)}`);

async function withFiles(count: number) {
  return await guarded((store) => {
    for (let at = 0; at < count; at++) store.put(`${FOLDER}${uuid(at)}`, 'x', NOW);
    store.put(`${FOLDER}deeper/${uuid(count)}`, 'x', NOW);
  });
}

describe('Whether objects are there', () => {
  it('is asked of each of a few, and of their folder where they are many', async () => {
    const { places, store } = await withFiles(300);

    expect(await absentOf(files(298, 302), places)).toEqual(new Set(files(300, 302)));
    expect(store.calls).toHaveLength(4);
    store.calls.length = 0;
    expect(await absentOf(files(0, 302), places)).toEqual(new Set(files(300, 302)));
    expect(store.calls).toHaveLength(1);
  });

  it('is said of none outside the area, of which nobody can know it', async () => {
    const { places } = await withFiles(1);
    const outside = Array.from({ length: 300 }, (_, at) => `s3://elsewhere/${at}`);

    expect(await absentOf([...outside, 's3://another/key'], places)).toEqual(new Set());
    expect(await presentIn('s3://elsewhere/', 10, places)).toEqual([]);
  });

  it('is told of a whole folder, up to so many', async () => {
    const { places } = await withFiles(3);

    expect(await presentIn(`s3://bucket/${FOLDER}`, 100, places)).toHaveLength(4);
    expect((await presentIn(`s3://bucket/${FOLDER}`, 1, places)).length).toBeGreaterThan(0);
  });
});
