import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ownText } from '#core/own-text.ts';

describe('a text of its own', () => {
  it('is the same text, whatever it is made of', () => {
    const texts = ['', 'a', 'flink/checkpoints/', 'ÿ', 'Ā', 'grün/日本', '\u{1f600}', '\udc80 alone', '\ud800'];
    expect(texts.map(ownText)).toEqual(texts);
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 0xffff })), (units) => {
        const text = String.fromCharCode(...units);
        expect(ownText(text)).toBe(text);
      }),
      { seed: 20, numRuns: 500 },
    );
  });
});
