import { describe, expect, it } from 'vitest';
import type { Breaker } from '#core/collect/breakers.ts';
import { DAY, NOW, type PlayedJob } from '#test/support/played-job.ts';
import { KINDS, type Kind, playJob, type Stewarded, useStewarded } from '#test/support/stewarded.ts';

const HOUR = 3_600_000;
const QUARANTINE = 20 * HOUR;
const open = useStewarded();

async function openJob(kind?: Kind): Promise<{ area: Stewarded; job: PlayedJob }> {
  const area = await open(kind ?? 'directory', { realLedger: kind !== undefined });
  return { area, job: playJob(area) };
}

describe.each(KINDS)('Garbage in a %s', (kind) => {
  it('is remembered by the first run, waits in the second, and goes when the quarantine is served', async () => {
    // Prepare
    const { area, job } = await openJob(kind);
    const kept = [job.file(1), job.file(3), job.root(1)].sort();

    // Act
    const first = await area.run();
    area.time = NOW + QUARANTINE - 1_000;
    const second = await area.run();
    const before = area.keys();
    area.time = NOW + QUARANTINE;
    const third = await area.run();

    // Assess
    expect(before).toEqual([...kept, job.file(2)].sort());
    expect(area.keys()).toEqual(kept);
    expect([first, second, third].map(({ record }) => [record.result, record.quarantined, record.deleted])).toEqual([
      ['nothing-to-do', { objects: 1, bytes: 100 }, { objects: 0, bytes: 0 }],
      ['nothing-to-do', { objects: 1, bytes: 100 }, { objects: 0, bytes: 0 }],
      ['done', { objects: 0, bytes: 0 }, { objects: 1, bytes: 100 }],
    ]);
  });
});

describe('The quarantine', () => {
  it('is not served by time alone: two runs must have found the garbage', async () => {
    const { area, job } = await openJob();
    area.time = NOW + 9 * DAY;

    const { record } = await area.run();

    expect(record.quarantined.objects).toBe(1);
    expect(area.keys()).toContain(job.file(2));
  });

  it('is served by runs that only look, too', async () => {
    const { area, job } = await openJob();
    await area.run({ execute: false, command: 'plan' });
    area.time = NOW + QUARANTINE;

    const looked = await area.run({ execute: false, command: 'plan' });
    const { record } = await area.run();

    expect(looked.record).toMatchObject({ result: 'observed', deletable: { objects: 1, bytes: 100 }, executed: false });
    expect(record.deleted).toEqual({ objects: 1, bytes: 100 });
    expect(area.keys()).not.toContain(job.file(2));
  });

  it('is neither advanced nor ended by a run that could not decide', async () => {
    // Prepare: after the first run a root appears that can't be read.
    const { area, job } = await openJob();
    await area.run();
    area.put(job.root(2), 'no metadata', NOW);
    area.time = NOW + 10 * HOUR;
    const undecidable = await area.run();
    area.remove(job.root(2));

    // Act
    area.time = NOW + QUARANTINE;
    const { record } = await area.run();

    // Assess
    expect(undecidable.record.result).toBe('undecidable');
    expect(record.deleted.objects).toBe(1);
  });

  it('does not count runs that could not decide', async () => {
    const { area, job } = await openJob();
    area.put(job.root(2), 'no metadata', NOW);
    await area.run();
    area.time = NOW + QUARANTINE;
    await area.run();
    area.remove(job.root(2));

    area.time = NOW + 2 * QUARANTINE;
    const { record } = await area.run();

    expect(record.quarantined.objects).toBe(1);
    expect(record.deleted.objects).toBe(0);
  });

  it('goes on though an undecidable run could not read the checkpoint that shows the garbage to be some', async () => {
    // Prepare: only chk-1 is later than file 2, and it is unreadable for a while.
    const { area, job } = await openJob();
    await area.run();
    const metadata = area.content(job.root(1));
    area.put(job.root(1), 'cut off', NOW - 2 * DAY);
    area.time = NOW + HOUR;
    const undecidable = await area.run();
    area.put(job.root(1), metadata, NOW - 2 * DAY);

    // Act
    area.time = NOW + QUARANTINE;
    const { record } = await area.run();

    // Assess
    expect(undecidable.record.result).toBe('undecidable');
    expect(record.deleted.objects).toBe(1);
  });

  it('begins anew for what an undecidable run saw named', async () => {
    // Prepare
    const { area, job } = await openJob();
    await area.run();
    job.complete(2, [job.file(2)], NOW);
    area.put(job.root(3), 'no metadata', NOW);
    area.time = NOW + HOUR;
    await area.run();
    area.remove(job.root(2), job.root(3));

    // Act
    area.time = NOW + QUARANTINE;
    const { record } = await area.run();

    // Assess
    expect(record.deleted.objects).toBe(0);
    expect(record.quarantined.objects).toBe(1);
  });

  it('begins anew for what a run saw named again', async () => {
    // Prepare
    const { area, job } = await openJob();
    await area.run();
    job.complete(2, [job.file(2)], NOW);
    area.time = NOW + HOUR;
    await area.run();
    area.remove(job.root(2));

    // Act
    area.time = NOW + 19 * HOUR;
    const found = await area.run();
    area.time = NOW + 19 * HOUR + QUARANTINE - 1_000;
    const tooEarly = await area.run();
    area.time = NOW + 19 * HOUR + QUARANTINE;
    const served = await area.run();

    // Assess
    expect([found, tooEarly, served].map(({ record }) => record.deleted.objects)).toEqual([0, 0, 1]);
  });

  it('begins anew for what has another content by now', async () => {
    // Prepare
    const { area, job } = await openJob();
    await area.run();
    area.put(job.file(2), 'y'.repeat(100), NOW - 5 * DAY + 1_000);

    // Act
    area.time = NOW + QUARANTINE;
    const changed = await area.run();
    area.time = NOW + 2 * QUARANTINE;
    const served = await area.run();

    // Assess
    expect([changed, served].map(({ record }) => record.deleted.objects)).toEqual([0, 1]);
  });
});

describe('A file under taskowned/', () => {
  it('goes like any other once a root has named it, and stays for good where none ever did', async () => {
    // Prepare
    const { area, job } = await openJob();
    const sinks = job.upload(8, NOW - 5 * DAY, 'taskowned');
    job.complete(1, [job.file(1), job.upload(7, NOW - 5 * DAY, 'taskowned')], NOW - 2 * DAY);
    await area.run();
    job.complete(2, [job.file(1)], NOW + HOUR);
    job.subsume(1);

    // Act
    area.time = NOW + 2 * DAY;
    const forgotten = await area.run();
    area.time = NOW + 2 * DAY + QUARANTINE;
    const served = await area.run({ accept: new Set(['too-much']) });

    // Assess: nothing has named files 2 and 3 all the while.
    expect(forgotten.record).toMatchObject({ quarantined: { objects: 1 }, deleted: { objects: 2 } });
    expect(served.record.deleted.objects).toBe(1);
    expect(area.keys()).toEqual([job.file(1), job.root(2), sinks].sort());
  });

  it('is not known any more by its name where its content has changed', async () => {
    const { area, job } = await openJob();
    job.complete(1, [job.file(1), job.upload(7, NOW - 5 * DAY, 'taskowned')], NOW - 2 * DAY);
    await area.run();
    job.complete(2, [job.file(1)], NOW + HOUR);
    job.subsume(1);
    area.put(job.file(7, 'taskowned'), 'other', NOW - 5 * DAY + 1_000);

    const accept: ReadonlySet<Breaker> = new Set(['too-much']);
    area.time = NOW + 2 * DAY;
    await area.run({ accept });
    area.time = NOW + 4 * DAY;
    await area.run({ accept });

    expect(area.keys()).not.toContain(job.file(2));
    expect(area.keys()).toContain(job.file(7, 'taskowned'));
  });
});
