import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import type { Browser } from './browser.ts';

/** A report in a tab of a browser that writes down what it complains of and whom it asks. */

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export interface OpenedPage {
  readonly page: Page;
  /** Errors and warnings of the console, and failures of scripts. */
  readonly complaints: readonly string[];
  /** URLs that were asked for. */
  readonly requests: readonly string[];
}

export interface Opening {
  readonly theme?: 'light' | 'dark';
  readonly width?: number;
  /** Behind the name of the file. */
  readonly hash?: string;
}

export const DESKTOP = 1_200;
export const PHONE = 390;

/** Opens a report from its file, as whoever was sent one does. */
export async function openReport(
  { context }: Browser,
  file: string,
  { theme = 'light', width = DESKTOP, hash = '' }: Opening = {},
): Promise<OpenedPage> {
  const page = await context.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => requests.push(request.url()));
  await page.setViewportSize({ width, height: 900 });
  await page.emulateMedia({ colorScheme: theme });
  await page.goto(`${pathToFileURL(file).href}${hash}`);
  await page.locator('h1').waitFor();
  return { page, complaints, requests };
}

/** How many pixels of the page lie beyond the right edge of the window. */
export async function overhang(page: Page): Promise<number> {
  return Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth'));
}

/** What the accessibility checker finds wrong, in lines. */
export async function violations(page: Page): Promise<readonly string[]> {
  // The page's policy lets no script of ours in; a debugger's evaluation is not bound by it.
  await page.evaluate(AXE);
  const found = await page.evaluate(
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map(({ html, failureSummary }) => html.slice(0, 160) + ' ' + failureSummary).join(' | ')))`,
  );
  return Array.isArray(found) ? found.map(String) : ['The checker gave no list.'];
}
