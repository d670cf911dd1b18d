import { describe, expect, it } from 'vitest';
import { gatherOwners, Owners } from '#core/collect/owners.ts';
import { type Grouping, groupRoots } from '#core/retention/groups.ts';
import { DAY, DIRECTORY, JOB, OTHER_JOB, type RootSpec, uuid, type WorldSpec, world } from '#test/support/world.ts';

const SAVED: RootSpec = { age: 5 * DAY, kind: 'savepoint-native' };
const BY_JOB: Grouping = { groupBy: 'job', labelOf: ({ base }) => base, isLabelledByPath: () => false };
const TWIN = `aaaaaa${'c'.repeat(26)}`;

function groups(spec: WorldSpec, grouping: Partial<Grouping> = {}) {
  const { owners } = world(spec);
  return groupRoots(owners, { ...BY_JOB, ...grouping });
}

function members(spec: WorldSpec, grouping: Partial<Grouping> = {}): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    groups(spec, grouping).map(({ group, members: roots }) => [
      group.label,
      roots.map(({ root, ambiguous }) => `${root.directory}${ambiguous ? ' (ambiguous)' : ''}`),
    ]),
  );
}

describe('Groups', () => {
  it('have the doubt about times that any of their directories has', () => {
    const roots = {
      [`${DIRECTORY}/chk-1`]: { age: DAY },
      [`cp/${OTHER_JOB}/chk-1`]: { age: DAY },
      [`cp/${OTHER_JOB}/chk-2`]: { age: 2 * DAY },
    };
    const byLabel = { groupBy: 'label', labelOf: () => 'one' } as const;
    const doubts = (of: WorldSpec) => groups(of, byLabel).map(({ timesDistrusted }) => timesDistrusted !== null);

    expect(doubts({ roots })).toEqual([true]);
    expect(doubts({ roots: { [`${DIRECTORY}/chk-1`]: { age: DAY } } })).toEqual([false]);
  });

  it('are job directories, in the order of their labels, with what people want to know', () => {
    const found = groups({ roots: { [`us/${JOB}/chk-1`]: { age: DAY }, [`eu/${JOB}/chk-1`]: { age: DAY } } });

    expect(found.map(({ group }) => group)).toEqual([
      { id: `0:eu/${JOB}/`, label: `eu/${JOB}/`, job: JOB, directory: `eu/${JOB}/` },
      { id: `0:us/${JOB}/`, label: `us/${JOB}/`, job: JOB, directory: `us/${JOB}/` },
    ]);
  });

  it('of equal labels stand in the order of their directories', () => {
    const roots = { [`us/${JOB}/chk-1`]: { age: DAY }, [`eu/${JOB}/chk-1`]: { age: DAY } };

    const found = groups({ roots }, { labelOf: () => 'same' });

    expect(found.map(({ group }) => group.directory)).toEqual([`eu/${JOB}/`, `us/${JOB}/`]);
  });

  it('by label ask for the label of each directory of a job id', () => {
    const roots = {
      [`us/${JOB}/chk-1`]: { age: DAY },
      [`eu/${JOB}/chk-1`]: { age: 2 * DAY },
      [`eu/${OTHER_JOB}/chk-1`]: { age: DAY },
    };

    const found = groups({ roots }, { groupBy: 'label', labelOf: ({ base }) => base.slice(0, 2) });

    expect(found.map(({ group, members: of }) => [group, of.map(({ root }) => root.directory)])).toEqual([
      [{ id: 'eu', label: 'eu', job: null, directory: null }, [`eu/${OTHER_JOB}/chk-1/`, `eu/${JOB}/chk-1/`]],
      [{ id: 'us', label: 'us', job: null, directory: null }, [`us/${JOB}/chk-1/`]],
    ]);
  });

  it('hold a root that was overwritten once, as what it became, and no vanished one', () => {
    const evidence = world({
      roots: { [`${DIRECTORY}/chk-1`]: { age: DAY }, [`${DIRECTORY}/chk-2`]: { age: DAY, outcome: 'vanished' } },
    });
    const root = evidence.root(`${DIRECTORY}/chk-1`);
    const changed = { ...root, etag: 'm2' };
    const roots = [root, evidence.root(`${DIRECTORY}/chk-2`), changed];
    const owners = gatherOwners({ ...evidence, roots, declarations: { declaredDeadAt: () => null } });

    const found = groupRoots(owners, { ...BY_JOB, labelOf: () => '' });

    expect(found.map((each) => each.members.map((member) => member.root))).toEqual([[changed]]);
  });

  it('are none where there is no root', () => {
    expect(groupRoots(new Owners([], new Map()), { ...BY_JOB, labelOf: () => '' })).toEqual([]);
  });
});

describe('A savepoint', () => {
  const sp = (digits: string, number: number) => `sp/savepoint-${digits}-00000000000${number}`;
  const checkpoint = { [`${DIRECTORY}/chk-1`]: { age: DAY } };

  it('belongs to the one job directory that its digits fit', () => {
    expect(members({ roots: { ...checkpoint, [sp('aaaaaa', 1)]: SAVED } })).toEqual({
      [`${DIRECTORY}/`]: [`${DIRECTORY}/chk-1/`, `${sp('aaaaaa', 1)}/`],
    });
  });

  it('belongs to it though nothing but files is left there', () => {
    expect(
      members({ objects: { [`${DIRECTORY}/shared/${uuid(1)}`]: DAY }, roots: { [sp('aaaaaa', 1)]: SAVED } }),
    ).toEqual({ [`${DIRECTORY}/`]: [`${sp('aaaaaa', 1)}/`] });
  });

  it('belongs to it though nothing but its changelog is left there', () => {
    const changelog = `${DIRECTORY}/dstl/${uuid(1)}`;

    expect(members({ objects: { [changelog]: DAY }, roots: { [sp('aaaaaa', 1)]: SAVED } })).toEqual({
      [`${DIRECTORY}/`]: [`${sp('aaaaaa', 1)}/`],
    });
  });

  it('stands for itself where its digits fit two jobs', () => {
    const roots = { ...checkpoint, [`cp/${TWIN}/chk-1`]: { age: DAY }, [sp('aaaaaa', 1)]: SAVED };

    expect(members({ roots })[`${sp('aaaaaa', 1)}/`]).toEqual([`${sp('aaaaaa', 1)}/ (ambiguous)`]);
  });

  it('stands for itself where the job id has two directories, with or without roots', () => {
    const second = { ...checkpoint, [`eu/${JOB}/chk-1`]: { age: DAY }, [sp('aaaaaa', 1)]: SAVED };

    expect(members({ roots: second })[`${sp('aaaaaa', 1)}/`]).toEqual([`${sp('aaaaaa', 1)}/ (ambiguous)`]);
    expect(
      members({
        objects: { [`eu/${JOB}/shared/${uuid(1)}`]: DAY },
        roots: { ...checkpoint, [sp('aaaaaa', 1)]: SAVED },
      })[`${sp('aaaaaa', 1)}/`],
    ).toEqual([`${sp('aaaaaa', 1)}/ (ambiguous)`]);
  });

  it('stands for itself where the job id has files in two directories and a root in neither, a changelog aside', () => {
    const of = (...keys: readonly string[]) =>
      Object.values(
        members({
          objects: Object.fromEntries(keys.map((key) => [key, 60 * DAY])),
          roots: { [sp('aaaaaa', 1)]: SAVED },
        }),
      );
    const file = `${DIRECTORY}/shared/${uuid(1)}`;

    expect(of(file, `eu/${JOB}/shared/${uuid(1)}`)).toEqual([[`${sp('aaaaaa', 1)}/ (ambiguous)`]]);
    // An empty folder may be that of a cluster that starts.
    expect(of(file, `us/${JOB}/shared/`)).toEqual([[`${sp('aaaaaa', 1)}/ (ambiguous)`]]);
    expect(of(file, `eu/${JOB}/dstl/${uuid(1)}`)).toEqual([[`${sp('aaaaaa', 1)}/`]]);
  });

  describe('that is named after the id of zeros', () => {
    const ZEROS = '0'.repeat(32);
    const roots = { [sp('000000', 1)]: SAVED, [sp('000000', 2)]: { ...SAVED, age: DAY } };
    const alone = {
      [`${sp('000000', 1)}/`]: [`${sp('000000', 1)}/ (ambiguous)`],
      [`${sp('000000', 2)}/`]: [`${sp('000000', 2)}/ (ambiguous)`],
    };

    it('stands for itself, be there no job directory of that id or one', () => {
      expect(members({ roots })).toEqual(alone);
      expect(members({ roots: { ...roots, [`cp/${ZEROS}/chk-1`]: { age: DAY } } })).toEqual({
        ...alone,
        [`cp/${ZEROS}/`]: [`cp/${ZEROS}/chk-1/`],
      });
      expect(members({ roots }, { isLabelledByPath: () => true })).toEqual(alone);
    });

    it('belongs to the label that its own path tells, and to none that its job id would', () => {
      const all = { ...roots, [`cp/${ZEROS}/chk-1`]: { age: DAY } };
      const byLabel: Partial<Grouping> = { groupBy: 'label', labelOf: ({ job }) => (job === null ? 'mine' : 'other') };

      const told = members({ roots: all }, { ...byLabel, isLabelledByPath: ({ base }) => base.startsWith('sp/') });
      const untold = members({ roots: all }, byLabel);

      expect(told).toEqual({ mine: [`${sp('000000', 2)}/`, `${sp('000000', 1)}/`], other: [`cp/${ZEROS}/chk-1/`] });
      expect(untold).toEqual({
        mine: [`${sp('000000', 2)}/ (ambiguous)`, `${sp('000000', 1)}/ (ambiguous)`],
        other: [`cp/${ZEROS}/chk-1/`],
      });
    });
  });

  describe('of a job id with two directories, where labels count,', () => {
    const roots = { ...checkpoint, [`eu/${JOB}/chk-1`]: { age: DAY }, [sp('aaaaaa', 1)]: SAVED };
    const grouped = (labelOf: Grouping['labelOf'], isLabelledByPath: Grouping['isLabelledByPath']) =>
      members({ roots }, { groupBy: 'label', labelOf, isLabelledByPath });
    const orders: Grouping['labelOf'] = ({ job, base }) => (job === null ? base : 'orders');

    it('belongs to the label that the paths of both tell, and not to one that the id tells', () => {
      const whole = [`${DIRECTORY}/chk-1/`, `eu/${JOB}/chk-1/`];

      expect(grouped(orders, ({ job }) => job !== null)).toEqual({ orders: [...whole, `${sp('aaaaaa', 1)}/`] });
      expect(grouped(orders, () => false)).toEqual({
        orders: whole,
        [`${sp('aaaaaa', 1)}/`]: [`${sp('aaaaaa', 1)}/ (ambiguous)`],
      });
      expect(grouped(orders, ({ base }) => base.startsWith('eu/'))).toMatchObject({ orders: whole });
    });

    it('belongs to the label that its own path tells', () => {
      const byFolder: Grouping['labelOf'] = ({ base }) => (base.startsWith('eu/') ? 'eu' : 'cp');

      expect(grouped(byFolder, ({ base }) => base.startsWith('sp/'))).toEqual({
        cp: [`${DIRECTORY}/chk-1/`, `${sp('aaaaaa', 1)}/`],
        eu: [`eu/${JOB}/chk-1/`],
      });
      expect(grouped(byFolder, ({ base }) => !base.startsWith('sp/')).cp).toEqual([
        `${DIRECTORY}/chk-1/`,
        `${sp('aaaaaa', 1)}/ (ambiguous)`,
      ]);
    });
  });

  it('belongs to a label that all jobs share which its digits fit', () => {
    const roots = { ...checkpoint, [`cp/${TWIN}/chk-1`]: { age: DAY }, [sp('aaaaaa', 1)]: SAVED };

    const found = members({ roots }, { groupBy: 'label', labelOf: ({ base }) => base.slice(0, 2) });

    expect(found).toEqual({ cp: [`${DIRECTORY}/chk-1/`, `cp/${TWIN}/chk-1/`, `${sp('aaaaaa', 1)}/`] });
  });

  it('of a job that has no directory is counted with those beside it whose names begin alike', () => {
    const roots = {
      [sp('cccccc', 1)]: SAVED,
      [sp('cccccc', 2)]: { ...SAVED, age: DAY },
      [sp('dddddd', 1)]: SAVED,
      [`eu/${sp('cccccc', 3)}`]: SAVED,
      'savepoint-cccccc-000000000004': SAVED,
    };

    expect(members({ roots })).toEqual({
      'eu/sp/savepoint-cccccc': [`eu/${sp('cccccc', 3)}/`],
      'sp/savepoint-cccccc': [`${sp('cccccc', 2)}/`, `${sp('cccccc', 1)}/`],
      'sp/savepoint-dddddd': [`${sp('dddddd', 1)}/`],
      'savepoint-cccccc': ['savepoint-cccccc-000000000004/'],
    });
  });

  it('of such a job bears its own label where labels count', () => {
    expect(members({ roots: { [sp('cccccc', 1)]: SAVED } }, { groupBy: 'label', labelOf: () => 'orders' })).toEqual({
      orders: [`${sp('cccccc', 1)}/`],
    });
  });

  it('under a name of its own stands for itself', () => {
    expect(members({ roots: { 'sp/before': SAVED, 'sp/after': SAVED } })).toEqual({
      'sp/after/': ['sp/after/'],
      'sp/before/': ['sp/before/'],
    });
  });
});

describe('What it is', () => {
  it.each([
    [`${DIRECTORY}/chk-1`, 'checkpoint', 'checkpoint'],
    [`${DIRECTORY}/chk-1`, 'full-checkpoint', 'checkpoint'],
    [`${DIRECTORY}/chk-1`, 'unknown', 'checkpoint'],
    [`${DIRECTORY}/chk-1`, 'savepoint-native', 'savepoint'],
    ['sp/savepoint-aaaaaa-000000000001', 'savepoint-canonical', 'savepoint'],
    ['sp/savepoint-aaaaaa-000000000001', 'unknown', 'savepoint'],
    ['sp/savepoint-aaaaaa-000000000001', 'checkpoint', 'savepoint'],
    ['sp/mine', 'savepoint-canonical', 'savepoint'],
    ['sp/mine', 'checkpoint', 'stray'],
    ['sp/mine', 'unknown', 'stray'],
  ] as const)('%s that says %s is a %s', (directory, kind, expected) => {
    expect(groups({ roots: { [directory]: { age: DAY, kind } } })[0]?.members[0]?.kind).toBe(expected);
  });

  it('of an unreadable one tells its place', () => {
    const roots = { [`${DIRECTORY}/chk-1`]: { age: DAY, outcome: 'unreadable' as const } };

    expect(groups({ roots })[0]?.members[0]?.kind).toBe('checkpoint');
  });
});

describe('A savepoint of a job id that had several directories', () => {
  const saved = { 'sp/savepoint-aaaaaa-000000000001': SAVED };
  const ambiguous = ['sp/savepoint-aaaaaa-000000000001/ (ambiguous)'];
  const eu = { job: JOB, id: `0:eu/${JOB}/` };
  const us = { job: JOB, id: `0:us/${JOB}/` };

  it('is ambiguous though only one of them is left, or none', () => {
    const left = members({ roots: { ...saved, [`us/${JOB}/chk-1`]: { age: DAY } } }, held([eu, us]));
    const none = members({ roots: saved }, held([eu, us]));

    expect(left['sp/savepoint-aaaaaa-000000000001/']).toEqual(ambiguous);
    expect(Object.values(none)).toEqual([ambiguous]);
  });

  it('is none where the one that is remembered is the one that is there', () => {
    const found = members({ roots: { ...saved, [`us/${JOB}/chk-1`]: { age: DAY } } }, held([us]));

    expect(found[`us/${JOB}/`]).toEqual([`us/${JOB}/chk-1/`, 'sp/savepoint-aaaaaa-000000000001/']);
  });

  it('is none where nothing but files is left in the one that is remembered', () => {
    const objects = { [`us/${JOB}/shared/${uuid(1)}`]: DAY };

    expect(members({ roots: saved, objects }, held([us]))).toEqual({
      [`us/${JOB}/`]: ['sp/savepoint-aaaaaa-000000000001/'],
    });
  });

  function held(directories: readonly { readonly job: string; readonly id: string }[]): Partial<Grouping> {
    return { directoriesOfJobs: (digits) => (digits === 'aaaaaa' ? directories : []) };
  }
});

describe('Times that cannot be trusted', () => {
  const wrong = { [`${DIRECTORY}/chk-1`]: { age: DAY }, [`${DIRECTORY}/chk-2`]: { age: 2 * DAY } };

  it('of one job make those of its savepoints and of its whole label so', () => {
    const roots = {
      ...wrong,
      [`cp/${OTHER_JOB}/chk-1`]: { age: DAY },
      'sp/savepoint-aaaaaa-000000000001': SAVED,
    };

    const byJob = groups({ roots });
    const byLabel = groups({ roots }, { groupBy: 'label', labelOf: () => 'all' });

    expect(byJob.map(({ group, timesDistrusted }) => [group.label, timesDistrusted !== null])).toEqual([
      [`${DIRECTORY}/`, true],
      [`cp/${OTHER_JOB}/`, false],
    ]);
    expect(byLabel.map(({ timesDistrusted }) => timesDistrusted?.slice(0, 25))).toEqual(['chk-2 is older than chk-1']);
  });
});
