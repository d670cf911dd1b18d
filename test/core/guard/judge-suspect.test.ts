import { describe, expect, it } from 'vitest';
import type { Deletion } from '#core/guard/deletion.ts';
import { GUARD_RULES, judgeSettling, judgeSuspect, type Namer } from '#core/guard/judge-suspect.ts';
import { NOW } from '#test/support/played-job.ts';
import { expired, requested } from './deletions.ts';

const KEY = 'flink/job/shared/file';
const suspect = (deletion: Deletion) => ({ deletion, url: deletion.url, location: 0, key: KEY });
const namer = (changes: Partial<Namer> = {}): Namer => ({
  url: 's3://bucket/flink/job/chk-7/_metadata',
  completed: NOW - 60_000,
  newest: true,
  lent: false,
  ...changes,
});

/** Each with what decides it. */
const CASES = [
  ['nobody-names-it', expired(KEY), [], 'cleared'],
  ['by-a-rule', expired(KEY), [namer({ newest: false })], 'lost'],
  ['named-after', requested(KEY), [namer({ completed: NOW + 1 })], 'lost'],
  ['may-be-discarded', requested(KEY), [namer({ newest: false }), namer()], 'unsettled'],
  ['subsumed', requested(KEY), [namer({ newest: false })], 'cleared'],
] as const;

describe('The verdict on a deleted file', () => {
  it.each(CASES)('is given by the rule %s', (_, deletion, namers, verdict) => {
    expect(judgeSuspect(suspect(deletion), namers)).toBe(verdict);
  });

  it.each(CASES.slice(1, -1))('is another one without the rule %s', (name, deletion, namers, verdict) => {
    const others = GUARD_RULES.filter((rule) => rule.name !== name);

    expect(judgeSuspect(suspect(deletion), namers, others)).not.toBe(verdict);
  });

  it('is that a rule took it, without the rule on what nobody names', () => {
    const others = GUARD_RULES.filter(({ name }) => name !== 'nobody-names-it');

    expect(judgeSuspect(suspect(expired(KEY)), [], others)).toBe('lost');
  });

  it('clears where no rule tells', () => {
    expect(judgeSuspect(suspect(expired(KEY)), [], [])).toBe('cleared');
  });

  it('takes no checkpoint for later that others of a higher number have replaced', () => {
    expect(judgeSuspect(suspect(requested(KEY)), [namer({ completed: NOW + 1, newest: false })])).toBe('cleared');
  });

  it('takes no deletion for a loss that a job may have made which has claimed the files', () => {
    expect(judgeSuspect(suspect(requested(KEY)), [namer({ lent: true })])).toBe('cleared');
    expect(judgeSuspect(suspect(requested(KEY)), [namer({ lent: true, completed: NOW + 1 })])).toBe('lost');
  });

  it('takes the time of a root for that of the deletion as being before it', () => {
    expect(judgeSuspect(suspect(requested(KEY)), [namer({ completed: NOW })])).toBe('unsettled');
  });
});

describe('The verdict some time later', () => {
  it.each([
    ['cleared, where the root is gone or subsumed', { stands: false, missedBefore: 0, missedNow: 0 }, 'cleared'],
    ['open, while more of its files go', { stands: true, missedBefore: 2, missedNow: 3 }, 'unsettled'],
    ['a loss, where nothing else happened', { stands: true, missedBefore: 2, missedNow: 2 }, 'lost'],
  ] as const)('is %s', (_, settling, verdict) => {
    expect(judgeSettling(settling)).toBe(verdict);
  });
});
