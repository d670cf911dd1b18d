import { describe, expect, it } from 'vitest';
import { widthOf } from '#cli/io.ts';

describe('COLUMNS', () => {
  it.each([
    ['80', 80],
    ['200', 200],
    ['40', 40],
    ['39', undefined],
    ['0', undefined],
    ['wide', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('of %j is a width of %j where stdout is no terminal', (text, width) => {
    expect(widthOf(text)).toBe(width);
  });
});
