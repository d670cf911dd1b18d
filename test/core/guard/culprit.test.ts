import { describe, expect, it } from 'vitest';
import { culpritOf, rulesThatTook } from '#core/guard/culprit.ts';
import { archive, expiry, filter, rule } from '#test/core/lifecycle/samples.ts';
import { expired, requested } from './deletions.ts';

const BUCKET = 's3://bucket';
const KEY = 'flink/job/shared/file';

describe('The rules that can have taken an object', () => {
  it('are enabled ones that expire current objects and match its key', () => {
    const rules = [
      expiry(7, { id: 'all' }),
      expiry(7, { id: 'here', filter: filter({ prefix: 'flink/' }) }),
      expiry(7, { id: 'elsewhere', filter: filter({ prefix: 'logs/' }) }),
      expiry(7, { id: 'disabled', enabled: false }),
      archive('GLACIER', 7, { id: 'archives' }),
      rule({ id: 'nothing' }),
    ];

    expect(rulesThatTook(rules, { key: KEY, bytes: null }).map(({ id }) => id)).toEqual(['all', 'here']);
  });

  it('are held against the size of the object where that is known', () => {
    const rules = [expiry(7, { id: 'large', filter: filter({ largerThan: 1_000 }) })];

    expect(rulesThatTook(rules, { key: KEY, bytes: 10 })).toEqual([]);
    expect(rulesThatTook(rules, { key: KEY, bytes: null })).toHaveLength(1);
  });
});

describe('Who has deleted an object', () => {
  it.each([
    ['a rule by its name', expired(KEY), [expiry(7)], 'Lifecycle rule "expire-after-7-days" of s3://bucket'],
    ['a rule by its place', expired(KEY), [expiry(7, { id: null })], 'Lifecycle rule 1 (without ID) of s3://bucket'],
    [
      'one of several',
      expired(KEY),
      [expiry(7), expiry(9)],
      'One of the lifecycle rules of s3://bucket ("expire-after-7-days", "expire-after-9-days")',
    ],
    ['a rule that is gone', expired(KEY), [], 'A lifecycle rule of s3://bucket that is not there any more'],
    ['a rule that nobody may read', expired(KEY), null, 'A lifecycle rule of s3://bucket'],
    ['a person', requested(KEY), null, 'Somebody with the identity 123456789012, from the address 192.0.2.1,'],
    ['a person without address', requested(KEY, { address: null }), null, 'Somebody with the identity 123456789012'],
    ['somebody', requested(KEY, { requester: null, address: null }), null, 'Somebody'],
  ] as const)('is told: %s', (_, deletion, rules, said) => {
    expect(culpritOf(deletion, BUCKET, rules)).toBe(said);
  });
});
