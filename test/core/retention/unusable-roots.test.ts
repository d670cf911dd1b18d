import { describe, expect, it } from 'vitest';
import { decideRetention } from '#core/retention/decide.ts';
import { DAY, DIRECTORY, type RootSpec, uuid, world } from '#test/support/world.ts';

const COLD = `${DIRECTORY}/shared/${uuid(1)}`;
const HOT = `${DIRECTORY}/shared/${uuid(2)}`;

/** Four checkpoints of an ended job; the newest two are of this kind. */
function decide(
  newest: Partial<RootSpec>,
  keepLast: number,
  minRestorePoints: number,
): Readonly<Record<string, string>> {
  const root = (number: number, more: Partial<RootSpec> = {}): Record<string, RootSpec> => ({
    [`${DIRECTORY}/chk-${number}`]: { age: (70 - number) * DAY, names: [HOT], ...more },
  });
  const evidence = world({
    objects: { [COLD]: { age: 90 * DAY, storage: 'archived' }, [HOT]: 90 * DAY },
    roots: { ...root(1), ...root(2), ...root(3, newest), ...root(4, newest) },
  });
  const decisions = decideRetention(evidence, {
    policies: [{ matches: () => true, endedJobs: { keepLast }, savepoints: 'all' }],
    minRestorePoints,
    groupBy: 'job',
    labelOf: ({ base }) => base,
    isLabelledByPath: () => false,
    running: new Set(),
    restoredFrom: [],
  });
  return Object.fromEntries(
    decisions.map((decision) => {
      const { root: its, action, reasons } = decision;
      return [
        its.directory.slice(DIRECTORY.length + 1, -1),
        `${action}: ${reasons.map(({ rule, sentence }) => (rule === 'keep-last' ? sentence : rule)).join('; ')}`,
      ];
    }),
  );
}

describe.each([
  ['with an archived file', { names: [COLD, HOT] }, 'in an archive storage class'],
  ['in an archive itself', { storage: 'archived' }, 'in an archive storage class'],
  ['without readable properties', { propertiesRead: false }, 'without readable checkpoint properties'],
  ['with a missing file', { names: [HOT, `${DIRECTORY}/shared/${uuid(3)}`] }, 'damaged'],
] as const)('A checkpoint %s', (_what, newest: Partial<RootSpec>, why) => {
  it('takes no place of keepLast and none of minRestorePoints, and is kept where it is newer', () => {
    const newer = `keep: ${why}, and no newer one can be restored (keepLast: 1); restore-points`;

    expect(decide(newest, 1, 1)).toEqual({
      'chk-4': newer,
      'chk-3': newer,
      'chk-2': 'keep: among the last 1 (keepLast); restore-points',
      'chk-1': 'retire: policy',
    });
  });

  it('leaves the older ones to minRestorePoints alone where the policy keeps none', () => {
    expect(decide(newest, 0, 2)).toEqual({
      'chk-4': 'keep: restore-points',
      'chk-3': 'keep: restore-points',
      'chk-2': 'keep: restore-points',
      'chk-1': 'keep: restore-points',
    });
  });
});
