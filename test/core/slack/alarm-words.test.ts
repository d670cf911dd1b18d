import { describe, expect, it } from 'vitest';
import { ALARMS, type AlarmId } from '#core/signals/alarms.ts';
import { ALARM_WORDS, decimal } from '#core/slack/alarm-words.ts';

describe('What people are told to ask', () => {
  it.each<[AlarmId, object, object]>([
    ['size-jump', { action: 'audit', job: 'a' }, { action: 'audit' }],
    ['budget', { action: 'audit', job: 'a' }, { action: 'audit' }],
    ['reclaimable-share', { action: 'plan', job: 'a' }, { action: 'plan' }],
    ['late-checkpoint', { action: 'restore-points', job: 'a' }, { action: 'restore-points' }],
    ['no-restore-point', { action: 'restore-points', job: 'a' }, { action: 'restore-points' }],
    ['damaged-newest', { action: 'restore-points', job: 'a' }, { action: 'restore-points' }],
    ['hazardous-rule', { action: 'rules' }, { action: 'rules' }],
    ['undecidable-root', { action: 'audit' }, { action: 'audit' }],
    ['failing', { action: 'history' }, { action: 'history' }],
    ['stopped', { action: 'history' }, { action: 'history' }],
    ['refused-deletions', { action: 'history' }, { action: 'history' }],
    ['paused', { action: 'history' }, { action: 'history' }],
    ['silent', { action: 'audit' }, { action: 'audit' }],
    ['dead-letters', { action: 'history' }, { action: 'history' }],
    ['late-events', { action: 'history' }, { action: 'history' }],
  ])('%s', (kind, aboutJob, aboutAll) => {
    expect([ALARM_WORDS[kind].ask('a'), ALARM_WORDS[kind].ask(null)]).toEqual([aboutJob, aboutAll]);
  });

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
