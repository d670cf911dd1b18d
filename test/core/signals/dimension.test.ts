import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dimensionOf, labelOfDimension } from '#core/signals/dimension.ts';

describe('the dimension of a job', () => {
  it.each([
    ['eu/orders cdc', 'eu/orders cdc'],
    [':a:', '%3Aa:'],
    ['50%', '50%25'],
    ['müller\n', 'm%C3%BCller%0A'],
    ['', '%20'],
    ['  ', '%20%20'],
    ['a\ud800b', 'a%EF%BF%BDb'],
  ])('of %j is %j', (label, dimension) => {
    expect(dimensionOf(label)).toBe(dimension);
  });

  it('is one that CloudWatch takes, and the label can be told from it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (label) => {
        const dimension = dimensionOf(label);
        expect(dimension).toMatch(/^(?!:)[\x20-\x7e]{1,1024}$/);
        expect(dimension).toMatch(/\S/);
        expect(labelOfDimension(dimension)).toBe(label === '' ? ' ' : label);
      }),
      { seed: 8 },
    );
  });

  it('of a label that is too long tells its end', () => {
    const dimension = dimensionOf(`${'é'.repeat(400)}/job`);
    expect(dimension).toHaveLength(1024);
    expect(dimension).toMatch(/^\.\.\.%A9%C3%A9.*\/job$/);
    // Cut in the middle of a character: what is left is shown as it is.
    expect(labelOfDimension(dimension)).toBe(dimension);
  });

  it('is taken as it is where somebody else has published it', () => {
    expect(labelOfDimension('100%')).toBe('100%');
  });
});
