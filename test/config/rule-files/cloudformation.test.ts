import { describe, expect, it } from 'vitest';
import { readRulesFile } from '#config/rule-files/read-rules-file.ts';
import { expressionsIn } from '#core/lifecycle/expression.ts';

function read(
  properties: object,
  { others = {}, isCdk = false, metadata = {} }: { others?: object; isCdk?: boolean; metadata?: object } = {},
) {
  const value = {
    ...others,
    Resources: {
      StateAB12CD34: { Type: 'AWS::S3::Bucket', Properties: properties, Metadata: metadata },
      Other: { Type: 'AWS::SQS::Queue' },
    },
  };
  return readRulesFile({ value, isCdk, lineOf: (path) => path.length }, 'template.json');
}

/** The rules as they would be judged, of a template with these. */
function rulesOf(rules: unknown, others: object = {}) {
  return read({ LifecycleConfiguration: { Rules: rules } }, { others }).buckets[0];
}

describe('A template of CloudFormation', () => {
  it('tells every condition and action of a rule, in the words of S3', () => {
    const bucket = rulesOf([
      {
        Id: 'all',
        Status: 'Enabled',
        Prefix: 'a/',
        TagFilters: [{ Key: 'k', Value: 'v' }],
        ObjectSizeGreaterThan: '5',
        ObjectSizeLessThan: 9,
        ExpirationInDays: 3,
        Transition: { StorageClass: 'GLACIER', TransitionInDays: 1 },
        Transitions: [{ StorageClass: 'STANDARD_IA', TransitionDate: '2027-01-01T00:00:00Z' }],
        NoncurrentVersionTransition: { StorageClass: 'GLACIER', TransitionInDays: 1 },
        NoncurrentVersionTransitions: [{ StorageClass: 'GLACIER_IR', TransitionInDays: 2, NewerNoncurrentVersions: 1 }],
        NoncurrentVersionExpirationInDays: 3,
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
      },
      { Status: 'Disabled', TagFilters: [{ Key: 'k', Value: 'v' }], ExpiredObjectDeleteMarker: 'true' },
      { Status: 'Enabled', ExpirationDate: '2027-01-01T00:00:00Z', ExpiredObjectDeleteMarker: false },
      {
        Status: 'Enabled',
        TagFilters: [
          { Key: 'a', Value: '' },
          { Key: 'b', Value: '' },
        ],
        NoncurrentVersionExpiration: { NoncurrentDays: 1 },
      },
    ]);

    expect(bucket?.document.Rules).toEqual([
      {
        ID: 'all',
        Status: 'Enabled',
        Filter: {
          And: { Prefix: 'a/', ObjectSizeGreaterThan: '5', ObjectSizeLessThan: 9, Tags: [{ Key: 'k', Value: 'v' }] },
        },
        Expiration: { Days: 3 },
        Transitions: [
          { StorageClass: 'STANDARD_IA', Date: '2027-01-01T00:00:00Z' },
          { StorageClass: 'GLACIER', Days: 1 },
        ],
        NoncurrentVersionExpiration: { NoncurrentDays: 3 },
        NoncurrentVersionTransitions: [
          { StorageClass: 'GLACIER_IR', NoncurrentDays: 2, NewerNoncurrentVersions: 1 },
          { StorageClass: 'GLACIER', NoncurrentDays: 1 },
        ],
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
      },
      {
        Status: 'Disabled',
        Filter: { Tag: { Key: 'k', Value: 'v' } },
        Expiration: { ExpiredObjectDeleteMarker: true },
      },
      { Status: 'Enabled', Filter: {}, Expiration: { Date: '2027-01-01T00:00:00Z' } },
      {
        Status: 'Enabled',
        Filter: {
          And: {
            Tags: [
              { Key: 'a', Value: '' },
              { Key: 'b', Value: '' },
            ],
          },
        },
        NoncurrentVersionExpiration: { NoncurrentDays: 1 },
      },
    ]);
    expect(bucket?.worst.rules[0]?.filter.largerThan).toBe(5);
  });

  it('tells what parameters, mappings and texts made of them give', () => {
    const others = {
      Parameters: { Env: { Type: 'String', Default: 'prod' }, List: { Type: 'CommaDelimitedList' } },
      Mappings: { Days: { prod: { keep: 30 } } },
    };
    const rule = (Prefix: unknown) => ({
      Status: 'Enabled',
      Prefix,
      ExpirationInDays: { 'Fn::FindInMap': ['Days', { Ref: 'Env' }, 'keep'] },
    });
    const bucket = rulesOf(
      [
        rule({ 'Fn::Sub': 'a/${Env}/' }),
        rule({ 'Fn::Sub': ['${Name}/${!Literal}', { Name: { Ref: 'Env' } }] }),
        rule({ 'Fn::Sub': ['${Name}/', { Name: 'plain' }] }),
        rule({ 'Fn::Join': ['/', ['b', { Ref: 'Env' }, '']] }),
        rule({ 'Fn::If': ['C', 'same/', 'same/'] }),
      ],
      others,
    );

    expect(bucket?.worst.rules.map(({ filter, expiration }) => [filter.prefix, expiration])).toEqual([
      ['a/prod/', { by: 'age', days: 30 }],
      ['prod/${!Literal}', { by: 'age', days: 30 }],
      ['plain/', { by: 'age', days: 30 }],
      ['b/prod/', { by: 'age', days: 30 }],
      ['same/', { by: 'age', days: 30 }],
    ]);
  });

  it.each([
    [{ Ref: 'List' }, '${List}', ''],
    [{ 'Fn::GetAtt': ['A', 'B'] }, '${A.B}', ''],
    [{ 'Fn::GetAtt': 'A.B' }, '${A.B}', ''],
    [{ 'Fn::ImportValue': 'x' }, 'Fn::ImportValue "x"', ''],
    [{ 'Fn::Sub': 'a/${AWS::Region}/b' }, 'a/${AWS::Region}/b', 'a/'],
    [{ 'Fn::Join': ['-', ['a', { Ref: 'AWS::Region' }]] }, 'a-${AWS::Region}', 'a-'],
    [{ 'Fn::Join': 'x' }, 'Fn::Join "x"', ''],
    [{ 'Fn::Join': ['-', { Ref: 'List' }] }, 'Fn::Join ["-",{"Ref":"List"}]', ''],
    [{ 'Fn::If': ['C', 'a', 'b'] }, 'Fn::If C', ''],
    [{ 'Fn::If': 'x' }, 'Fn::If undefined', ''],
    [{ 'Fn::FindInMap': ['Days', 'none', 'keep'] }, 'Fn::FindInMap Days.none.keep', ''],
    [{ 'Fn::FindInMap': 'x' }, 'Fn::FindInMap ', ''],
  ])('says what it does not tell: %j', (Prefix, text, atWorst) => {
    const bucket = rulesOf([{ Status: 'Enabled', Prefix, ExpirationInDays: 1 }]);

    expect(expressionsIn(bucket?.document.Rules).map(({ expression }) => expression.text)).toEqual([text]);
    expect(bucket?.worst.rules[0]?.filter.prefix).toBe(atWorst);
    expect(bucket?.best.rules[0]?.filter.prefix).toBe(`${atWorst}\u0000`);
  });

  it('takes functions that are given nonsense for what is printed of them', () => {
    const bucket = rulesOf([{ Status: 'Enabled', Prefix: { 'Fn::Sub': Object.create(null) }, ExpirationInDays: 1 }]);

    expect(bucket?.worst.rules[0]?.filter.prefix).toBe('{}');
  });

  it('reads lists and blocks that only deploying tells', () => {
    const bucket = rulesOf([
      {
        Status: 'Enabled',
        TagFilters: { 'Fn::If': ['C', [], { Ref: 'AWS::NoValue' }] },
        Transitions: [{ 'Fn::If': ['C', { StorageClass: 'GLACIER', TransitionInDays: 1 }, { Ref: 'AWS::NoValue' }] }],
        NoncurrentVersionExpiration: { 'Fn::GetAtt': 'A.B' },
      },
      { Status: 'Enabled', Transitions: { 'Fn::GetAtt': 'A.B' } },
    ]);

    expect(bucket?.worst.rules).toMatchObject([
      { filter: { tags: [{ key: 'a tag' }] }, transitions: [{ storageClass: 'GLACIER' }], noncurrentExpiry: null },
      { transitions: [{ storageClass: 'GLACIER', when: { days: 1 } }] },
    ]);
    expect(bucket?.best.rules[1]).toMatchObject({ transitions: [{ storageClass: 'STANDARD_IA' }] });
  });

  it('takes the values that do the least harm at best', () => {
    const rule = {
      Status: { Ref: 'S' },
      Transitions: [{ StorageClass: { Ref: 'C' }, TransitionInDays: { Ref: 'D' } }],
      ExpirationDate: { Ref: 'E' },
      ExpiredObjectDeleteMarker: { Ref: 'M' },
    };
    const bucket = rulesOf([rule]);

    expect(bucket?.worst.rules[0]).toMatchObject({
      enabled: true,
      transitions: [{ storageClass: 'GLACIER', when: { days: 1 } }],
    });
    expect(bucket?.best.rules[0]).toMatchObject({ enabled: false, transitions: [{ storageClass: 'STANDARD_IA' }] });
  });

  it('tells under which conditions a rule is there', () => {
    const rule = (Id: string) => ({ Id, Status: 'Enabled', ExpirationInDays: 1, Prefix: { Ref: 'AWS::NoValue' } });
    const properties = {
      LifecycleConfiguration: {
        'Fn::If': [
          'A',
          {
            Rules: { 'Fn::If': ['B', [rule('x'), { 'Fn::If': ['C', rule('y'), rule('z')] }], { Ref: 'AWS::NoValue' }] },
          },
          { Rules: [rule('w')] },
        ],
      },
    };
    const [bucket] = read(properties).buckets;

    expect(bucket?.document.Rules.map(({ ID }, at) => [ID, bucket.conditions[at]])).toEqual([
      ['x', 'A and B'],
      ['y', 'A and B and C'],
      ['z', 'A and B and not C'],
      ['w', 'not A'],
    ]);
  });

  it('says that rules come from elsewhere', () => {
    const hidden = 'Some of its rules come from a function of the template whose result only deploying it tells.';

    expect(rulesOf({ 'Fn::Transform': {} })?.hidden).toBe(hidden);
    expect(rulesOf([{ 'Fn::Transform': {} }])).toMatchObject({ hidden, document: { Rules: [] } });
    expect(read({ LifecycleConfiguration: { 'Fn::Transform': {} } }).buckets[0]?.hidden).toBe(hidden);
    expect(read({ 'Fn::Transform': { Name: 'AWS::Include' } }).buckets[0]).toMatchObject({
      hidden,
      document: { Rules: [] },
    });
  });

  it.each(['AWS::S3Outposts::Bucket', 'AWS::S3Express::DirectoryBucket'])(
    'says that rules of %s are not judged',
    (Type) => {
      const Properties = { LifecycleConfiguration: { Rules: [{ Status: 'Enabled', ExpirationInDays: 7 }] } };
      const file = readRulesFile({ value: { Resources: { State: { Type, Properties } } }, lineOf: () => null }, 'x');

      expect(file.buckets).toMatchObject([
        {
          resource: 'State',
          isForeign: true,
          hidden: `Its rules were not judged: they are of ${Type}, and only those of AWS::S3::Bucket are read.`,
          document: { Rules: [] },
        },
      ]);
    },
  );

  it('tells the name of a bucket, or an expression over it', () => {
    const configured = { LifecycleConfiguration: { Rules: [] } };
    const parameters = { others: { Parameters: { Name: { Default: 'by-default' } } } };

    expect(read({ ...configured, BucketName: 'b' }).buckets[0]?.name).toBe('b');
    expect(read({ ...configured, BucketName: { Ref: 'Name' } }, parameters).buckets[0]?.name).toBe('by-default');
    expect(String(read({ ...configured, BucketName: { Ref: 'Name' } }).buckets[0]?.name)).toBe('${Name}');
    expect(String(read(configured).buckets[0]?.name)).toBe('${StateAB12CD34}');
    expect(read({}).buckets).toEqual([]);
  });

  it('tells the buckets that loops make', () => {
    const bucket = {
      Type: 'AWS::S3::Bucket',
      Properties: { BucketName: { 'Fn::Sub': 'flink-${Team}' }, LifecycleConfiguration: { Rules: [] } },
    };
    const value = { Resources: { 'Fn::ForEach::Teams': ['Team', ['a', 'b'], { 'State${Team}': bucket }] } };

    expect(
      readRulesFile({ value, lineOf: () => null }, 'x').buckets.map(({ resource, called }) => [resource, called]),
    ).toEqual([['State${Team}', ['flink-${Team}', 'State${Team}']]]);
  });

  it('tells what is around a bucket, and its lines', () => {
    const properties = {
      LifecycleConfiguration: {
        Rules: [{ Status: 'Enabled' }],
        TransitionDefaultMinimumObjectSize: 'all_storage_classes_128K',
      },
      VersioningConfiguration: { Status: 'Enabled' },
      Tags: [
        { Key: 'a', Value: { 'Fn::Sub': 'checkpoints-${Env}' } },
        { Key: 'b', Value: 'flink' },
      ],
    };
    const { kind, buckets } = read(properties, { isCdk: true, metadata: { 'aws:cdk:path': 'App/State/Resource' } });

    expect(kind).toBe('template of the CDK');
    expect(buckets).toMatchObject([
      {
        form: 'cdk',
        versioned: true,
        called: ['State'],
        around: ['StateAB12CD34', 'checkpoints-${Env}', 'App/State/Resource'],
        lines: [6],
        document: { TransitionDefaultMinimumObjectSize: 'all_storage_classes_128K' },
      },
    ]);
  });
});

describe('A document of S3', () => {
  it('may be what the AWS CLI prints, or what it takes', () => {
    const rules = [{ ID: 'r', Status: 'Enabled', Prefix: '' }];
    const one = (value: object) => readRulesFile({ value, lineOf: (path) => path.length }, 'x.json').buckets[0];

    expect(one({ Rules: rules, TransitionDefaultMinimumObjectSize: 'varies_by_storage_class' })).toMatchObject({
      form: 's3',
      name: null,
      called: ['x.json'],
      lines: [2],
      worst: { transitionMinimum: 'varies_by_storage_class' },
    });
    expect(one({ Bucket: 'b', LifecycleConfiguration: { Rules: rules } })).toMatchObject({
      name: 'b',
      called: ['b'],
      lines: [3],
    });
    expect(one({ Rules: rules, ResponseMetadata: {} })?.hidden).toBeNull();
    expect(one({ Rules: rules, Exceptions: {} })?.hidden).toBe(
      'Parts of the configuration were not understood: Exceptions.',
    );
    expect(one({ LifecycleConfiguration: {} })?.document).toEqual({ Rules: [] });
  });
});
