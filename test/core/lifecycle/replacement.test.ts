import { describe, expect, it } from 'vitest';
import type { LifecycleJson, RuleJson } from '#core/lifecycle/document.ts';
import { judgeLifecycle } from '#core/lifecycle/judge.ts';
import { DEFAULT_LIFECYCLE_POLICY, managedRule, managedRules } from '#core/lifecycle/managed-rules.ts';
import { type Replacement, safeReplacement } from '#core/lifecycle/replacement.ts';
import type { LifecycleRule } from '#core/lifecycle/rule.ts';
import type { UnnamedLoss } from '#core/lifecycle/unnamed.ts';
import { archive, at, DAY, expiry, filter, object, ordersCheckpoint, root, rule } from './samples.ts';

const NOW = at('2026-11-30T12:00:00Z');
const PREFIX = 'flink/checkpoints/';
const OURS = managedRules([PREFIX], DEFAULT_LIFECYCLE_POLICY, false);

describe('safeReplacement', () => {
  it('gives a bucket without any rules the steward’s own', () => {
    expect(replace(null, [])).toEqual({
      document: { Rules: OURS },
      changed: true,
      changes: [
        { action: 'added', rule: `flink-steward-abort-uploads:${PREFIX}`, why: 'no rule of this prefix did this' },
      ],
      problem: null,
    });
  });

  it('takes an expiry out, and says what it broke', () => {
    const json = { ID: 'week', Status: 'Enabled', Filter: { Prefix: PREFIX }, Expiration: { Days: 7 } };

    const { document, changes } = replace({ Rules: [json] }, [
      expiry(7, { id: 'week', filter: filter({ prefix: PREFIX }) }),
    ]);

    expect(document.Rules).toEqual(OURS);
    expect(changes[0]).toEqual({
      action: 'removed',
      rule: 'week',
      why: 'it deletes files that 1 root needs, the first object from 2026-12-01 on',
    });
  });

  it('keeps of a rule what takes no live state, and says what it no more does beside the area', () => {
    const harmless = {
      Status: 'Enabled',
      Filter: { Prefix: '' },
      NoncurrentVersionExpiration: { NoncurrentDays: 1 },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
    };
    const json = {
      ...harmless,
      Expiration: { Date: '2026-12-01' },
      Transitions: [
        { Days: 1, StorageClass: 'GLACIER_IR' },
        { Days: 9, StorageClass: 'GLACIER' },
      ],
    };
    const judged = expiry(7, {
      id: null,
      abortsUploadsAfter: 1,
      transitions: archive('GLACIER', 9).transitions,
    });

    const { document, changes } = replace({ Rules: [json] }, [judged], 2);

    expect(document.Rules).toEqual([{ ...harmless, Transitions: [{ Days: 1, StorageClass: 'GLACIER_IR' }] }]);
    expect(changes).toEqual([
      {
        action: 'narrowed',
        rule: 'Rule 1 (without ID)',
        why: 'it deletes files that 2 roots need, the first object from 2026-12-01 on. If its effect outside the area is needed, add rules with prefixes of their own',
      },
    ]);
  });

  it.each<[string, RuleJson, LifecycleRule, RuleJson | null]>([
    ['an only transition', { Transition: { Days: 1, StorageClass: 'GLACIER' } }, archive('GLACIER', 1), null],
    [
      'a transition to what is readable, beside an expiry',
      { Transition: { Days: 1, StorageClass: 'STANDARD_IA' }, Expiration: { Days: 9 } },
      expiry(9),
      { Transition: { Days: 1, StorageClass: 'STANDARD_IA' } },
    ],
    [
      'the removal of delete markers, beside an archive',
      { Expiration: { ExpiredObjectDeleteMarker: true }, Transitions: [{ Days: 1, StorageClass: 'DEEP_ARCHIVE' }] },
      archive('DEEP_ARCHIVE', 1),
      { Expiration: { ExpiredObjectDeleteMarker: true } },
    ],
    ['an expiry that is no object', { Expiration: 7, Transitions: 'x' }, expiry(9), null],
    ['an entry that is no transition', { Transitions: ['x'] }, expiry(9), { Transitions: ['x'] }],
  ])('of a rule keeps or drops %s', (_, action, judged, left) => {
    const { document } = replace({ Rules: [{ ID: 'r', Status: 'Enabled', Filter: {}, ...action }] }, [judged]);

    const kept = document.Rules.filter(({ ID }) => ID === 'r');
    expect(kept).toEqual(left === null ? [] : [{ ID: 'r', Status: 'Enabled', Filter: {}, ...left }]);
  });

  it('takes out what takes nothing today, where it waits for every checkpoint to come', () => {
    const json = { ID: 'r', Status: 'Enabled', Filter: {}, Expiration: { Days: 7 } };
    const judged = [expiry(7, { id: 'r' })];

    const { changes } = replace({ Rules: [json] }, judged, 0);

    expect(changes[0]).toMatchObject({
      action: 'removed',
      why: `it deletes what checkpoints and savepoints below '${PREFIX}' will need. If its effect outside the area is needed, add rules with prefixes of their own`,
    });
  });

  it.each([
    ['deletes', expiry(7, { filter: filter({ prefix: `${PREFIX}eu/` }) })],
    ['archives', archive('GLACIER', 30, { filter: filter({ prefix: `${PREFIX}eu/` }) })],
    ['deletes', expiry(10_000, { filter: filter({ prefix: `${PREFIX}eu/` }) })],
  ])('takes out what %s a part of the area, though nothing is there today', (takes, judged) => {
    const json = { ID: 'r', Status: 'Enabled', Filter: { Prefix: `${PREFIX}eu/` } };

    const { document, changes } = replace({ Rules: [json] }, [{ ...judged, id: 'r' }], 0);

    expect(document.Rules).toEqual(OURS);
    expect(changes[0]).toEqual({
      action: 'removed',
      rule: 'r',
      why: `it ${takes} what checkpoints and savepoints below '${PREFIX}eu/' will need`,
    });
  });

  it.each([
    ['needs today', 1, 'it may delete files that 1 root needs, the first object from 2026-12-01 on (CONDITION)'],
    ['will need', 0, `it may delete what checkpoints and savepoints below '${PREFIX}' will need (CONDITION)`],
  ])('says of a rule by tag under which condition it takes what a root %s', (_, roots, why) => {
    const tagged = expiry(7, { id: 'r', filter: filter({ prefix: PREFIX, tags: [{ key: 'team', value: 'a' }] }) });

    const { changes } = replace({ Rules: [{ ID: 'r', Status: 'Enabled' }] }, [tagged], roots);

    const condition = 'if the objects carry the tag team=a, which a listing does not show';
    expect(changes[0]).toEqual({ action: 'removed', rule: 'r', why: why.replace('CONDITION', condition) });
  });

  it('takes out what takes files outside the area that a root needs, and keeps the rule beside it', () => {
    const outside = { ...object('flink/changelog/x', NOW - DAY, 0), outside: true };
    const rules = [
      expiry(7, { id: 'r', filter: filter({ prefix: 'flink/changelog/' }) }),
      expiry(7, { id: 'logs', position: 2, filter: filter({ prefix: 'logs/' }) }),
    ];
    const judgement = judgeLifecycle(rules, [root([outside])], NOW, { prefixes: [PREFIX] });

    const { changes } = safeReplacement({
      unnamed: [],
      existing: { Rules: [{ ID: 'r' }, { ID: 'logs' }] },
      rules,
      judgements: judgement.rules,
      prefixes: [PREFIX],
      versioned: false,
      policy: DEFAULT_LIFECYCLE_POLICY,
    });

    expect(changes.slice(0, 2)).toEqual([
      {
        action: 'removed',
        rule: 'r',
        why: 'it deletes files that 1 root needs, the first object from 2026-12-07 on',
      },
      { action: 'kept', rule: 'logs', why: 'it applies to other keys' },
    ]);
  });

  it('takes out what takes files that jobs need and no checkpoint names', () => {
    const prefix = `${PREFIX}ha/`;
    const judged = expiry(7, { id: 'r', filter: filter({ prefix }) });
    const json = { ID: 'r', Status: 'Enabled', Filter: { Prefix: prefix }, Expiration: { Days: 7 } };
    const loss = { position: 1, objects: 1, bytes: 1, firstKey: `${prefix}submittedJobGraph1`, sentence: '' };

    const { changes } = replace({ Rules: [json] }, [judged], 1, [loss]);

    expect(changes[0]).toEqual({
      action: 'removed',
      rule: 'r',
      why: `it deletes files that jobs need even if no checkpoint references them, such as ${prefix}submittedJobGraph1`,
    });
  });

  it.each([
    ['it does not affect live state', rule({ bystanders: ['aborts-uploads'] })],
    ['it applies to other keys', expiry(7, { filter: filter({ prefix: 'logs/' }) })],
    ['it is disabled', expiry(7, { enabled: false })],
  ])('keeps a rule as it is, because %s', (why, judged) => {
    const json = { ID: 'r', Filter: {}, anything: ['goes'] };

    const { document, changes } = replace({ Rules: [json] }, [{ ...judged, id: 'r' }]);

    expect(document.Rules[0]).toBe(json);
    expect(changes[0]).toEqual({ action: 'kept', rule: 'r', why });
  });

  it('archives in the words for one root', () => {
    const { changes } = replace({ Rules: [{ ID: 'r', Status: 'Enabled', Filter: {} }] }, [archive('GLACIER', 7)]);

    expect(changes[0]?.why).toMatch(/^it archives files that 1 root needs, the first object from 2026-12-01 on\./);
  });

  it('disables what it does not understand, and does not rely on what that tidies', () => {
    const json = { ID: 'r', Status: 'Enabled', Filter: {}, Vaporize: 1 };
    const judged = rule({ id: 'r', abortsUploadsAfter: 7, notUnderstood: ['Vaporize'] });

    const { document, changes } = replace({ Rules: [json] }, [judged]);

    expect(document.Rules).toEqual([{ ...json, Status: 'Disabled' }, ...OURS]);
    expect(changes[0]).toEqual({
      action: 'disabled',
      rule: 'r',
      why: 'it has parts that the steward does not understand: Vaporize',
    });
  });

  it('renews rules of its own, and takes out those that are not needed any more', () => {
    const old = managedRule('uploads', PREFIX, { ...DEFAULT_LIFECYCLE_POLICY, abortUploadsAfter: 90 });
    const gone = managedRule('uploads', 'gone/', DEFAULT_LIFECYCLE_POLICY);
    const rules = [rule({ abortsUploadsAfter: 90 }), rule({ abortsUploadsAfter: 7 })];

    const { document, changes } = replace({ Rules: [old, gone] }, rules);

    expect(document.Rules).toEqual(OURS);
    expect(changes.map(({ action, rule: id }) => [action, id])).toEqual([
      ['removed', gone.ID],
      ['replaced', old.ID],
    ]);
  });

  it('is the very document where nothing is to change', () => {
    const existing = { TransitionDefaultMinimumObjectSize: 'x', Rules: OURS };

    const { document, changed, changes } = replace(existing, [rule({ abortsUploadsAfter: 7 })]);

    expect({ document, changed, changes }).toEqual({ document: existing, changed: false, changes: [] });
  });

  it('keeps what was not judged', () => {
    const { document } = replace({ Rules: [{ ID: 'r' }] }, []);

    expect(document.Rules[0]).toEqual({ ID: 'r' });
  });
});

/** @param roots so many checkpoints need the objects. */
function replace(
  existing: LifecycleJson | null,
  rules: readonly LifecycleRule[],
  roots = 1,
  unnamed: readonly UnnamedLoss[] = [],
): Replacement {
  const checkpoints = Array.from({ length: roots }, (_, id) =>
    ordersCheckpoint({ key: `${PREFIX}x/chk-${id}/_metadata`, newest: id === 0 }),
  );
  const { rules: judgements } = judgeLifecycle(rules, checkpoints, NOW, { prefixes: [PREFIX] });
  return safeReplacement({
    unnamed,
    existing,
    rules,
    judgements,
    prefixes: [PREFIX],
    versioned: false,
    policy: DEFAULT_LIFECYCLE_POLICY,
  });
}
