import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areOfOlderForm, canonicalJson, type RuleJson, withFilter, withPrefix } from '#core/lifecycle/document.ts';
import {
  DEFAULT_LIFECYCLE_POLICY,
  isManaged,
  MANAGED_IDS,
  MOST_RULES,
  managedRule,
  managedRules,
  mergeRules,
} from '#core/lifecycle/managed-rules.ts';

const SEED = 20_261_122;
const UPLOADS = managedRule('uploads', 'flink/', DEFAULT_LIFECYCLE_POLICY);
const FOREIGN: RuleJson = { ID: 'logs', Status: 'Enabled', Filter: { Prefix: 'logs/' }, Expiration: { Days: 3 } };

const text = fc.string({ unit: 'binary', maxLength: 12 });
const foreignRule: fc.Arbitrary<RuleJson> = fc.record(
  {
    ID: text.filter((id) => !isManaged({ ID: id })),
    Status: fc.constantFrom('Enabled', 'Disabled'),
    Filter: fc.oneof(fc.constant({}), fc.record({ Prefix: text }), fc.record({ Suffix: text })),
    Expiration: fc.record({ Days: fc.nat() }),
    Vaporize: fc.jsonValue({ maxDepth: 2 }),
  },
  { requiredKeys: ['Status', 'Filter'] },
);
const policy = fc.record({
  abortUploadsAfter: fc.integer({ min: 1, max: 30 }),
  keepNoncurrentFor: fc.integer({ min: 1, max: 30 }),
});
const desired = fc
  .tuple(fc.array(fc.constantFrom('a/', 'b/', 'c/', ''), { maxLength: 4 }), policy, fc.boolean())
  .map(([prefixes, days, versioned]) => managedRules(prefixes, days, versioned));

describe('managedRules', () => {
  it('are three for each prefix of a versioned bucket, in order of their IDs, each once', () => {
    expect(
      managedRules(['flink/b/', 'flink/a/', 'flink/b/'], { abortUploadsAfter: 2, keepNoncurrentFor: 9 }, true),
    ).toEqual([
      ruleOf('flink-steward-abort-uploads:flink/a/', 'flink/a/', {
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 2 },
      }),
      ruleOf('flink-steward-abort-uploads:flink/b/', 'flink/b/', {
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 2 },
      }),
      ruleOf('flink-steward-expire-noncurrent:flink/a/', 'flink/a/', {
        NoncurrentVersionExpiration: { NoncurrentDays: 9 },
      }),
      ruleOf('flink-steward-expire-noncurrent:flink/b/', 'flink/b/', {
        NoncurrentVersionExpiration: { NoncurrentDays: 9 },
      }),
      ruleOf('flink-steward-remove-delete-markers:flink/a/', 'flink/a/', {
        Expiration: { ExpiredObjectDeleteMarker: true },
      }),
      ruleOf('flink-steward-remove-delete-markers:flink/b/', 'flink/b/', {
        Expiration: { ExpiredObjectDeleteMarker: true },
      }),
    ]);
  });

  it('are one where no versions are kept, under a bare ID for the whole bucket', () => {
    expect(managedRules([''], DEFAULT_LIFECYCLE_POLICY, false)).toEqual([
      ruleOf(MANAGED_IDS.uploads, '', { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } }),
    ]);
  });

  it('have IDs that S3 takes and that differ, however long the prefixes', () => {
    const long = 'x'.repeat(1_000);

    const ids = ['a', 'b', ''].map((end) =>
      String(managedRule('markers', `${long}${end}`, DEFAULT_LIFECYCLE_POLICY).ID),
    );

    expect(new Set(ids).size).toBe(3);
    expect(ids.map((id) => id.length)).toEqual([255, 255, 255]);
    expect(ids[0]).toMatch(/^flink-steward-remove-delete-markers:x+~[0-9a-f]{8}$/);
  });

  it('have an ID of 255 characters as it is', () => {
    const prefix = 'x'.repeat(255 - `${MANAGED_IDS.uploads}:`.length);

    expect(managedRule('uploads', prefix, DEFAULT_LIFECYCLE_POLICY).ID).toBe(`${MANAGED_IDS.uploads}:${prefix}`);
  });
});

describe('mergeRules', () => {
  it('adds, replaces and removes the steward’s own rules only', () => {
    const old = managedRule('uploads', 'flink/', { ...DEFAULT_LIFECYCLE_POLICY, abortUploadsAfter: 30 });
    const gone = managedRule('uploads', 'old/', DEFAULT_LIFECYCLE_POLICY);
    const markers = managedRule('markers', 'flink/', DEFAULT_LIFECYCLE_POLICY);
    const existing = { TransitionDefaultMinimumObjectSize: 'varies_by_storage_class', Rules: [gone, old, FOREIGN] };

    expect(mergeRules(existing, [markers, UPLOADS])).toEqual({
      document: { TransitionDefaultMinimumObjectSize: 'varies_by_storage_class', Rules: [FOREIGN, UPLOADS, markers] },
      changed: true,
      added: [markers.ID],
      replaced: [UPLOADS.ID],
      removed: [gone.ID],
      problem: null,
    });
  });

  it('leaves a document alone whose rules mean the same, wherever they stand', () => {
    const reordered = { Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 }, ...UPLOADS };
    const existing = { Rules: [reordered, FOREIGN] };

    const merged = mergeRules(existing, [UPLOADS]);

    expect(merged).toMatchObject({ changed: false, added: [], replaced: [], removed: [], problem: null });
    expect(merged.document).toBe(existing);
  });

  it('writes the steward’s rules in the older form where the others are of it, as S3 takes no mixture', () => {
    const older = { ID: 'a', Prefix: 'logs/', Status: 'Enabled', Expiration: { Days: 3 } };
    const bare = { ID: 'b', Status: 'Disabled', Expiration: { Days: 3 } };
    const { Filter: _, ...rest } = UPLOADS;
    const ours = { ...rest, Prefix: 'flink/' };

    const { document } = mergeRules({ Rules: [older, bare] }, [UPLOADS]);

    expect(document.Rules).toEqual([older, bare, ours]);
    expect(Object.keys(document.Rules[2] ?? {})).toEqual(Object.keys(UPLOADS).with(1, 'Prefix'));
    expect(mergeRules(document, [UPLOADS]).changed).toBe(false);
    // The others have moved to the newer form since.
    expect(mergeRules({ Rules: [FOREIGN, ours] }, [UPLOADS])).toMatchObject({
      replaced: [UPLOADS.ID],
      document: { Rules: [FOREIGN, UPLOADS] },
    });
  });

  it('leaves a mixture of both forms as it is, where a store has taken one', () => {
    const older = { ID: 'a', Prefix: 'logs/', Status: 'Enabled', Expiration: { Days: 3 } };

    expect(mergeRules({ Rules: [older, FOREIGN] }, [UPLOADS]).document.Rules).toEqual([older, FOREIGN, UPLOADS]);
  });

  it.each([
    [MOST_RULES - 1, null],
    [MOST_RULES, 'The configuration would have 1,001 rules, but S3 allows 1,000, so nothing is changed.'],
  ])('changes nothing where S3 would refuse so many rules: %i of others', (others, problem) => {
    const existing = { Rules: Array.from({ length: others }, (_, at) => ({ ...FOREIGN, ID: `rule-${at}` })) };

    const merged = mergeRules(existing, [UPLOADS]);

    expect(merged.changed).toBe(problem === null);
    expect(merged.document.Rules).toHaveLength(MOST_RULES);
    if (problem === null) expect(merged.problem).toBeNull();
    else expect(merged.problem).toContain(problem);
  });

  it('keeps foreign rules as they are, in their order, and all else of the document', () => {
    fc.assert(
      fc.property(fc.array(foreignRule), desired, desired, (foreign, before, after) => {
        const existing = { TransitionDefaultMinimumObjectSize: 'x', Novelty: 1, Rules: [...before, ...foreign] };
        const copy = structuredClone(existing);

        const { document } = mergeRules(existing, after);

        expect(existing).toEqual(copy);
        expect(document).toMatchObject({ TransitionDefaultMinimumObjectSize: 'x', Novelty: 1 });
        const left = document.Rules.filter((rule) => !isManaged(rule));
        expect(left.map((rule) => JSON.stringify(rule))).toEqual(foreign.map((rule) => JSON.stringify(rule)));
        expect(document.Rules.filter(isManaged).map(canonicalJson).sort()).toEqual(after.map(canonicalJson).sort());
      }),
      { seed: SEED },
    );
  });

  it('has nothing to do the second time, and does what it was told the first time only', () => {
    fc.assert(
      fc.property(fc.array(foreignRule), desired, desired, (foreign, before, after) => {
        const once = mergeRules({ Rules: [...before, ...foreign] }, after);
        const twice = mergeRules(once.document, after);

        expect(twice.changed).toBe(false);
        expect(twice.document).toBe(once.document);
        expect(once.changed).toBe(canonicalJson(before) !== canonicalJson(after));
      }),
      { seed: SEED },
    );
  });
});

describe('The older form', () => {
  it.each([
    [[], false],
    [[{ Prefix: 'a' }, { Status: 'Enabled' }], true],
    [[{ Prefix: 'a' }, { Filter: {} }], false],
  ])('is told by rules without a filter: %j', (rules, is) => {
    expect(areOfOlderForm(rules)).toBe(is);
  });

  it('means the same as the newer one', () => {
    expect(withFilter(FOREIGN)).toBe(FOREIGN);
    expect(withFilter(withPrefix(UPLOADS))).toEqual(UPLOADS);
    expect(withPrefix({ ID: 'a', Filter: 'odd' })).toEqual({ ID: 'a', Prefix: '' });
    expect(withFilter({ ID: 'a' })).toEqual({ ID: 'a', Filter: { Prefix: '' } });
  });
});

function ruleOf(ID: string, Prefix: string, action: object): RuleJson {
  return { ID, Filter: { Prefix }, Status: 'Enabled', ...action };
}
