import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { terraformOf } from '#core/lifecycle/terraform.ts';

const SEED = 20_261_123;

describe('terraformOf', () => {
  it('writes every filter and action that the provider knows', () => {
    const text = terraformOf(
      '1st.bucket',
      {
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
                  { Key: 'k', Value: 'v' },
                  { Key: 'team', Value: '' },
                ],
              },
            },
            Expiration: { Date: '2026-12-01T00:00:00+00:00' },
            Transitions: [
              { Days: 1, StorageClass: 'STANDARD_IA' },
              { Date: 'soon', StorageClass: 'GLACIER_IR' },
            ],
            NoncurrentVersionExpiration: { NoncurrentDays: 3, NewerNoncurrentVersions: 2 },
            NoncurrentVersionTransitions: [{ NoncurrentDays: 1, StorageClass: 'GLACIER' }],
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
          },
          { Status: 'Disabled', Prefix: 'older/', Expiration: { ExpiredObjectDeleteMarker: true } },
          { ID: 'tag', Status: 'Enabled', Filter: { Tag: { Key: 'k', Value: 'v' } }, Vaporize: { Days: 1 } },
          { ID: 'odd', Status: 'Enabled', Filter: 'x', Expiration: { Days: 1, Hours: 2 } },
          { ID: 'suffix', Status: 'Enabled', Filter: { Suffix: '.sst' }, Transitions: ['x'] },
        ],
      },
      ['A rule was taken out.'],
    );

    expect(text).toBe(`# A rule was taken out.
resource "aws_s3_bucket_lifecycle_configuration" "bucket_1st_bucket" {
  bucket                                 = "1st.bucket"
  transition_default_minimum_object_size = "varies_by_storage_class"

  rule {
    id     = "all"
    status = "Enabled"

    filter {
      and {
        prefix                   = "a/"
        object_size_greater_than = 5
        object_size_less_than    = 9
        tags                     = { "k" = "v", "team" = "" }
      }
    }

    expiration {
      date = "2026-12-01T00:00:00Z"
    }

    transition {
      days          = 1
      storage_class = "STANDARD_IA"
    }

    transition {
      date          = "soon"
      storage_class = "GLACIER_IR"
    }

    noncurrent_version_expiration {
      noncurrent_days           = 3
      newer_noncurrent_versions = 2
    }

    noncurrent_version_transition {
      noncurrent_days = 1
      storage_class   = "GLACIER"
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  rule {
    id     = "rule-2"
    status = "Disabled"

    filter {
      prefix = "older/"
    }

    expiration {
      expired_object_delete_marker = true
    }
  }

  rule {
    id     = "tag"
    status = "Enabled"

    filter {
      tag {
        key   = "k"
        value = "v"
      }
    }
    # "Vaporize" of the rule is unknown here: see the provider's documentation.
  }

  rule {
    id     = "odd"
    status = "Enabled"

    filter {}

    expiration {
      days = 1
      # "Expiration.Hours" of the rule is unknown here: see the provider's documentation.
    }
  }

  rule {
    id     = "suffix"
    status = "Enabled"

    filter {
      # "Suffix" of the rule is unknown here: see the provider's documentation.
    }
  }
}
`);
  });

  it('escapes what would mean something', () => {
    const text = terraformOf(
      'b',
      { Rules: [{ ID: `"\\$\{a}%{b}$c%\n\r\t\u0001\u2028`, Status: 'Enabled', Filter: { Prefix: '' } }] },
      [],
    );

    expect(text).toContain('    id     = "\\"\\\\$${a}%%{b}$c%\\n\\r\\t\\u0001\\u2028"\n');
    expect(text).toContain('\n    filter {}\n');
  });

  it('breaks long comments, and lets no text out of them', () => {
    const text = terraformOf('b', { Rules: [] }, [`${'word '.repeat(30)}\n}`, 'x'.repeat(200)]);

    const [first, second, third] = text.split('\n');
    expect(first).toBe(`# ${'word '.repeat(18)}word`);
    expect(second).toBe(`#   ${'word '.repeat(11)}}`);
    expect(third).toBe(`# ${'x'.repeat(200)}`);
  });

  it('keeps every text within its quotes, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (id) => {
        const text = terraformOf('b', { Rules: [{ ID: id, Status: 'Enabled', Filter: {} }] }, []);

        const [line = ''] = text.split('\n').filter((one) => one.startsWith('    id '));
        const [, quoted = ''] = / = "(.*)"$/.exec(line) ?? [];
        expect(unquote(quoted)).toBe(id);
        expect(quoted.replaceAll('$${', '').replaceAll('%%{', '')).not.toMatch(/[$%]\{/);
      }),
      { seed: SEED, numRuns: 200 },
    );
  });
});

/** What HCL makes of a quoted text. */
function unquote(quoted: string): string {
  return quoted.replaceAll(/\\u([0-9a-f]{4})|\\(.)|([$%])\3(?=\{)/g, (_all, code, escaped, sign) => {
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
    if (sign !== undefined) return sign;
    return { n: '\n', r: '\r', t: '\t' }[String(escaped)] ?? escaped;
  });
}
