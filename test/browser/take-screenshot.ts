import { pathToFileURL } from 'node:url';
import { startBrowser } from './browser.ts';

/**
 * Makes the picture of the README: `tsx test/browser/take-screenshot.ts report.html docs/report.png`. The report is one of the
 * bucket of `npm run demo -- --serve`, after "steward declare-dead audit-log --execute": `steward audit --html report.html`.
 */

const WIDTH = 1_080;
/** Down to the end of the first chart. */
const LAST = '#age figure';

const [file, picture] = process.argv.slice(2);
if (file === undefined || picture === undefined) {
  throw new Error('Name a report and the picture to be made of it.');
}
const browser = await startBrowser();
try {
  const page = await browser.context.newPage();
  await page.setViewportSize({ width: WIDTH, height: 1_000 });
  await page.emulateMedia({ colorScheme: 'light' });
  await page.goto(pathToFileURL(file).href);
  await page.locator('.chart svg').first().waitFor();
  const last = await page.locator(LAST).first().boundingBox();
  const height = Math.ceil((last?.y ?? 0) + (last?.height ?? 0)) + 4;
  await page.screenshot({ path: picture, fullPage: true, clip: { x: 0, y: 0, width: WIDTH, height } });
} finally {
  await browser.close();
}
