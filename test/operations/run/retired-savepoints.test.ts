import { describe, expect, it } from 'vitest';
import { DEFAULT_COLLECT_SETTINGS } from '#core/collect/settings.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob } from '#test/support/played-job.ts';
import { KINDS, keepLast, type RunChanges, type Stewarded, useStewarded } from '#test/support/stewarded.ts';

const open = useStewarded();
const RULES = { ...DEFAULT_COLLECT_SETTINGS, maxDeleteFraction: 1 };
const ENDED = NOW + 15 * DAY;
const COLLECT: RunChanges = { survey: { settings: RULES } };
const RETIRE: RunChanges = { ...COLLECT, command: 'retire', sweep: null, retention: keepLast(1) };
const OLD = 'sp/savepoint-946894-0123456789a1/';
const NEW = 'sp/savepoint-946894-0123456789a2/';

/** An ended job with a checkpoint and two native savepoints of two files each; one more file is in the older one. */
function playSavepoints(area: Stewarded, old = OLD): { readonly job: PlayedJob; readonly unnamed: string } {
  const job = new PlayedJob(area, `flink/${JOB}/`, area.url);
  job.complete(1, [job.upload(0)]);
  savepoint(area, old, [11, 12], NOW - 4 * DAY);
  savepoint(area, NEW, [21, 22], NOW - 3 * DAY);
  const [unnamed = ''] = filesIn(area, old, [19]);
  area.time = ENDED;
  return { job, unnamed };
}

function savepoint(area: Stewarded, directory: string, files: readonly number[], completed: number): void {
  const keys = filesIn(area, directory, files, completed);
  const job = new PlayedJob(area, directory, area.url);
  area.put(`${directory}_metadata`, job.metadata(1, keys, 'savepoint-native'), completed);
}

function filesIn(area: Stewarded, directory: string, files: readonly number[], at = NOW - 4 * DAY): readonly string[] {
  const job = new PlayedJob(area, directory.replace(/[^/]+\/$/, ''), area.url);
  const below = directory.split('/').at(-2);
  return files.map((number) => job.upload(number, at, below));
}

/** Retires, and runs for as many days. */
async function retireAndCollect(area: Stewarded, days = 3): Promise<void> {
  await area.run(RETIRE);
  for (let day = 0; day < days; day++) {
    area.time += DAY;
    await area.run(COLLECT);
  }
}

describe.each(KINDS)('A retired savepoint in a %s', (kind) => {
  it.each([OLD, 'backup/'])('in %s gives its own files up, and no others', async (old) => {
    // Prepare
    const area = await open(kind, { realLedger: true });
    const { unnamed } = playSavepoints(area, old);
    if (old === 'backup/') savepoint(area, 'backup-2/', [31], NOW - 2 * DAY);
    const before = area.keys();
    const own = [`${old}_metadata`, ...before.filter((key) => key.startsWith(old) && key !== unnamed)];
    const policies = [{ matches: () => true, endedJobs: 'all', savepoints: { keepWithin: 18.5 * DAY } }] as const;
    const retention = () => ({ ...keepLast(1)(null), policies });

    // Act
    const { retired } = await area.run({ ...RETIRE, retention });
    area.time += DAY;
    const quarantined = await area.run(COLLECT);
    area.time += DAY;
    await area.run(COLLECT);

    // Assess
    expect(retired.retired.map(({ key }) => key)).toEqual([`${old}_metadata`]);
    expect(quarantined.record).toMatchObject({ quarantined: { objects: 2 }, deleted: { objects: 0 } });
    expect(area.keys()).toEqual(before.filter((key) => !own.includes(key)));
  });
});

describe('Files of a retired savepoint', () => {
  const filesOf = (area: Stewarded, directory: string) => area.keys().filter((key) => key.startsWith(directory));

  it('are kept where another checkpoint or savepoint references them', async () => {
    const area = await open('directory');
    const { unnamed } = playSavepoints(area);
    const [first = '', second = ''] = filesOf(area, OLD).filter((key) => key !== unnamed && !key.endsWith('_metadata'));
    const successor = new PlayedJob(area, `flink/${OTHER_JOB}/`, area.url);
    successor.complete(1, [first, successor.upload(41)]);

    await retireAndCollect(area);

    expect(filesOf(area, OLD)).toEqual([first, unnamed].sort());
    expect(area.keys()).not.toContain(second);
  });

  it('are kept where a copy of the savepoint is still there', async () => {
    const area = await open('directory');
    playSavepoints(area);
    savepoint(area, 'backup/', [11, 12], NOW - 4 * DAY);
    const kept = filesOf(area, OLD).filter((key) => !key.endsWith('_metadata'));

    await retireAndCollect(area);

    expect(filesOf(area, OLD)).toEqual(kept);
  });

  it('are kept where a renamed root references them', async () => {
    const area = await open('directory');
    playSavepoints(area);
    area.put(`${OLD}_metadata.bak`, area.content(`${OLD}_metadata`), NOW - 4 * DAY);
    const kept = filesOf(area, OLD).filter((key) => !key.endsWith('_metadata'));

    await retireAndCollect(area);

    expect(filesOf(area, OLD)).toEqual(kept);
  });

  it('are kept while another root is in the directory again', async () => {
    const area = await open('directory');
    playSavepoints(area);
    const kept = filesOf(area, OLD).filter((key) => !key.endsWith('_metadata'));
    await area.run(RETIRE);
    savepoint(area, OLD, [51], area.time);

    await retireAndCollect(area);

    expect(filesOf(area, OLD)).toEqual(expect.arrayContaining([...kept]));
  });

  it('are kept where an undo has put the savepoint back', async () => {
    const area = await open('directory');
    playSavepoints(area);
    const root = area.content(`${OLD}_metadata`);
    await area.run(RETIRE);
    area.time += DAY;
    await area.run(COLLECT);
    area.put(`${OLD}_metadata`, root, NOW - 4 * DAY);
    const kept = filesOf(area, OLD);

    for (let day = 0; day < 3; day++) {
      area.time += DAY;
      await area.run(COLLECT);
    }

    expect(filesOf(area, OLD)).toEqual(kept);
  });

  it('are kept while a job may be starting from the savepoint: it is not retired then', async () => {
    const area = await open('directory');
    playSavepoints(area);
    new PlayedJob(area, `flink/${OTHER_JOB}/`, area.url).upload(61, ENDED - DAY);
    const kept = filesOf(area, OLD);

    await retireAndCollect(area);

    expect(filesOf(area, OLD)).toEqual(kept);
  });

  it.each(['missing', 'cut off'])('are kept where the copy in the ledger is %s', async (how) => {
    const area = await open('directory');
    playSavepoints(area);
    const kept = filesOf(area, OLD).filter((key) => !key.endsWith('_metadata'));
    await area.run(RETIRE);
    const { files } = area.ledgerContent;
    const [copy = ''] = [...files.keys()].filter((path) => path.startsWith('retired/'));
    if (how === 'missing') files.delete(copy);
    else files.set(copy, files.get(copy)?.subarray(0, 40) ?? Buffer.alloc(0));

    for (let day = 0; day < 3; day++) {
      area.time += DAY;
      await area.run(COLLECT);
    }

    expect(copy).not.toBe('');
    expect(filesOf(area, OLD)).toEqual(kept);
  });

  it('are kept where they were written since it was retired', async () => {
    const area = await open('bucket');
    const { unnamed } = playSavepoints(area);
    const [again = '', other = ''] = filesOf(area, OLD).filter((key) => key !== unnamed && !key.endsWith('_metadata'));
    await area.run(RETIRE);
    area.time += 60_000;
    area.put(again, area.content(again), area.time);

    for (let day = 0; day < 4; day++) {
      area.time += DAY;
      await area.run(COLLECT);
    }

    expect(area.keys()).toContain(again);
    expect(area.keys()).not.toContain(other);
  });

  it('are known from one reading of the copy', async () => {
    const area = await open('directory');
    const { unnamed } = playSavepoints(area);
    const [first = ''] = filesOf(area, OLD).filter((key) => key !== unnamed && !key.endsWith('_metadata'));
    const successor = new PlayedJob(area, `flink/${OTHER_JOB}/`, area.url);
    successor.complete(1, [first, successor.upload(41)]);
    const read: string[] = [];
    area.onLedgerCall = (call) => {
      if (/^ledger: read file retired\//.test(call)) read.push(call);
    };

    await retireAndCollect(area, 4);

    expect(read).toEqual([expect.stringMatching(/ retired\/.*\/000001\.metadata$/)]);
  });
});
