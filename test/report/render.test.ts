import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReportDocument } from '#report/model/document.ts';
import { pageText } from '#report/page-text.ts';
import { jsonForHtml, pageOf, renderReport } from '#report/render.ts';
import { MovingStore } from '#test/support/moving-store.ts';
import { DAY, JOB, NOW, PlayedJob } from '#test/support/played-job.ts';
import { reportOn } from './reporting.ts';

const DATA = /<script type="application\/json" id="report">([^<]*)<\/script>/;

/** Names that somebody may have given a job: any text, and what ends scripts, comments and lines. */
const anyLabel = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('\ud800', '\udfff', '\u2028', '\u2029', '\0', 'é', '𝔘') }),
      fc.constantFrom('</script>', '</SCRIPT ', '<!--', '<script>', ']]>', '"', "'", '&lt;', '\\u003c', '\\'),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''));

async function reportNamed(label: string): Promise<ReportDocument> {
  const store = new MovingStore({ now: NOW });
  const job = new PlayedJob(store);
  job.complete(7, [job.upload(1)], NOW - DAY);
  return await reportOn(store, { labels: [{ jobId: JOB, job: label }] });
}

describe('The page', () => {
  it('gives back every name as it was, and lets none out of its place', async () => {
    const report = await reportNamed('orders');
    const text = { script: 'f()', style: 'p{}' };
    const without = pageOf(report, text).replace(DATA, '');

    fc.assert(
      fc.property(anyLabel, (label) => {
        const named = { ...report, area: [label], notes: [label], jobs: report.jobs.map((job) => ({ ...job, label })) };
        const page = pageOf(named, text);
        const [, data = ''] = DATA.exec(page) ?? [];
        expect(JSON.parse(data)).toEqual(named);
        // What a name could change lies in the data alone.
        expect(page.replace(DATA, '')).toBe(without);
      }),
      { seed: 20_270_301, numRuns: 500 },
    );
  });

  it('holds no character in its data that HTML or a script could take for its own', () => {
    fc.assert(
      fc.property(fc.dictionary(anyLabel, anyLabel), (names) => {
        const json = jsonForHtml(names);
        expect(json).not.toMatch(/[<>&\u2028\u2029]/);
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(names)));
      }),
      { seed: 20_270_302 },
    );
  });

  it('lets its own script run, by its hash, and nothing be asked of a network', async () => {
    const page = await renderReport(await reportNamed('orders'));

    const [, script = ''] = /<script>([\s\S]*)<\/script>\s*<\/body>/.exec(page) ?? [];
    const [, policy = ''] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
    const hash = createHash('sha256').update(script, 'utf8').digest('base64');
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `script-src 'sha256-${hash}'`,
      "style-src 'unsafe-inline'",
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    expect(page.indexOf('Content-Security-Policy')).toBeLessThan(page.indexOf('<style>'));
    expect(page).not.toMatch(/(?:src|href)="(?!data:)/);
  });

  it('is not made of a script that would end its own element', async () => {
    const report = await reportNamed('orders');

    for (const script of ['a("</script>")', 'a("</Script x")', 'a("<!--")']) {
      expect(() => pageOf(report, { script, style: '' })).toThrow('end its element early');
    }
    expect(() => pageOf(report, { script: '', style: 'a::after{content:"</style>"}' })).toThrow(
      'end its element early',
    );
  });

  it('is bundled once', async () => {
    expect(await pageText()).toBe(await pageText());
  });
});
