import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { useLastingDirectory } from '#test/support/lasting-directory.ts';
import { DESKTOP, type OpenedPage, type Opening, overhang, PHONE, violations } from './opened-page.ts';
import { type SampleReports, writeSampleReports } from './sample-reports.ts';
import { textOf, useTabs } from './tabs.ts';

const makeDirectory = useLastingDirectory();
const tabs = useTabs();
let reports: SampleReports;

beforeAll(async () => {
  reports = await writeSampleReports(await makeDirectory());
});

async function open(report: keyof SampleReports, opening: Opening = {}): Promise<OpenedPage> {
  return await tabs.open(reports[report], opening);
}

const VIEWS: readonly { readonly report: keyof SampleReports; readonly hash: string; readonly title: string }[] = [
  { report: 'seed', hash: '', title: 'Flink state in copy (as s3://fc-seed-bucket)' },
  { report: 'seed', hash: '#job=orders', title: 'orders' },
  { report: 'fleet', hash: '', title: 'Flink state in s3://fleet/' },
  { report: 'fleet', hash: '#job=orders-1', title: 'orders-1' },
  { report: 'odd', hash: '', title: 'Flink state in s3://bucket/' },
  { report: 'empty', hash: '', title: 'Flink state in s3://bucket/' },
];
const LOOKS = (['light', 'dark'] as const).flatMap((theme) => [DESKTOP, PHONE].map((width) => ({ theme, width })));

describe.each(VIEWS)('The page of the $report report $hash', ({ report, hash, title }) => {
  it.each(LOOKS)('is whole, accessible, and asks nobody for anything: $theme, $width pixels', async (look) => {
    // Act
    const { page, complaints, requests } = await open(report, { ...look, hash });
    for (const summary of await page.locator('summary').all()) await summary.click();

    // The pointer brings up what a chart tells of the place it points to.
    for (const drawn of await page.locator('.chart svg').all()) await drawn.hover();

    // Assess
    expect(await textOf(page, 'h1')).toBe(title);
    expect(await overhang(page)).toBe(0);
    expect(await violations(page)).toEqual([]);
    expect(complaints).toEqual([]);
    expect(requests).toEqual(
      [pathToFileURL(reports[report]).href + hash].map((url) => expect.stringContaining(url.split('#')[0] ?? '')),
    );
    expect(await page.locator('.chart').count()).toBe(
      await page.locator('.chart[role=img][aria-label] > svg[aria-hidden=true]').count(),
    );
  });
});

describe('The report on the bucket of the demo', () => {
  it('answers in its first lines what a newcomer asks', async () => {
    const { page } = await open('seed');

    const cards = await page.locator('.card').allInnerTexts();
    const [money, reclaim, restore, rules, grows] = cards.map((text) => text.replace(/\s+/g, ' '));
    expect(money).toBe(
      'What does it cost, and what can be saved? Under 1 cent a month Noncurrent versions or incomplete uploads were not counted. Under 1 cent a month can be saved now: 512 kB in 94 objects that no checkpoint or savepoint references. 78.6 kB more of 3 silent jobs is in progress. It becomes garbage in 3 d 10 h. Only if such a job has ended for good, declare it dead now: steward declare-dead JOB copy --as s3://fc-seed-bucket --execute 4 ended jobs hold 1.7 MB; "retain": [{ "path": "**", "endedJobs": { "keepLast": 1 } }] would free 289 kB, by retiring 1 checkpoint or savepoint.',
    );
    expect(grows).toMatch(
      /^Which job grows\? Not known yet inventory wrote most recently: 1\.4 MB of its 1\.4 MB in 7 d\. Growth is shown/,
    );
    expect(reclaim).toMatch(/^What is safe to reclaim\? 512 kB 94 objects, 7\.7 % of all/);
    expect(restore).toMatch(/^Where to restore from\? ✓\s?All 5 jobs can be restored 14 restore points/);
    expect(rules).toMatch(/^Do lifecycle rules do harm\? !\s?Yes: 14 of 14 break Rule “expire-after-a-week”/);
    expect(await textOf(page, '#bytes')).toContain('There is no history yet');
  });

  it('names each job with what it holds and where it is restored from', async () => {
    const { page } = await open('seed');

    const rows = await page.locator('.jobs tbody tr').allInnerTexts();
    expect(rows.map((row) => row.replace(/\s+/g, ' ').trim())).toEqual([
      'payments 3 submissions ○ silent 2.1 MB 2.0 MB – 14 d 3 chk-10 5 d ago under 1 cent',
      'inventory ○ silent 1.4 MB 1.4 MB – 4 d 4 chk-10 3 d ago under 1 cent',
      'customers – ended 1.1 MB 619 kB 512 kB 21 d 2 chk-35 16 d ago under 1 cent',
      'clicks ● running 1.1 MB 741 kB – 20 h 2 chk-8 5 h ago under 1 cent',
      'orders 3 submissions – ended 1.0 MB 1.0 MB – 32 d 3 chk-15 23 d ago under 1 cent',
    ]);
    expect(await textOf(page, '#restore')).toContain(
      'flink run -s s3://fc-seed-bucket/flink/checkpoints/euw1/c1eb53423df759dcb1cdfc3c6af16ca6/chk-15 -restoreMode no_claim job.jar',
    );
  });

  it('has the state of a job beside its name where there is no room for a column', async () => {
    const { page } = await open('seed', { width: PHONE });

    const rows = await page.locator('.jobs tbody tr').allInnerTexts();
    const heads = await page.locator('.jobs thead').innerText();
    expect(heads).not.toContain('State');
    expect(rows.map((row) => row.replace(/\s+/g, ' ').trim())).toContainEqual(
      expect.stringMatching(/^clicks ● running 1\.1 MB/),
    );
  });

  it('says which submission needs the files of which, and what the rule of the bucket breaks first', async () => {
    const { page } = await open('seed');
    await page.getByText('What it breaks first').click();
    await page.locator('#rules tbody tr').first().waitFor();

    expect(await textOf(page, '#needs tbody tr')).toMatch(/^orders \w{6}… orders 946894… 1 2 24\.4 kB 32 d$/);
    expect(await textOf(page, '#rules')).toContain('Rule "expire-after-a-week" breaks 14 roots of 9 jobs');
    expect(await page.locator('#rules tbody tr').count()).toBe(14);
    expect(await textOf(page, '#going')).toContain('94 objects are garbage (512 kB) that no run has recorded yet');
  });

  it('shows what a rule of another age would break, by the keyboard alone', async () => {
    const { page } = await open('seed');
    const verdict = page.locator('.verdict');
    const seven = await verdict.innerText();

    await page.locator('#age-rule').focus();
    for (let step = 0; step < 5; step++) await page.keyboard.press('ArrowRight');

    expect(seven.replace(/\s+/g, ' ')).toBe(
      'Today a rule of 7 days would break 7 of 14 restore points: it would delete 220 live files (3.1 MB).',
    );
    expect(await page.locator('#age-rule').getAttribute('aria-valuetext')).toBe('45 days');
    expect(await verdict.innerText()).toMatch(/^Today a rule of 45 days would break none of the 14 restore points/);
    expect(await page.locator('.chart').first().getAttribute('aria-label')).toContain('a rule of 45 days');
  });

  it('tells behind each chart its numbers', async () => {
    const { page } = await open('seed');

    await page.locator('#age summary').first().click();
    await page.locator('#age figure tbody tr').first().waitFor();

    expect(await page.locator('#age figure').first().locator('tbody tr').count()).toBe(5);
    expect(await textOf(page, '#age figure tbody tr')).toMatch(/^orders chk-15 orders .* 2 files since/);
  });
});

describe('The page of a job', () => {
  it('is reached from the list by the keyboard, and left again', async () => {
    // Prepare
    const { page } = await open('seed');
    const link = page.locator('.jobs a', { hasText: 'customers' });

    // Act
    await link.focus();
    await page.keyboard.press('Enter');
    await page.locator('h1', { hasText: 'customers' }).waitFor();
    const heading = await textOf(page, 'h1');
    const url = page.url();
    const title = await page.title();
    const focused = await page.evaluate('document.activeElement.id');
    await page.goBack();
    await page.locator('.jobs').waitFor();

    // Assess
    expect({ heading, title, focused }).toEqual({
      heading: 'customers',
      title: 'customers – Flink Steward',
      focused: 'main',
    });
    expect(url).toMatch(/#job=customers$/);
    expect(await textOf(page, 'h1')).toContain('Flink state in');
  });

  it('shows each checkpoint with its command, and how far back it reaches', async () => {
    const { page } = await open('seed', { hash: '#job=orders' });

    expect(await page.locator('#roots tbody tr').count()).toBe(3);
    expect(await textOf(page, '#roots tbody tr')).toMatch(/^chk-15 c1eb53… .* ✓ can be restored flink run -s s3:/);
    expect(await page.locator('#age .chart').first().getAttribute('aria-label')).toContain(
      'Today a rule of 7 days would break 3 of 3 restore points',
    );
    expect(await textOf(page, '#bytes')).toContain('3 submissions');
  });

  it('copies its command', async () => {
    const { page } = await open('seed', { hash: '#job=orders' });
    await tabs.browser().context.grantPermissions(['clipboard-read', 'clipboard-write']);

    await page.locator('.copy').first().click();
    await page.locator('.copy', { hasText: 'Copied' }).waitFor();

    expect(await page.evaluate('navigator.clipboard.readText()')).toMatch(
      /^flink run -s s3:\/\/fc-seed-bucket\/.* job\.jar$/,
    );
  });

  it('shows its sizes over time where they are remembered', async () => {
    const { page } = await open('fleet', { hash: '#job=orders-1' });
    await page.locator('#time summary').first().click();
    await page.locator('#time figure tbody tr').first().waitFor();

    expect(await page.locator('#time figure').count()).toBe(2);
    expect(await page.locator('#time figure').first().locator('tbody tr').count()).toBe(60);
  });

  it('that nobody knows is the list of all', async () => {
    const { page, complaints } = await open('seed', { hash: '#job=nobody%ZZ' });

    expect(await textOf(page, 'h1')).toContain('Flink state in');
    expect(complaints).toEqual([]);
  });
});

describe('A name that looks like markup', () => {
  it('stays text, and has a link of its own', async () => {
    const { page, complaints } = await open('odd');

    await page.locator('.jobs a').first().click();
    await page.locator('h1', { hasText: 'onerror' }).waitFor();

    expect(await textOf(page, 'h1')).toBe('</script><img src=x onerror=alert(1)> \\u202e\\ud800 #%/?&');
    expect(await page.locator('img').count()).toBe(0);
    await page.reload();
    expect(await textOf(page, 'h1')).toContain('onerror=alert(1)');
    expect(complaints).toEqual([]);
  });
});

describe('An undecidable area', () => {
  it('is told of before all else', async () => {
    const { page } = await open('odd');

    expect(await textOf(page, '.alert')).toMatch(/^The area is undecidable: nothing in it is deleted in this run\./);
    expect(await textOf(page, '.card:nth-child(2)')).toContain('Nothing in this run');
    expect(await textOf(page, '#going')).toContain('The next collect deletes nothing while the area is undecidable.');
    expect(await textOf(page, '#damaged')).toContain("It can't be read");
  });
});

describe('The list of many jobs', () => {
  it('begins with the largest, and makes no more of it than is looked at', async () => {
    const { page } = await open('fleet');

    expect(await page.locator('.jobs tbody tr').count()).toBe(25);
    expect(await page.locator('th[aria-sort=descending]').innerText()).toBe('Size');
    expect(await page.locator('details table').count()).toBe(0);
  });

  it('is searched', async () => {
    const { page } = await open('fleet');

    await page.locator('#search').fill('fraud-2');

    const found = await page.locator('.jobs tbody a').allInnerTexts();
    expect(found.length).toBeGreaterThan(3);
    expect(found.every((name) => name.startsWith('fraud-2'))).toBe(true);
    expect(await textOf(page, '[role=status]')).toBe(`${found.length} jobs of 258`);
    await page.locator('#search').fill('nothing like it');
    expect(await textOf(page, '[role=status]')).toBe('0 jobs of 258: no match');
  });

  it('is sorted by each column, both ways, and shown as a whole when asked', async () => {
    const { page } = await open('fleet');

    await page.getByRole('button', { name: 'Job', exact: true }).click();
    const ascending = await page.locator('.jobs tbody a').allInnerTexts();
    await page.getByRole('button', { name: 'Job', exact: true }).click();
    const descending = await page.locator('.jobs tbody a').allInnerTexts();
    await page.getByRole('button', { name: 'Show all 258' }).click();
    const all = await page.locator('.jobs tbody a').allInnerTexts();

    expect(ascending).toEqual(ascending.toSorted((a, b) => a.localeCompare(b, 'en')));
    expect([ascending[0], descending[0]]).toEqual(['clicks-1', 'sessions-9']);
    expect(all).toHaveLength(258);
    expect(all).toEqual(all.toSorted((a, b) => b.localeCompare(a, 'en')));
    expect(await page.locator('th[aria-sort]').innerText()).toBe('Job');
  });
});

describe('The theme', () => {
  it('is that of the system, until somebody chooses', async () => {
    const { page } = await open('empty', { theme: 'dark' });
    const ground = (): Promise<unknown> => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const dark = await ground();

    await page.locator('#theme').selectOption('light');

    expect([dark, await ground()]).toEqual(['rgb(19, 22, 25)', 'rgb(247, 247, 245)']);
    await page.reload();
    expect(await ground()).toBe('rgb(247, 247, 245)');
    await page.locator('#theme').selectOption('auto');
  });
});
