import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { csvLine } from '#core/csv.ts';
import type { ReportDocument } from '#report/model/document.ts';
import { fleet } from '#test/report/fleet.ts';
import { expireAfter, reportOn } from '#test/report/reporting.ts';
import { MovingStore } from '#test/support/moving-store.ts';
import { DAY, JOB, NOW, PlayedJob } from '#test/support/played-job.ts';
import { DESKTOP, overhang, PHONE } from './opened-page.ts';
import { textOf, useTabs } from './tabs.ts';

const { open } = useTabs();

async function ofFleet(jobs: number): Promise<ReportDocument> {
  const { store, labels, histories } = fleet(jobs);
  return await reportOn(store, { labels, histories, lifecycle: expireAfter(7) });
}

async function ofOne(label: string): Promise<ReportDocument> {
  const store = new MovingStore({ now: NOW });
  const job = new PlayedJob(store);
  job.complete(7, [job.upload(1)]);
  job.upload(2, NOW - 9 * DAY);
  return await reportOn(store, { labels: [{ jobId: JOB, job: label }] });
}

describe('A thousand jobs', () => {
  let thousand: ReportDocument;

  beforeAll(async () => {
    thousand = await ofFleet(1_000);
  });

  it.each([DESKTOP, PHONE])(
    'make no more of the page than is looked at, and are searched: %i pixels',
    async (width) => {
      // Act
      const { page, complaints } = await open(thousand, { width });
      const elements = Number(await page.evaluate(`document.querySelectorAll('*').length`));
      await page.locator('#search').fill('mail-10');

      // Assess
      expect(elements).toBeLessThan(2_500);
      expect(await page.locator('.jobs a.job').allInnerTexts()).toEqual(
        expect.arrayContaining(['mail-10', 'mail-100']),
      );
      expect(await overhang(page)).toBe(0);
      expect(complaints).toEqual([]);
    },
  );
});

describe('The table of jobs', () => {
  it('is sorted by what could be saved, by the keyboard alone', async () => {
    const { page } = await open(await ofFleet(30));
    const head = page.locator('th', { hasText: 'Reclaimable' }).first();

    await head.getByRole('button').focus();
    await page.keyboard.press('Enter');
    const [first] = await page.locator('.jobs tbody tr').allInnerTexts();
    const descending = await head.getAttribute('aria-sort');
    await page.keyboard.press('Space');

    expect(first).toMatch(/^returns-1\s.*\s960\sMB\s/s);
    expect([descending, await head.getAttribute('aria-sort')]).toEqual(['descending', 'ascending']);
    expect(await page.evaluate(`getComputedStyle(document.activeElement).outlineStyle`)).toBe('solid');
  });

  it('is left by Escape where it was searched, and by nothing else', async () => {
    const { page } = await open(await ofFleet(30));

    await page.locator('#search').fill('orders');
    await page.keyboard.press('Escape');

    expect(await page.locator('#search').inputValue()).toBe('');
    expect(await textOf(page, 'h1')).toContain('Flink state in');
  });
});

describe('The file for spreadsheets', () => {
  it('has what the command prints as CSV, and is made without a request', async () => {
    const report = await ofOne('=HYPERLINK("http://evil")');
    const { page, complaints, requests } = await open(report);
    const downloading = page.waitForEvent('download');

    await page.getByRole('button', { name: 'Download CSV' }).click();
    const file = await downloading;
    const text = await readFile(await file.path(), 'utf8');

    expect(file.suggestedFilename()).toBe('flink-steward-jobs.csv');
    expect(text).toBe([report.table.columns, ...report.table.rows].map(csvLine).join(''));
    expect(text).toMatch(/^label,job,directory,state,.*\r\n"'=HYPERLINK\(""http:\/\/evil""\)",9468946f/);
    expect(complaints).toEqual([]);
    expect(requests.filter((url) => !/^(file|blob):/.test(url))).toEqual([]);
  });
});

describe('A link to a job', () => {
  it('leads to it by the id of a submission as well', async () => {
    const { page } = await open(await ofOne('orders'), { hash: `#job=${JOB}` });

    expect(await textOf(page, 'h1')).toBe('orders');
  });

  it('that this report does not have says so, above all jobs', async () => {
    const { page, complaints } = await open(await ofOne('orders'), { hash: '#job=gone%ZZ' });

    const first = await textOf(page, '.notice');
    await page.evaluate(`location.hash = '#job=another'`);
    await page.locator('.notice', { hasText: 'another' }).waitFor();

    expect(first).toBe('This report has no job gone%ZZ. All jobs that it has are listed below.');
    expect(await textOf(page, '.jobs tbody')).toContain('orders');
    expect(complaints).toEqual([]);
  });

  it('is left by Escape', async () => {
    const { page } = await open(await ofOne('orders'), { hash: '#job=orders' });

    await page.keyboard.press('Escape');
    await page.locator('.jobs').waitFor();

    expect(await textOf(page, 'h1')).toBe('Flink state in s3://bucket/');
  });
});

describe('The page', () => {
  it('is reached by the Tab key in all its parts, each with a frame around it', async () => {
    // Prepare
    const { page } = await open(await ofOne('orders'));
    const all = Number(
      await page.evaluate(
        `[...document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]')].filter((one) => one.checkVisibility()).length`,
      ),
    );

    // Act
    const unframed: unknown[] = [];
    const reached = new Set<unknown>();
    for (let step = 0; step < all; step++) {
      await page.keyboard.press('Tab');
      reached.add(await page.evaluate(`[...document.querySelectorAll('*')].indexOf(document.activeElement)`));
      const framed = await page.evaluate(`getComputedStyle(document.activeElement).outlineStyle !== 'none'`);
      if (framed !== true) unframed.push(await page.evaluate(`document.activeElement.outerHTML.slice(0, 80)`));
    }

    // Assess
    expect(reached.size).toBe(all);
    expect(unframed).toEqual([]);
  });

  it('moves nothing by itself', async () => {
    const { page } = await open(await ofOne('orders'));

    const moving = await page.evaluate(
      `[...document.querySelectorAll('*')].filter((one) => { const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(one); return transitionDuration !== '0s' || animationName !== 'none' || scrollBehavior !== 'auto'; }).length`,
    );

    expect(moving).toBe(0);
  });
});
