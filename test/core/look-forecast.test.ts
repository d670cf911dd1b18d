import { describe, expect, it } from 'vitest';
import { fitsOneFunction, hasRoom, memoryOfLook, sayForecast, sizeOfLook, timeOfLook } from '#core/look-forecast.ts';

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

  it.each([
    [1_000_000, 256],
    [10_000_000, 832],
    [50_000_000, 3_200],
  ])('reckons that %d objects take %d MiB', (objects, memory) => {
    expect(memoryOfLook(objects)).toBe(memory);
  });

  it('says that the memory is too small, as soon as the last run tells how many objects there are', () => {
    const listed = { objects: 1_000, expected: 60_000_000, took: 1_000 };

    expect(hasRoom(listed, ROOM)).toBe(false);
    expect(hasRoom(listed, { ...ROOM, memory: 4_096 })).toBeNull();
    expect(sayForecast(listed, ROOM)).toBe(
      '1,000 of about 60,000,000 objects were listed in 1 s. So many objects take about 3,840 MiB of memory, and this function has 3,008 MiB.',
    );
  });

  it.each([
    ['the present one, where it is enough', { objects: 1_000_000, expected: 4_000_000, took: MINUTE }, 3_008, 3_008],
    [
      'two processors, where the look is too slow',
      { objects: 1_000_000, expected: 5_000_000, took: MINUTE },
      3_008,
      3_538,
    ],
    ['more memory, where the pace is not known', { objects: 1_000, expected: 60_000_000, took: 1_000 }, 3_008, 3_840],
    [
      'unknown, as long as nobody knows how many there are',
      { objects: 60_000_000, expected: null, took: MINUTE },
      3_008,
      null,
    ],
    [
      'more of both, where it is slow and large',
      { objects: 50_000_000, expected: 70_000_000, took: 3.6 * MINUTE },
      3_008,
      4_416,
    ],
    [
      'none, where two processors are too slow',
      { objects: 1_000_000, expected: 6_000_000, took: MINUTE },
      3_008,
      Infinity,
    ],
    ['none, where there are two already', { objects: 1_000_000, expected: 5_000_000, took: MINUTE }, 10_240, Infinity],
    ['none, where so many objects fit nowhere', { objects: 1, expected: 500_000_000, took: 1 }, 3_008, Infinity],
    [
      'unknown, where the function does not know its own',
      { objects: 1_000_000, expected: 5_000_000, took: MINUTE },
      null,
      null,
    ],
  ])('names the size of function that the area needs: %s', (_, listed, memory, size) => {
    expect(sizeOfLook(listed, { ...ROOM, memory })).toBe(size);
  });

  it.each([
    [16_000_000, 3_008, true],
    [17_000_000, 3_008, false],
    [17_000_000, 3_538, true],
    [20_000_000, 10_240, false],
    [10_000_000, 512, false],
    [16_000_000, null, true],
  ])('says whether a look at %d objects fits into a function of %s MiB: %s', (objects, memory, fits) => {
    expect(fitsOneFunction(objects, { ...ROOM, memory })).toBe(fits);
  });
});
