import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitStore, widthOf } from '#core/inventory/bit-store.ts';

const GREATEST = 0xffff_ffff;

interface Room {
  readonly width: number;
  readonly begin: number;
  readonly model: number[];
}

function takeRoom(store: BitStore, width: number, count: number): Room {
  return { width, begin: store.take(count, width), model: Array.from({ length: count }, () => 0) };
}

function put(store: BitStore, { begin, width, model }: Room, place: number, word: number): void {
  const value = width === 0 ? 0 : word >>> (32 - width);
  store.write(begin, width, place, value);
  model[place] = value;
}

function wrongIn(store: BitStore, { begin, width, model }: Room): readonly number[] {
  return [...model.keys()].filter((place) => store.read(begin, width, place) !== model[place]);
}

describe('a store of bits', () => {
  it('agrees with plain lists, of whatever widths', () => {
    const room = fc.record({ width: fc.nat({ max: 32 }), groups: fc.integer({ min: 1, max: 40 }) });
    const write = fc.tuple(fc.nat(), fc.nat(), fc.integer({ min: 0, max: GREATEST }));
    fc.assert(
      fc.property(fc.array(room, { minLength: 1 }), fc.array(write, { maxLength: 300 }), (shapes, writes) => {
        const store = new BitStore();
        const rooms = shapes.map(({ width, groups }) => takeRoom(store, width, 32 * groups));
        for (const [at, place, word] of writes) {
          const written = rooms[at % rooms.length];
          if (written !== undefined) {
            put(store, written, place % written.model.length, word);
          }
        }
        expect(rooms.map((each) => wrongIn(store, each))).toEqual(rooms.map(() => []));
      }),
      { seed: 34, numRuns: 200 },
    );
  });

  it('keeps the neighbours of a number that is written, at every place and width', () => {
    const store = new BitStore();
    for (let width = 1; width <= 32; width++) {
      const room = takeRoom(store, width, 64);
      for (let place = 0; place < 64; place++) {
        put(store, room, place, GREATEST);
      }
      for (let place = 0; place < 64; place += 3) {
        put(store, room, place, 0);
      }
      expect(wrongIn(store, room)).toEqual([]);
    }
  });

  it('holds megabytes, and lays no room over the border of a chunk', () => {
    const store = new BitStore();
    const rooms = Array.from({ length: 90 }, (_, index) => takeRoom(store, 27, 32_768 - 32 * (index % 5)));
    for (const [index, room] of rooms.entries()) {
      for (let place = 0; place < room.model.length; place += 1_001) {
        put(store, room, place, (index * 0x9e37_79b1 + place) >>> 0);
      }
      put(store, room, room.model.length - 1, GREATEST);
    }
    expect(rooms.map((each) => wrongIn(store, each))).toEqual(rooms.map(() => []));
  });

  it('reads 0 where nothing was taken', () => {
    expect(new BitStore().read(0, 26, 5)).toBe(0);
  });

  it('knows how many bits a number takes', () => {
    expect([0, 1, 2, 3, 4, 255, 256, GREATEST].map(widthOf)).toEqual([0, 1, 2, 2, 3, 8, 9, 32]);
  });
});
