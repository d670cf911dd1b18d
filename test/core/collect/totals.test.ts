import { describe, expect, it } from 'vitest';
import { judgeAll } from '#core/collect/judge.ts';
import { amountOf, sumTallies, tally, tallyOf } from '#core/collect/totals.ts';
import { DAY, DIRECTORY, HOUR, OTHER_DIRECTORY, uuid, world } from '#test/support/world.ts';

const NONE = { objects: 0, bytes: 0 };
const NOTHING = {
  'keep-live': NONE,
  'keep-young': NONE,
  'keep-pinned': NONE,
  'keep-in-progress': NONE,
  'keep-protected': NONE,
  'keep-unknown': NONE,
  'keep-undecidable': NONE,
  quarantined: NONE,
  delete: NONE,
};

const LIVE = `${DIRECTORY}/shared/${uuid(1)}`;
const evidence = world({
  objects: {
    [LIVE]: { age: 10 * DAY, bytes: 1 },
    [`${DIRECTORY}/shared/${uuid(2)}`]: { age: 10 * DAY, bytes: 20 },
    [`${DIRECTORY}/shared/${uuid(3)}`]: { age: 10 * DAY, bytes: 300 },
    [`${OTHER_DIRECTORY}/shared/${uuid(4)}`]: { age: HOUR, bytes: 4000 },
  },
  roots: { [`${DIRECTORY}/chk-9`]: { age: HOUR, names: [LIVE], bytes: 50_000 } },
});
const totals = tally(evidence, judgeAll(evidence));
const OWN = { ...NOTHING, 'keep-live': { objects: 2, bytes: 50_001 }, delete: { objects: 2, bytes: 320 } };
const OTHERS = { ...NOTHING, 'keep-young': { objects: 1, bytes: 4000 } };

describe('the totals of a run', () => {
  it('can be counted of some objects alone', () => {
    const old = new Set([1, 2, 3].map((at) => evidence.object(`${DIRECTORY}/shared/${uuid(at)}`)));

    expect(tallyOf(evidence, judgeAll(evidence), (object) => old.has(object))).toEqual({
      ...NOTHING,
      'keep-live': { objects: 1, bytes: 1 },
      delete: { objects: 2, bytes: 320 },
    });
  });

  it('count objects and bytes by verdict, for the area and for each owner', () => {
    expect(totals.area).toEqual({ ...OWN, 'keep-young': { objects: 1, bytes: 4000 } });
    expect(totals.byOwner).toEqual(
      new Map([
        [evidence.owner(LIVE), OWN],
        [evidence.owner(`${OTHER_DIRECTORY}/shared/${uuid(4)}`), OTHERS],
      ]),
    );
  });

  it('add up to the area', () => {
    expect(sumTallies(totals.byOwner.values())).toEqual(totals.area);
    expect(sumTallies([])).toEqual(NOTHING);
  });

  it('are summed over some verdicts, or over all', () => {
    expect(amountOf(totals.area)).toEqual({ objects: 5, bytes: 54_321 });
    expect(amountOf(totals.area, ['delete', 'keep-young'])).toEqual({ objects: 3, bytes: 4320 });
    expect(amountOf(totals.area, [])).toEqual(NONE);
  });

  it('tell what lies in other storage classes than S3 Standard, by owner, class and verdict', () => {
    const files = [1, 2, 3, 4].map((file) => `${DIRECTORY}/shared/${uuid(file)}`);
    const [live = '', cold = '', small = '', standard = ''] = files;
    const mixed = world({
      objects: {
        [live]: { age: 10 * DAY, bytes: 200_000, storageClass: 'STANDARD_IA' },
        [cold]: { age: 10 * DAY, bytes: 7, storageClass: 'GLACIER' },
        [small]: { age: 10 * DAY, bytes: 1, storageClass: 'STANDARD_IA' },
        [standard]: { age: 10 * DAY, bytes: 1 },
      },
      roots: { [`${DIRECTORY}/chk-9`]: { age: HOUR, names: [live] } },
    });

    const { byClass } = tally(mixed, judgeAll(mixed));

    expect(byClass).toEqual(
      new Map([
        [
          mixed.owner(live),
          new Map([
            [
              'STANDARD_IA',
              new Map([
                ['keep-live', { objects: 1, bytes: 200_000, billed: 200_000, small: 0 }],
                ['delete', { objects: 1, bytes: 1, billed: 131_072, small: 1 }],
              ]),
            ],
            ['GLACIER', new Map([['delete', { objects: 1, bytes: 7, billed: 7, small: 1 }]])],
          ]),
        ],
      ]),
    );
    expect(totals.byClass).toEqual(new Map());
  });
});
