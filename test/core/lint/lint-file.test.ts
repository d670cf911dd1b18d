import { describe, expect, it } from 'vitest';
import { hasFinding, isUndecided } from '#core/lint/lint-file.ts';
import { lint, lintOne, ofTemplate, s3, sentencesOf, template, WEEK } from './lint.ts';

const FLINK = [['b', 'flink/']] as const;

describe('A rule of a file', () => {
  it.each([
    ['expires by age', WEEK, `Rule "r1" deletes Flink state below 'flink/' 7 days after it was written.`],
    [
      'expires after one day',
      { Expiration: { Days: 1 } },
      `Rule "r1" deletes Flink state below 'flink/' 1 day after it was written.`,
    ],
    [
      'expires from a date on',
      { Expiration: { Date: '2027-06-01' } },
      `Rule "r1" deletes Flink state below 'flink/' from 2027-06-01 on.`,
    ],
    [
      'archives large objects',
      { Transitions: [{ Days: 0, StorageClass: 'DEEP_ARCHIVE' }] },
      `Rule "r1" moves Flink state below 'flink/' in files of at least 131,072 bytes to DEEP_ARCHIVE, where no restore can read it, at once.`,
    ],
    [
      'asks for sizes',
      { ...WEEK, Filter: { And: { Prefix: 'flink/a/', ObjectSizeGreaterThan: 99, ObjectSizeLessThan: 5_000 } } },
      `Rule "r1" deletes Flink state below 'flink/a/' in files of at least 100 bytes and less than 5,000 bytes 7 days after it was written.`,
    ],
    [
      'asks for a tag',
      { ...WEEK, Filter: { Tag: { Key: 'ttl', Value: 'short' } } },
      `Rule "r1" may delete Flink state below 'flink/' 7 days after it was written, if the objects carry the tag ttl=short, which a listing does not show.`,
    ],
    [
      'archives what has a tag',
      {
        Transitions: [{ Days: 9, StorageClass: 'GLACIER' }],
        Filter: { And: { Prefix: '', ObjectSizeGreaterThan: 1, Tags: [{ Key: 'a', Value: 'b' }] } },
      },
      `Rule "r1" may move Flink state below 'flink/' in files of at least 2 bytes to GLACIER, where no restore can read it, 9 days after it was written, if the objects carry the tag a=b, which a listing does not show.`,
    ],
  ])('that %s is told as a finding', (_, rule, sentence) => {
    const linted = lintOne(s3('b', rule), FLINK);

    expect(linted.rules.map((one) => one.sentence)).toEqual([sentence]);
    expect(linted.rules).toMatchObject([{ verdict: 'takes' }]);
    expect(hasFinding(linted)).toBe(true);
    expect(isUndecided(linted)).toBe(false);
  });

  it.each([
    ['is disabled', { ...WEEK, Status: 'Disabled' }, 'harmless', 'Rule "r1" is disabled and changes nothing.'],
    ['is about other keys', { ...WEEK, Filter: { Prefix: 'logs/' } }, 'elsewhere', 'Rule "r1" applies to other keys.'],
    [
      'aborts uploads',
      { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } },
      'harmless',
      'Rule "r1" is harmless to live state: it aborts incomplete multipart uploads, and the files of a checkpoint are complete objects.',
    ],
    [
      'acts after more than ten years',
      { Expiration: { Days: 10_000 } },
      'harmless',
      `Rule "r1" deletes objects below 'flink/' by age or date, but only after more than ten years, so it is no finding.`,
    ],
  ])('that %s is none', (_, rule, verdict, sentence) => {
    const linted = lintOne(s3('b', rule), FLINK);

    expect(linted.rules).toMatchObject([{ verdict, sentence }]);
    expect(linted.replacement).toBeNull();
    expect(hasFinding(linted) || isUndecided(linted)).toBe(false);
  });

  it.each([
    ['', 1, 'anywhere in the bucket, a restore more than 1 day after'],
    ['flink/out/', 7, `below 'flink/out/', a restore more than 7 days after`],
  ])('that aborts uploads of %j after %i days is told with what file sinks need', (Prefix, days, told) => {
    const rule = { Filter: { Prefix }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: days } };

    expect(lintOne(s3('b', rule), FLINK).rules[0]?.notes).toEqual([
      `File sinks keep multipart uploads open between checkpoints, and their state references these uploads. If a file sink writes ${told} its checkpoint can fail.`,
    ]);
  });

  it('with parts that are not understood is undecided, and disabled in the replacement', () => {
    const linted = lintOne(s3('b', { Vaporize: { Days: 1 } }), FLINK);

    expect(linted.rules).toMatchObject([{ verdict: 'undecided', notUnderstood: ['Vaporize'] }]);
    expect(linted.rules[0]?.sentence).toContain('it has parts that the steward does not understand: Vaporize');
    expect(linted.replacement?.changes).toMatchObject([{ action: 'disabled', rule: 'r1' }, { action: 'added' }]);
    expect(isUndecided(linted)).toBe(true);
  });

  it('is taken out of the replacement, which keeps the others', () => {
    const { replacement } = lintOne(s3('b', WEEK, { ...WEEK, Filter: { Prefix: 'logs/' } }), FLINK);

    expect(replacement?.changes.map(({ action, rule }) => [action, rule])).toEqual([
      ['removed', 'r1'],
      ['kept', 'r2'],
      ['added', 'flink-steward-abort-uploads:flink/'],
    ]);
  });
});

describe('What a file does not tell', () => {
  it('is no doubt where the rule takes state whatever it is', () => {
    expect(
      sentencesOf(template({ BucketName: 'flink-savepoints', ...ofTemplate({ ExpirationInDays: { Ref: 'Days' } }) })),
    ).toEqual([
      'Rule "r1" deletes Flink state anywhere in the bucket at a time that the file does not tell (${Days}).',
    ]);
  });

  it('is what a default of a parameter says it is', () => {
    const parameters = { Parameters: { Days: { Type: 'Number', Default: '30' } } };
    const linted = lintOne(
      template({ BucketName: 'flink-savepoints', ...ofTemplate({ ExpirationInDays: { Ref: 'Days' } }) }, parameters),
    );

    expect(linted.rules).toMatchObject([
      {
        verdict: 'takes',
        losses: [{ effect: 'expires', days: 30, unwritten: null }],
        unwritten: [{ path: 'Expiration.Days', expression: '${Days}', taken: '30' }],
      },
    ]);
  });

  it('is a doubt where it decides', () => {
    const rule = {
      Prefix: { Ref: 'Where' },
      Transitions: [{ StorageClass: 'GLACIER', TransitionInDays: { Ref: 'Days' } }],
    };
    const linted = lintOne(template({ BucketName: 'b', ...ofTemplate(rule) }), FLINK);

    expect(linted.rules).toMatchObject([{ verdict: 'undecided', status: 'Enabled' }]);
    expect(linted.rules[0]?.sentence).toBe(
      `Rule "r1" may move Flink state somewhere below 'flink/' in files of at least 131,072 bytes to GLACIER, where no restore can read it, at a time that the file does not tell (\${Days}). The file does not tell Filter.Prefix (\${Where}).`,
    );
  });

  it('is told beside the finding where it does not decide', () => {
    const rule = {
      Prefix: { 'Fn::Sub': 'flink/${Where}/' },
      ExpirationInDays: 7,
      ObjectSizeGreaterThan: { Ref: 'Size' },
    };
    const linted = lintOne(template({ BucketName: 'flink-checkpoints', ...ofTemplate(rule) }));

    expect(linted.rules.map(({ verdict, sentence }) => [verdict, sentence])).toEqual([
      [
        'takes',
        `Rule "r1" deletes Flink state somewhere below 'flink/' 7 days after it was written. The file does not tell Filter.And.Prefix (flink/\${Where}/), Filter.And.ObjectSizeGreaterThan (\${Size}).`,
      ],
    ]);
  });

  it('may be whole rules, and is then a doubt where Flink state is', () => {
    const rules = (name: string) =>
      template({ BucketName: name, LifecycleConfiguration: { Rules: { 'Fn::ImportValue': 'x' } } });

    expect(isUndecided(lintOne(rules('flink-checkpoints')))).toBe(true);
    expect(isUndecided(lintOne(rules('website')))).toBe(false);
  });

  it('may be which bucket a document of S3 is for: then nothing is certain', () => {
    const linted = lintOne(s3(null, WEEK, { ...WEEK, Filter: { Prefix: 'logs/' } }));

    expect(linted.places).toMatchObject({ known: 'unnamed' });
    expect(linted.rules.map(({ verdict, sentence }) => [verdict, sentence])).toEqual([
      ['undecided', 'Rule "r1" may delete Flink state anywhere in the bucket 7 days after it was written.'],
      ['elsewhere', 'Rule "r2" applies to "logs/", by its name no place of state.'],
    ]);
  });

  it('may be a condition of the template, under which the rule is there', () => {
    const rule = { Id: 'week', Status: 'Enabled', ExpirationInDays: 7 };
    const document = template({
      BucketName: 'flink-checkpoints',
      LifecycleConfiguration: { Rules: [{ 'Fn::If': ['IsTest', rule, { Ref: 'AWS::NoValue' }] }] },
    });

    expect(sentencesOf(document)).toEqual([
      'Rule "week" may delete Flink state anywhere in the bucket 7 days after it was written, if the condition IsTest of the template holds.',
    ]);
  });
});

describe('A prefix that the file does not tell', () => {
  const unknown = (Prefix: object) => template({ BucketName: 'b', ...ofTemplate({ Prefix, ExpirationInDays: 7 }) });
  const verdictsOf = (...args: Parameters<typeof lintOne>) => {
    return lintOne(...args).rules.map(({ verdict, sentence }) => [verdict, sentence]);
  };

  it('is a doubt in a bucket in which state is only guessed to be: it may be one of logs', () => {
    const guessed = template({
      BucketName: 'flink-checkpoints',
      ...ofTemplate({ Prefix: { Ref: 'Where' }, ExpirationInDays: 7 }),
    });

    expect(verdictsOf(guessed)).toEqual([
      [
        'undecided',
        'Rule "r1" may delete Flink state below a prefix that the file does not tell (${Where}) 7 days after it was written.',
      ],
    ]);
  });

  it('is none where somebody says that the whole bucket holds state', () => {
    expect(verdictsOf(unknown({ Ref: 'Where' }), [['b', '']])).toEqual([
      [
        'takes',
        'Rule "r1" deletes Flink state below a prefix that the file does not tell (${Where}) 7 days after it was written.',
      ],
    ]);
  });

  it('counts with what is known of its beginning', () => {
    const within = unknown({ 'Fn::Sub': 'flink/${Where}/' });

    expect(verdictsOf(within, FLINK)).toEqual([
      [
        'takes',
        `Rule "r1" deletes Flink state somewhere below 'flink/' 7 days after it was written. The file does not tell Filter.Prefix (flink/\${Where}/).`,
      ],
    ]);
    expect(verdictsOf(within, [['b', 'flink/checkpoints/']])).toEqual([
      [
        'undecided',
        `Rule "r1" may delete Flink state somewhere below 'flink/checkpoints/' 7 days after it was written. The file does not tell Filter.Prefix (flink/\${Where}/).`,
      ],
    ]);
    expect(verdictsOf(within, [['b', 'other/']])).toEqual([['elsewhere', 'Rule "r1" applies to other keys.']]);
  });
});

describe('A storage class or a tag that the file does not tell', () => {
  it('is named as what is not told', () => {
    const rule = {
      Transitions: [
        { StorageClass: 'STANDARD_IA', TransitionInDays: { Ref: 'Days' } },
        { StorageClass: { Ref: 'Class' }, TransitionInDays: 90 },
      ],
    };
    const linted = lintOne(template({ BucketName: 'b', ...ofTemplate(rule) }), FLINK);

    expect(linted.rules).toMatchObject([
      {
        verdict: 'undecided',
        losses: [{ effect: 'archives', days: 90, unwritten: null, storageClass: null, unwrittenClass: '${Class}' }],
      },
    ]);
    expect(linted.rules[0]?.sentence).toBe(
      `Rule "r1" may move Flink state below 'flink/' in files of at least 131,072 bytes 90 days after it was written to a storage class that the file does not tell (\${Class}), from which a restore may not be able to read. The file does not tell Transitions[0].Days (\${Days}).`,
    );
  });

  it('is part of the condition', () => {
    const rule = { TagFilters: [{ Key: 'ttl', Value: { Ref: 'Ttl' } }], ExpirationInDays: 7 };

    expect(sentencesOf(template({ BucketName: 'b', ...ofTemplate(rule) }), FLINK)).toEqual([
      `Rule "r1" may delete Flink state below 'flink/' 7 days after it was written, if the objects carry tags that the file does not tell (\${Ttl}).`,
    ]);
  });
});

describe('A prefix that matches nothing that Flink writes', () => {
  it.each(['/', '/flink/', '*', 'flink/*', 's3://b/flink/'])('is told, and no finding: %s', (prefix) => {
    const linted = lintOne(s3('b', { ...WEEK, Filter: { Prefix: prefix } }), [['b', '']]);

    expect(linted.rules).toMatchObject([
      {
        verdict: 'elsewhere',
        elsewhere: 'matches-nothing',
        sentence: `Rule "r1" applies to no key that Flink writes: S3 compares the prefix "${prefix}" letter by letter, and knows no patterns, URLs or leading slashes in it.`,
      },
    ]);
  });

  it('takes state where somebody says that it is there', () => {
    const linted = lintOne(s3('b', { ...WEEK, Filter: { Prefix: 'a*/' } }), [['b', 'a*/flink/']]);

    expect(linted.rules).toMatchObject([{ verdict: 'takes', elsewhere: null }]);
  });
});

describe('The replacement of a rule of which names do not tell enough', () => {
  it('is about the prefix of the rule', () => {
    const { rules, replacement } = lintOne(s3('acme-flink-prod', { ...WEEK, Filter: { Prefix: 'jobs/' } }));

    expect(rules).toMatchObject([
      {
        verdict: 'undecided',
        sentence: `Rule "r1" deletes objects below 'jobs/' 7 days after they were written. Names do not tell whether they are Flink state.`,
      },
    ]);
    expect(replacement?.changes).toMatchObject([
      { action: 'removed', why: "it deletes what checkpoints and savepoints below 'jobs/' will need" },
      { action: 'added', rule: 'flink-steward-abort-uploads:jobs/' },
    ]);
  });
});

describe('The buckets of one file', () => {
  it('are judged each by its own names', () => {
    const bucket = (BucketName: string) => ({
      Type: 'AWS::S3::Bucket',
      Properties: { BucketName, ...ofTemplate({ ExpirationInDays: 7 }) },
    });
    const linted = lint({
      Resources: { A: bucket('acme-flink-checkpoints'), B: bucket('acme-site'), C: bucket('acme-flink-logs') },
    });

    expect(linted.map(({ bucket: { name }, places: { known }, rules }) => [name, known, rules[0]?.verdict])).toEqual([
      ['acme-flink-checkpoints', 'guessed', 'takes'],
      ['acme-site', 'elsewhere', 'elsewhere'],
      ['acme-flink-logs', 'elsewhere', 'elsewhere'],
    ]);
  });
});
