import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { prose } from './doc-commands.ts';
import { PAGES } from './doc-script.ts';

const ROOT = new URL('../../', import.meta.url);
const SPECIFICATION = ['spec/README.md', 'spec/stories.md'];
const EXAMPLES = readdirSync(new URL('examples/', ROOT), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.md'))
  .map((path) => `examples/${path}`);
const DOCS = PAGES.flatMap((page) => (page.startsWith('docs/') ? [page.slice('docs/'.length)] : []));

/** Where links and images of a page lead within the project. */
function targetsOf(page: string): readonly string[] {
  const text = prose(readFileSync(new URL(page, ROOT), 'utf8')).replaceAll(/`[^`]*`/g, '`code`');
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  return [...new Set(targets)].filter((target) => !/^[a-z]+:/.test(target));
}

/** The anchors that GitHub gives the headings of a page. */
function anchorsOf(page: string): readonly string[] {
  return [...prose(page).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('The links of the documents', () => {
  it('have anchors as GitHub makes them', () => {
    expect(anchorsOf("# A page\n\n## What it can't see\n\n### `--json`\n\n```\n# no heading\n```\n")).toEqual([
      'a-page',
      'what-it-cant-see',
      '--json',
    ]);
  });

  it.each(
    [...PAGES, ...EXAMPLES, ...SPECIFICATION].flatMap((page) =>
      targetsOf(page).map((target) => [page, target] as const),
    ),
  )('%s: lead somewhere: %s', (page, target) => {
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? new URL(page, ROOT) : new URL(path, new URL(page, ROOT));
    expect(existsSync(file)).toBe(true);
    const [, line] = /^L(\d+)$/.exec(anchor ?? '') ?? [];
    if (line !== undefined) {
      expect(readFileSync(file, 'utf8').split('\n').length).toBeGreaterThanOrEqual(Number(line));
    } else if (anchor !== undefined) {
      expect(anchorsOf(readFileSync(file, 'utf8'))).toContain(anchor);
    }
  });

  it.each(DOCS)('reach %s from the first page or from another', (name) => {
    const others = PAGES.filter((page) => page !== `docs/${name}`);
    const reached = others.flatMap((page) => targetsOf(page).map((target) => new URL(target, new URL(page, ROOT))));
    expect(reached.map(({ pathname }) => pathname)).toContain(new URL(`docs/${name}`, ROOT).pathname);
  });
});

describe('The picture of the safety model', () => {
  it('names rules and breakers of its page, and no others', () => {
    const picture = readFileSync(new URL('docs/safety.svg', ROOT), 'utf8');
    const page = readFileSync(new URL('docs/safety.md', ROOT), 'utf8');
    const rules = [...picture.matchAll(/<text class="rule"[^>]*>([^<]+)</g)].flatMap(([, text = '']) =>
      text.split(', ').filter((rule) => rule !== '…' && rule !== 'ETag'),
    );
    expect(rules).toHaveLength(11);
    for (const rule of rules) {
      expect(page).toMatch(new RegExp(`^\\| .*\`${rule}\`.* \\|`, 'm'));
    }
  });
});
