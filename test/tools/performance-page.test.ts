import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { withTables } from '#tools/bench/performance-page.ts';

const PAGE = readFileSync(new URL('../../docs/performance.md', import.meta.url), 'utf8');

describe('The tables of the bench', () => {
  it('replace those that stand in the page, and nothing else', () => {
    // Prepare
    const page = 'Before.\n\n<!-- measured: plan -->\n| old |\n<!-- end -->\n\nAfter.\n';
    const rows = [
      { tool: 'steward', objects: 1_000_000, 'wall, s': 3.456 },
      { tool: 's5cmd', objects: 1_000_000, 'wall, s': 66 },
    ];

    // Act
    const written = withTables(page, new Map([['plan', rows]]));

    // Assess
    expect(written).toBe(
      [
        'Before.',
        '',
        '<!-- measured: plan -->',
        '| tool | objects | wall, s |',
        '| --- | --: | --: |',
        '| steward | 1,000,000 | 3.46 |',
        '| s5cmd | 1,000,000 | 66 |',
        '<!-- end -->',
        '',
        'After.',
        '',
      ].join('\n'),
    );
  });

  it('are not written where the page has no place for them', () => {
    expect(() => withTables('Nothing.', new Map([['plan', []]]))).toThrow(
      'The page has no place for the table "plan".',
    );
  });

  it.each(['listing', 'plan', 'memory', 'reader', 'bundles', 'workers'])('have a place in the page: %s', (name) => {
    expect(withTables(PAGE, new Map([[name, [{ a: 1 }]]]))).toContain(`<!-- measured: ${name} -->\n| a |`);
  });
});
