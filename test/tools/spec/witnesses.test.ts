import { describe, expect, it } from 'vitest';
import { rulesIn } from '#tools/spec/witnesses.ts';

describe('The rules of a specification', () => {
  it('are found where they are first asked for', () => {
    const text = 'def on(rule) = true\n  on("a"),\n  on("retain: b") and on("c"),\n  not(on("a"))\n';

    expect([...rulesIn(text)]).toEqual([
      ['a', 2],
      ['retain: b', 3],
      ['c', 3],
    ]);
  });
});
