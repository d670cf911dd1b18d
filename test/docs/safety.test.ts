import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BREAKERS } from '#core/collect/breakers.ts';
import { JUDGEMENTS } from '#core/collect/judge.ts';
import { UNDECIDABLE_CODES } from '#core/collect/undecidable.ts';
import { REASONS } from '#core/collect/verdicts.ts';
import { RETENTION_RULES } from '#core/retention/decide.ts';

const PAGE = readFileSync(new URL('../../docs/safety.md', import.meta.url), 'utf8');

/** The rows of all tables whose heads are so, each with its cells. */
function rowsWhere(heads: (first: string, second: string) => boolean, page = PAGE): readonly (readonly string[])[] {
  const tables = (page.match(/(?:^\|.*\|\n)+/gm) ?? []).map((table) =>
    table
      .trimEnd()
      .split('\n')
      .map((row) =>
        row
          .slice(1, -1)
          .split(' | ')
          .map((cell) => cell.trim()),
      ),
  );
  return tables.filter(([[first = '', second = ''] = []]) => heads(first, second)).flatMap((rows) => rows.slice(2));
}

/** What a cell names in code, in its order. */
function namedIn(cell = ''): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
}

describe('The page on safety', () => {
  it('is read as tables', () => {
    const page =
      'Text.\n\n| rule | because |\n|---|---|\n| `a`, `b` | of `c` |\n\n| other | x |\n|---|---|\n| `d` | e |\n';
    expect(rowsWhere((first) => first === 'rule', page)).toEqual([['`a`, `b`', 'of `c`']]);
    expect(namedIn('`a`, `b`')).toEqual(['a', 'b']);
  });

  it('names each rule once, with the verdict that it gives', () => {
    const verdicts = new Map<string, string>(JUDGEMENTS.map(({ rule, verdict }) => [rule, verdict]));
    const told = rowsWhere((first, second) => first === 'rule' && second.startsWith('verdict'));

    expect(told.map(([rule]) => rule?.replaceAll('`', '')).sort()).toEqual(Object.keys(REASONS).sort());
    for (const [rule = '', verdict = ''] of told) {
      expect(`${rule} ${verdict}`).toBe(`${rule} \`${verdicts.get(rule.replaceAll('`', '')) ?? 'delete'}\``);
    }
  });

  it('names each rule of retention once', () => {
    const told = rowsWhere((first, second) => first === 'rule' && !second.startsWith('verdict')).flatMap(([rules]) =>
      namedIn(rules),
    );

    expect(told.toSorted()).toEqual(RETENTION_RULES.map(({ rule }) => rule).sort());
  });

  it('names each breaker once', () => {
    expect(rowsWhere((first) => first === 'breaker').flatMap(([breakers]) => namedIn(breakers))).toEqual([...BREAKERS]);
  });

  it('names each reason once for which an area is undecidable', () => {
    expect(
      rowsWhere((first) => first === 'reason')
        .flatMap(([reasons]) => namedIn(reasons))
        .sort(),
    ).toEqual([...UNDECIDABLE_CODES].sort());
  });
});
