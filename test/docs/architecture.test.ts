import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inlineCode } from './doc-commands.ts';
import { ROOT, textOf } from './doc-script.ts';

const DECISIONS = readdirSync(new URL('docs/decisions', ROOT)).filter((name) => /^\d/.test(name));
const PAGES = [
  'docs/architecture.md',
  'CONTRIBUTING.md',
  'docs/decisions/README.md',
  ...DECISIONS.map((name) => `docs/decisions/${name}`),
];
const TOP_FOLDERS = /^(?:adapters|cli|config|core|docs|functions|infra|operations|ports|report|steward|test|tools)\//;

/** Paths of the project that a page sets as code, without what stands for a part of them. */
function pathsIn(page: string): readonly string[] {
  const paths = inlineCode(textOf(page)).filter((code) => TOP_FOLDERS.test(code) && /^[\w./*<>-]+$/.test(code));
  return [...new Set(paths.map((path) => path.replace(/[^/]*[*<].*$/, '')))];
}

describe('The pages for contributors', () => {
  it('name files of the project', () => {
    expect(pathsIn('docs/architecture.md').length).toBeGreaterThan(60);
  });

  it.each(PAGES.flatMap((page) => pathsIn(page).map((path) => [page, path] as const)))(
    '%s: names what exists: %s',
    (_, path) => {
      expect(existsSync(new URL(path, ROOT))).toBe(true);
    },
  );

  it('say of each top folder of the product what it holds', () => {
    const tops = readdirSync(ROOT, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && TOP_FOLDERS.test(`${entry.name}/`))
      .map(({ name }) => name)
      .filter((name) => !['docs', 'test'].includes(name));
    const page = textOf('docs/architecture.md');
    expect(tops.filter((name) => !page.includes(`| \`${name}/\` |`))).toEqual([]);
  });
});

describe('The index of decisions', () => {
  it('lists each page once, with its title', () => {
    const rows = DECISIONS.sort().map((name) => {
      const [, number = '', title = ''] = /^# (\d{4}): (.+)$/m.exec(textOf(`docs/decisions/${name}`)) ?? [];
      return `| [${number}](${name}) | ${title} |`;
    });
    expect(
      textOf('docs/decisions/README.md')
        .split('\n')
        .filter((line) => line.startsWith('| [0')),
    ).toEqual(rows);
  });

  it.each(DECISIONS)('%s has the four parts of a decision', (name) => {
    const headings = [...textOf(`docs/decisions/${name}`).matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(['Context', 'Decision', 'Consequences', 'What would change it']);
  });
});
