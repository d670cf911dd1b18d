import { describe, expect, it } from 'vitest';
import { guardOf } from '#config/guard.ts';
import { parseConfigObject } from '#config/steward-config.ts';

const settings = (written: object) => guardOf(parseConfigObject(written, 'steward.json'));

describe('The guard in the configuration', () => {
  it.each([
    ['left out', {}, { mode: 'lifecycle', heal: false }],
    ['a word', { guard: 'all' }, { mode: 'all', heal: false }],
    ['an object', { guard: { mode: 'all', heal: 'all' } }, { mode: 'all', heal: 'all' }],
    ['half an object', { guard: { heal: true } }, { mode: 'lifecycle', heal: true }],
  ])('may be %s', (_, written, expected) => {
    expect(settings(written)).toEqual(expected);
  });
});
