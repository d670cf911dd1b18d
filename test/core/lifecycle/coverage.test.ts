import { describe, expect, it } from 'vitest';
import { missingRules, places, tidies, touches, versionsExpireAfter } from '#core/lifecycle/coverage.ts';
import type { LifecycleRule } from '#core/lifecycle/rule.ts';
import { filter, rule } from './samples.ts';

const UPLOADS: Partial<LifecycleRule> = { abortsUploadsAfter: 7 };
const VERSIONS: Partial<LifecycleRule> = { noncurrentExpiry: { days: 3, keepsNewest: 0 } };
const SPARING: Partial<LifecycleRule> = { noncurrentExpiry: { days: 3, keepsNewest: 1 } };
const MARKERS: Partial<LifecycleRule> = { bystanders: ['delete-markers'] };

describe('places', () => {
  it.each([
    ['', ['flink/', 'jobs/'], "below 'flink/' and 'jobs/'"],
    ['flink/', ['flink/'], "below 'flink/'"],
    ['flink/a/', ['flink/', 'jobs/'], "below 'flink/a/'"],
    ['flink/', ['flink/a/', 'flink/b/', 'jobs/'], "below 'flink/a/' and 'flink/b/'"],
    ['logs/', [''], "below 'logs/'"],
    ['', [''], 'anywhere in the bucket'],
  ])('are for a rule on %j in %j: %s', (prefix, prefixes, expected) => {
    expect(places(rule({ filter: filter({ prefix }) }), prefixes)).toBe(expected);
  });
});

describe('noncurrent versions', () => {
  const expiring = (days: number, prefix: string) =>
    rule({ noncurrentExpiry: { days, keepsNewest: 0 }, filter: filter({ prefix }) });

  it.each([
    ['by the first of the rules for them', [expiring(7, ''), expiring(3, 'flink/')], ['flink/'], 3],
    ['by the last of the prefixes', [expiring(7, 'a/'), expiring(3, 'b/')], ['a/', 'b/'], 7],
    ['never where one prefix has no rule', [expiring(3, 'b/')], ['a/', 'b/'], null],
    ['never by a rule that keeps the newest', [rule(SPARING)], ['a/'], null],
    ['never by a rule without days', [rule({ noncurrentExpiry: { days: null, keepsNewest: 0 } })], ['a/'], null],
    ['never where there is no prefix', [expiring(3, '')], [], null],
  ])('are expired %s', (_, rules, prefixes, expected) => {
    expect(versionsExpireAfter(rules, prefixes)).toBe(expected);
  });
});

describe('tidies', () => {
  it.each([
    ['a rule for the whole bucket does', rule(UPLOADS), true],
    ['a rule for that prefix does', rule({ ...UPLOADS, filter: filter({ prefix: 'flink/' }) }), true],
    ['a rule for a part of it does not', rule({ ...UPLOADS, filter: filter({ prefix: 'flink/a' }) }), false],
    ['a rule for another does not', rule({ ...UPLOADS, filter: filter({ prefix: 'logs/' }) }), false],
    ['a disabled one does not', rule({ ...UPLOADS, enabled: false }), false],
    ['one with a tag does not', rule({ ...UPLOADS, filter: filter({ tags: [{ key: 'k', value: 'v' }] }) }), false],
    ['one with a lower size does not', rule({ ...UPLOADS, filter: filter({ largerThan: 0 }) }), false],
    ['one with an upper size does not', rule({ ...UPLOADS, filter: filter({ smallerThan: 9 }) }), false],
    ['one not understood does not', rule({ ...UPLOADS, filter: filter({ understood: false }) }), false],
    ['one that does something else does not', rule(VERSIONS), false],
  ])('%s', (_, judged, expected) => {
    expect(tidies(judged, 'uploads', 'flink/')).toBe(expected);
  });

  it.each([
    [VERSIONS, true],
    // Flink writes each key once, so that what it deletes has one noncurrent version, which is the newest.
    [SPARING, false],
    [MARKERS, false],
  ])('expires noncurrent versions: %j %s', (part, expected) => {
    expect(tidies(rule(part), 'versions', 'flink/')).toBe(expected);
  });
});

describe('touches', () => {
  it.each([
    ['', true],
    ['fl', true],
    ['flink/', true],
    ['flink/checkpoints/eu/', true],
    ['logs/', false],
  ])('a rule for "%s" about "flink/": %s', (prefix, expected) => {
    expect(touches(rule({ filter: filter({ prefix }) }), ['other/', 'flink/'])).toBe(expected);
  });
});

describe('missingRules', () => {
  it('names what each prefix lacks, versions only where they are kept', () => {
    const rules = [rule({ ...UPLOADS, filter: filter({ prefix: 'a/' }) })];

    expect(missingRules(rules, ['a/', 'b/'], false)).toEqual([{ tidying: 'uploads', prefixes: ['b/'], butFor: null }]);
    expect(missingRules(rules, ['a/'], true)).toEqual([
      { tidying: 'versions', prefixes: ['a/'], butFor: null },
      { tidying: 'markers', prefixes: ['a/'], butFor: null },
    ]);
    expect(missingRules([rule({ ...UPLOADS, ...VERSIONS, ...MARKERS })], ['a/'], true)).toEqual([]);
  });

  it.each([
    ['x', 'rule "x"'],
    [null, 'rule 1'],
  ])('says of a rule that spares the newest noncurrent version that it does nothing here', (id, name) => {
    const [missing] = missingRules([rule({ ...UPLOADS, ...SPARING, ...MARKERS, id })], ['a/'], true);

    expect(missing).toEqual({
      tidying: 'versions',
      prefixes: ['a/'],
      butFor: `${name} keeps the newest noncurrent version of each key, and Flink writes each key once`,
    });
  });
});
