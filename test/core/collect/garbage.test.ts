import { describe, expect, it } from 'vitest';
import { isGarbage } from '#core/collect/garbage.ts';
import { type JudgementRule, REASONS } from '#core/collect/verdicts.ts';

describe('Garbage', () => {
  it('is what is in quarantine and what has served it, and nothing else', () => {
    const rules = Object.keys(REASONS) as JudgementRule[];

    expect(rules.filter(isGarbage)).toEqual(['quarantine', 'garbage']);
  });
});
