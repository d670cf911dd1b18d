import { describe, expect, it } from 'vitest';
import { undecidableWords } from '#operations/report/undecidable-words.ts';

describe('The words about an undecidable area', () => {
  it('tell of each kind of reason the first, and count the others', () => {
    const words = undecidableWords([
      { code: 'unreadable-root', sentence: 'a is cut off' },
      { code: 'flink-unreachable', sentence: 'http://b does not answer' },
      { code: 'unreadable-root', sentence: 'c is cut off' },
      { code: 'unreadable-root', sentence: 'd is cut off' },
      { code: 'flink-unreachable', sentence: 'http://e does not answer' },
    ]);

    expect(words).toEqual([
      { sentence: 'a is cut off (2 more roots like it).', command: null },
      { sentence: 'http://b does not answer (1 more endpoint like it).', command: null },
    ]);
  });

  it('keep the command at the end of a sentence in one piece', () => {
    const command = "steward declare-dead --root 's3://b/a: b/_metadata' --etag e --execute";
    const sentence = `a is cut off. Declare it dead: ${command}`;

    expect(undecidableWords([{ code: 'unreadable-root', sentence }])).toEqual([
      { sentence: 'a is cut off. Declare it dead:', command },
    ]);
    expect(undecidableWords(Array(2).fill({ code: 'unreadable-root', sentence }))).toEqual([
      { sentence: 'a is cut off. Declare it dead (1 more root like it):', command },
    ]);
  });

  it('are none where the area is decidable', () => {
    expect(undecidableWords([])).toEqual([]);
  });
});
