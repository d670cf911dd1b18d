import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Candidacies } from '#core/collect/candidacies.ts';

describe('Since when objects have been garbage', () => {
  it('is not known of those of which nothing was said', () => {
    const candidacies = new Candidacies();
    candidacies.set(5, 1_000, 1);

    expect([4, 5, 6, 5_000].map((object) => candidacies.get(object))).toEqual([
      null,
      { since: 1_000, runs: 1 },
      null,
      null,
    ]);
  });

  it('is what was said last', () => {
    const candidacies = new Candidacies();
    candidacies.set(5, 1_000, 1);
    candidacies.set(5, 0, 2);

    expect(candidacies.get(5)).toEqual({ since: 0, runs: 2 });
  });

  it('counts 255 runs at most, for many runs later nobody asks', () => {
    const candidacies = new Candidacies();
    candidacies.set(0, 1, 255);
    candidacies.set(1, 1, 256);

    expect([candidacies.get(0)?.runs, candidacies.get(1)?.runs]).toEqual([255, 255]);
  });

  it('is told as by a plain map', () => {
    const said = fc.tuple(fc.nat(20_000), fc.nat(2 ** 45), fc.integer({ min: 1, max: 255 }));
    fc.assert(
      fc.property(fc.array(said), fc.array(fc.nat(20_000)), (all, asked) => {
        const candidacies = new Candidacies();
        const map = new Map<number, object>();
        for (const [object, since, runs] of all) {
          candidacies.set(object, since, runs);
          map.set(object, { since, runs });
        }
        for (const object of [...asked, ...map.keys()]) {
          expect(candidacies.get(object)).toEqual(map.get(object) ?? null);
        }
      }),
      { seed: 20270301 },
    );
  });
});
