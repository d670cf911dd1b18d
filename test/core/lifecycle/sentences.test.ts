import { describe, expect, it } from 'vitest';
import { judgeLifecycle, type LifecycleOptions } from '#core/lifecycle/judge.ts';
import type { LiveRoot } from '#core/lifecycle/judgement.ts';
import type { LifecycleRule } from '#core/lifecycle/rule.ts';
import { day, describeHazard } from '#core/lifecycle/sentences.ts';
import { archive, at, expiry, filter, OLD_SST, object, ordersCheckpoint, root, rule } from './samples.ts';

const NOW = at('2026-11-30T12:00:00Z');

function hazards(judged: LifecycleRule, live: LiveRoot, now = NOW, options: LifecycleOptions = {}): string[] {
  return judgeLifecycle([judged], [live], now, options).rules.flatMap((one) => one.hazards.map(describeHazard));
}

function sentence(
  judged: LifecycleRule,
  roots: readonly LiveRoot[],
  now = NOW,
  options: LifecycleOptions = {},
): string | undefined {
  return judgeLifecycle([judged], roots, now, options).rules[0]?.sentence;
}

describe('describeHazard', () => {
  it('says what a week-old rule does to the newest checkpoint', () => {
    expect(hazards(expiry(7), ordersCheckpoint())).toEqual([
      'Rule "expire-after-7-days" deletes 3 objects that chk-34 of orders-cdc needs; the first is deleted on 2026-12-01: shared/59b1c0de… written 2026-11-23, while the checkpoint itself is from 2026-11-30. After that the checkpoint can\'t be restored, and the running job does not notice.',
    ]);
  });

  it('says of an older checkpoint that it must be kept so long', () => {
    expect(hazards(expiry(7), ordersCheckpoint({ newest: false }))).toEqual([
      expect.stringContaining('needs; if it is kept so long, the first is deleted on 2026-12-01: shared/59b1c0de…'),
    ]);
  });

  it.each([
    ['2026-12-01T05:00:00Z', '1 of them is due and can be lost any day, the first since 2026-12-01: shared/59b1c0de…'],
    ['2026-12-09T05:00:00Z', '3 of them are due and can be lost any day, the first since 2026-12-01: shared/59b1c0de…'],
  ])('says at %s that the date has passed', (now, expected) => {
    const [text] = hazards(expiry(7), ordersCheckpoint(), at(now));

    expect(text).toContain(expected);
    expect(text).toContain("After that the checkpoint can't be restored,");
  });

  it('says under which condition a rule with tags applies', () => {
    const tags = [
      { key: 'team', value: 'a' },
      { key: 'tier', value: 'x y' },
    ];

    expect(hazards(expiry(7, { filter: filter({ tags, understood: false }) }), ordersCheckpoint())[0]).toContain(
      'may delete 3 objects that chk-34 of orders-cdc needs (if the objects carry the tags team=a and tier=x y, which a listing does not show, and if its filter, which the steward does not fully understand, matches the objects); the first',
    );
  });

  it.each([
    ['archives 2 objects', archive('DEEP_ARCHIVE', 7)],
    ['may archive 2 objects', archive('DEEP_ARCHIVE', 7, { filter: filter({ understood: false }) })],
    ['archives or deletes 3 objects', { ...archive('DEEP_ARCHIVE', 7), expiration: { by: 'age', days: 90 } } as const],
    [
      'may archive or delete 3 objects',
      {
        ...archive('DEEP_ARCHIVE', 7, { filter: filter({ understood: false }) }),
        expiration: { by: 'age', days: 90 },
      } as const,
    ],
  ])('tells archives from deletions: %s', (expected, judged) => {
    const [text] = hazards(judged, ordersCheckpoint());

    expect(text).toContain(`Rule "sample" ${expected} that`);
    expect(text).toContain("can't be restored until that object is restored from DEEP_ARCHIVE, and");
  });

  it('speaks of a savepoint as one', () => {
    const key = 'flink/savepoints/savepoint-012345-0123456789ab/_metadata';
    const live = root([object(key, NOW)], { key, completed: NOW });

    expect(hazards(expiry(7), live)).toEqual([
      'Rule "expire-after-7-days" deletes 1 object that savepoint-012345-0123456789ab of orders-cdc needs; the first is deleted on 2026-12-08: savepoint-012345-0123456789ab/_metadata written 2026-11-30. After that the savepoint can\'t be restored, and nobody notices before a restore is attempted.',
    ]);
  });

  it('names a root without a directory by its job', () => {
    const live = root([object('_metadata', NOW)], { key: '_metadata' });

    expect(hazards(expiry(7), live)[0]).toContain(
      'that the root of orders-cdc needs; the first is deleted on 2026-12-08: _metadata written',
    );
  });

  it('names a rule without ID by its place', () => {
    expect(hazards(expiry(7, { id: null, position: 3 }), ordersCheckpoint())[0]).toMatch(
      /^Rule 3 \(without ID\) deletes/,
    );
  });
});

describe("A rule's sentence", () => {
  it.each([
    ['disabled', expiry(7, { enabled: false }), 'Rule "expire-after-7-days" is disabled and changes nothing.'],
    [
      'for uploads',
      rule({ bystanders: ['aborts-uploads'] }),
      'Rule "sample" is harmless to live state: it aborts incomplete multipart uploads, and the files of a checkpoint are complete objects.',
    ],
    [
      'for versions and markers',
      rule({ bystanders: ['noncurrent-versions', 'delete-markers'] }),
      'Rule "sample" is harmless to live state: it acts on noncurrent versions only, and a restore reads current ones; it removes delete markers with nothing behind them.',
    ],
    [
      'for readable classes',
      rule({
        transitions: ['STANDARD_IA', 'GLACIER_IR', 'STANDARD_IA'].map((storageClass) => {
          return { when: { by: 'age', days: 30 }, storageClass };
        }),
      }),
      'Rule "sample" is harmless to live state: it moves objects to STANDARD_IA and GLACIER_IR, where they stay readable.',
    ],
    ['without action', rule(), 'Rule "sample" is harmless to live state: it has no action on current objects.'],
    [
      'with something unknown',
      rule({ notUnderstood: ['Vanish', 'Expiration.Soon'] }),
      'Rule "sample" may do harm: it has parts that the steward does not understand: Vanish, Expiration.Soon. Look them up in the S3 API reference.',
    ],
    [
      'that deletes elsewhere',
      expiry(7, { filter: filter({ prefix: 'logs/' }) }),
      'Rule "expire-after-7-days" deletes objects by age or date, but none that a root needs today.',
    ],
    [
      'that archives elsewhere',
      archive('GLACIER', 7, { filter: filter({ prefix: 'logs/' }) }),
      'Rule "sample" archives objects by age or date, but none that a root needs today.',
    ],
  ] as const)('says of one %s what it does not do', (_, judged, expected) => {
    expect(sentence(judged, [], NOW, { prefixes: ['flink/'] })).toBe(expected);
  });

  it.each([
    [
      'on a part of the area',
      expiry(7, { filter: filter({ prefix: 'flink/savepoints/' }) }),
      'Rule "expire-after-7-days" deletes objects below \'flink/savepoints/\' by age or date. No root needs one of them today, but a checkpoint or savepoint that comes to need one will break.',
    ],
    [
      'on several locations at once',
      archive('GLACIER', 7),
      "Rule \"sample\" archives objects below 'flink/' and 'jobs/' by age or date. No root needs one of them today, but a checkpoint or savepoint that comes to need one will break.",
    ],
    [
      'with a tag',
      expiry(7, { filter: filter({ prefix: 'flink/x/', tags: [{ key: 'team', value: 'a' }] }) }),
      'Rule "expire-after-7-days" may delete objects below \'flink/x/\' by age or date (if the objects carry the tag team=a, which a listing does not show). No root needs one of them today, but a checkpoint or savepoint that comes to need one will break.',
    ],
    [
      'in more than ten years',
      expiry(3_654, { filter: filter({ prefix: 'flink/' }) }),
      'Rule "expire-after-3654-days" deletes objects below \'flink/\' by age or date, but only after more than ten years, so it is no finding.',
    ],
  ])('says of one %s what it will do', (_, judged, expected) => {
    expect(sentence(judged, [], NOW, { prefixes: ['flink/', 'jobs/'] })).toBe(expected);
  });

  it('says of the whole bucket that it is anywhere', () => {
    expect(sentence(expiry(7), [])).toContain('deletes objects anywhere in the bucket by age or date. No root');
  });

  it('says when a checkpoint breaks in more than ten years, and that it is no finding', () => {
    expect(sentence(expiry(10_000), [ordersCheckpoint()])).toBe(
      'Rule "expire-after-10000-days" breaks 1 root of 1 job: chk-34 of orders-cdc, the newest of its job, loses its first object on 2054-04-11: shared/59b1c0de… written 2026-11-23 and so older than the checkpoint itself (2026-11-30). That is more than ten years away, so it is no finding.',
    );
  });

  it('says of a file outside the area that it goes by a date, and was written no later than its root', () => {
    const file = { ...object('changelog/dstl/x', at('2026-11-30T10:00:00Z'), 0), outside: true };

    const rules = judgeLifecycle([expiry(7)], [root([file])], NOW, { prefixes: ['flink/'] }).rules;

    expect(rules.map((one) => one.sentence)).toEqual([
      'Rule "expire-after-7-days" breaks 1 root of 1 job: chk-34 of orders-cdc, the newest of its job, loses its first object by 2026-12-08: changelog/dstl/x, which is outside the area, written 2026-11-30 or earlier.',
    ]);
    expect(rules.flatMap((one) => one.hazards.map(describeHazard))).toEqual([
      'Rule "expire-after-7-days" deletes 1 object that chk-34 of orders-cdc needs; the first is deleted by 2026-12-08: changelog/dstl/x, which is outside the area, written 2026-11-30 or earlier. After that the checkpoint can\'t be restored, and the running job does not notice.',
    ]);
  });

  it('prefers the newest checkpoint to older ones that break earlier', () => {
    const older = root([object(OLD_SST, at('2026-11-01T10:00:00Z'))], { key: 'j/chk-1/_metadata', newest: false });

    expect(sentence(expiry(7), [older, ordersCheckpoint()])).toBe(
      'Rule "expire-after-7-days" breaks 2 roots of 1 job: chk-34 of orders-cdc, the newest of its job, loses its first object on 2026-12-01: shared/59b1c0de… written 2026-11-23 and so older than the checkpoint itself (2026-11-30).',
    );
  });

  it('names an older one where no newest one breaks, and says what is due and uncertain', () => {
    const tags = [{ key: 'k', value: 'v' }];
    const tagged = archive('GLACIER', 7, { filter: filter({ tags }) });

    expect(sentence(tagged, [ordersCheckpoint({ newest: false })], at('2026-12-02T00:00:00Z'))).toBe(
      'Rule "sample" may break 1 root of 1 job (if the objects carry the tag k=v, which a listing does not show): chk-34 of orders-cdc can lose its first object to GLACIER any day, due since 2026-12-01: shared/59b1c0de… written 2026-11-23 and so older than the checkpoint itself (2026-11-30).',
    );
  });

  it('claims no older object where all are as young as the checkpoint', () => {
    const young = root([object('j/shared/x', at('2026-11-30T01:00:00Z'))]);

    expect(sentence(expiry(7), [young])).toBe(
      'Rule "expire-after-7-days" breaks 1 root of 1 job: chk-34 of orders-cdc, the newest of its job, loses its first object on 2026-12-08: shared/x written 2026-11-30.',
    );
  });
});

describe('day', () => {
  it.each([
    [0, '1970-01-01'],
    [at('2026-12-01T23:59:59.999Z'), '2026-12-01'],
    [Date.UTC(9999, 11, 31), '9999-12-31'],
    [Date.UTC(10_000, 0, 1), 'a day after the year 9999'],
    [2_147_483_647 * 86_400_000, 'a day after the year 9999'],
  ])('writes %i as %s', (time, expected) => {
    expect(day(time)).toBe(expected);
  });
});
