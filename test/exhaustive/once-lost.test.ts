import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ONCE_LOST } from './once-lost.ts';
import { WORLDS } from './worlds/all.ts';

const TOP = new URL('../../', import.meta.url);

describe('Each way in which something was once lost', () => {
  it.each(ONCE_LOST)('is a small world, or is tested elsewhere: $what', ({ worlds, unswitched = {}, instead }) => {
    const meant = [...worlds, ...Object.keys(unswitched)];

    expect(meant.filter((name) => !WORLDS.some((world) => world.name === name))).toEqual([]);
    expect(meant.length > 0).toBe(instead === undefined);
    expect(instead === undefined || existsSync(new URL(instead.test, TOP))).toBe(true);
  });

  it.each(ONCE_LOST)('goes wrong again without the rule that mends it: $what', ({ worlds }) => {
    const mended = new Set(WORLDS.filter(({ without = [] }) => without.length > 0).map(({ name }) => name));

    expect(worlds.filter((name) => !mended.has(name))).toEqual([]);
  });
});
