import { describe, expect, it } from 'vitest';
import { DEFAULT_COLLECT_SETTINGS } from '#core/collect/settings.ts';
import { declareJobDead, declareRootDead, findPin, pin, unpin } from '#operations/ledger/declarations.ts';
import { EMPTY_STATE, readState, updateState } from '#operations/ledger/state.ts';
import { findRoot } from '#operations/look/find-root.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob } from '#test/support/played-job.ts';
import { keepLast, playJob, type Stewarded, useStewarded } from '#test/support/stewarded.ts';

const open = useStewarded();
const RULES = { ...DEFAULT_COLLECT_SETTINGS, maxDeleteFraction: 1 };

/** Beside a job that is well, one that wrote a file after its last checkpoint. */
async function openTwo(): Promise<{ area: Stewarded; dead: PlayedJob }> {
  const area = await open('directory');
  playJob(area);
  const dead = new PlayedJob(area, `flink/${OTHER_JOB}/`, area.url);
  dead.complete(1, [dead.upload(11)], NOW - 6 * DAY);
  dead.upload(12, NOW - 5 * DAY);
  return { area, dead };
}

describe('A job that is declared dead', () => {
  it('loses what it wrote after its last checkpoint, in quarantine from the declaration on', async () => {
    const { area, dead } = await openTwo();
    await area.run({ survey: { settings: RULES } });
    await updateState(area.ledger, (state) => declareJobDead(state, OTHER_JOB, NOW));
    area.time = NOW + DAY;
    const first = await area.run({ survey: { settings: RULES } });
    area.time = NOW + 2 * DAY;

    const second = await area.run({ survey: { settings: RULES } });

    expect([first, second].map(({ record }) => record.deleted.objects)).toEqual([1, 1]);
    expect(area.keys()).not.toContain(dead.file(12));
    expect(area.keys()).toContain(dead.file(11));
  });

  it('is dead no more once it has written again', async () => {
    const { area, dead } = await openTwo();
    await updateState(area.ledger, (state) => declareJobDead(state, OTHER_JOB, NOW));
    await area.run({ survey: { settings: RULES } });
    dead.upload(13, NOW + 60_000);
    area.time = NOW + 2 * DAY;
    await area.run({ survey: { settings: RULES } });
    area.time = NOW + 4 * DAY;

    await area.run({ survey: { settings: RULES } });

    expect(area.keys()).toEqual(expect.arrayContaining([dead.file(12), dead.file(13)]));
  });

  it('can be declared dead again, the latest word counting', async () => {
    const { area, dead } = await openTwo();
    await updateState(area.ledger, (state) => declareJobDead(state, OTHER_JOB, NOW));
    dead.upload(13, NOW + 60_000);
    await updateState(area.ledger, (state) => declareJobDead(state, OTHER_JOB, NOW + DAY));
    area.time = NOW + 2 * DAY;
    await area.run({ survey: { settings: RULES } });
    area.time = NOW + 4 * DAY;

    await area.run({ survey: { settings: RULES } });

    expect((await readState(area.ledger)).deadJobs).toEqual([
      { job: OTHER_JOB, at: '2027-03-02T00:00:00.000Z', by: 'declared' },
    ]);
    expect(area.keys().filter((key) => key === dead.file(12) || key === dead.file(13))).toEqual([]);
  });

  it('in the configuration dates from the first run that saw it there', async () => {
    const { area, dead } = await openTwo();
    const survey = { settings: RULES, deadJobs: [OTHER_JOB] };
    area.time = NOW + 60_000;
    await area.run({ survey });
    area.time = NOW + DAY;
    await area.run({ survey });

    expect((await readState(area.ledger)).deadJobs).toEqual([
      { job: OTHER_JOB, at: '2027-03-01T00:01:00.000Z', by: 'configured' },
    ]);
    expect(area.keys()).not.toContain(dead.file(12));
  });

  it('in the configuration lapses as well, for good', async () => {
    const { area, dead } = await openTwo();
    const survey = { settings: RULES, deadJobs: [OTHER_JOB] };
    await area.run({ survey });
    dead.upload(13, NOW + 60_000);
    for (let day = 1; day <= 3; day++) {
      area.time = NOW + day * DAY;
      await area.run({ survey });
    }

    expect(area.keys()).toEqual(expect.arrayContaining([dead.file(12), dead.file(13)]));
  });

  it('in the configuration dates anew once it was taken out and put back', async () => {
    const { area } = await openTwo();
    await area.run({ survey: { deadJobs: [OTHER_JOB] } });
    await area.run();
    expect((await readState(area.ledger)).deadJobs).toEqual([]);
    area.time = NOW + DAY;

    await area.run({ survey: { deadJobs: [OTHER_JOB] } });

    expect((await readState(area.ledger)).deadJobs.map(({ at }) => at)).toEqual(['2027-03-02T00:00:00.000Z']);
  });

  it('by word of mouth stays so though the configuration does not name it', async () => {
    const { area } = await openTwo();
    await updateState(area.ledger, (state) => declareJobDead(state, OTHER_JOB, NOW));

    await area.run({ survey: { deadJobs: [JOB] } });
    await area.run();

    expect((await readState(area.ledger)).deadJobs.map(({ job, by }) => [job, by])).toEqual([[OTHER_JOB, 'declared']]);
  });
});

describe('A root that is declared dead', () => {
  it('stops nothing any more, with that content; with another one it does', async () => {
    // Prepare
    const area = await open('directory');
    const job = playJob(area);
    area.put(job.root(2), 'cut off', NOW - DAY);
    const before = await area.run();
    const broken = before.survey.reachability.roots.find(({ key }) => key === job.root(2));
    const url = `s3://bucket/${job.root(2)}`;

    // Act
    await updateState(area.ledger, (state) => declareRootDead(state, url, broken?.etag ?? '', NOW));
    const declared = await area.run();
    area.put(job.root(2), 'cut off elsewhere', NOW - DAY);
    const changed = await area.run();

    // Assess
    expect([before, declared, changed].map(({ record }) => record.result)).toEqual([
      'undecidable',
      'nothing-to-do',
      'undecidable',
    ]);
    expect(before.record.why).toContain(`${url} can't be read`);
    expect(area.keys()).toContain(job.root(2));
  });

  it('is written down once for each content', () => {
    const once = declareRootDead(EMPTY_STATE, 'u', 'e1', NOW);

    expect(declareRootDead(declareRootDead(once, 'u', 'e1', NOW + 1_000), 'u', 'e2', NOW).deadRoots).toEqual([
      { url: 'u', etag: 'e1', at: '2027-03-01T00:00:01.000Z' },
      { url: 'u', etag: 'e2', at: '2027-03-01T00:00:00.000Z' },
    ]);
  });
});

describe('A pin', () => {
  it('keeps a root from being retired, and what it names is called pinned', async () => {
    const area = await open('directory');
    const job = playJob(area);
    job.complete(0, [job.file(1)], NOW - 3 * DAY);
    const url = `s3://bucket/${job.root(0)}`;
    await updateState(area.ledger, (state) => pin(state, url, 'before the migration', NOW));
    area.time = NOW + 20 * DAY;

    const { retired, totals } = await area.run({ retention: keepLast(1), sweep: null, survey: { settings: RULES } });
    await updateState(area.ledger, (state) => unpin(state, url));
    const unpinned = await area.run({ retention: keepLast(1), sweep: null, survey: { settings: RULES } });

    expect(retired.retired).toEqual([]);
    expect(totals.area['keep-pinned'].objects).toBe(2);
    expect(unpinned.retired.retired.map(({ key }) => key)).toEqual([job.root(0)]);
  });

  it('is one for each root, with the latest reason', () => {
    const state = pin(pin(pin(EMPTY_STATE, 'a', null, NOW), 'b', null, NOW), 'a', 'because', NOW + 1_000);

    expect(state.pins).toEqual([
      { url: 'b', at: '2027-03-01T00:00:00.000Z', why: null },
      { url: 'a', at: '2027-03-01T00:00:01.000Z', why: 'because' },
    ]);
  });

  it.each([
    ['s3://b/j/chk-1/_metadata', 's3://b/j/chk-1/_metadata'],
    ['s3://b/j/chk-1', 's3://b/j/chk-1/_metadata'],
    ['s3://b/j/chk-1/', 's3://b/j/chk-1/_metadata'],
    ['chk-2', 's3://b/j/chk-2/_metadata'],
    ['s3://b/j/chk-10', 's3://b/j/chk-10/_metadata'],
    ['chk-1', 's3://b/j/chk-1/_metadata'],
    ['chk-1/_meta', 's3://b/j/chk-1/_metadata'],
    ['chk-', null],
    ['j/', null],
    ['chk-9', null],
    ['', null],
  ])('is found by %j where that fits one only', (text, found) => {
    const urls = ['s3://b/j/chk-1/_metadata', 's3://b/j/chk-10/_metadata', 's3://b/j/chk-2/_metadata'];
    const state = urls.reduce((known, url) => pin(known, url, null, NOW), EMPTY_STATE);

    expect(findPin(state, text)?.url ?? null).toBe(found);
  });

  it('is not found by the number of another checkpoint', () => {
    const state = pin(EMPTY_STATE, 's3://b/j/chk-42/_metadata', null, NOW);

    expect(findPin(state, 'j/chk-4')).toBeNull();
    expect(findPin(state, 's3://b/j/chk-4')).toBeNull();
    expect(findPin(state, 'j/chk-')?.url).toBe('s3://b/j/chk-42/_metadata');
  });
});

describe.each(['directory', 'bucket'] as const)('A root that a person names in a %s', (kind) => {
  it('is found by the URL or the path of its directory or of its _metadata', async () => {
    // Prepare
    const area = await open(kind, { prefixes: ['flink/', 'other/'] });
    const job = playJob(area);
    const elsewhere = new PlayedJob(area, 'other/x_metadata/', area.url);
    elsewhere.complete(1, []);
    const { survey } = await area.run();
    const stores = area.locations.map(({ store }) => store);
    const find = async (text: string) => (await findRoot(survey.area, stores, text))?.key ?? null;
    const directory = job.root(1).replace('/_metadata', '');

    // Act, Assess
    for (const text of [`s3://bucket/${directory}`, `s3a://bucket/${directory}/`, `s3://bucket/${job.root(1)}`]) {
      expect(await find(text)).toBe(job.root(1));
    }
    for (const text of [directory, `${directory}/`, job.root(1)]) expect(await find(text)).toBe(job.root(1));
    expect(await find('other/x_metadata/chk-1')).toBe(elsewhere.root(1));
    expect(await find('s3://bucket/flink')).toBeNull();
    expect(await find(`s3://elsewhere/${directory}`)).toBeNull();
    expect(await find(`s3://bucket/${directory}0`)).toBeNull();
    expect(await find('')).toBeNull();
  });

  it('is named by what the ledger knows it by, empty though it may be', async () => {
    const area = await open(kind);
    const job = playJob(area);
    area.put(job.root(2), '', NOW - DAY);
    const { survey } = await area.run();
    const root = survey.reachability.roots.find(({ key }) => key === job.root(2));

    const found = await findRoot(survey.area, [area.locations[0]?.store ?? never()], `flink/${JOB}/chk-2`);

    expect(found).toEqual({
      url: `s3://bucket/${job.root(2)}`,
      location: 0,
      key: job.root(2),
      etag: root?.etag,
    });
  });
});

function never(): never {
  throw new Error('There is no location.');
}
