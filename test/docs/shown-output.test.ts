import { describe, expect, it } from 'vitest';
import { abridgedDocument, missingLines, missingMembers } from './shown-output.ts';

describe('Lines that a page shows', () => {
  it('are there, in their order, with anything for an ellipsis', () => {
    const out = 'first\nid 9468946f38e9 (a+b)\nlast\n';
    expect(missingLines(['first', '…', 'id 9468946f… (a+b)', '', 'last'], out)).toEqual([]);
    expect(missingLines(['first', 'second', 'last'], out)).toEqual(['second']);
    expect(missingLines(['last', 'first'], out)).toEqual(['first']);
    expect(missingLines(['irst'], out)).toEqual(['irst']);
    expect(missingLines(['id 9468946f… (aab)'], out)).toEqual(['id 9468946f… (aab)']);
  });
});

describe('A document that a page shows', () => {
  const shown = abridgedDocument(['{ "summary": "17 objects. …", "runs": [{ "n": 1, … }, …],', '  "plan": null, … }']);

  it('leaves out members and the rest of texts and lists', () => {
    expect(shown).toEqual({ summary: '17 objects. …', runs: [{ n: 1 }], plan: null });
    const real = { summary: '17 objects. More.', runs: [{ n: 1, m: 2 }, {}], plan: null, next: 'x' };
    expect(missingMembers(shown, real)).toEqual([]);
  });

  it('says where another one differs', () => {
    const other = { summary: '18 objects. More.', runs: [{ n: 2 }], plan: 'p' };
    expect(missingMembers(shown, other)).toEqual(['/summary: "18 objects. More."', '/runs/0/n: 2', '/plan: "p"']);
    expect(missingMembers(shown, { summary: '17 objects. ', runs: [] })).toEqual([
      '/runs/0: undefined',
      '/plan: undefined',
    ]);
    expect(missingMembers({ a: [] }, { a: {} })).toEqual(['/a: {}']);
  });
});
