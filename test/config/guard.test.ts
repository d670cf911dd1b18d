import { describe, expect, it } from 'vitest';
import { guardOf } from '#config/guard.ts';
import { parseConfigObject } from '#config/steward-config.ts';

const settings = (written: object) => guardOf(parseConfigObject(written, 'steward.json'));

const DEFAULTS = { mode: 'lifecycle', heal: false, acceptedRules: [] };

describe('The guard in the configuration', () => {
  it.each([
    ['left out', {}, DEFAULTS],
    ['a word', { guard: 'all' }, { ...DEFAULTS, mode: 'all' }],
    ['an object', { guard: { mode: 'all', heal: 'all' } }, { ...DEFAULTS, mode: 'all', heal: 'all' }],
    ['half an object', { guard: { heal: true } }, { ...DEFAULTS, heal: true }],
    ['rules that are meant', { guard: { acceptedRules: ['old'] } }, { ...DEFAULTS, acceptedRules: ['old'] }],
  ])('may be %s', (_, written, expected) => {
    expect(settings(written)).toEqual(expected);
  });
});
