import { describe, expect, it } from 'vitest';
import { type DiscoveredPlace, draftOf } from '#core/discovery/draft.ts';
import { labelPatterns } from '#core/discovery/label-patterns.ts';
import { discoveryNotes, isEmptyPlace } from '#core/discovery/notes.ts';
import { proposalOf } from '#core/discovery/proposal.ts';
import type { ElsewhereAnswer, Proposal } from '#core/discovery/proposed.ts';
import { startFor } from '#core/discovery/start.ts';
import { J1, J2, jobIn, looksOf, placeOf } from './looks.ts';

function proposed(places: readonly DiscoveredPlace[], answers: readonly ElsewhereAnswer[] = []): Proposal {
  return proposalOf(draftOf(places), answers);
}

function area({ area: locations }: Proposal): readonly string[] {
  return locations.map(({ place, as }) => `${place.store}/${place.key}${as === null ? '' : ` as ${as}`}`);
}

function answer(state: ElsewhereAnswer['state']): ElsewhereAnswer {
  return {
    folder: { store: 's3://old', key: 'x' },
    root: { store: 's3://b', key: `c/${J1}/chk-1/_metadata` },
    files: 2,
    state,
  };
}

const DIRECTORY = { kind: 'directory' as const, top: { store: 'file://', key: 'data/copy' } };

describe('A proposal', () => {
  it.each<[ElsewhereAnswer['state'], 'area' | 'outside', boolean]>([
    ['there', 'area', false],
    ['empty', 'area', true],
    ['denied', 'area', true],
    ['unknown', 'area', true],
    ['absent', 'outside', true],
    ['foreign', 'outside', true],
  ])('has a referenced place that is %s in "%s"', (state, key, unsure) => {
    const proposal = proposed([placeOf(jobIn('c/', J1))], [answer(state)]);

    const entry = key === 'area' ? proposal.area[1] : proposal.outside[0];
    expect(entry).toMatchObject({ unsure });
    expect(entry?.why).toMatch(/^s3:\/\/b\/c\/a{32}\/chk-1\/_metadata references 2 files below s3:\/\/old\/x\./);
    expect({ area: proposal.area.length, outside: proposal.outside.map(({ url }) => url) }).toEqual(
      key === 'area' ? { area: 2, outside: [] } : { area: 1, outside: ['s3://old/x'] },
    );
  });

  it('names a referenced place once, where a location holds it or two places have it', () => {
    const two = [placeOf(jobIn('c/', J1)), placeOf(jobIn('x/', J2), { top: { store: 's3://old', key: '' } })];

    expect(area(proposed(two, [answer('there')]))).toEqual(['s3://b/c', 's3://old/x']);
    expect(area(proposed([placeOf(jobIn('c/', J1)), placeOf(jobIn('c/', J1))]))).toEqual(['s3://b/c']);
  });

  it('has the whole bucket where jobs are at its top, and says so', () => {
    const [only] = proposed([placeOf(jobIn('', J1))]).area;

    expect(only).toMatchObject({ place: { store: 's3://b', key: '' }, unsure: false });
    expect(only?.why).toBe(
      '1 job directory. This state is in the top folder of the bucket, so the area is the whole bucket.',
    );
  });

  it('names up to four reasons', () => {
    const keys = ['a', 'b', 'c', 'd', 'e'].flatMap((name) => jobIn(`checkpoints/${name}/`, J1.replace(/^a/, name)));

    expect(proposed([placeOf(keys)]).area[0]?.why).toBe(
      '1 job directory in checkpoints/a, 1 job directory in checkpoints/b, 1 job directory in checkpoints/c, 1 job directory in checkpoints/d, and more.',
    );
  });

  it('calls a root under another name a guess, and checkpoints that no id counts by their kind', () => {
    const kept = placeOf([], { looks: looksOf(['kept/x/_metadata']) });
    const shared = placeOf([], { looks: [{ path: 'all/', folders: ['chk-1'], files: [], isWhole: false }] });

    expect(proposed([kept]).area[0]).toMatchObject({ unsure: true });
    expect(proposed([shared]).area[0]?.why).toBe('Checkpoints in all.');
  });

  it('counts at least what a cut listing shows', () => {
    const looks = looksOf(jobIn('c/', J1)).map((look) => ({ ...look, isWhole: look.path !== 'c/' }));

    expect(proposed([placeOf([], { looks })]).area[0]?.why).toBe('At least 1 job directory in c.');
  });

  it('says of entropy that orphans are found only from above', () => {
    const keys = ['17Sr', '1Osp', '2Cnq'].flatMap((name) => [`f/${name}/c/${J1}/shared/1`]);

    const proposal = proposed([placeOf([...keys, ...jobIn('f/c/', J1)])]);

    expect(area(proposal)).toEqual(['s3://b/f']);
    expect(proposal.area[0]?.why).toContain('Folders with random names (s3.entropy.key) are below it');
    expect(proposal.labels).toEqual([]);
  });

  it('maps a copy, and an access point', () => {
    const names = ['prod', 'ours-s3alias'].map((bucket) => ({
      from: { store: `s3://${bucket}`, key: '' },
      to: { store: 's3://b', key: '' },
    }));

    const { copies, aliases } = proposed([placeOf(jobIn('c/', J1), { names })]);

    expect(copies.map(({ from, to, unsure }) => [from, to, unsure])).toEqual([['s3://prod', 's3://b', true]]);
    expect(aliases.map(({ from, to, unsure }) => [from, to, unsure])).toEqual([['s3://ours-s3alias', 's3://b', false]]);
  });
});

describe('A draft', () => {
  it('asks for what is referenced in no folder that was found', () => {
    const root = { store: 's3://b', key: `c/${J1}/chk-7/_metadata` };
    const folder = (key: string) => {
      return { folder: { store: 's3://b', key }, files: 1, example: { store: 's3://b', key: `${key}1` } };
    };
    const roots = [{ root, folders: [folder(`c/${J1}/shared/`), folder(`cc/${J1}/shared/`)], isWhole: true }];

    expect(draftOf([placeOf(jobIn('c/', J1), { roots })]).elsewhere).toEqual([
      { folder: { store: 's3://b', key: 'cc' }, root, files: 1 },
    ]);
  });
});

describe('A proposal for a directory', () => {
  it('has the URL that its checkpoints use, and none where they use its path', () => {
    const names = [{ from: { store: 's3://prod', key: '' }, to: DIRECTORY.top }];

    expect(area(proposed([placeOf(jobIn('c/', J1), { ...DIRECTORY, names })]))).toEqual([
      'file:///data/copy/c as s3://prod/c',
    ]);
    expect(area(proposed([placeOf(jobIn('c/', J1), DIRECTORY)]))).toEqual(['file:///data/copy/c']);
    expect(proposed([placeOf(jobIn('c/', J1), { ...DIRECTORY, names })]).copies).toEqual([]);
  });

  it('has a location for each copy in it, because a location has one URL', () => {
    const names = [
      { from: { store: 's3://prod', key: '' }, to: { store: 'file://', key: 'data/copy/checkpoints/one' } },
    ];
    const keys = [...jobIn('checkpoints/one/', J1), ...jobIn('checkpoints/two/', J2)];

    expect(area(proposed([placeOf(keys, { ...DIRECTORY, names })]))).toEqual([
      'file:///data/copy/checkpoints/one as s3://prod',
      'file:///data/copy/checkpoints/two',
    ]);
  });
});

describe('Patterns that protect high availability', () => {
  const patterns = (keys: readonly string[], rest = {}): readonly string[] =>
    proposed([placeOf(keys, rest)]).protect.map(({ pattern }) => pattern);
  const pointer = 'completedCheckpoint0a';

  it('are whole keys in a bucket, and those below the location in a directory', () => {
    const keys = [...jobIn('checkpoints/x/', J1), `checkpoints/ha/c/${pointer}`];

    expect(patterns(keys)).toEqual(['checkpoints/ha/**']);
    expect(patterns(keys, DIRECTORY)).toEqual(['ha/**']);
  });

  it('take the characters of a name for themselves', () => {
    expect(patterns([...jobIn('checkpoints/x/', J1), `checkpoints/y[1]/{c}/${pointer}`])).toEqual([
      'checkpoints/y\\[1\\]/\\{c\\}/**',
    ]);
  });

  it('are of the cluster alone where the folder above has another name', () => {
    expect(patterns([...jobIn('checkpoints/x/', J1), `checkpoints/y/c/${pointer}`])).toEqual(['checkpoints/y/c/**']);
  });

  it('are none outside the area, none that would protect checkpoints, and none of everything', () => {
    expect(patterns([...jobIn('c/', J1), `ha/c/${pointer}`])).toEqual([]);
    expect(patterns([...jobIn('ha/', J1), `ha/${pointer}`])).toEqual([]);
    expect(patterns([...jobIn('', J1), pointer])).toEqual([]);
    expect(patterns([...jobIn('checkpoints/ha/', J1), `checkpoints/ha/c/${pointer}`])).toEqual(['checkpoints/ha/c/**']);
  });

  it('are none for the location itself', () => {
    const looks = looksOf([...jobIn('c/', J1), `c/c/${pointer}`]);
    const draft = draftOf([placeOf([], { ...DIRECTORY, looks })]);
    const elsewhere = { ...answer('there'), folder: { store: 'file://', key: 'data/copy/ha' } };

    expect(proposalOf(draft, [elsewhere]).protect.map(({ pattern }) => pattern)).toEqual(['c/**']);
    const apart = draftOf([placeOf([`ha/${pointer}`], DIRECTORY)]);
    expect(proposalOf(apart, [elsewhere]).protect).toEqual([]);
  });
});

describe('Labels', () => {
  const labels = (...folders: readonly string[]) =>
    labelPatterns(folders.map((path) => ({ kind: 'checkpoints', path, names: [J1], isWhole: true })));

  it.each([
    ['regions', ['c/eu-central-1/', 'c/euw1/', 'c/us/'], 'c/{region}/{jobId}', false],
    ['environments', ['prod/', 'staging/'], '{environment}/{jobId}', false],
    ['anything else, which is a guess', ['c/orders/', 'c/eu/'], 'c/{folder}/{jobId}', true],
  ])('tell %s', (_, folders, path, unsure) => {
    expect(labels(...folders)).toMatchObject([{ path, unsure }]);
  });

  it('are none of folders that only say what they hold, and of savepoints', () => {
    expect(labels('flink/checkpoints/', '', 'my-state/', 'a{b}/eu/', '**/us/')).toEqual([]);
    expect(labelPatterns([{ kind: 'savepoints', path: 's/eu/', names: ['x'], isWhole: true }])).toEqual([]);
    expect(labelPatterns([{ kind: 'checkpoints', path: 's/eu/', names: [], isWhole: true }])).toEqual([]);
  });
});

describe('Notes', () => {
  const notes = (...places: readonly DiscoveredPlace[]): readonly string[] => discoveryNotes(draftOf(places));

  it('are none where everything is clear', () => {
    expect(notes(placeOf(jobIn('c/', J1)))).toEqual([]);
  });

  it('tell of a place without state', () => {
    const nothing = placeOf(['x/y']);

    expect(notes(nothing)).toEqual([
      "Nothing in s3://b looks like Flink's checkpoints or savepoints, so it is not proposed.",
    ]);
    expect(
      isEmptyPlace(draftOf([nothing]).places[0] ?? { found: nothing, sites: [], folders: [], entropy: new Map() }),
    ).toBe(false);
    expect(isEmptyPlace({ found: placeOf([]), sites: [], folders: [], entropy: new Map() })).toBe(true);
  });

  it('tell what was not looked into, the most first, unless it is in the area anyway', () => {
    const leftOut = new Map([
      ['a/', 1],
      ['b/', 9],
      ['d/', 3],
      ['e/', 2],
      ['c/x/', 50],
    ]);

    const [sampled] = notes(placeOf(jobIn('c/', J1), { leftOut }));
    const [cut] = notes(placeOf(jobIn('c/', J1), { leftOut: new Map([['a/', 1]]), isCut: true }));

    expect(sampled).toMatch(
      /^Some folders were sampled, so not everything was searched in s3:\/\/b\/b \(9 folders or more\), s3:\/\/b\/d \(3 folders or more\), s3:\/\/b\/e \(2 folders or more\), and others\./,
    );
    expect(cut).toMatch(
      /^The limit of requests was reached, so not everything was searched in s3:\/\/b\/a \(1 folder or more\)\./,
    );
  });

  it('tell of the same job in two places, unless it is known why', () => {
    const keys = [...jobIn('one/', J1), ...jobIn('two/', J1)];
    const names = [{ from: { store: 's3://b', key: 'one' }, to: { store: 's3://b', key: 'two' } }];

    expect(notes(placeOf(keys))).toEqual([
      'The same job ids are in s3://b/one and s3://b/two. If one is a copy of the other, declare it in "copies". Until then, both are in the area.',
    ]);
    expect(notes(placeOf(keys, { names }))).toEqual([]);
    expect(notes(placeOf([...jobIn('one/', J1), ...jobIn('two/', J2)]))).toEqual([]);
    const entropy = ['17Sr', '1Osp', '2Cnq'].flatMap((name) => [`f/${name}/c/${J1}/shared/1`]);
    expect(notes(placeOf(entropy))).toEqual([]);
  });

  it('are none of the same job where each place has files of its own, as clusters of one name have', () => {
    const rootIn = (folder: string) => ({
      root: { store: 's3://b', key: `${folder}${J1}/chk-7/_metadata` },
      folders: [
        {
          folder: { store: 's3://b', key: `${folder}${J1}/shared/` },
          files: 1,
          example: { store: 's3://b', key: `${folder}${J1}/shared/1` },
        },
      ],
      isWhole: true,
    });

    const keys = [...jobIn('one/', J1), ...jobIn('two/', J1)];
    expect(notes(placeOf(keys, { roots: [rootIn('one/'), rootIn('two/')] }))).toEqual([]);
    expect(notes(placeOf(keys, { roots: [rootIn('one/')] }))).toHaveLength(1);
  });

  it('tell of many jobs that some were looked into', () => {
    const jobs = Array.from({ length: 30 }, (_, at) => at.toString(16).padStart(32, '0'));
    const looks = looksOf(jobs.flatMap((job) => jobIn('c/', job)));
    const cut = looks.map((look) => ({ ...look, isWhole: look.path !== 'c/' }));

    expect(notes(placeOf([], { looks }))[0]).toMatch(/^24 of 30 jobs in s3:\/\/b\/c were read\./);
    expect(notes(placeOf([], { looks: cut }))[0]).toMatch(/^24 of more than 30 jobs in s3:\/\/b\/c were read\./);
  });

  it('tell of roots that broke off', () => {
    const broken = (key: string) => ({ root: { store: 's3://b', key }, folders: [], isWhole: false });

    expect(notes(placeOf(jobIn('c/', J1), { roots: [broken('c/1')] }))[0]).toMatch(
      /^s3:\/\/b\/c\/1 could not be read to the end/,
    );
    expect(notes(placeOf(jobIn('c/', J1), { roots: [broken('c/1'), broken('c/2')] }))[0]).toMatch(
      /^s3:\/\/b\/c\/1 and 1 other could not/,
    );
  });
});

describe('The folder to begin in', () => {
  it.each([
    ['', ''],
    ['flink/checkpoints/', 'flink/checkpoints/'],
    [`flink/${J1}/`, 'flink/'],
    [`flink/${J1}/shared/`, 'flink/'],
    [`${J1}/chk-4/`, ''],
    ['s/savepoint-aaaaaa-0123456789ab/', 's/'],
  ])('for %j is %j', (prefix, start) => {
    expect(startFor(prefix)).toBe(start);
  });
});
