import { describe, expect, it } from 'vitest';
import type { ReportDocument } from '#report/model/document.ts';
import { expireAfter, reportOn } from '#test/report/reporting.ts';
import { MovingStore } from '#test/support/moving-store.ts';
import { DAY, NOW, PlayedJob } from '#test/support/played-job.ts';
import { textOf, useTabs } from './tabs.ts';

/** The page and the command say the same, and nothing that is not known. */

const { open } = useTabs();

function orders(store: MovingStore, url?: string): PlayedJob {
  const job = new PlayedJob(store, `flink/${'a'.repeat(32)}/`, url);
  job.complete(7, [job.upload(1)]);
  return job;
}

async function withGarbage(): Promise<ReportDocument> {
  const store = new MovingStore({ now: NOW });
  orders(store).upload(2, NOW - 9 * DAY);
  return await reportOn(store);
}

describe('An undecidable area', () => {
  it('is told of once for each reason, with the command in one piece', async () => {
    const store = new MovingStore({ now: NOW });
    for (const digit of 'bcdef') store.put(`flink/${digit.repeat(32)}/chk-1/_metadata`, 'cut off', NOW - DAY);

    const { page } = await open(await reportOn(store));

    expect(await textOf(page, '.alert')).toBe(
      `The area is undecidable: nothing in it is deleted in this run. s3://bucket/flink/${'b'.repeat(32)}/chk-1/_metadata can't be read: The file does not begin as a _metadata file of Flink does (offset 0). What it references is unknown, so nothing in this area is deleted. If it will never be restored, declare it dead, with the same locations and the same ledger (4 more roots like it): steward declare-dead --root s3://bucket/flink/${'b'.repeat(32)}/chk-1/_metadata --etag 3ea1b7aae888de10d8c1c6433a9d9d43d1a05cd4 --execute Copy`,
    );
    expect((await page.locator('#page').innerText()).match(/What it references is unknown/g)).toHaveLength(1);
    expect(await textOf(page, '.card:nth-child(2)')).toBe(
      'What is safe to reclaim? !Nothing in this run The area is undecidable: the reasons are above.',
    );
    expect(await textOf(page, '#going')).toContain('The next collect deletes nothing while the area is undecidable.');
  });

  it('where files bear another name calls no job lost that nobody could check', async () => {
    const store = new MovingStore({ now: NOW });
    orders(store, 's3a://alias');
    const report = await reportOn(store);

    const { page } = await open(report);
    const job = await open(report, { hash: `#job=${'a'.repeat(32)}` });

    expect(report.undecidable).toHaveLength(1);
    expect(await textOf(page, '.card:nth-child(3)')).toMatch(/^Where to restore from\? 1 job not checked Their/);
    expect(await textOf(page, '.jobs tbody tr')).toContain(' not checked ');
    expect(await textOf(page, '#restore')).toContain(
      'aaaaaa… not checked: 1 checkpoint or savepoint references files outside the area.',
    );
    expect(await textOf(job.page, '#restore')).toBe(
      'Restore from Not checked: 1 checkpoint or savepoint references files outside the area.',
    );
    expect(await page.locator('#page').innerText()).not.toContain('no restore point');
  });
});

describe('An area without Flink state', () => {
  it.each([
    ['no file', [], 's3://bucket/: there are no files, so'],
    ['one file of others', ['photos/1.jpg'], 's3://bucket/: its only file does not have a name that Flink'],
    ['files of others', ['a.jpg', 'b.jpg'], 's3://bucket/: none of the 2 files has a name that Flink'],
  ])('with %s is told of by the sentence of the command alone', async (_what, keys, begins) => {
    const store = new MovingStore({ now: NOW });
    for (const key of keys) store.put(key, 'x', NOW - 9 * DAY);
    const report = await reportOn(store);

    const { page } = await open(report);

    expect(report.empty).toMatch(begins);
    expect(await textOf(page, 'main .panel')).toBe(`There is no Flink state here ${report.empty}`);
    expect(await page.locator('main section').count()).toBe(1);
  });
});

describe('Garbage', () => {
  it('is in no quarantine before a run has begun one', async () => {
    const { page } = await open(await withGarbage());
    for (const summary of await page.locator('summary').all()) await summary.click();

    const text = (await page.locator('#page').innerText()).replace(/\s+/g, ' ');
    expect(text).not.toContain('in quarantine');
    expect(await textOf(page, '#bytes .amounts')).toContain(
      '100 B reclaimable 8.5 %, 1 object: referenced by none, and old enough',
    );
    expect(await textOf(page, '#going')).toMatch(
      /^What the next collect deletes, and why The next collect deletes nothing yet\. 1 object is garbage \(100 B\) that no run has recorded yet: the quarantine begins with the first run, and garbage is kept for at least 20 h and two runs\. What is deleted, by job Job Next collect Garbage Objects/,
    );
  });

  it.each([
    [
      0,
      '1 object is in quarantine (100 B): garbage is kept for at least 20 h and two runs. The first quarantine ends on 2027-03-02 00:00 UTC.',
    ],
    [
      1,
      '1 object is in quarantine (100 B): garbage is kept for at least 20 h and two runs. 1 object is new in quarantine.',
    ],
  ])('is in quarantine once a run has recorded it: %i objects are new', async (unremembered, says) => {
    const report = await withGarbage();
    const quarantine = { ...report.quarantine, firstEnds: NOW + DAY, unremembered };

    const { page } = await open({ ...report, quarantine });
    const job = await open({ ...report, quarantine }, { hash: `#job=${'a'.repeat(32)}` });

    expect(await textOf(page, '#bytes .amounts')).toContain('100 B in quarantine');
    expect(await textOf(page, '#going')).toContain(says);
    expect(await textOf(job.page, '#going')).toContain('100 B is in quarantine.');
  });
});

describe('The card on growth', () => {
  const since = NOW - 6 * DAY;

  it.each([
    [
      'less than a thousandth',
      9_999_000,
      /^Which job grows\? ✓ ?None No job has grown by 0\.1 % or more since 2027-02-23\.$/,
    ],
    ['more', 9_000_000, /^Which job grows\? aaaaaa… \+1\.0 MB \(\+11 %\) in 6 d, now 10\.0 MB\.$/],
  ])('names a job that has grown by %s only where that is worth a name', async (_what, from, says) => {
    const report = await withGarbage();
    const jobs = report.jobs.map((job) => ({
      ...job,
      total: { objects: 3, bytes: 10_000_000 },
      growth: { since, from },
    }));

    const { page } = await open({ ...report, jobs });

    expect(await textOf(page, '.card:nth-child(5)')).toMatch(says);
  });

  it('without a history names no job that has hardly written', async () => {
    const report = await withGarbage();
    const jobs = report.jobs.map((job) => ({ ...job, total: { objects: 3, bytes: 10_000_000_000 } }));

    const { page } = await open({ ...report, jobs });

    expect(await textOf(page, '.card:nth-child(5)')).toBe(
      'Which job grows? Not known yet No job has written 0.1 % or more of its bytes in 7 d. Growth is shown after several surveys.',
    );
  });
});

describe('A history of a few seconds', () => {
  it('has no fractions of a second on its axis', async () => {
    const report = await withGarbage();
    const trend = { at: [NOW - 1_500, NOW], live: [1, 2], deletable: [0, 0], quarantined: [0, 0], other: [0, 0] };

    const { page } = await open({ ...report, trend });

    await page.locator('#time svg').waitFor();
    const axis = await page.locator('#time [aria-label="x-axis tick label"] text').allTextContents();
    expect(axis.join(' ')).toMatch(/\d\d:\d\d/);
    expect(axis.join(' ')).not.toContain('.');
  });
});

describe('The cost', () => {
  const VERSIONS = { count: 3, bytes: 3_000, perMonth: 2, atLeast: false };

  it.each([
    ['nothing', null, ['Live', 'Reclaimable', 'All objects'], '1.2 kB'],
    ['noncurrent versions', VERSIONS, ['Live', 'Reclaimable', 'All objects', '3 noncurrent versions', 'All'], '4.2 kB'],
  ])('is summed up with its size: beside objects there are %s', async (_what, versions, names, whole) => {
    const report = await withGarbage();
    const cost = report.cost === null ? null : { ...report.cost, versions, whole: report.cost.total + 2 };

    const { page } = await open({ ...report, cost });

    const lines = (await page.locator('#cost tbody tr').allInnerTexts()).map((line) => line.split('\t'));
    expect(lines.map(([name]) => name)).toEqual(names);
    expect(lines.at(-1)?.at(-1)?.replace('\u00a0', ' ')).toBe(whole);
  });
});

describe('A command in a sentence', () => {
  it('is set apart, whatever the sentence says around it', async () => {
    const report = await withGarbage();
    const notes = ["To resume: steward resume 'a b' --execute. Then wait.", 'The <b>steward</b> waits.'];

    const { page } = await open({ ...report, notes });

    expect(await page.locator('#notes li').allInnerTexts()).toEqual(notes);
    expect(await page.locator('#notes code').allInnerTexts()).toEqual(["steward resume 'a b' --execute"]);
  });
});

describe('A single checkpoint', () => {
  it('is told of in the singular, whether rules break it or not', async () => {
    const store = new MovingStore({ now: NOW });
    orders(store);

    const broken = await open(await reportOn(store, { lifecycle: expireAfter(1) }));
    const whole = await open(await reportOn(store, { lifecycle: expireAfter(400) }));

    expect(await textOf(broken.page, '.card:nth-child(4)')).toMatch(
      /^Do lifecycle rules do harm\? ! ?Yes: 1 of 1 breaks /,
    );
    expect(await textOf(whole.page, '.verdict')).toBe(
      'Today a rule of 7 days would not break the only restore point. Its files may still be needed when they are older.',
    );
  });
});
