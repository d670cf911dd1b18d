import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '#config/config-error.ts';
import { readRulesFile } from '#config/rule-files/read-rules-file.ts';
import { expressionsIn } from '#core/lifecycle/expression.ts';
import { configuredResource, type SampleResource, terraformPlan } from '#test/support/terraform-plan.ts';

const CONFIGURATION = 'aws_s3_bucket_lifecycle_configuration';
const WEEK = {
  id: 'week',
  status: 'Enabled',
  filter: [{ prefix: '' }],
  expiration: [{ date: null, days: 7, expired_object_delete_marker: null }],
};

function read(document: object) {
  return readRulesFile({ value: document, lineOf: () => null }, 'plan.json');
}

function plan(...resources: readonly SampleResource[]) {
  return read(terraformPlan({ resources }));
}

function rules(values: object, unknown: object = {}): SampleResource {
  return {
    address: `${CONFIGURATION}.state`,
    values,
    unknown,
    expressions: { bucket: { references: ['aws_s3_bucket.state.id', 'aws_s3_bucket.state'] } },
  };
}

const BUCKET: SampleResource = { address: 'aws_s3_bucket.state', values: { bucket: 'acme-state' }, expressions: {} };

describe('A plan of Terraform', () => {
  it('tells the rules of a resource of its own, whose bucket is named only after apply', () => {
    const { kind, buckets } = plan(
      BUCKET,
      rules({ rule: [WEEK], transition_default_minimum_object_size: 'varies_by_storage_class' }, { bucket: true }),
    );

    expect(kind).toBe('Terraform plan');
    expect(buckets).toMatchObject([
      {
        resource: `${CONFIGURATION}.state`,
        form: 'terraform',
        name: 'acme-state',
        reference: 'aws_s3_bucket.state.id',
        versioned: false,
        document: {
          Rules: [{ ID: 'week', Status: 'Enabled', Filter: {}, Expiration: { Days: 7 } }],
          TransitionDefaultMinimumObjectSize: 'varies_by_storage_class',
        },
        worst: { transitionMinimum: 'varies_by_storage_class' },
      },
    ]);
  });

  it('tells every condition and action of a rule', () => {
    const all = {
      id: 'all',
      status: 'Enabled',
      filter: [
        {
          and: [{ prefix: 'a/', object_size_greater_than: '5', object_size_less_than: 9, tags: { k: 'v', l: 'w' } }],
          tag: [],
        },
      ],
      transition: [
        { days: 0, date: '', storage_class: 'GLACIER' },
        { days: null, date: '2027-01-01T00:00:00Z', storage_class: 'STANDARD_IA' },
      ],
      noncurrent_version_expiration: [{ noncurrent_days: 3, newer_noncurrent_versions: '2' }],
      noncurrent_version_transition: [
        { noncurrent_days: 1, newer_noncurrent_versions: null, storage_class: 'GLACIER' },
      ],
      abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
    };
    const tag = {
      id: 'tag',
      status: 'Disabled',
      filter: [{ tag: [{ key: 'k', value: 'v' }], object_size_greater_than: 0, object_size_less_than: '0' }],
      expiration: [{ days: 0, expired_object_delete_marker: true }],
    };
    const old = { id: 'old', status: 'Enabled', prefix: 'x/', filter: [], expiration: [{ days: 1 }] };
    const bare = { id: 'bare', status: 'Enabled', expiration: [{}] };

    expect(
      plan(BUCKET, rules({ bucket: 'acme-state', rule: [all, tag, old, bare] })).buckets[0]?.document.Rules,
    ).toEqual([
      {
        ID: 'all',
        Status: 'Enabled',
        Filter: {
          And: {
            Prefix: 'a/',
            ObjectSizeGreaterThan: '5',
            ObjectSizeLessThan: 9,
            Tags: [
              { Key: 'k', Value: 'v' },
              { Key: 'l', Value: 'w' },
            ],
          },
        },
        Transitions: [
          { StorageClass: 'GLACIER', Days: 0 },
          { Date: '2027-01-01T00:00:00Z', StorageClass: 'STANDARD_IA' },
        ],
        NoncurrentVersionExpiration: { NoncurrentDays: 3, NewerNoncurrentVersions: '2' },
        NoncurrentVersionTransitions: [{ NoncurrentDays: 1, StorageClass: 'GLACIER' }],
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
      },
      {
        ID: 'tag',
        Status: 'Disabled',
        Filter: { Tag: { Key: 'k', Value: 'v' } },
        Expiration: { ExpiredObjectDeleteMarker: true },
      },
      { ID: 'old', Status: 'Enabled', Prefix: 'x/', Expiration: { Days: 1 } },
      { ID: 'bare', Status: 'Enabled', Filter: { Prefix: '' } },
    ]);
  });

  it('tells blocks of the bucket itself', () => {
    const inline = {
      bucket: 'old',
      versioning: [{ enabled: true }],
      tags: { Purpose: 'Flink savepoints', Project: 'flink-demo' },
      lifecycle_rule: [
        {
          id: 'week',
          enabled: true,
          prefix: 'a/',
          tags: { k: 'v' },
          expiration: [{ days: 7, date: '', expired_object_delete_marker: false }],
          noncurrent_version_expiration: [{ days: 3 }],
          noncurrent_version_transition: [{ days: 1, storage_class: 'GLACIER' }],
          transition: [{ days: 30, storage_class: 'GLACIER' }],
          abort_incomplete_multipart_upload_days: 7,
        },
        { enabled: false, prefix: '', abort_incomplete_multipart_upload_days: 0 },
      ],
    };

    expect(
      plan({ address: 'aws_s3_bucket.old', values: inline, expressions: { lifecycle_rule: [{}] } }).buckets,
    ).toMatchObject([
      {
        resource: 'aws_s3_bucket.old',
        form: 'terraform-inline',
        name: 'old',
        versioned: true,
        around: ['old', 'aws_s3_bucket.old', 'Flink savepoints'],
        document: {
          Rules: [
            {
              ID: 'week',
              Status: 'Enabled',
              Filter: { And: { Prefix: 'a/', Tags: [{ Key: 'k', Value: 'v' }] } },
              Expiration: { Days: 7 },
              Transitions: [{ Days: 30, StorageClass: 'GLACIER' }],
              NoncurrentVersionExpiration: { NoncurrentDays: 3 },
              NoncurrentVersionTransitions: [{ NoncurrentDays: 1, StorageClass: 'GLACIER' }],
              AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
            },
            { Status: 'Disabled', Filter: {} },
          ],
        },
      },
    ]);
  });

  it('leaves out blocks that the provider only reports of another resource', () => {
    const reported = {
      address: 'aws_s3_bucket.state',
      values: { bucket: 'acme-state', lifecycle_rule: [{ enabled: true, expiration: [{ days: 7 }] }] },
    };

    expect(plan({ ...reported, expressions: {} }).buckets).toEqual([]);
    expect(plan(reported, rules({ bucket: 'acme-state', rule: [WEEK] })).buckets.map(({ form }) => form)).toEqual([
      'terraform',
    ]);
    expect(plan(reported).buckets.map(({ form }) => form)).toEqual(['terraform-inline']);
  });

  it('knows that a bucket keeps versions, by another resource', () => {
    const versioning = (bucket: string | undefined, status = 'Enabled'): SampleResource => ({
      address: 'aws_s3_bucket_versioning.state',
      values: { ...(bucket === undefined ? {} : { bucket }), versioning_configuration: [{ status }] },
      expressions: { bucket: { references: ['aws_s3_bucket.state.id', 'aws_s3_bucket.state'] } },
    });
    const versioned = (...more: readonly SampleResource[]) =>
      plan(BUCKET, rules({ rule: [WEEK] }, { bucket: true }), ...more).buckets[0]?.versioned;

    expect(versioned(versioning(undefined))).toBe(true);
    expect(versioned(versioning('acme-state'))).toBe(true);
    expect(versioned({ ...versioning('other'), expressions: {} })).toBe(false);
    expect(versioned(versioning('acme-state', 'Suspended'))).toBe(false);
  });

  it('says what is known only after apply, by the reference in its place', () => {
    const unknown = {
      rule: [
        { id: true, status: true, filter: [{ prefix: true }], expiration: [{ days: true }] },
        { filter: true, expiration: true, transition: true, noncurrent_version_transition: true },
      ],
    };
    const resource = {
      ...rules(
        {
          rule: [
            { filter: [{}], expiration: [{}] },
            { id: 'b', status: 'Enabled' },
          ],
        },
        unknown,
      ),
      expressions: { rule: [{ expiration: [{ days: { references: ['var.days'] } }] }] },
    };
    const [bucket] = plan(resource).buckets;

    expect(JSON.parse(JSON.stringify(bucket?.document.Rules))).toEqual([
      {
        ID: 'known after apply',
        Status: 'known after apply',
        Filter: { Prefix: 'known after apply' },
        Expiration: { Days: 'var.days' },
      },
      {
        ID: 'b',
        Status: 'Enabled',
        Filter: { Prefix: 'known after apply' },
        Expiration: { Days: 'known after apply' },
        Transitions: [{ Days: 'known after apply', StorageClass: 'known after apply' }],
        NoncurrentVersionTransitions: [{ NoncurrentDays: 'known after apply', StorageClass: 'known after apply' }],
      },
    ]);
    expect(String(bucket?.name)).toBe('known after apply');
  });

  it('says that all rules are known only after apply', () => {
    expect(plan(BUCKET, rules({}, { rule: true })).buckets[0]?.hidden).toBe(
      'Its rules are known only after apply (known after apply).',
    );
    const inline = {
      address: 'aws_s3_bucket.x',
      values: {},
      unknown: { lifecycle_rule: true },
      expressions: { lifecycle_rule: { references: ['var.rules'] } },
    };
    expect(plan(inline).buckets[0]?.hidden).toBe('Its rules are known only after apply (var.rules).');
    const enabled = {
      ...inline,
      values: { lifecycle_rule: [{ tags: {} }] },
      unknown: { lifecycle_rule: [{ enabled: true, tags: true }] },
    };
    expect(String(plan(enabled).buckets[0]?.document.Rules[0]?.Status)).toBe('known after apply');
  });

  it('says that some rules are known only after apply', () => {
    const [bucket] = plan(BUCKET, rules({ rule: [WEEK] }, { rule: [{}, true] })).buckets;

    expect(bucket?.hidden).toBe('Some of its rules are known only after apply (known after apply).');
    expect(bucket?.document.Rules).toMatchObject([{ ID: 'week' }]);
  });

  it.each([
    ['filter', { filter: [true] }, ['Filter.Prefix']],
    ['and', { filter: [{ and: [true] }] }, ['Filter.Prefix']],
    ['and as a whole', { filter: [{ and: true }] }, ['Filter.Prefix']],
    ['tag', { filter: [{ tag: [true] }] }, ['Filter.Tag.Value']],
    ['expiration', { expiration: [true] }, ['Expiration.Days']],
    ['transition', { transition: [true] }, ['Transitions[0].Days', 'Transitions[0].StorageClass']],
  ])('misses no block of which nothing is known before apply: %s', (_, unknown, paths) => {
    const [bucket] = plan(BUCKET, rules({ rule: [{ id: 'r', status: 'Enabled' }] }, { rule: [unknown] })).buckets;

    expect(expressionsIn(bucket?.document.Rules[0]).map(({ path }) => path)).toEqual(paths);
  });

  it.each([
    ['awscc_s3_bucket', { bucket_name: 'acme', lifecycle_configuration: { rules: [{ id: 'r' }] } }],
    ['google_storage_bucket', { name: 'acme', lifecycle_rule: [{ action: [{ type: 'Delete' }] }] }],
    ['alicloud_oss_bucket', { bucket: 'acme', lifecycle_rule: [{ id: 'r' }] }],
    ['alicloud_oss_bucket_lifecycle', { bucket: 'acme', rule: [{ id: 'r' }] }],
    ['minio_ilm_policy', { bucket: 'acme', rule: [{ id: 'r' }] }],
  ])('says that rules of %s are not judged', (type, values) => {
    expect(plan({ address: `${type}.state`, values }).buckets).toMatchObject([
      {
        resource: `${type}.state`,
        name: 'acme',
        isForeign: true,
        hidden: `Its rules were not judged: they are of ${type}, and only those of aws_s3_bucket and aws_s3_bucket_lifecycle_configuration are read.`,
        document: { Rules: [] },
      },
    ]);
  });

  it('is silent about such a bucket without rules, and about rules of other things', () => {
    const unset = { address: 'awscc_s3_bucket.a', values: {}, unknown: { lifecycle_configuration: true } };

    expect(plan({ ...unset, expressions: {} }).buckets).toEqual([]);
    expect(plan({ ...unset, expressions: { lifecycle_configuration: {} } }).buckets).toMatchObject([
      { isForeign: true, called: ['a'] },
    ]);
    expect(
      plan(
        { address: 'google_storage_bucket.b', values: { name: 'b', lifecycle_rule: [] } },
        { address: 'awscc_s3_bucket.c', values: { lifecycle_configuration: {} } },
        { address: 'aws_s3_bucket_ownership_controls.d', values: { rule: [{ object_ownership: 'x' }] } },
        { address: 'aws_ecr_lifecycle_policy.e', values: { rule: [{}] } },
        { address: 'google_storage_bucket_iam_policy.f', values: { lifecycle: 'x' } },
      ).buckets,
    ).toEqual([]);
  });

  it('finds the bucket through variables and outputs of modules', () => {
    const state = {
      address: 'module.bucket["a.b"].aws_s3_bucket.this[0]',
      values: { bucket: 'in-module' },
      expressions: { bucket: { references: ['var.name'] } },
    };
    const apart = {
      address: `module.rules.${CONFIGURATION}.this`,
      values: { rule: [WEEK] },
      unknown: { bucket: true },
      expressions: { bucket: { references: ['var.bucket'] } },
    };
    const named = { ...apart, address: `module.named.${CONFIGURATION}.this` };
    const lost = {
      ...apart,
      address: `${CONFIGURATION}.lost`,
      expressions: { bucket: { references: ['local.bucket', 'var.bucket', 'module.none.id'] } },
    };
    const module = (resource: SampleResource, outputs: object = {}) => ({
      module: { resources: configuredResource(resource), outputs },
    });
    const output = {
      expression: { references: ['aws_s3_bucket.this[0].id', 'aws_s3_bucket.this[0]', 'aws_s3_bucket.this'] },
    };
    const document = terraformPlan({
      resources: [state, apart, named, lost],
      calls: {
        bucket: module(state, { id: output }),
        rules: {
          ...module(apart),
          expressions: { bucket: { references: ['module.bucket["a.b"].id', 'module.bucket'] } },
        },
        named: { ...module(named), expressions: { bucket: { constant_value: 'by-name' } } },
      },
    });

    expect(read(document).buckets.map(({ name, called }) => [String(name), called])).toEqual([
      ['local.bucket', ['lost']],
      ['in-module', ['in-module', 'this']],
      ['by-name', ['by-name', 'this']],
    ]);
  });

  it('tells apart buckets that are made several times', () => {
    const bucket = (index: string): SampleResource => ({
      address: `aws_s3_bucket.many["${index}"]`,
      values: { bucket: `b-${index}` },
      expressions: {},
    });
    const apart = (index: string): SampleResource => ({
      address: `${CONFIGURATION}.many["${index}"]`,
      values: { rule: [WEEK] },
      unknown: { bucket: true },
      expressions: { bucket: { references: ['aws_s3_bucket.many', 'each.key'] } },
    });

    expect(plan(bucket('x'), bucket('y'), apart('y'), apart('x')).buckets.map(({ name }) => name)).toEqual([
      'b-y',
      'b-x',
    ]);
    const unclear = { ...apart('z'), expressions: { bucket: { references: ['aws_s3_bucket.many'] } } };
    expect(String(plan(bucket('x'), bucket('y'), unclear).buckets[0]?.name)).toBe('aws_s3_bucket.many');
  });

  it('gives up on references that lead in a circle', () => {
    const looping = {
      address: `module.a.${CONFIGURATION}.x`,
      values: { rule: [WEEK] },
      unknown: { bucket: true },
      expressions: { bucket: { references: ['module.b.id'] } },
    };
    const inner = {
      expressions: { x: { references: ['module.b.id'] } },
      module: { outputs: { id: { expression: { references: ['var.x'] } } } },
    };
    const outer = { module: { resources: configuredResource(looping), module_calls: { b: inner } } };
    const document = terraformPlan({ resources: [looping], calls: { a: outer } });

    expect(String(read(document).buckets[0]?.name)).toBe('module.b.id');
  });

  it('names a bucket by its prefix where only applying gives it a name', () => {
    const bucket = {
      address: 'aws_s3_bucket.x',
      values: { bucket_prefix: 'flink-', lifecycle_rule: [{ enabled: true }] },
    };

    expect(plan(bucket).buckets[0]).toMatchObject({ called: ['flink-', 'x'], name: { text: 'aws_s3_bucket.x.id' } });
  });

  it('may be a state, which has no configuration', () => {
    const state = {
      format_version: '1.0',
      terraform_version: '1.9.5',
      values: {
        root_module: {
          resources: [
            {
              address: `${CONFIGURATION}.x`,
              mode: 'managed',
              type: CONFIGURATION,
              name: 'x',
              values: { bucket: 'b', rule: [WEEK] },
            },
            { mode: 'data', type: 'aws_s3_bucket' },
          ],
        },
      },
    };
    const { kind, buckets } = read(state);

    expect([kind, buckets[0]?.name, buckets[0]?.reference]).toEqual(['Terraform state', 'b', null]);
  });

  it('may be one that Terraform itself has written', () => {
    const { buckets } = read(
      JSON.parse(readFileSync(new URL('../../fixtures/terraform/plan.json', import.meta.url), 'utf8')),
    );

    expect(
      buckets.map(({ resource, name, reference, form, versioned, worst }) => [
        resource,
        String(name),
        reference,
        form,
        versioned,
        worst.rules.map(({ id, filter: { prefix } }) => `${id}:${prefix}`),
      ]),
    ).toEqual([
      [
        `${CONFIGURATION}.by_module`,
        'flink-savepoints',
        'module.many["savepoints"].id',
        'terraform',
        false,
        ['late:old/'],
      ],
      [
        `${CONFIGURATION}.state`,
        'acme-flink-state',
        'aws_s3_bucket.state.id',
        'terraform',
        true,
        ['a:checkpoints/a/', 'b:checkpoints/b/', 'noncurrent:', 'tags:x/', 'unknown:'],
      ],
      [
        `module.many["logs"].${CONFIGURATION}.this[0]`,
        'flink-logs',
        'aws_s3_bucket.this.bucket',
        'terraform',
        false,
        ['r:'],
      ],
      [
        `module.many["savepoints"].${CONFIGURATION}.this[0]`,
        'flink-savepoints',
        'aws_s3_bucket.this.bucket',
        'terraform',
        false,
        ['r:'],
      ],
      ['aws_s3_bucket.other', 'aws_s3_bucket.other.id', null, 'terraform-inline', false, ['old:cp/']],
    ]);
  });

  it('is refused where a rule is none, by its address', () => {
    expect(() => plan(rules({ bucket: 'b', rule: [{ id: 'x', status: 'On' }] }))).toThrow(
      new ConfigError(
        `plan.json, ${CONFIGURATION}.state, rule 1 ("x"): Status must be "Enabled" or "Disabled", but is "On", so none of its rules is judged. Look it up in the S3 API reference.`,
      ),
    );
  });

  it.each([
    [[], 'is no file with lifecycle rules'],
    [{}, 'is no file with lifecycle rules'],
    [{ terraform_version: '1.9', version: 4, resources: [] }, 'is a state file of Terraform, whose format changes'],
    [{ terraform_version: '1.9', format_version: '1.0' }, 'is a plan of Terraform that contains no values'],
  ])('is told from other files: %j', (value, why) => {
    expect(() => readRulesFile({ value, lineOf: () => null }, 'x.json')).toThrow(`x.json ${why}`);
  });
});
