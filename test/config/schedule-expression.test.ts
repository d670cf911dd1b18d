import { describe, expect, it } from 'vitest';
import { scheduleProblem } from '#config/schedule-expression.ts';

describe('scheduleProblem', () => {
  it.each([
    'rate(1 minute)',
    'rate(5 minutes)',
    'rate(1 hour)',
    'rate(7 days)',
    'cron(30 2 * * ? *)',
    'cron(0 10 * * ? *)',
    'cron(0 18 ? * MON-FRI *)',
    'cron(0 8 1 * ? *)',
    'cron(0/15 * * * ? *)',
    'cron(*/10 * ? * MON-FRI *)',
    'cron(0/30 20-2 ? * MON-FRI *)',
    'cron(15 10 ? * 6L 2027-2028)',
    'cron(0 9 ? * 2#1 *)',
    'cron(0 9 ? * FRI#5 *)',
    'cron(0 9 ? * L *)',
    'cron(0 9 L * ? *)',
    'cron(0 9 3W * ? *)',
    'cron(0 9 1,15 JAN,JUL ? 2199)',
    'cron(0,30 8-17/2 ? 1-6 sun,sat *)',
  ])('takes %s', (expression) => {
    expect(scheduleProblem(expression)).toBeUndefined();
  });

  const DAYS =
    'Write ? for exactly one of day of month (the third field) and day of week (the fifth), such as "cron(30 2 * * ? *)" or "cron(30 2 ? * MON-FRI *)".';
  const FIELDS =
    'Write six fields with one space between them: minutes, hours, day of month, month, day of week, year, such as "cron(30 2 * * ? *)".';

  it.each([
    ['hourly', 'Write "rate(1 hour)" or "cron(30 2 * * ? *)".'],
    ['30 2 * * ? *', 'Write "rate(1 hour)" or "cron(30 2 * * ? *)".'],
    ['rate(1 hours)', 'Write "rate(1 hour)".'],
    ['rate(5 minute)', 'Write "rate(5 minutes)".'],
    ['rate(0 minutes)', 'Write a whole number, at least 1, and minutes, hours or days, such as "rate(4 hours)".'],
    ['rate(1.5 hours)', 'Write a whole number, at least 1, and minutes, hours or days, such as "rate(4 hours)".'],
    ['rate(30 seconds)', 'Write a whole number, at least 1, and minutes, hours or days, such as "rate(4 hours)".'],
    ['rate(2 weeks)', 'Write a whole number, at least 1, and minutes, hours or days, such as "rate(4 hours)".'],
    ['cron(30 2 * * * *)', DAYS],
    ['cron(30 2 1 * MON *)', DAYS],
    ['cron(30 2 ? * ? *)', DAYS],
    ['cron(30 2 * * ?)', FIELDS],
    ['cron(30 2 * * ? * *)', FIELDS],
    ['cron(30  2 * * ? *)', FIELDS],
    ['cron(99 99 * * ? *)', 'The field minutes is "99". Write 0 to 59, or *.'],
    ['cron(0 24 * * ? *)', 'The field hours is "24". Write 0 to 23, or *.'],
    ['cron(0 2 0 * ? *)', 'The field day of month is "0". Write 1 to 31, or * or ?.'],
    ['cron(0 2 32W * ? *)', 'The field day of month is "32W". Write 1 to 31, or * or ?.'],
    ['cron(0 2 1 13 ? *)', 'The field month is "13". Write 1 to 12 or JAN to DEC, or *.'],
    ['cron(0 2 1 ? ? *)', 'The field month is "?". Write 1 to 12 or JAN to DEC, or *.'],
    ['cron(0 2 ? * 0 *)', 'The field day of week is "0". Write 1 to 7 or SUN to SAT, where 1 is Sunday, or * or ?.'],
    [
      'cron(0 2 ? * 3#1,6#3 *)',
      'The field day of week is "3#1,6#3". Write 1 to 7 or SUN to SAT, where 1 is Sunday, or * or ?.',
    ],
    [
      'cron(0 2 ? * MON#6 *)',
      'The field day of week is "MON#6". Write 1 to 7 or SUN to SAT, where 1 is Sunday, or * or ?.',
    ],
    ['cron(0 2 * * ? 1969)', 'The field year is "1969". Write 1970 to 2199, or *.'],
    ['cron(0/0 2 * * ? *)', 'The field minutes is "0/0". Write 0 to 59, or *.'],
    ['cron(0/90 2 * * ? *)', 'The field minutes is "0/90". Write 0 to 59, or *.'],
    ['cron(0/5/5 2 * * ? *)', 'The field minutes is "0/5/5". Write 0 to 59, or *.'],
    ['cron(1-2-3 2 * * ? *)', 'The field minutes is "1-2-3". Write 0 to 59, or *.'],
    ['cron(1, 2 * * ? *)', 'The field minutes is "1,". Write 0 to 59, or *.'],
    ['cron(-5 2 * * ? *)', 'The field minutes is "-5". Write 0 to 59, or *.'],
  ])('says what to write instead of %s', (expression, advice) => {
    expect(scheduleProblem(expression)).toBe(advice);
  });
});
