import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DURATION_PATTERN, formatDuration, formatSize, parseDuration, parseSize } from '#config/units.ts';

const seed = { seed: 20_251 };

describe('durations', () => {
  it.each([
    ['90s', 90_000],
    ['10m', 600_000],
    ['24h', 86_400_000],
    ['14d', 1_209_600_000],
    ['2w', 1_209_600_000],
    ['1.5h', 5_400_000],
    ['0.25s', 250],
    ['0s', 0],
    ['100000d', 8_640_000_000_000],
  ])('reads %s as %d ms', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  it.each([
    '',
    '10',
    'm',
    '10 m',
    ' 10m',
    '10m ',
    '-1s',
    '+1s',
    '1e3s',
    '.5h',
    '5.h',
    '10M',
    '500ms',
    '1h30m',
    '10m\n',
    '100001d',
  ])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  it.each([
    [86_400_000, '24h'],
    [172_800_000, '2d'],
    [604_800_000, '7d'],
    [5_400_000, '90m'],
    [600_000, '10m'],
    [90_000, '90s'],
    [250, '0.25s'],
    [0, '0s'],
  ])('writes %d ms as %s', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });

  it('reads back every duration that it writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 8_640_000_000_000 }), (milliseconds) => {
        expect(parseDuration(formatDuration(milliseconds))).toBe(milliseconds);
      }),
      seed,
    );
  });

  it('multiplies number and unit', () => {
    const units: [string, number][] = [
      ['s', 1e3],
      ['m', 6e4],
      ['h', 36e5],
      ['d', 864e5],
      ['w', 6048e5],
    ];
    fc.assert(
      fc.property(fc.nat(9999), fc.constantFrom(...units), (count, [unit, factor]) => {
        expect(parseDuration(`${count}${unit}`)).toBe(count * factor);
      }),
      seed,
    );
  });

  it('reads nothing that its pattern, which editors use, does not allow', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9.smhdw -]{0,8}$/), (text) => {
        expect(parseDuration(text) !== undefined).toBe(DURATION_PATTERN.test(text));
      }),
      { ...seed, examples: [['1s'], ['1.s'], ['99999w'.slice(1)]] },
    );
  });
});

describe('sizes', () => {
  it.each([
    ['7B', 7],
    ['1kB', 1000],
    ['1KB', 1000],
    ['1KiB', 1024],
    ['500MB', 500_000_000],
    ['1MiB', 1_048_576],
    ['1.5GB', 1_500_000_000],
    ['1GiB', 1_073_741_824],
    ['2TB', 2_000_000_000_000],
    ['2TiB', 2_199_023_255_552],
    ['1PB', 1_000_000_000_000_000],
    ['1PiB', 1_125_899_906_842_624],
  ])('reads %s as %d bytes', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  it.each(['', '500', '500 MB', '500mb', '5M', '-1MB', '1kiB', '10PB'])('refuses %j', (text) => {
    expect(parseSize(text)).toBeUndefined();
  });

  it.each([
    [0, '0B'],
    [999, '999B'],
    [1000, '1kB'],
    [1001, '1001B'],
    [1536, '1536B'],
    [3 * 1024, '3KiB'],
    [500e9, '500GB'],
    [2 ** 41, '2TiB'],
    [1e15, '1PB'],
  ])('writes %d bytes as %s', (bytes, text) => {
    expect(formatSize(bytes)).toBe(text);
  });

  it('reads back every size that it writes', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.constantFrom(1, 1e3, 1e6, 1e9, 1024, 2 ** 20, 2 ** 30), (count, unit) => {
        const bytes = Math.floor(count / unit) * unit;
        expect(parseSize(formatSize(bytes))).toBe(bytes);
      }),
      seed,
    );
  });
});
