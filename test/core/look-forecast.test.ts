import { describe, expect, it } from 'vitest';
import { hasRoom, sayForecast, timeOfLook } from '#core/look-forecast.ts';

const MINUTE = 60_000;
const ROOM = { time: 14 * MINUTE, memory: 3_008 };

describe('The forecast of a look', () => {
  it('takes three times what listing all objects takes at the pace so far', () => {
    expect(timeOfLook({ objects: 1_000_000, expected: 4_000_000, took: MINUTE })).toBe(12 * MINUTE);
  });

  it('counts no less than what was listed, where the area has grown', () => {
    expect(timeOfLook({ objects: 5_000_000, expected: 4_000_000, took: MINUTE })).toBe(3 * MINUTE);
  });

  it.each([
    ['the last run listed nothing that it knows of', { objects: 900, expected: null, took: MINUTE }],
    ['there was nothing to list', { objects: 900, expected: 0, took: MINUTE }],
    ['hardly anything is listed yet', { objects: 19_999, expected: 1_000_000, took: MINUTE }],
  ])('is none where %s', (_, listed) => {
    expect([timeOfLook(listed), hasRoom(listed, ROOM)]).toEqual([null, null]);
    expect(sayForecast({ ...listed, expected: null }, ROOM)).toBe(
      `${listed.objects.toLocaleString('en-US')} objects were listed in 1 min.`,
    );
  });

  it('says that the time is enough', () => {
    const listed = { objects: 1_000_000, expected: 4_000_000, took: MINUTE };

    expect(hasRoom(listed, ROOM)).toBe(true);
    expect(sayForecast(listed, ROOM)).toBe(
      '1,000,000 of about 4,000,000 objects were listed in 1 min. At that pace the whole area takes about 12 min, and a function has 14 min.',
    );
  });

  it('says which memory is enough, where two whole processors are', () => {
    const listed = { objects: 1_000_000, expected: 5_000_000, took: MINUTE };

    expect(hasRoom(listed, ROOM)).toBe(false);
    expect(sayForecast(listed, ROOM)).toMatch(/takes about 15 min, and a function has 14 min\. "memory": 3538 under/);
    expect(sayForecast(listed, { ...ROOM, memory: null })).toMatch(/and a function has 14 min\.$/);
  });

  it.each([
    ['two processors are too slow', { objects: 1_000_000, expected: 6_000_000, took: MINUTE }, 3_008],
    ['there are two already', { objects: 1_000_000, expected: 5_000_000, took: MINUTE }, 10_240],
  ])('says that no size of function is enough where %s', (_, listed, memory) => {
    expect(sayForecast(listed, { ...ROOM, memory })).toMatch(/No size of function is enough for that\.$/);
  });
});
