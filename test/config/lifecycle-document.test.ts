import { describe, expect, it } from 'vitest';
import { ConfigError } from '#config/config-error.ts';
import { lifecycleDocumentOf, readLifecycleDocument } from '#config/lifecycle-document.ts';

const SOURCE = 'lifecycle.json';
const ADVICE =
  ', so none of its rules is judged. Print the document again with: aws s3api get-bucket-lifecycle-configuration --bucket BUCKET';

/** As the AWS command line prints it. */
const PRINTED = `{
  "TransitionDefaultMinimumObjectSize": "all_storage_classes_128K",
  "Rules": [
    { "Expiration": { "Days": 7 }, "ID": "expire-after-7-days", "Filter": { "Prefix": "" }, "Status": "Enabled" },
    {
      "ID": "tidy", "Filter": {}, "Status": "Disabled",
      "Expiration": { "ExpiredObjectDeleteMarker": true },
      "NoncurrentVersionExpiration": { "NoncurrentDays": 3, "NewerNoncurrentVersions": 2 },
      "NoncurrentVersionTransitions": [{ "NoncurrentDays": 1, "StorageClass": "GLACIER" }],
      "AbortIncompleteMultipartUpload": { "DaysAfterInitiation": 7 }
    },
    {
      "Status": "Enabled", "Prefix": "flink/",
      "Transitions": [
        { "Days": 0, "StorageClass": "GLACIER" },
        { "Date": "2026-12-01T00:00:00+00:00", "StorageClass": "DEEP_ARCHIVE" }
      ]
    },
    {
      "ID": "all", "Status": "Enabled", "Expiration": { "Date": "2026-12-01" },
      "Filter": { "And": {
        "Prefix": "a/", "Tags": [{ "Key": "team", "Value": "x" }],
        "ObjectSizeGreaterThan": 500, "ObjectSizeLessThan": 64000
      } }
    }
  ]
}`;

const EVERYTHING = { prefix: '', tags: [], largerThan: null, smallerThan: null, understood: true };
const DECEMBER = Date.UTC(2026, 11, 1);

function rulesOf(...rules: readonly object[]) {
  return lifecycleDocumentOf({ Rules: rules }, SOURCE).rules;
}

function failure(value: unknown): string {
  try {
    lifecycleDocumentOf(value, SOURCE);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return error instanceof ConfigError ? error.message : '';
  }
  throw new Error('The document was accepted.');
}

describe('readLifecycleDocument', () => {
  it('reads what the AWS command line prints', () => {
    expect(readLifecycleDocument(PRINTED, SOURCE)).toEqual({
      transitionMinimum: 'all_storage_classes_128K',
      notUnderstood: [],
      rules: [
        {
          id: 'expire-after-7-days',
          position: 1,
          enabled: true,
          filter: EVERYTHING,
          expiration: { by: 'age', days: 7 },
          transitions: [],
          bystanders: [],
          abortsUploadsAfter: null,
          noncurrentExpiry: null,
          notUnderstood: [],
        },
        {
          id: 'tidy',
          position: 2,
          enabled: false,
          filter: EVERYTHING,
          expiration: null,
          transitions: [],
          bystanders: ['aborts-uploads', 'noncurrent-versions', 'delete-markers'],
          abortsUploadsAfter: 7,
          noncurrentExpiry: { days: 3, keepsNewest: 2 },
          notUnderstood: [],
        },
        {
          id: null,
          position: 3,
          enabled: true,
          filter: { ...EVERYTHING, prefix: 'flink/' },
          expiration: null,
          transitions: [
            { when: { by: 'age', days: 0 }, storageClass: 'GLACIER' },
            { when: { by: 'date', date: DECEMBER }, storageClass: 'DEEP_ARCHIVE' },
          ],
          bystanders: [],
          abortsUploadsAfter: null,
          noncurrentExpiry: null,
          notUnderstood: [],
        },
        {
          id: 'all',
          position: 4,
          enabled: true,
          filter: {
            prefix: 'a/',
            tags: [{ key: 'team', value: 'x' }],
            largerThan: 500,
            smallerThan: 64_000,
            understood: true,
          },
          expiration: { by: 'date', date: DECEMBER },
          transitions: [],
          bystanders: [],
          abortsUploadsAfter: null,
          noncurrentExpiry: null,
          notUnderstood: [],
        },
      ],
    });
  });

  it('says where a text is no JSON', () => {
    expect(() => readLifecycleDocument('{ "Rules": [ }', SOURCE)).toThrow(/^lifecycle\.json:1:14: /);
  });
});

describe('lifecycleDocumentOf', () => {
  it.each([
    [{ Prefix: 'x/' }, { ...EVERYTHING, prefix: 'x/' }],
    [{ Tag: { Key: 'k', Value: '' } }, { ...EVERYTHING, tags: [{ key: 'k', value: '' }] }],
    [{ ObjectSizeGreaterThan: 0 }, { ...EVERYTHING, largerThan: 0 }],
    [{ ObjectSizeLessThan: 9 }, { ...EVERYTHING, smallerThan: 9 }],
    [{ And: {} }, EVERYTHING],
  ])('reads the filter %j', (Filter, expected) => {
    expect(rulesOf({ Status: 'Enabled', Filter, Expiration: { Days: 1 } })[0]?.filter).toEqual(expected);
  });

  it('takes a rule with neither filter nor prefix as one on the whole bucket', () => {
    expect(rulesOf({ Status: 'Enabled' })[0]?.filter).toEqual(EVERYTHING);
  });

  it('reads the single transitions of the deprecated command', () => {
    const [rule] = rulesOf({
      Status: 'Enabled',
      Prefix: 'flink/',
      Transition: { Days: 30, StorageClass: 'GLACIER' },
      NoncurrentVersionTransition: { NoncurrentDays: 5, StorageClass: 'GLACIER' },
    });

    expect(rule).toMatchObject({
      transitions: [{ when: { by: 'age', days: 30 }, storageClass: 'GLACIER' }],
      bystanders: ['noncurrent-versions'],
      notUnderstood: [],
    });
  });

  it.each([
    '2026-12-01T00:00:00Z',
    '2026-12-01T00:00:00.000Z',
    '2026-12-01T01:00:00+01:00',
    '2026-12-01',
    new Date(DECEMBER),
  ])('reads the date %s', (date) => {
    expect(rulesOf({ Status: 'Enabled', Expiration: { Date: date } })[0]?.expiration).toEqual({
      by: 'date',
      date: DECEMBER,
    });
  });

  it.each([
    ['nothing', {}, null, []],
    ['a known word', { TransitionDefaultMinimumObjectSize: 'varies_by_storage_class' }, 'varies_by_storage_class', []],
    // What is new may spare fewer objects than any default before.
    [
      'an unknown word',
      { TransitionDefaultMinimumObjectSize: 'none' },
      'varies_by_storage_class',
      ['TransitionDefaultMinimumObjectSize "none"'],
    ],
    ['an unknown key', { Owner: 'x' }, null, ['Owner']],
  ])('reads of the small objects: %s', (_, keys, transitionMinimum, notUnderstood) => {
    expect(lifecycleDocumentOf({ Rules: [], ...keys }, SOURCE)).toEqual({
      rules: [],
      transitionMinimum,
      notUnderstood,
    });
  });

  it('keeps unknown keys in mind, wherever in a rule they stand', () => {
    const [rule] = rulesOf({
      Status: 'Enabled',
      Novelty: 1,
      Filter: { And: { Tags: [{ Key: 'k', Value: 'v', Case: 'any' }], Suffix: '.sst' }, Owner: 'x' },
      Expiration: { Soon: true },
      Transitions: [{ Hours: 3, StorageClass: 'GLACIER' }],
      NoncurrentVersionExpiration: { A: 1 },
      NoncurrentVersionTransitions: [{ B: 1 }],
      AbortIncompleteMultipartUpload: { C: 1 },
    });

    expect(rule?.notUnderstood).toEqual([
      'Novelty',
      'Filter.Owner',
      'Filter.And.Suffix',
      'Filter.And.Tags[0].Case',
      'Expiration.Soon',
      'Transitions[0].Hours',
      'NoncurrentVersionExpiration.A',
      'NoncurrentVersionTransitions[0].B',
      'AbortIncompleteMultipartUpload.C',
    ]);
    expect(rule).toMatchObject({ expiration: null, transitions: [], filter: { understood: false } });
  });

  it('keeps an unknown key of a single tag in mind', () => {
    const [rule] = rulesOf({ Status: 'Enabled', Filter: { Tag: { Key: 'k', Value: 'v', Case: 'any' } } });

    expect(rule?.notUnderstood).toEqual(['Filter.Tag.Case']);
    expect(rule?.filter.understood).toBe(false);
  });

  it.each([
    ['', [], 'the document must be an object, but is []'],
    ['', {}, 'Rules must be a list, but is missing'],
    ['', { Rules: 'x' }, 'Rules must be a list, but is "x"'],
    [
      '',
      { Rules: [], TransitionDefaultMinimumObjectSize: 1 },
      'TransitionDefaultMinimumObjectSize must be a text, but is 1',
    ],
    [', rule 1', { Rules: [7] }, 'the rule must be an object, but is 7'],
    [', rule 1', { Rules: [{}] }, 'Status must be "Enabled" or "Disabled", but is missing'],
    [
      ', rule 1 ("x")',
      { Rules: [{ ID: 'x', Status: 'enabled' }] },
      'Status must be "Enabled" or "Disabled", but is "enabled"',
    ],
    [', rule 1', { Rules: [{ ID: 3, Status: 'Enabled' }] }, 'ID must be a text, but is 3'],
    [
      ', rule 1',
      { Rules: [{ Status: 'Enabled', Prefix: '', Filter: {} }] },
      'the rule must not have both Prefix and Filter, but is {"Status":"Enabled","Prefix":"","Filter":{}}',
    ],
    [
      ', rule 1',
      { Rules: [{ Status: 'Enabled', Filter: { Prefix: 'a/', ObjectSizeLessThan: 5 } }] },
      'Filter must have no more than one condition, because S3 accepts several only inside And, but is {"Prefix":"a/","ObjectSizeLessThan":5}',
    ],
    [
      ', rule 1',
      { Rules: [{ Status: 'Enabled', Filter: { And: { Tags: [{ Key: 'k' }] } } }] },
      'Filter.And.Tags[0].Value must be a text, but is missing',
    ],
    [
      ', rule 1',
      { Rules: [{ Status: 'Enabled', Expiration: {} }] },
      'Expiration must have Days, Date or ExpiredObjectDeleteMarker, but is {}',
    ],
    [
      ', rule 1',
      { Rules: [{ Status: 'Enabled', Expiration: { Days: 1, Date: '2026-12-01' } }] },
      'Expiration must not have both Days and Date, but is {"Days":1,"Date":"2026-12-01"}',
    ],
    [
      ', rule 1',
      { Rules: [{ Status: 'Enabled', Expiration: { Days: 0 } }] },
      'Expiration.Days must be a whole number, at least 1, but is 0',
    ],
    [
      ', rule 1',
      { Rules: [{ Status: 'Enabled', Expiration: { Days: '7' } }] },
      'Expiration.Days must be a whole number, at least 1, but is "7"',
    ],
    [
      ', rule 1',
      { Rules: [{ Status: 'Enabled', Expiration: { Date: 'soon' } }] },
      'Expiration.Date must be a date such as 2026-12-01T00:00:00Z, but is "soon"',
    ],
    [
      ', rule 1',
      { Rules: [{ Status: 'Enabled', Expiration: { ExpiredObjectDeleteMarker: 'yes' } }] },
      'Expiration.ExpiredObjectDeleteMarker must be true or false, but is "yes"',
    ],
    [
      ', rule 1',
      { Rules: [{ Status: 'Enabled', Transitions: [{ StorageClass: 'GLACIER' }] }] },
      'Transitions[0] must have Days or Date, but is {"StorageClass":"GLACIER"}',
    ],
    [
      ', rule 1',
      { Rules: [{ Status: 'Enabled', Transitions: [{ Days: 1, Date: '2026-12-01', StorageClass: 'GLACIER' }] }] },
      'Transitions[0] must not have both Days and Date, but is {"Days":1,"Date":"2026-12-01","StorageClass":"GLACIER"}',
    ],
    [
      ', rule 1',
      { Rules: [{ Status: 'Enabled', Transitions: [{ Days: 1 }] }] },
      'Transitions[0].StorageClass must be a text, but is missing',
    ],
    [
      ', rule 1',
      { Rules: [{ Status: 'Enabled', Transitions: [{ Days: 1.5, StorageClass: 'GLACIER' }] }] },
      'Transitions[0].Days must be a whole number, at least 0, but is 1.5',
    ],
  ])('says%s what is wrong with %j', (rule, document, expected) => {
    expect(failure(document)).toBe(`${SOURCE}${rule}: ${expected}${ADVICE}`);
  });

  it('shortens long values', () => {
    const message = failure({ Rules: [{ ID: 'i'.repeat(255), Status: 'x'.repeat(500) }] });

    expect(message).toContain(`rule 1 ("${'i'.repeat(58)}…): Status must be`);
    expect(message).toContain(`but is "${'x'.repeat(58)}…, so none`);
  });

  it('names all problems, one a line', () => {
    const lines = failure({ Rules: [{ Status: 'Enabled' }, { ID: 'b', Status: 1, Prefix: 2 }] }).split('\n');

    expect(lines.map((line) => line.slice(0, line.indexOf(' must')))).toEqual([
      'lifecycle.json, rule 2 ("b"): Status',
      'lifecycle.json, rule 2 ("b"): Prefix',
    ]);
  });
});
