import { describe, expect, it } from 'vitest';
import { DEFAULT_COLLECT_SETTINGS } from '#core/collect/settings.ts';
import { recollect } from '#operations/ledger/run-memory.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob, uuid } from '#test/support/played-job.ts';
import { keepLast, playJob, type Stewarded, useStewarded } from '#test/support/stewarded.ts';

const open = useStewarded();
/** With these the share that a run deletes is no matter. */
const RULES = { ...DEFAULT_COLLECT_SETTINGS, maxDeleteFraction: 1 };

/** A job with that many roots, each of which names a file of its own. */
function playRoots(area: Stewarded, count: number): PlayedJob {
  const job = new PlayedJob(area, `flink/${JOB}/`, area.url);
  for (let n = 1; n <= count; n++) {
    job.complete(n, [job.upload(n)], NOW - 3 * DAY + n * 1_000);
  }
  return job;
}

describe('A tripped breaker', () => {
  it('stops a run, is on record, and is gone over with --accept', async () => {
    // Prepare: one of two objects is garbage.
    const area = await open('directory');
    const job = new PlayedJob(area, `flink/${JOB}/`, area.url);
    job.complete(1, []);
    job.upload(2);
    await area.run();
    area.time = NOW + DAY;

    // Act
    const stopped = await area.run();
    const kept = area.keys();
    const accepted = await area.run({ accept: new Set(['too-much']) });

    // Assess
    expect(stopped.breakers.map(({ breaker }) => breaker)).toEqual(['too-much']);
    expect(stopped.record).toMatchObject({
      executed: false,
      result: 'stopped',
      why: stopped.breakers[0]?.sentence,
      breakers: ['too-much'],
      deletable: { objects: 1 },
      deleted: { objects: 0 },
    });
    expect(kept).toEqual([job.root(1), job.file(2)].sort());
    expect(accepted.record).toMatchObject({ result: 'done', executed: true, breakers: ['too-much'] });
    expect(area.keys()).toEqual([job.root(1)]);
  });

  it('is not gone over by accepting another one', async () => {
    const area = await open('directory');
    const job = new PlayedJob(area, `flink/${JOB}/`, area.url);
    job.complete(1, []);
    job.upload(2);
    await area.run();
    area.time = NOW + DAY;

    const { record } = await area.run({ accept: new Set(['no-roots', 'deleted-is-named']) });

    expect(record.result).toBe('stopped');
    expect(area.keys()).toContain(job.file(2));
  });

  it('leaves what the quarantine has served as it is: the verdicts are the same', async () => {
    const area = await open('directory');
    const job = new PlayedJob(area, `flink/${JOB}/`, area.url);
    job.complete(1, []);
    job.upload(2);
    await area.run();
    area.time = NOW + DAY;

    const { totals } = await area.run();

    expect(totals.area.delete.objects).toBe(1);
  });
});

describe('The breaker no-roots', () => {
  it('stops a run over an area whose checkpoints are not seen', async () => {
    const area = await open('directory');
    const job = playJob(area);
    await area.run();
    area.remove(job.root(1));
    area.time = NOW + 40 * DAY;
    await area.run();
    area.time = NOW + 41 * DAY;

    const { record } = await area.run({ survey: { settings: RULES } });

    expect(record).toMatchObject({ result: 'stopped', breakers: ['no-roots'] });
    expect(area.keys()).toHaveLength(3);
  });

  it('says nothing of an empty area, marked by the steward or not', async () => {
    const area = await open('directory');

    const first = await area.run();
    const second = await area.run();

    expect([first, second].map(({ record }) => record.breakers)).toEqual([[], []]);
  });
});

describe('The breakers roots-shrunk and listing-shrunk', () => {
  it('stop runs until somebody has looked where more than half has gone', async () => {
    // Prepare
    const area = await open('directory');
    const job = playRoots(area, 12);
    job.upload(99);
    await area.run();
    area.remove(...Array.from({ length: 7 }, (_, n) => job.root(n + 1)));
    area.time = NOW + DAY;

    // Act
    const first = await area.run({ survey: { settings: RULES } });
    area.time = NOW + 2 * DAY;
    const second = await area.run({ survey: { settings: RULES } });
    const accepted = await area.run({ survey: { settings: RULES }, accept: new Set(['roots-shrunk']) });
    const later = await area.run({ survey: { settings: RULES } });

    // Assess
    expect([first, second, accepted, later].map(({ record }) => [record.result, record.breakers])).toEqual([
      ['stopped', ['roots-shrunk']],
      ['stopped', ['roots-shrunk']],
      ['done', ['roots-shrunk']],
      ['nothing-to-do', []],
    ]);
  });

  it('don’t count what the steward deleted and retired itself', async () => {
    // Prepare: 12 roots, of which one stays.
    const area = await open('directory');
    playRoots(area, 12);
    area.time = NOW + 15 * DAY;
    await area.run();
    const retired = await area.run({ survey: { settings: RULES }, retention: keepLast(1) });

    // Act
    area.time = NOW + 16 * DAY;
    const quarantined = await area.run({ survey: { settings: RULES } });
    area.time = NOW + 17 * DAY;
    const swept = await area.run({ survey: { settings: RULES } });
    area.time = NOW + 18 * DAY;
    const after = await area.run({ survey: { settings: RULES } });

    // Assess
    expect(retired.record.retired).toBe(11);
    expect(swept.record.deleted.objects).toBe(11);
    expect([quarantined, swept, after].map(({ record }) => record.breakers)).toEqual([[], [], []]);
    expect(area.keys()).toHaveLength(2);
  });

  it('don’t count it either where the run died before it could say so', async () => {
    // Prepare: everything is deleted and on record when the ledger fails.
    const area = await open('directory');
    const job = playRoots(area, 10);
    for (let n = 100; n < 130; n++) job.upload(n);
    await area.run();
    area.time = NOW + DAY;
    area.onLedgerCall = (call) => {
      if (/write (?:memory|runs.*summary|lease)/.test(call) && area.keys().length === 20) throw new Error('killed');
    };
    await expect(area.run({ survey: { settings: RULES } })).rejects.toThrow('killed');
    area.onLedgerCall = () => {};
    const { record: remembered } = await recollect(area.ledger);

    // Act
    area.time = NOW + DAY + 600_000;
    const { record } = await area.run();

    // Assess: of 50 objects and a marker 30 are gone, by our hand.
    expect(remembered?.lastRun).toEqual({ roots: 10, objects: 21 });
    expect(record.breakers).toEqual([]);
    expect(record.result).toBe('nothing-to-do');
  });
});

describe('The breaker area-shrunk', () => {
  it('stops every run that looks at less than the area, until somebody says that it is all', async () => {
    // Prepare: what is garbage in one location is named by a savepoint in the other.
    const area = await open('directory', { prefixes: ['flink/', 'savepoints/'] });
    const job = playJob(area);
    area.put('savepoints/savepoint-1/_metadata', job.metadata(1, [job.file(2)], 'savepoint-native'), NOW - 2 * DAY);
    job.upload(4);
    job.upload(5);
    const half = {
      survey: { locations: area.locations.slice(0, 1) },
      writers: area.writers.slice(0, 1),
      deleters: area.deleters.slice(0, 1),
    };
    await area.run();
    const results = [];

    // Act
    for (let day = 1; day <= 3; day++) {
      area.time = NOW + day * DAY;
      results.push((await area.run(half)).record);
    }
    const whole = await area.run({ survey: { settings: RULES } });

    // Assess
    expect(results.map(({ result, breakers }) => [result, breakers.filter((each) => each !== 'too-much')])).toEqual(
      Array.from({ length: 3 }, () => ['stopped', ['area-shrunk']]),
    );
    expect(whole.record).toMatchObject({ result: 'done', deleted: { objects: 2 } });
    expect(area.keys()).toContain(job.file(2));
  });

  it('is content with the smaller area once that was accepted', async () => {
    const area = await open('directory', { prefixes: ['flink/', 'savepoints/'] });
    playJob(area);
    await area.run();
    const half = { survey: { locations: area.locations.slice(0, 1) }, writers: area.writers, deleters: area.deleters };

    const accepted = await area.run({ ...half, accept: new Set(['area-shrunk']) });
    const later = await area.run(half);

    expect([accepted, later].map(({ record }) => record.breakers)).toEqual([['area-shrunk'], []]);
  });

  it('is not talked out of it by a look at a part of the area that could not decide', async () => {
    const area = await open('directory', { prefixes: ['flink/', 'savepoints/'] });
    const job = playJob(area);
    await area.run();
    const half = { survey: { locations: area.locations.slice(0, 1) }, writers: area.writers, deleters: area.deleters };
    area.put(job.root(9), 'no metadata');
    await area.run({ ...half, execute: false });
    area.remove(job.root(9));

    const { record } = await area.run(half);

    expect(record.breakers).toEqual(['area-shrunk']);
  });
});

describe('The breaker deleted-is-named', () => {
  it('stops everything where a checkpoint names what an earlier run deleted', async () => {
    // Prepare
    const area = await open('directory');
    const job = playJob(area);
    await area.run();
    area.time = NOW + DAY;
    await area.run();
    job.complete(2, [job.file(1), job.file(2)], NOW + DAY);

    // Act
    const { breakers, record } = await area.run();

    // Assess
    expect(record.result).toBe('stopped');
    expect(breakers).toEqual([
      {
        breaker: 'deleted-is-named',
        sentence: `${job.root(2)} references s3://bucket/${job.file(2)}, which an earlier run deleted. So nothing is deleted; please report this with the files that SECURITY.md asks for`,
      },
    ]);
  });

  it.each(['unknown', 'refused'] as const)('counts a deletion of which the outcome is %s', async (outcome) => {
    // Prepare: the run dies, or the answer is lost, after the file has gone.
    const area = await open('directory');
    const job = playJob(area);
    await area.run();
    area.time = NOW + DAY;
    const deleters = area.deleters.map((deleter) => ({
      delete: async (batch: Parameters<typeof deleter.delete>[0]) => {
        await deleter.delete(batch);
        if (outcome === 'unknown') throw new Error('killed');
        return batch.map(({ key }) => ({ key, outcome, why: 'no answer' }));
      },
    }));
    await area.run({ deleters }).catch(() => {});
    job.complete(2, [job.file(2)], NOW + DAY);
    area.time = NOW + 2 * DAY;

    // Act
    const { record } = await area.run();

    // Assess
    expect(record.breakers).toContain('deleted-is-named');
  });

  it('says nothing of files that others have removed', async () => {
    const area = await open('directory');
    const job = playJob(area);
    await area.run();
    area.remove(job.file(1));

    const { record } = await area.run();

    expect(record.breakers).toEqual([]);
  });
});

describe('What a run remembers', () => {
  it('is known again where the area is written in another order', async () => {
    const area = await open('directory', { prefixes: ['flink/', 'other/'] });
    playJob(area);
    const other = new PlayedJob(area, `other/${OTHER_JOB}/`, area.url);
    other.complete(1, [other.upload(11), other.upload(13)]);
    other.upload(12);
    await area.run();
    area.time = NOW + DAY;

    const { record } = await area.run({
      survey: { locations: [...area.locations].reverse() },
      writers: [...area.writers].reverse(),
      deleters: [...area.deleters].reverse(),
    });

    expect(record.deleted.objects).toBe(2);
    expect(area.keys().filter((key) => key.endsWith(uuid(2)) || key.endsWith(uuid(12)))).toEqual([]);
  });
});
