import { describe, expect, it } from 'vitest';
import { fleet } from '#test/report/fleet.ts';
import { reportOn } from '#test/report/reporting.ts';
import { useTabs } from './tabs.ts';

const { open } = useTabs();

const PAPERS = [
  ['A4', 210],
  ['Letter', 215.9],
] as const;
const MARGIN = 14;
const PIXELS_PER_MILLIMETRE = 96 / 25.4;

describe('The report on paper', () => {
  it('is black on white whatever theme the screen has, without what only a screen can do', async () => {
    // Prepare
    const { store, labels } = fleet(4);
    const { page } = await open(await reportOn(store, { labels }), { theme: 'dark' });
    await page.locator('#theme').selectOption('dark');

    // Act
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });

    // Assess
    const colours = await page.evaluate(
      `['color', 'backgroundColor'].map((name) => getComputedStyle(document.body)[name])`,
    );
    const underlined = await page.evaluate(
      `[...document.links].filter((link) => getComputedStyle(link).textDecorationLine !== 'none').length`,
    );
    expect({ colours, underlined }).toEqual({ colours: ['rgb(0, 0, 0)', 'rgb(255, 255, 255)'], underlined: 0 });
    for (const screenOnly of ['nav', '#age-rule', '.copy', '.jump', 'summary']) {
      const found = page.locator(screenOnly);
      expect([screenOnly, await found.count()]).not.toEqual([screenOnly, 0]);
      expect([screenOnly, await found.first().isVisible()]).toEqual([screenOnly, false]);
    }
  });

  it.each(PAPERS)('keeps all columns within its margins: %s', async (_paper, width) => {
    const { store, labels, histories } = fleet(30);
    const { page } = await open(await reportOn(store, { labels, histories }));

    await page.setViewportSize({ width: Math.floor((width - 2 * MARGIN) * PIXELS_PER_MILLIMETRE), height: 1_000 });
    await page.emulateMedia({ media: 'print' });

    const over = await page.evaluate(
      `[...document.querySelectorAll('table')].filter((table) => table.scrollWidth > table.parentElement.clientWidth + 1).map((table) => table.caption.textContent)`,
    );
    expect(over).toEqual([]);
    expect(await page.locator('.jobs th.wide').first().isVisible()).toBe(true);
  });

  it('names all locations', async () => {
    const { page } = await open({
      ...(await reportOn(fleet(2).store)),
      area: ['s3://a/', 's3://b/', 's3://c/', 's3://d/'],
    });
    const isShown = (): Promise<boolean> => page.locator('.places').isVisible();
    const before = await isShown();

    await page.evaluate(`dispatchEvent(new Event('beforeprint'))`);
    const printed = await isShown();
    await page.evaluate(`dispatchEvent(new Event('afterprint'))`);

    expect([before, printed, await isShown()]).toEqual([false, true, false]);
  });

  it('lists all jobs, and the screen afterwards no more than before', async () => {
    const { store, labels } = fleet(60);
    const { page } = await open(await reportOn(store, { labels }));
    const rows = (): Promise<number> => page.locator('.jobs tbody tr').count();
    const before = await rows();

    await page.evaluate(`dispatchEvent(new Event('beforeprint'))`);
    const printed = await rows();
    await page.evaluate(`dispatchEvent(new Event('afterprint'))`);

    expect([before, printed, await rows()]).toEqual([25, 52, 25]);
  });
});
