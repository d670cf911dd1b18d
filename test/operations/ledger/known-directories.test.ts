import { describe, expect, it } from 'vitest';
import { DEFAULT_COLLECT_SETTINGS } from '#core/collect/settings.ts';
import { directoriesByDigits, knownDirectoryLines, rememberedIn } from '#operations/ledger/known-directories.ts';
import { NOW } from '#test/support/played-job.ts';
import { playJob, useStewarded } from '#test/support/stewarded.ts';
import { DAY, HOUR, JOB, OTHER_JOB, uuid, NOW as WORLD_NOW, world } from '#test/support/world.ts';

const open = useStewarded();
const ALL = { survey: { settings: { ...DEFAULT_COLLECT_SETTINGS, maxDeleteFraction: 1 } } };
const STORE = 's3://bucket';
const SHARED = `cp/${JOB}/shared/${uuid(1)}`;

const line = (key: string, age: number, roots: readonly [string, string | null, number][] = []) => ({
  store: STORE,
  key,
  seen: WORLD_NOW - age,
  began: WORLD_NOW - 50 * DAY,
  absent: WORLD_NOW - 51 * DAY,
  roots: roots.map(([name, content, completed]) => ({ name, content, completed: WORLD_NOW - completed })),
});

describe.each(['directory', 'bucket'] as const)('A root that is copied onto itself in a %s', (kind) => {
  it('is no younger than before, so it shows nothing of the uploads since', async () => {
    // Prepare
    const area = await open(kind);
    const job = playJob(area);
    const upload = job.upload(7, NOW - 36 * HOUR);
    await area.run(ALL);
    area.put(job.root(1), area.content(job.root(1)), NOW + HOUR);

    // Act
    area.time = NOW + 3 * DAY;
    const { survey } = await area.run(ALL);
    area.time = NOW + 5 * DAY;
    await area.run(ALL);

    // Assess
    expect(survey.reachability.roots.map(({ completed }) => completed)).toEqual([NOW - 2 * DAY]);
    expect(area.keys()).toContain(upload);
  });

  it('is another one where its content is', async () => {
    const area = await open(kind);
    const job = playJob(area);
    const upload = job.upload(7, NOW - 36 * HOUR);
    await area.run(ALL);
    job.complete(1, [job.file(1), job.file(1)], NOW + HOUR);

    area.time = NOW + 3 * DAY;
    const { survey } = await area.run(ALL);
    area.time = NOW + 5 * DAY;
    await area.run(ALL);

    expect(survey.reachability.roots.map(({ completed }) => completed)).toEqual([NOW + HOUR]);
    expect(area.keys()).not.toContain(upload);
  });
});

describe('What the ledger remembers of directories', () => {
  it('is each that holds files or roots, and not what holds folders alone', () => {
    const seen = world({
      objects: { [SHARED]: DAY, [`cp/${OTHER_JOB}/shared/`]: DAY, [`eu/${JOB}/chk-1/${uuid(2)}`]: DAY },
      roots: { [`us/${JOB}/chk-7`]: { age: HOUR }, 'sp/mine': { age: DAY, kind: 'savepoint-native' } },
    });

    const began = WORLD_NOW - DAY;
    expect([...knownDirectoryLines(seen, [])]).toEqual([
      { store: STORE, key: `us/${JOB}/`, seen: WORLD_NOW, began, roots: [['chk-7', null, WORLD_NOW - HOUR]] },
      { store: STORE, key: `cp/${JOB}/`, seen: WORLD_NOW, began, roots: [] },
      { store: STORE, key: `eu/${JOB}/`, seen: WORLD_NOW, began, roots: [] },
      { store: STORE, key: 'sp/mine/', seen: WORLD_NOW, began, roots: [['', null, WORLD_NOW - DAY]] },
    ]);
  });

  it('keeps the ten newest of the roots that are gone, and each root once', () => {
    const gone = Array.from({ length: 12 }, (_, at) => [`chk-${12 - at}`, null, (at + 1) * DAY] as const);
    const seen = world({ roots: { [`cp/${JOB}/chk-12`]: { age: DAY } } });

    const [kept] = [
      ...knownDirectoryLines(seen, [
        line(
          `cp/${JOB}/`,
          DAY,
          gone.map((root) => [...root]),
        ),
      ]),
    ];

    expect(kept?.seen).toBe(WORLD_NOW);
    expect(kept?.roots.map(([name]) => name)).toEqual(Array.from({ length: 11 }, (_, at) => `chk-${12 - at}`));
  });

  it('is the time of the oldest object that any run saw of the job, unless a run of before has not noted it', () => {
    const seen = world({ objects: { [SHARED]: DAY, [`cp/${JOB}/taskowned/`]: 2 * DAY } });
    const began = (before: Parameters<typeof knownDirectoryLines>[1]) =>
      [...knownDirectoryLines(seen, before)].map((told) => told.began);

    expect(began([])).toEqual([WORLD_NOW - 2 * DAY]);
    expect(began([line(`cp/${JOB}/`, DAY)])).toEqual([WORLD_NOW - 50 * DAY]);
    expect(began([{ ...line(`cp/${JOB}/`, DAY), began: WORLD_NOW }])).toEqual([WORLD_NOW - 2 * DAY]);
    expect(began([{ ...line(`cp/${JOB}/`, DAY), began: null }])).toEqual([undefined]);
  });

  it('is when a run had looked and not seen it yet, which no later run changes', () => {
    const seen = world({ objects: { [SHARED]: DAY } });
    const key = `cp/${JOB}/`;
    const absent = (...args: [Parameters<typeof knownDirectoryLines>[1], number | null]) =>
      [...knownDirectoryLines(seen, ...args)].map((told) => told.absent);

    expect(absent([], WORLD_NOW - 2 * DAY)).toEqual([WORLD_NOW - 2 * DAY]);
    expect(absent([], null)).toEqual([undefined]);
    expect(absent([line(key, DAY)], WORLD_NOW - 2 * DAY)).toEqual([WORLD_NOW - 51 * DAY]);
    expect(absent([{ ...line(key, DAY), absent: null }], WORLD_NOW - 2 * DAY)).toEqual([undefined]);
  });

  it('is forgotten when it has shown nothing for ninety days', () => {
    const before = [line('cp/old/', 90 * DAY), line('cp/new/', 90 * DAY - 1)];

    expect([...knownDirectoryLines(world({}), before)].map(({ key }) => key)).toEqual(['cp/new/']);
  });

  it('is found again by its place, and not outside the area', () => {
    const known = [line(`cp/${JOB}/`, DAY, [['chk-7', 'abc', DAY]]), { ...line('far/', DAY), store: 's3://far' }];

    const remembered = rememberedIn(known, world({}).area);

    expect(remembered(0, `cp/${JOB}/`)?.roots).toEqual([{ name: 'chk-7', content: 'abc', completed: WORLD_NOW - DAY }]);
    expect(remembered(0, `cp/${OTHER_JOB}/`)).toBe(null);
    expect(remembered(0, 'far/')).toBe(null);
  });

  it('is told for the savepoints of its job', () => {
    const known = [
      line(`eu/${JOB}/`, DAY, [['chk-7', 'abc', DAY]]),
      line(`us/${JOB}/`, DAY, [['chk-9', 'def', DAY]]),
      line(`other/${JOB}/`, DAY),
      line(`eu/${OTHER_JOB}/`, DAY, [['chk-1', 'ghi', DAY]]),
      { ...line(`far/${JOB}/`, DAY, [['chk-1', 'jkl', DAY]]), store: 's3://far' },
    ];

    const held = directoriesByDigits(known, world({}).area);

    expect(held(JOB.slice(0, 6))).toEqual([
      { job: JOB, id: `0:eu/${JOB}/` },
      { job: JOB, id: `0:us/${JOB}/` },
      { job: JOB, id: `0:other/${JOB}/` },
    ]);
    expect(held('000000')).toEqual([]);
  });
});
