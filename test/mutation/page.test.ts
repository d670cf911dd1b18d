import { describe, expect, it } from 'vitest';
import { textOf } from '#test/docs/doc-script.ts';
import { EXPLAINED } from './explained.ts';
import { GROUPS, groupNamed, judgesOf } from './groups.ts';
import { nearestFirst } from './nearest-first.ts';
import { explains, mutationPage } from './page.ts';
import { readResults, resultsOf } from './results.ts';

describe('The measured mutants', () => {
  it('stand in docs/mutation.md as they were measured', () => {
    expect(textOf('docs/mutation.md')).toBe(mutationPage(readResults()));
  });

  it('are the only ones that are explained', () => {
    const survivors = Object.entries(readResults()).flatMap(([path, result]) =>
      result.survivors.map((survivor) => ({ path, survivor })),
    );
    const idle = EXPLAINED.filter((one) => !survivors.some(({ path, survivor }) => explains(one, path, survivor)));

    expect(idle).toEqual([]);
  });

  it('are read from a report of Stryker, with what is replaced', () => {
    const location = (line: number, from: number, to: number, last = line) => ({
      start: { line, column: from },
      end: { line: last, column: to },
    });
    const mutants = [
      { status: 'Killed', replacement: 'true', location: location(1, 1, 2) },
      { status: 'Timeout', replacement: 'true', location: location(1, 1, 2) },
      { status: 'Ignored', location: location(1, 1, 2) },
      { status: 'Survived', replacement: 'a || b', location: location(1, 9, 15) },
      { status: 'NoCoverage', replacement: '{}', location: location(2, 3, 2, 4) },
    ];
    const source = 'return (a && b);\n  {\n  x\n}\n';

    expect(resultsOf({ files: { 'core/a.ts': { source, mutants } } }, '2026-12-01')).toEqual({
      'core/a.ts': {
        measured: '2026-12-01',
        noticed: 2,
        ignored: 1,
        survivors: [
          { line: 'return (a && b);', code: 'a && b', becomes: 'a || b' },
          { line: '{', code: '{ x }', becomes: '{}' },
        ],
      },
    });
  });
});

describe('A group of files that are mutated', () => {
  it.each(Object.keys(GROUPS))('is judged by tests: %s', (name) => {
    expect(judgesOf(groupNamed(name)).length).toBeGreaterThan(3);
  });

  it('is judged by the nearest tests first', () => {
    const [own, beside, elsewhere] = ['collect/judge.test.ts', 'collect/copies.test.ts', 'area/area.test.ts'];
    const tests = [elsewhere, beside, own].map((path) => `/top/test/core/${path}`);

    const sorted = tests.sort((a, b) => nearestFirst('/sandbox/core/collect/judge.ts', a, b));

    expect(sorted).toEqual([own, beside, elsewhere].map((path) => `/top/test/core/${path}`));
  });

  it('is refused where there is none of that name', () => {
    expect(() => groupNamed('x')).toThrow("There is no group 'x'. Groups: retention, collect, reader, acting.");
  });
});
