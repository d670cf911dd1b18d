import { describe, expect, it } from 'vitest';
import { judgeUnnamed } from '#core/lifecycle/unnamed.ts';
import { archive, at, DAY, expiry, filter, object, rule } from './samples.ts';

const NOW = at('2026-11-30T12:00:00Z');
const FILES = [object('flink/ha/jobgraph', NOW, 10), object('flink/ha/pointer', NOW - 3_000 * DAY, 200_000)];

describe('judgeUnnamed', () => {
  it('counts what each rule takes, and names the first', () => {
    const rules = [expiry(7, { filter: filter({ prefix: 'flink/' }) }), archive('GLACIER', 7, { position: 2 })];

    expect(judgeUnnamed(rules, FILES, NOW, null)).toEqual([
      {
        position: 1,
        objects: 2,
        bytes: 200_010,
        firstKey: 'flink/ha/jobgraph',
        sentence:
          'Rule "expire-after-7-days" deletes 2 files that jobs need even if no checkpoint references them (high-availability storage, task-owned state, working files), such as flink/ha/jobgraph.',
      },
      // Small objects are not moved.
      {
        position: 2,
        objects: 1,
        bytes: 200_000,
        firstKey: 'flink/ha/pointer',
        sentence:
          'Rule "sample" archives 1 file that jobs need even if no checkpoint references them (high-availability storage, task-owned state, working files), such as flink/ha/pointer.',
      },
    ]);
  });

  it('counts small ones where the bucket moves those too', () => {
    expect(judgeUnnamed([archive('GLACIER', 7)], FILES, NOW, 'varies_by_storage_class')).toMatchObject([
      { objects: 2 },
    ]);
  });

  it.each([
    [
      'a tag',
      filter({ tags: [{ key: 'k', value: 'v' }] }),
      'if the objects carry the tag k=v, which a listing does not show',
    ],
    [
      'something unknown',
      filter({ understood: false }),
      'if its filter, which the steward does not fully understand, matches the objects',
    ],
  ])('says "may", and when, where %s decides', (_, conditions, when) => {
    expect(judgeUnnamed([expiry(7, { filter: conditions })], FILES, NOW, null)[0]?.sentence).toBe(
      `Rule "expire-after-7-days" may delete 2 files that jobs need even if no checkpoint references them (high-availability storage, task-owned state, working files), such as flink/ha/jobgraph (${when}).`,
    );
  });

  it('leaves out what goes only in more than ten years', () => {
    const [loss, ...others] = judgeUnnamed([expiry(4_000)], FILES, NOW, null);

    expect(others).toEqual([]);
    expect(loss).toMatchObject({ objects: 1, firstKey: 'flink/ha/pointer' });
    expect(judgeUnnamed([expiry(7_000)], FILES, NOW, null)).toEqual([]);
  });

  it('finds nothing in rules for other keys, and asks for no file where no rule can do harm', () => {
    const never = {
      [Symbol.iterator]: () => {
        throw new Error('The files were asked for.');
      },
    };

    expect(judgeUnnamed([expiry(7, { filter: filter({ prefix: 'logs/' }) })], FILES, NOW, null)).toEqual([]);
    expect(judgeUnnamed([rule(), expiry(7, { enabled: false })], never, NOW, null)).toEqual([]);
  });
});
