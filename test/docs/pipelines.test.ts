import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const ROOT = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, ROOT), 'utf8');
const SCRIPTS: Readonly<Record<string, string>> = JSON.parse(read('package.json')).scripts;

/** What runs on every change, and what runs each week. */
const CHANGE = read('.ci/run');
const WEEK = read('.github/workflows/weekly.yml');

/** Suites that are parts of one that runs. */
const PARTS: ReadonlyMap<string, string> = new Map([
  ['test', 'test:coverage'],
  ['test:fast', 'test:coverage'],
  ['test:conformance', 'test:coverage'],
]);

/** The scripts that a text runs or has in a matrix. */
function named(text: string): readonly string[] {
  const lines = text.split('\n').filter((line) => !/^\s*(?:#|step )/.test(line));
  return [...lines.join('\n').matchAll(/npm run ([\w:]+)|'((?:test|bench)(?::[\w:]+)?)'/g)].map(
    ([, run, listed]) => run ?? listed ?? '',
  );
}

describe('The pipelines', () => {
  it('are read', () => {
    expect(named("# npm run a\nstep 'npm run b'\nnpm run c:d -- e\n  command: ['test:f']\n")).toEqual([
      'c:d',
      'test:f',
    ]);
  });

  it('run scripts that there are', () => {
    expect([...named(CHANGE), ...named(WEEK)].filter((script) => !Object.hasOwn(SCRIPTS, script))).toEqual([]);
  });

  it('run the bench each week', () => {
    expect(named(WEEK)).toContain('bench');
  });

  it('run every suite', () => {
    const run = new Set([...named(CHANGE), ...named(WEEK)]);
    const suites = Object.keys(SCRIPTS).filter((script) => /^test(?::|$)/.test(script));
    expect(suites.filter((suite) => !run.has(PARTS.get(suite) ?? suite))).toEqual([]);
  });
});
