import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeLifecycle } from '#core/lifecycle/judge.ts';
import type { LiveObject } from '#core/lifecycle/judgement.ts';
import type { LifecycleRule } from '#core/lifecycle/rule.ts';
import {
  archive,
  at,
  DAY,
  expiry,
  filter,
  HOUR,
  JOB,
  JOB_DIRECTORY,
  OLD_SST,
  object,
  ordersCheckpoint,
  root,
  rule,
} from './samples.ts';

const SEED = 20_261_201;
const NOW = at('2026-11-30T12:00:00Z');

describe('judgeLifecycle', () => {
  it('forecasts that an expire-after-a-week rule breaks a checkpoint younger than its oldest SST', () => {
    const judgement = judgeLifecycle([expiry(7)], [ordersCheckpoint()], NOW);

    expect(judgement).toEqual({
      rules: [
        {
          id: 'expire-after-7-days',
          position: 1,
          status: 'Enabled',
          effect: 'expires',
          certain: true,
          applies: true,
          dangerous: true,
          earliest: at('2026-12-01T00:00:00Z'),
          roots: 1,
          newestRoots: 1,
          dueRoots: 0,
          jobs: 1,
          hazards: [
            {
              rule: 'Rule "expire-after-7-days"',
              certain: true,
              condition: null,
              rootKey: `${JOB_DIRECTORY}/chk-34/_metadata`,
              job: JOB,
              label: 'orders-cdc',
              newest: true,
              completed: at('2026-11-30T10:00:00Z'),
              breaksAt: at('2026-12-01T00:00:00Z'),
              due: false,
              firstObject: {
                key: OLD_SST,
                bytes: 2_000_000,
                modified: at('2026-11-23T10:00:00Z'),
                outside: false,
                effect: 'expires',
                storageClass: null,
                ageAtBreak: 7 * DAY + 14 * HOUR,
              },
              objects: 3,
              bytes: 5_005_000,
              archivedObjects: 0,
              dueObjects: 0,
            },
          ],
          notUnderstood: [],
          notes: [],
          sentence:
            'Rule "expire-after-7-days" breaks 1 root of 1 job: chk-34 of orders-cdc, the newest of its job, loses its first object on 2026-12-01: shared/59b1c0de… written 2026-11-23 and so older than the checkpoint itself (2026-11-30).',
        },
      ],
      total: {
        earliest: at('2026-12-01T00:00:00Z'),
        roots: 1,
        newestRoots: 1,
        dueRoots: 0,
        jobs: 1,
        objects: 3,
        bytes: 5_005_000,
        atLeast: false,
      },
    });
  });

  it.each([
    ['a millisecond before midnight', -1, false, 0],
    ['at midnight', 0, true, 1],
  ])('calls a root due from the very midnight on: %s', (_, offset, due, dueObjects) => {
    const now = at('2026-12-01T00:00:00Z') + offset;

    const { rules, total } = judgeLifecycle([expiry(7)], [ordersCheckpoint()], now);

    expect(rules[0]?.hazards.map((hazard) => [hazard.due, hazard.dueObjects])).toEqual([[due, dueObjects]]);
    expect(total.dueRoots).toBe(due ? 1 : 0);
  });

  it('orders hazards by date, then by key, and counts roots and jobs', () => {
    const late = ordersCheckpoint({ key: 'x/chk-2/_metadata', newest: false });
    const alike = ordersCheckpoint({ key: 'x/chk-1/_metadata', newest: false, job: null, label: 'payments' });
    const early = root([object('x/a', at('2026-11-20T10:00:00Z'))], {
      key: 'x/savepoint/_metadata',
      job: null,
      label: 'payments',
    });

    const { rules } = judgeLifecycle([expiry(7)], [late, alike, early], NOW);

    expect(rules[0]?.hazards.map(({ rootKey }) => rootKey)).toEqual([
      'x/savepoint/_metadata',
      'x/chk-1/_metadata',
      'x/chk-2/_metadata',
    ]);
    expect(rules[0]).toMatchObject({ roots: 3, newestRoots: 1, dueRoots: 1, jobs: 2 });
    expect(rules[0]?.earliest).toBe(at('2026-11-28T00:00:00Z'));
  });

  it('counts a root that two rules break, and an object that two roots need, once', () => {
    const rules = [expiry(30), expiry(7, { position: 2 })];
    const roots = [ordersCheckpoint(), ordersCheckpoint({ key: `${JOB_DIRECTORY}/chk-33/_metadata`, newest: false })];

    const { total, rules: judged } = judgeLifecycle(rules, roots, NOW);

    expect(judged.map(({ roots: broken, earliest }) => [broken, earliest])).toEqual([
      [2, at('2026-12-24T00:00:00Z')],
      [2, at('2026-12-01T00:00:00Z')],
    ]);
    // Two SSTs that both name, and two _metadata.
    expect(total).toMatchObject({ roots: 2, newestRoots: 1, objects: 4, bytes: 5_010_000, atLeast: false });
    expect(total.earliest).toBe(at('2026-12-01T00:00:00Z'));
  });

  it('starts anew with each root', () => {
    const roots = [ordersCheckpoint(), root([object('y', NOW, 7)], { key: 'y/_metadata' })];

    const { rules } = judgeLifecycle([expiry(1)], roots, at('2026-12-24T00:00:00Z'));

    const counts = rules[0]?.hazards.map((h) => [h.objects, h.bytes, h.dueObjects, h.archivedObjects]);
    expect(counts).toEqual([
      [3, 5_005_000, 3, 0],
      [1, 7, 1, 0],
    ]);
  });

  it('names the smallest key where several objects go first', () => {
    const roots = [root(['b', 'a', 'c'].map((key) => object(key, NOW)))];

    const { rules } = judgeLifecycle([expiry(1)], roots, NOW);

    expect(rules[0]?.hazards[0]?.firstObject.key).toBe('a');
  });

  it('finds nothing where the filter takes nothing that a root needs', () => {
    const { rules, total } = judgeLifecycle(
      [expiry(7, { filter: filter({ prefix: 'logs/' }) })],
      [ordersCheckpoint()],
      NOW,
    );

    expect(rules[0]).toMatchObject({ effect: 'expires', hazards: [], roots: 0, jobs: 0, earliest: null });
    expect(total).toEqual({
      earliest: null,
      roots: 0,
      newestRoots: 0,
      dueRoots: 0,
      jobs: 0,
      objects: 0,
      bytes: 0,
      atLeast: false,
    });
  });

  it('counts only what the sizes of the filter let through', () => {
    const small = expiry(7, { filter: filter({ smallerThan: 2_500_000 }) });

    const { rules } = judgeLifecycle([small], [ordersCheckpoint()], NOW);

    expect(rules[0]?.hazards[0]).toMatchObject({ objects: 2, bytes: 2_005_000 });
  });

  it('does not visit any root where no rule can do harm', () => {
    const roots = {
      [Symbol.iterator]: () => {
        throw new Error('The roots were asked for.');
      },
    };

    const { rules } = judgeLifecycle([expiry(7, { enabled: false }), rule()], roots, NOW);

    expect(rules.map(({ status, effect }) => [status, effect])).toEqual([
      ['Disabled', 'harmless'],
      ['Enabled', 'harmless'],
    ]);
  });

  it('archives large objects only, where the bucket spares small ones', () => {
    const { rules } = judgeLifecycle([archive('GLACIER', 7)], [ordersCheckpoint()], NOW, {
      transitionMinimum: 'all_storage_classes_128K',
    });

    expect(rules[0]).toMatchObject({ effect: 'archives', notes: [] });
    expect(rules[0]?.hazards[0]).toMatchObject({ objects: 2, archivedObjects: 2, bytes: 5_000_000 });
    expect(rules[0]?.hazards[0]?.firstObject).toMatchObject({
      key: OLD_SST,
      effect: 'archives',
      storageClass: 'GLACIER',
    });
  });

  it('archives small objects too, where that varies by storage class', () => {
    const { rules } = judgeLifecycle([archive('GLACIER', 7)], [ordersCheckpoint()], NOW, {
      transitionMinimum: 'varies_by_storage_class',
    });

    expect(rules[0]?.hazards[0]).toMatchObject({ objects: 3, archivedObjects: 3 });
  });

  it.each([
    ['says so where the document leaves the minimum open', archive('GLACIER', 7), null, 1],
    [
      'has nothing to say where a size filter overrides it',
      archive('GLACIER', 7, { filter: filter({ largerThan: 0 }) }),
      null,
      0,
    ],
    ['has nothing to say of expiry', expiry(7), null, 0],
    ['has nothing to say of a disabled rule', archive('INTELLIGENT_TIERING', 7, { enabled: false }), null, 0],
    [
      'says what it does not see of INTELLIGENT_TIERING',
      archive('INTELLIGENT_TIERING', 0),
      'varies_by_storage_class',
      1,
    ],
    ['says what reading from a billed class means', archive('STANDARD_IA', 30), 'varies_by_storage_class', 1],
    ['says what ending uploads means for file sinks', rule({ abortsUploadsAfter: 2 }), null, 1],
    ['repeats what it did not understand', expiry(7, { notUnderstood: ['Novelty'] }), null, 1],
  ] as const)('%s', (_, judged, transitionMinimum, expected) => {
    const { rules } = judgeLifecycle([judged], [], NOW, { transitionMinimum });

    expect(rules[0]?.notes).toHaveLength(expected);
  });

  it('names each billed class once, and the days and prefix of what ends uploads', () => {
    const judged = rule({
      filter: filter({ prefix: 'flink/' }),
      abortsUploadsAfter: 2,
      transitions: ['ONEZONE_IA', 'GLACIER_IR', 'ONEZONE_IA'].map((storageClass, days) => ({
        when: { by: 'age', days },
        storageClass,
      })),
    });

    const [judgement] = judgeLifecycle([judged], [], NOW).rules;

    expect(judgement?.notes[0]).toMatch(
      /^ONEZONE_IA and GLACIER_IR can be read at once, but S3 bills every gigabyte that is read, /,
    );
    expect(judgement?.notes[1]).toMatch(/If a file sink writes below 'flink\/', a restore more than 2 days after/);
  });

  it('lets a date that has passed take what was written since at once', () => {
    const passed = rule({ expiration: { by: 'date', date: at('2026-01-01T00:00:00Z') } });

    const { rules } = judgeLifecycle([passed], [ordersCheckpoint()], NOW);

    expect(rules[0]?.hazards[0]).toMatchObject({ due: true, dueObjects: 3, breaksAt: at('2026-11-23T10:00:00Z') });
  });

  it('takes of several losses the first that comes to the object', () => {
    const both = expiry(30, {
      transitions: [
        { when: { by: 'age', days: 20 }, storageClass: 'DEEP_ARCHIVE' },
        { when: { by: 'age', days: 10 }, storageClass: 'GLACIER' },
      ],
    });
    const small = object('small', NOW - DAY, 10);
    const large = object('large', NOW);

    const { rules } = judgeLifecycle([both], [root([small, large])], NOW);

    expect(rules[0]?.effect).toBe('expires');
    expect(rules[0]?.hazards[0]).toMatchObject({
      objects: 2,
      archivedObjects: 1,
      breaksAt: at('2026-12-11T00:00:00Z'),
    });
    expect(rules[0]?.hazards[0]?.firstObject).toMatchObject({ key: 'large', storageClass: 'GLACIER' });
  });

  it('takes deletion for the loss where archiving is due at the same time', () => {
    const both = expiry(10, { transitions: [{ when: { by: 'age', days: 10 }, storageClass: 'GLACIER' }] });

    const { rules } = judgeLifecycle([both], [root([object('large', NOW)])], NOW);

    expect(rules[0]?.hazards[0]?.firstObject).toMatchObject({ effect: 'expires', storageClass: null });
  });

  it('marks what a tag decides as uncertain', () => {
    const tagged = expiry(7, { filter: filter({ tags: [{ key: 'team', value: 'a' }] }) });

    const { rules } = judgeLifecycle([tagged], [ordersCheckpoint()], NOW);

    expect(rules[0]).toMatchObject({ certain: false, roots: 1 });
    expect(rules[0]?.hazards[0]).toMatchObject({
      certain: false,
      condition: 'if the objects carry the tag team=a, which a listing does not show',
    });
  });

  it('never calls harmless what it does not understand', () => {
    const rules = [
      rule({ notUnderstood: ['Vanish'] }),
      archive('TAPE_ROBOT', 7),
      expiry(7, { notUnderstood: ['Vanish'] }),
      rule({ notUnderstood: ['Vanish'], enabled: false }),
    ];

    const judged = judgeLifecycle(rules, [], NOW).rules;

    expect(judged.map(({ effect, notUnderstood }) => [effect, notUnderstood])).toEqual([
      ['unclear', ['Vanish']],
      ['unclear', ['Transitions[0].StorageClass "TAPE_ROBOT"']],
      ['expires', ['Vanish']],
      ['harmless', ['Vanish']],
    ]);
  });

  it('counts distinct objects up to a limit and says when it stopped', () => {
    const roots = [root(['a', 'b', 'a', 'c'].map((key) => object(key, NOW, 10)))];

    const exact = judgeLifecycle([expiry(1)], roots, NOW, { distinctLimit: 3 }).total;
    const cut = judgeLifecycle([expiry(1)], roots, NOW, { distinctLimit: 2 }).total;

    expect([exact.objects, exact.bytes, exact.atLeast]).toEqual([3, 30, false]);
    expect([cut.objects, cut.bytes, cut.atLeast]).toEqual([2, 20, true]);
  });

  it('agrees with a plain search over all objects', () => {
    const anObject = fc.record({
      key: fc.constantFrom('a/1', 'a/2', 'b/1', 'b/2', 'c'),
      bytes: fc.constantFrom(0, 1_000, 128 * 1024 - 1, 128 * 1024, 1_000_000),
      modified: fc.integer({ min: NOW - 90 * DAY, max: NOW }),
      outside: fc.constant(false),
    });
    const objects = fc.uniqueArray(anObject, { selector: ({ key }) => key, maxLength: 5 });
    const aRule = fc
      .record({
        days: fc.integer({ min: 1, max: 60 }),
        prefix: fc.constantFrom('', 'a/', 'b/'),
        largerThan: fc.constantFrom(null, 0, 500_000),
        archives: fc.boolean(),
      })
      .map(({ days, archives, ...conditions }): LifecycleRule => {
        return archives
          ? archive('GLACIER', days, { filter: filter(conditions) })
          : expiry(days, { filter: filter(conditions) });
      });
    fc.assert(
      fc.property(fc.array(aRule, { maxLength: 3 }), fc.array(objects, { maxLength: 4 }), (rules, contents) => {
        const roots = contents.map((held, index) => root(held, { key: `chk-${index}/_metadata` }));

        const judgement = judgeLifecycle(rules, roots, NOW);

        const lost = rules.map((judged) => contents.map((held) => held.filter((one) => isLost(judged, one))));
        expect(judgement.rules.map((judged) => judged.hazards.reduce((sum, { objects: n }) => sum + n, 0))).toEqual(
          lost.map((perRoot) => perRoot.flat().length),
        );
        expect(judgement.rules.map(({ earliest }) => earliest)).toEqual(
          lost.map((perRoot, index) => firstMidnight(rules[index], perRoot.flat())),
        );
        expect(judgement.total.roots).toBe(
          contents.filter((_, index) => lost.some((perRoot) => (perRoot[index] ?? []).length > 0)).length,
        );
        expect(judgement.total.objects).toBe(new Set(lost.flat(2).map(({ key }) => key)).size);
        for (const { hazards } of judgement.rules) {
          expect(hazards.map(({ breaksAt }) => breaksAt)).toEqual(hazards.map((h) => h.breaksAt).sort((a, b) => a - b));
        }
      }),
      { seed: SEED, numRuns: 500 },
    );
  });
});

describe('What is dangerous', () => {
  const inside = filter({ prefix: 'flink/savepoints/' });
  const late: LifecycleRule = rule({ expiration: { by: 'date', date: at('2037-01-01T00:00:00Z') } });

  it.each([
    ['an expiry above the area', expiry(7), true],
    ['an expiry inside it', expiry(7, { filter: inside }), true],
    ['an archive inside it', archive('GLACIER', 7, { filter: inside }), true],
    ['an expiry inside it by tag', expiry(7, { filter: filter({ tags: [{ key: 'k', value: 'v' }] }) }), true],
    ['an expiry inside it by size', expiry(7, { filter: filter({ largerThan: 1 }) }), true],
    ['a date to come', rule({ expiration: { by: 'date', date: at('2036-11-01T00:00:00Z') } }), true],
    ['an age of ten years', expiry(3_653), true],
    ['something unknown', rule({ notUnderstood: ['Vanish'] }), true],
    ['an unknown class', archive('COLD', 7, { filter: inside }), true],
    ['an unknown part of what comes late', { ...late, notUnderstood: ['Vanish'] }, true],
    ['more than ten years', expiry(3_654), false],
    ['a date that is so far away', late, false],
    ['other keys', expiry(7, { filter: filter({ prefix: 'logs/' }) }), false],
    ['something unknown on other keys', rule({ filter: filter({ prefix: 'logs/' }), notUnderstood: ['V'] }), false],
    ['a disabled rule', expiry(7, { enabled: false, notUnderstood: ['Vanish'] }), false],
    ['a readable class', archive('GLACIER_IR', 7, { filter: inside }), false],
  ])('is, though no root needs anything there today, %s: %o', (_, judged, dangerous) => {
    const { rules } = judgeLifecycle([judged], [], NOW, { prefixes: ['flink/'] });

    expect(rules).toMatchObject([{ dangerous, hazards: [], roots: 0 }]);
  });

  it('does not depend on how high the area is named', () => {
    const judged = archive('GLACIER', 10, { filter: filter({ prefix: 'flink/checkpoints/' }) });

    const answers = ['', 'flink/', 'flink/checkpoints/', 'flink/checkpoints/eu/'].map((prefix) => {
      const [only] = judgeLifecycle([judged], [], NOW, { prefixes: [prefix] }).rules;
      return [only?.applies, only?.dangerous];
    });

    expect(answers).toEqual(Array(4).fill([true, true]));
  });

  it.each([
    ['a file that is old already', at('2018-01-01T00:00:00Z'), true],
    ['a young one', at('2026-11-01T00:00:00Z'), false],
  ])('is an age of eleven years for %s: %o', (_, modified, dangerous) => {
    const { rules, total } = judgeLifecycle([expiry(4_000)], [root([object('flink/x', modified)])], NOW);

    expect(rules).toMatchObject([{ dangerous, roots: 1 }]);
    expect(total).toMatchObject(dangerous ? { roots: 1, objects: 1 } : { roots: 0, objects: 0, bytes: 0 });
  });

  it('is what takes a file outside the area that a root names, of any size, and counts its root', () => {
    const outside = { ...object('changelog/x', NOW - DAY, 0), outside: true };
    const rules = [
      expiry(7, { filter: filter({ prefix: 'changelog/', largerThan: 1_000 }) }),
      archive('GLACIER', 7, { filter: filter({ prefix: 'changelog/' }) }),
      rule({ filter: filter({ prefix: 'changelog/' }), notUnderstood: ['Vanish'] }),
      expiry(7, { filter: filter({ prefix: 'logs/' }) }),
      rule({ filter: filter({ prefix: 'changelog/' }), abortsUploadsAfter: 7 }),
    ];

    const judgement = judgeLifecycle(rules, [root([outside])], NOW, { prefixes: ['flink/'] });

    expect(judgement.rules.map((one) => [one.applies, one.dangerous, one.roots])).toEqual([
      [true, true, 1],
      [true, true, 1],
      [true, true, 0],
      [false, false, 0],
      [false, false, 0],
    ]);
    expect(judgement.rules[0]?.hazards).toMatchObject([{ objects: 1, bytes: 0, firstObject: { outside: true } }]);
    expect(judgement.total).toMatchObject({ roots: 1, objects: 1, bytes: 0 });
  });
});

function isLost({ filter: conditions, expiration }: LifecycleRule, { key, bytes }: LiveObject): boolean {
  const spared = expiration === null && conditions.largerThan === null && bytes < 131_072;
  return key.startsWith(conditions.prefix) && bytes > (conditions.largerThan ?? -1) && !spared;
}

function firstMidnight(judged: LifecycleRule | undefined, lost: readonly LiveObject[]): number | null {
  const when = judged?.expiration ?? judged?.transitions[0]?.when;
  if (lost.length === 0 || when?.by !== 'age') return null;
  const oldest = new Date(Math.min(...lost.map(({ modified }) => modified)) + when.days * DAY - 1);
  return Date.UTC(oldest.getUTCFullYear(), oldest.getUTCMonth(), oldest.getUTCDate() + 1);
}
