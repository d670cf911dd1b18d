import { describe, expect, it } from 'vitest';
import {
  type Incident,
  type Losses,
  lossNumber,
  withHealing,
  withLosses,
  withPublished,
} from '#core/guard/incident.ts';
import { incidentSentences, quietSentence } from '#core/guard/incident-words.ts';
import { at, HOUR } from '#test/core/lifecycle/samples.ts';

const BEGAN = at('2026-11-30T03:12:00Z');
const RULE = { bucket: 's3://bucket', id: 'expire', position: 1, from: null };
const CULPRIT = 'Lifecycle rule "expire" of s3://bucket';
const point = (number: number, job = 'orders', completed: number | null = BEGAN - number * HOUR) => ({
  path: `s3://bucket/flink/${job}/chk-${number}`,
  job,
  completed,
});

function losses(changes: Partial<Losses> = {}): Losses {
  return {
    began: BEGAN,
    last: BEGAN,
    objects: 1,
    counted: [1],
    files: ['s3://bucket/flink/orders/shared/a'],
    broken: [point(1)],
    culprits: [CULPRIT],
    rules: [RULE],
    next: { due: 3, soon: 2, from: at('2026-12-01T00:00:00Z'), atLeast: false },
    keepsVersions: false,
    ...changes,
  };
}
const incident = (changes: Partial<Incident> = {}): Incident => ({
  ...losses(),
  unpublished: 0,
  healing: null,
  ...changes,
});

describe('An incident', () => {
  it('begins with the first losses', () => {
    expect(withLosses(null, losses())).toEqual({ ...losses(), unpublished: 1, healing: null });
  });

  it('goes on with losses within an hour, and names each restore point, rule and culprit once', () => {
    const further = losses({
      began: BEGAN + HOUR - 1,
      last: BEGAN + HOUR,
      objects: 2,
      counted: [2, 3],
      files: ['b', 'c', 'd', 'e', 'f'],
      broken: [point(1), point(2)],
      culprits: [CULPRIT, 'Somebody'],
      rules: [RULE, { ...RULE, id: 'other', position: 2 }],
      next: null,
      keepsVersions: true,
    });
    const known = incident({ healing: { restored: 1, failed: 0, left: 0, why: null } });

    expect(withLosses(known, further)).toEqual({
      began: BEGAN,
      last: BEGAN + HOUR,
      objects: 3,
      counted: [1, 2, 3],
      unpublished: 2,
      files: ['s3://bucket/flink/orders/shared/a', 'b', 'c', 'd', 'e'],
      broken: [point(1), point(2)],
      culprits: [CULPRIT, 'Somebody'],
      rules: [RULE, { ...RULE, id: 'other', position: 2 }],
      next: losses().next,
      keepsVersions: true,
      healing: { restored: 1, failed: 0, left: 0, why: null },
    });
  });

  it('is another one after an hour', () => {
    const known = incident({ healing: { restored: 1, failed: 0, left: 0, why: null } });
    const later = losses({ began: BEGAN + HOUR, last: BEGAN + HOUR, counted: [2] });

    expect(withLosses(known, later)).toEqual({ ...later, counted: [1, 2], unpublished: 1, healing: null });
  });

  it('counts once what is told once more, also after it is over', () => {
    const known = withLosses(null, losses({ counted: [1, 2], objects: 2 }));

    expect(withLosses(known, losses({ counted: [2, 1], objects: 2 }))).toBe(known);
    const half = withLosses(known, losses({ counted: [2, 3], objects: 2 }));
    expect(half).toMatchObject({ objects: 3, unpublished: 3, files: ['s3://bucket/flink/orders/shared/a'] });
    const late = losses({ began: BEGAN + HOUR, last: BEGAN + HOUR, counted: [3, 4], objects: 2 });
    expect(withLosses(half, late)).toMatchObject({ objects: 1, counted: [1, 2, 3, 4] });
  });

  it('knows a loss again by its object and its second', () => {
    const url = 's3://bucket/flink/a';

    expect(lossNumber({ url, at: BEGAN + 999 })).toBe(lossNumber({ url, at: BEGAN }));
    expect(lossNumber({ url, at: BEGAN + 1_000 })).not.toBe(lossNumber({ url, at: BEGAN }));
    expect(lossNumber({ url: `${url}b`, at: BEGAN })).not.toBe(lossNumber({ url, at: BEGAN }));
  });

  it('remembers of how many losses the metric has not been told', () => {
    expect(withPublished(incident({ unpublished: 5 }), 3).unpublished).toBe(2);
    expect(withPublished(incident({ unpublished: 1 }), 3).unpublished).toBe(0);
  });

  it('adds up what was healed, and knows what is left by now', () => {
    const once = withHealing(incident(), { restored: 3, failed: 0, left: 4, why: 'Deleting is paused.' });

    expect(once.healing).toEqual({ restored: 3, failed: 0, left: 4, why: 'Deleting is paused.' });
    const twice = withHealing(once, { restored: 1, failed: 2, left: 1, why: 'They have expired.' });
    expect(twice.healing).toEqual({ restored: 4, failed: 2, left: 1, why: 'They have expired.' });
    expect(withHealing(twice, { restored: 1, failed: 0, left: 0, why: null }).healing).toEqual({
      restored: 5,
      failed: 2,
      left: 0,
      why: 'They have expired.',
    });
    expect(withHealing(once, { restored: 4, failed: 0, left: 0, why: null }).healing).toEqual({
      restored: 7,
      failed: 0,
      left: 0,
      why: null,
    });
  });
});

describe('An incident in sentences', () => {
  it('says who, what, whose, which restore points, what follows, and what to save', () => {
    expect(incidentSentences(incident({ objects: 1_234, broken: [point(2), point(1), point(3), point(4)] }))).toEqual([
      'Lifecycle rule "expire" of s3://bucket has deleted 1,234 live objects that orders can need for a restore. The first: s3://bucket/flink/orders/shared/a, at 2026-11-30 03:12:00 UTC.',
      '4 restore points are broken: s3://bucket/flink/orders/chk-1 (completed 2026-11-30 02:12:00 UTC), s3://bucket/flink/orders/chk-2 (completed 2026-11-30 01:12:00 UTC), s3://bucket/flink/orders/chk-3 (completed 2026-11-30 00:12:00 UTC), and 1 more.',
      'S3 may delete 3 more files of them at any moment. From 2026-12-01 00:00:00 UTC on it may delete 2 further ones. The bucket keeps no version of them. A job that still runs has its state: take a savepoint in canonical format now, before it restarts.',
    ]);
  });

  it('names few of many jobs, several culprits, and a root that is gone itself', () => {
    const broken = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((job) => point(1, job, null));
    const [happened, broke] = incidentSentences(incident({ broken, culprits: ['One', 'Another'] }));

    expect(happened).toMatch(/^One; Another have deleted 1 live object that a, b, c, d, e and 2 other jobs can need/);
    expect(broke).toMatch(/^7 restore points are broken: s3:\/\/bucket\/flink\/a\/chk-1 \(its _metadata is gone\), /);
  });

  it.each([
    ['nothing that follows', { next: null, keepsVersions: true }, /^The bucket keeps versions, so deleting/],
    [
      'that the rule is at its end',
      { next: { due: 0, soon: 0, from: null, atLeast: false } },
      /^The rule takes no further file of them within a day\. The bucket keeps no version/,
    ],
    [
      'that all came back',
      { next: null, rules: [], healing: { restored: 1, failed: 0, left: 0, why: null } },
      /^The steward has brought 1 object back\. The next survey says whether the restore points are whole\.$/,
    ],
    [
      'that some did not',
      { next: null, rules: [], healing: { restored: 2, failed: 3, left: 4, why: 'They have expired.' } },
      /^The steward has brought 2 objects back; 3 could not come back; 4 are still to come\. They have expired\.$/,
    ],
    [
      'that the rule takes it again, whatever else it takes',
      {
        next: { due: 0, soon: 0, from: null, atLeast: false },
        healing: { restored: 2, failed: 0, left: 0, why: null },
      },
      /^The steward has brought 2 objects back\. .* What came back is as old as it was, so the rule takes it again in the next run, once a day, until somebody disables it\.$/,
    ],
    [
      'that several rules do',
      { next: null, rules: [RULE, RULE], healing: { restored: 2, failed: 0, left: 0, why: null } },
      / so the rules take it again in the next run, once a day, until somebody disables them\.$/,
    ],
    [
      'that it may be more than was looked at',
      { next: { due: 3, soon: 0, from: null, atLeast: true } },
      /^S3 may delete at least 3 more files of them at any moment\. The bucket/,
    ],
    [
      'nothing of an end that nobody has seen',
      { next: { due: 0, soon: 0, from: null, atLeast: true } },
      /^The bucket keeps no version/,
    ],
  ])('says %s', (_, changes, said) => {
    expect(incidentSentences(incident(changes))[2]).toMatch(said);
  });

  it('says when the next one will be told', () => {
    expect(quietSentence(incident())).toBe(
      'What else is lost until 2026-11-30 04:12:00 UTC raises no other alarm; the message that this one has ended tells of all.',
    );
  });

  it('gets along with an incident of which hardly anything is known', () => {
    expect(incidentSentences(incident({ culprits: [], broken: [], files: [], next: null }))).toEqual([
      'Somebody has deleted 1 live object.',
      expect.stringMatching(/^The bucket keeps no version/),
    ]);
  });
});
