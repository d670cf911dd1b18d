import { describe, expect, it } from 'vitest';
import { JUDGEMENTS } from '#core/collect/judge.ts';
import { RETENTION_RULES } from '#core/retention/decide.ts';
import { STEPS } from '#test/model/mutations.ts';
import { specifiedRules, withRows } from '#tools/spec/rules-table.ts';
import { witnessesIn } from '#tools/spec/witnesses.ts';
import { textOf } from './doc-script.ts';

const RULES = specifiedRules();
const NAMES = RULES.map(({ rule }) => rule);
const PAGE = textOf('docs/safety.md');
const WITNESSES = textOf('spec/witnesses.qnt');

describe('The specification', () => {
  it('has each rule in one module only', () => {
    expect(NAMES).toEqual([...new Set(NAMES)]);
  });

  it('takes out what the code can be without: a rule of judgement or of retention, or a step of the model', () => {
    const switches = new Set<string>([
      ...JUDGEMENTS.map(({ rule }) => rule),
      ...RETENTION_RULES.map(({ rule }) => `retain: ${rule}`),
      ...STEPS,
    ]);
    expect(NAMES.filter((rule) => !switches.has(rule))).toEqual([]);
  });

  it('has a story for each rule, and no other', () => {
    const told = new Set(witnessesIn(WITNESSES).map(({ rule }) => rule));
    expect([...told].sort()).toEqual(NAMES.toSorted());
  });

  it('takes out only rules that there are', () => {
    expect(witnessesIn(WITNESSES).flatMap(({ others }) => others.filter((rule) => !NAMES.includes(rule)))).toEqual([]);
  });

  it('plays every story: each has a run with the rule and one without', () => {
    const ends = [...WITNESSES.matchAll(/run (\w+)_(?:holds|breaks) =/g)].map(([, name]) => name);
    const played = witnessesIn(WITNESSES).flatMap(({ name }) => [name, name]);
    expect(played.toSorted()).toEqual(ends.toSorted());
  });

  it('has its stories written down, in their order', () => {
    const written = [...textOf('spec/stories.md').matchAll(/^### `(.+)`$/gm)].map(([, rule]) => rule);
    expect(written).toEqual(witnessesIn(WITNESSES).map(({ rule }) => rule));
  });
});

describe('The page on safety', () => {
  it('leads from each rule to its line, its story, its function and its tests', () => {
    expect(PAGE.match(/^\| `.*\]\(\.\.\/spec\//gm)).toHaveLength(RULES.length);
    // npm run spec -- --write puts it right.
    expect(PAGE).toBe(withRows(PAGE));
  });

  it.each(RULES)('leads from $rule to code that there is', ({ code }) => {
    expect(textOf(code.file)).toMatch(new RegExp(`\\b(?:function|class) ${code.name}\\b`));
  });

  it('names the rules of judgement that the specification leaves out', () => {
    const [, sentence = ''] = /The specification leaves out ([\s\S]*?)\n\n/.exec(PAGE) ?? [];
    const left = [...sentence.matchAll(/`([^`]+)`/g)].map(([, rule]) => rule);
    expect(left).toEqual(JUDGEMENTS.map(({ rule }) => rule as string).filter((rule) => !NAMES.includes(rule)));
  });
});
