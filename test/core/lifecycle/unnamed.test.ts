import { describe, expect, it } from 'vitest';
import { judgeUnnamed } from '#core/lifecycle/unnamed.ts';
import { archive, expiry, filter, rule } from './samples.ts';

const FILES = [
  { key: 'flink/ha/jobgraph', bytes: 10 },
  { key: 'flink/ha/pointer', bytes: 200_000 },
];

describe('judgeUnnamed', () => {
  it('counts what each rule takes, and names the first', () => {
    const rules = [expiry(7, { filter: filter({ prefix: 'flink/' }) }), archive('GLACIER', 7, { position: 2 })];

    expect(judgeUnnamed(rules, FILES, null)).toEqual([
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
    expect(judgeUnnamed([archive('GLACIER', 7)], FILES, 'varies_by_storage_class')).toMatchObject([{ objects: 2 }]);
  });

  it.each([
    ['a tag', filter({ tags: [{ key: 'k', value: 'v' }] })],
    ['something unknown', filter({ understood: false })],
  ])('says "may" where %s decides', (_, conditions) => {
    expect(judgeUnnamed([expiry(7, { filter: conditions })], FILES, null)[0]?.sentence).toContain(
      ' may delete 2 files ',
    );
  });

  it('finds nothing in rules for other keys, and asks for no file where no rule can do harm', () => {
    const never = {
      [Symbol.iterator]: () => {
        throw new Error('The files were asked for.');
      },
    };

    expect(judgeUnnamed([expiry(7, { filter: filter({ prefix: 'logs/' }) })], FILES, null)).toEqual([]);
    expect(judgeUnnamed([rule(), expiry(7, { enabled: false })], never, null)).toEqual([]);
  });
});
