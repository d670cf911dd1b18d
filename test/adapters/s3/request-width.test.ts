import { describe, expect, it } from 'vitest';
import { RequestWidth } from '#adapters/s3/request-width.ts';

describe('RequestWidth', () => {
  it('halves when the store asks to slow down, and never below one', () => {
    const width = new RequestWidth(8);

    const seen = [8, 4, 2, 1, 1].map((sent) => {
      width.throttled();
      const halved = width.current;
      // The other requests of that burst say nothing new.
      for (let other = 0; other < sent; other++) width.throttled();
      return halved;
    });

    expect(seen).toEqual([4, 2, 1, 1, 1]);
  });

  it('counts a burst once', () => {
    const width = new RequestWidth(32);

    for (let answer = 0; answer < 32; answer++) width.throttled();

    expect(width.current).toBe(16);
  });

  it('grows by one after a round that went well, up to where it began', () => {
    const width = new RequestWidth(4);
    width.throttled();

    const grown = Array.from({ length: 12 }, () => {
      width.succeeded();
      return width.current;
    });

    expect(grown).toEqual([2, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4]);
  });
});
