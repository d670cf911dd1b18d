import { describe, expect, it } from 'vitest';
import { longestGuarded, surveyRate } from '#config/survey-rate.ts';

const HOUR = 3_600_000;

describe('The schedule of surveys', () => {
  it.each([
    ['rate(10 minutes)', HOUR / 6],
    ['rate(1 hour)', HOUR],
    ['rate(2 days)', 48 * HOUR],
    ['cron(0 3 * * ? *)', null],
    ['rate(2 weeks)', null],
  ])('is %s', (schedule, rate) => {
    expect(surveyRate(schedule)).toBe(rate);
  });

  it.each([
    ['rate(10 minutes)', 2 * HOUR],
    ['rate(6 hours)', 12 * HOUR],
    ['cron(0 3 * * ? *)', 26 * HOUR],
  ])('says how long the guard trusts a survey: %s', (schedule, longest) => {
    expect(longestGuarded(schedule)).toBe(longest);
  });
});
