import { describe, expect, it } from 'vitest';
import { cdkRulesOf } from '#core/lifecycle/cdk.ts';
import { cloudFormationOf } from '#core/lifecycle/cloudformation.ts';
import { Expression, expressionsIn } from '#core/lifecycle/expression.ts';
import { terraformOf } from '#core/lifecycle/terraform.ts';
import { inlineTerraformOf } from '#core/lifecycle/terraform-inline.ts';

const DAYS = new Expression('var.days', { Ref: 'Days' });

/** Everything that a rule can have that a safe configuration keeps, and a little more. */
const DOCUMENT = {
  TransitionDefaultMinimumObjectSize: 'varies_by_storage_class',
  Rules: [
    {
      ID: 'all',
      Status: 'Enabled',
      Filter: {
        And: {
          Prefix: 'a/',
          ObjectSizeGreaterThan: 5,
          ObjectSizeLessThan: 9,
          Tags: [
            { Key: 'k', Value: "it's" },
            { Key: 'l', Value: '' },
          ],
        },
      },
      Expiration: { Days: 3 },
      Transitions: [
        { Days: DAYS, StorageClass: 'STANDARD_IA' },
        { Date: '2027-01-01', StorageClass: 'GLACIER_IR' },
      ],
      NoncurrentVersionExpiration: { NoncurrentDays: 3, NewerNoncurrentVersions: 2 },
      NoncurrentVersionTransitions: [{ NoncurrentDays: 1, NewerNoncurrentVersions: 1, StorageClass: 'GLACIER' }],
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
    },
    { Status: 'Disabled', Filter: { Tag: { Key: 'k', Value: 'v' } }, Expiration: { ExpiredObjectDeleteMarker: true } },
    {
      ID: 'old',
      Status: 'Enabled',
      Prefix: '',
      Expiration: { Date: '2027-06-01' },
      NoncurrentVersionExpiration: { NoncurrentDays: 1 },
    },
    {
      ID: 'odd',
      Status: DAYS,
      Filter: 'x',
      Transitions: 'x',
      NoncurrentVersionTransitions: 'x',
      Vaporize: 'x',
      Expiration: 'x',
    },
  ],
};

describe('cloudFormationOf', () => {
  it('writes every filter and action as templates have them, with their functions', () => {
    expect(JSON.parse(JSON.stringify(cloudFormationOf(DOCUMENT)))).toEqual({
      LifecycleConfiguration: {
        TransitionDefaultMinimumObjectSize: 'varies_by_storage_class',
        Rules: [
          {
            Id: 'all',
            Status: 'Enabled',
            Prefix: 'a/',
            TagFilters: [
              { Key: 'k', Value: "it's" },
              { Key: 'l', Value: '' },
            ],
            ObjectSizeGreaterThan: 5,
            ObjectSizeLessThan: 9,
            ExpirationInDays: 3,
            Transitions: [
              { TransitionInDays: { Ref: 'Days' }, StorageClass: 'STANDARD_IA' },
              { TransitionDate: '2027-01-01', StorageClass: 'GLACIER_IR' },
            ],
            NoncurrentVersionExpiration: { NoncurrentDays: 3, NewerNoncurrentVersions: 2 },
            NoncurrentVersionTransitions: [
              { TransitionInDays: 1, NewerNoncurrentVersions: 1, StorageClass: 'GLACIER' },
            ],
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
          },
          { Status: 'Disabled', TagFilters: [{ Key: 'k', Value: 'v' }], ExpiredObjectDeleteMarker: true },
          {
            Id: 'old',
            Status: 'Enabled',
            ExpirationDate: '2027-06-01',
            NoncurrentVersionExpiration: { NoncurrentDays: 1 },
          },
          {
            Id: 'odd',
            Status: { Ref: 'Days' },
            Transitions: [],
            NoncurrentVersionTransitions: [],
            Vaporize: 'x',
            Expiration: 'x',
          },
        ],
      },
    });
    expect(cloudFormationOf({ Rules: [{ Status: 'Enabled', Transitions: ['x'] }] })).toEqual({
      LifecycleConfiguration: { Rules: [{ Status: 'Enabled', Transitions: ['x'] }] },
    });
  });
});

describe('cdkRulesOf', () => {
  it('writes every filter and action as a Bucket of the CDK takes them', () => {
    expect(cdkRulesOf(DOCUMENT, ['"week" was removed: it deletes.'])).toBe(`// "week" was removed: it deletes.
lifecycleRules: [
  { id: 'all', prefix: 'a/', tagFilters: { 'k': 'it\\'s', 'l': '' }, objectSizeGreaterThan: 5, objectSizeLessThan: 9, expiration: Duration.days(3), transitions: [{ storageClass: new StorageClass('STANDARD_IA'), transitionAfter: Duration.days({"Ref":"Days"}) }, { storageClass: new StorageClass('GLACIER_IR'), transitionDate: new Date('2027-01-01') }], noncurrentVersionExpiration: Duration.days(3), noncurrentVersionsToRetain: 2, noncurrentVersionTransitions: [{ storageClass: new StorageClass('GLACIER'), transitionAfter: Duration.days(1), noncurrentVersionsToRetain: 1 }], abortIncompleteMultipartUploadAfter: Duration.days(7) },
  { enabled: false, tagFilters: { 'k': 'v' }, expiredObjectDeleteMarker: true },
  { id: 'old', expirationDate: new Date('2027-06-01'), noncurrentVersionExpiration: Duration.days(1) },
  { id: 'odd', transitions: [], noncurrentVersionTransitions: [], expirationDate: new Date(undefined) },
],
`);
  });
});

describe('inlineTerraformOf', () => {
  it('writes blocks of the bucket itself', () => {
    expect(inlineTerraformOf(DOCUMENT, ['"week" was removed.'])).toBe(`# "week" was removed.
lifecycle_rule {
  id                                     = "all"
  prefix                                 = "a/"
  tags                                   = { "k" = "it's", "l" = "" }
  enabled                                = true
  abort_incomplete_multipart_upload_days = 7

  expiration {
    days = 3
  }

  transition {
    days          = var.days
    storage_class = "STANDARD_IA"
  }

  transition {
    date          = "2027-01-01"
    storage_class = "GLACIER_IR"
  }

  noncurrent_version_expiration {
    days = 3
  }

  noncurrent_version_transition {
    days          = 1
    storage_class = "GLACIER"
  }
}

lifecycle_rule {
  tags    = { "k" = "v" }
  enabled = false

  expiration {
    expired_object_delete_marker = true
  }
}

lifecycle_rule {
  id      = "old"
  enabled = true

  expiration {
    date = "2027-06-01"
  }

  noncurrent_version_expiration {
    days = 1
  }
}

lifecycle_rule {
  id      = "odd"
  enabled = var.days
}
`);
  });
});

describe('terraformOf', () => {
  it('writes expressions as they are, and the name that a resource has', () => {
    const rule = {
      ID: 'r',
      Status: 'Enabled',
      Filter: { Prefix: new Expression('var.prefix') },
      Transitions: [{ Date: DAYS, StorageClass: 'X' }],
    };

    expect(
      terraformOf(new Expression('aws_s3_bucket.state.id'), { Rules: [rule] }, [], 'state'),
    ).toBe(`resource "aws_s3_bucket_lifecycle_configuration" "state" {
  bucket = aws_s3_bucket.state.id

  rule {
    id     = "r"
    status = "Enabled"

    filter {
      prefix = var.prefix
    }

    transition {
      date          = var.days
      storage_class = "X"
    }
  }
}
`);
  });
});

describe('expressionsIn', () => {
  it('finds them with their paths', () => {
    expect(expressionsIn({ A: [1, { B: DAYS }], C: null, D: DAYS })).toEqual([
      { path: 'A[1].B', expression: DAYS },
      { path: 'D', expression: DAYS },
    ]);
  });
});
