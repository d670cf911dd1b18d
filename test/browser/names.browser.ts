import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { ReportDocument } from '#report/model/document.ts';
import { reportOn } from '#test/report/reporting.ts';
import { bucket } from '#test/support/judged.ts';
import { MovingStore } from '#test/support/moving-store.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob } from '#test/support/played-job.ts';
import { DESKTOP, overhang, PHONE } from './opened-page.ts';
import { textOf, useTabs } from './tabs.ts';

const { open } = useTabs();

const LONG = `warehouse/${'enrichment-of-orders-'.repeat(5)}v2`;
const WIDTHS = [DESKTOP, PHONE];

/** How many lines the title takes. */
async function titleLines(page: Page): Promise<number> {
  return Number(
    await page.evaluate(`
      const title = document.querySelector('h1');
      Math.round(title.clientHeight / Number.parseFloat(getComputedStyle(title).lineHeight));
    `),
  );
}

/** One job under its id, and one whose checkpoint needs files of it and whose name is long. */
function twoJobs(): MovingStore {
  const store = new MovingStore({ now: NOW });
  const first = new PlayedJob(store);
  first.complete(7, [first.upload(1, NOW - 40 * DAY)], NOW - 9 * DAY);
  const second = new PlayedJob(store, `flink/${OTHER_JOB}/`);
  second.complete(8, [first.file(1), second.upload(3)]);
  second.upload(4, NOW - 9 * DAY);
  return store;
}

async function ofLongNames(): Promise<ReportDocument> {
  return await reportOn(twoJobs(), { labels: [{ jobId: OTHER_JOB, job: LONG }] });
}

async function ofDirectories(count: number): Promise<ReportDocument> {
  const store = twoJobs();
  const prefixes = [
    'flink/',
    ...Array.from({ length: count - 1 }, (_, at) => `teams/${'platform-'.repeat(4)}${at}/flink/`),
  ];
  return await reportOn(store, { locations: prefixes.map((prefix) => bucket(store, prefix)) });
}

describe.each(WIDTHS)('On a screen of %i pixels', (width) => {
  it('an area of five directories has a title of one line, and names each of them', async () => {
    const { page } = await open(await ofDirectories(5), { width });

    expect(await textOf(page, 'h1')).toBe('Flink state in 5 locations');
    expect(await titleLines(page)).toBe(1);
    const before = await page.locator('.places').isVisible();
    await page.getByText('Locations', { exact: true }).click();
    expect([before, await page.locator('.places li').count(), await page.locator('.places').isVisible()]).toEqual([
      false,
      5,
      true,
    ]);
    expect(await page.title()).toBe('5 locations – Flink Steward');
    expect(await overhang(page)).toBe(0);
  });

  it('a long location is whole below a title without its middle', async () => {
    const report = await ofLongNames();
    const area = [`s3://bucket/${'very-long-prefix/'.repeat(6)}`];

    const { page } = await open({ ...report, area }, { width });

    expect(await textOf(page, 'h1')).toBe('Flink state in s3://bucket/very-long-pr…refix/very-long-prefix/');
    expect(await titleLines(page)).toBeLessThanOrEqual(3);
    expect(await textOf(page, '.whole-name')).toBe(area[0]);
    expect(await overhang(page)).toBe(0);
  });

  it('jobs without a label and jobs with a long one take one line of a card', async () => {
    const report = await ofLongNames();

    const { page } = await open(report, { width });

    const names = await page.locator('.jobs a.job').allInnerTexts();
    expect(names.toSorted()).toEqual(['946894…', report.jobs.find(({ label }) => label === LONG)?.name]);
    expect(
      await page.evaluate(
        `Math.max(...[...document.querySelectorAll('.card a.job')].map((link) => link.getClientRects().length))`,
      ),
    ).toBe(1);
    expect(await page.locator('.jobs a.job', { hasText: '946894' }).getAttribute('title')).toBe(JOB);
    expect(await overhang(page)).toBe(0);
  });

  it('a job with a long name has its page, with the whole name', async () => {
    const { page } = await open(await ofLongNames(), { width, hash: `#job=${encodeURIComponent(LONG)}` });

    expect(await titleLines(page)).toBeLessThanOrEqual(3);
    expect(await textOf(page, '.whole-name')).toBe(LONG);
    expect(await overhang(page)).toBe(0);
  });

  it('no table of the whole area is wider than its place', async () => {
    const report = await ofLongNames();
    const { page } = await open(report, { width });

    const cut = await page.evaluate(
      `[...document.querySelectorAll('.scroll')].filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).map((frame) => frame.ariaLabel)`,
    );

    expect(report.needs).toHaveLength(1);
    expect(report.staying).not.toEqual([]);
    expect(cut).toEqual([]);
  });
});
