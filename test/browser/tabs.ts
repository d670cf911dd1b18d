import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { ReportDocument } from '#report/model/document.ts';
import { renderReport } from '#report/render.ts';
import { useLastingDirectory } from '#test/support/lasting-directory.ts';
import { type Browser, startBrowser } from './browser.ts';
import { type OpenedPage, type Opening, openReport } from './opened-page.ts';

export interface Tabs {
  readonly browser: () => Browser;
  /** Opens a report in a tab of its own, which is closed after the test. */
  open(report: ReportDocument | string, opening?: Opening): Promise<OpenedPage>;
}

/** One browser for the tests of a file. */
export function useTabs(): Tabs {
  const makeDirectory = useLastingDirectory();
  let browser: Browser;
  let opened: OpenedPage[] = [];
  let written = 0;

  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterEach(async () => {
    await Promise.all(opened.map(({ page }) => page.close()));
    opened = [];
  });
  afterAll(async () => {
    await browser?.close();
  });

  return {
    browser: () => browser,
    open: async (report, opening = {}) => {
      let file = report;
      if (typeof file !== 'string') {
        const page = await renderReport(file);
        file = join(await makeDirectory(), `report-${written++}.html`);
        await writeFile(file, page);
      }
      const tab = await openReport(browser, file, opening);
      opened.push(tab);
      return tab;
    },
  };
}

/** The text of the first such element, with spaces that don't break as spaces. */
export async function textOf(page: Page, selector: string): Promise<string> {
  return (await page.locator(selector).first().innerText()).replace(/\s+/g, ' ').trim();
}
