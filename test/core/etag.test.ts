import { describe, expect, it } from 'vitest';
import { comparableEtag } from '#core/etag.ts';

describe('comparableEtag', () => {
  it.each([
    '0cc175b9c0f1b6a831c399e269772661-3',
    '"0cc175b9c0f1b6a831c399e269772661-3"',
    'W/"0CC175B9C0F1B6A831C399E269772661-3"',
  ])('is the same for %j as for the others of that content', (etag) => {
    expect(comparableEtag(etag)).toBe('0cc175b9c0f1b6a831c399e269772661-3');
  });

  it.each([
    ['"', '"'],
    ['"a', '"a'],
    ['a"b', 'a"b'],
    ['w/x', 'x'],
    ['', ''],
  ])('makes %j to %j', (etag, comparable) => {
    expect(comparableEtag(etag)).toBe(comparable);
  });
});
