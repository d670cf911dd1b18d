import { describe, expect, it } from 'vitest';
import { ALARMS } from '#core/signals/alarms.ts';
import { ALARM_WORDS, decimal } from '#core/slack/alarm-words.ts';

describe('What an alarm says', () => {
  it('is known of every alarm', () => {
    expect(Object.keys(ALARM_WORDS).sort()).toEqual(ALARMS.map(({ id }) => id).sort());
  });
});

describe('A number in a sentence', () => {
  it.each([
    [3.256, '3.26'],
    [3, '3'],
    [12.34, '12.3'],
    [-45.67, '-45.7'],
    [1_234.5, '1,235'],
  ])('has as many digits as say something: %d', (value, text) => {
    expect(decimal(value)).toBe(text);
  });
});
