import * as z from 'zod';
import { accessPointOf, insteadOf, isListable } from '#core/area/access-points.ts';
import { KMS_KEY_ADVICE, KMS_KEY_ARN } from './aws-names.ts';
import { ANY_URL, text, urlSchema } from './field-schemas.ts';

/** A place that is surveyed: a bucket (or a prefix of one), or a directory, perhaps as a copy or mount of `as`. */
export type AreaEntry =
  | ({ readonly kind: 's3'; readonly url: string } & BucketSettings)
  | { readonly kind: 'directory'; readonly path: string; readonly as?: string };

/** How one bucket is reached, and what its owner demands. What is left out holds as for all other buckets. */
export interface BucketSettings {
  /** The account that must own it, 12 digits. */
  readonly owner?: string;
  /** Accepts to be billed for the requests. */
  readonly requesterPays?: boolean;
  readonly region?: string;
  readonly endpoint?: string;
  readonly pathStyle?: boolean;
  /** ARN of the KMS key that encrypts it, for the roles of a deployment. */
  readonly kmsKey?: string;
  /** Whether it keeps versions of its objects, for the roles of a deployment. */
  readonly versioned?: boolean;
}

const directory = z
  .string({ error: 'Write the path of a directory.' })
  .min(1, { error: 'Write the path of a directory.' })
  .refine((path) => !ANY_URL.test(path), { error: 'Write the path of a directory: only a directory can have "as".' });

const BUCKET = 'Write "s3://bucket/prefix".';

const bucketUrl = z.string({ error: BUCKET }).superRefine((place, context) => {
  const isKnown = /^(?:s3[anp]?:\/\/[^/]|arn:)/.test(place);
  const problem = isKnown ? (areaProblem(place) ?? (place.startsWith('arn:') ? BUCKET : undefined)) : BUCKET;
  if (problem !== undefined) {
    context.addIssue({ code: 'custom', message: problem });
  }
});

const writtenSchema = z.union(
  [
    z
      .string()
      .min(1, { error: 'Write "s3://bucket/prefix" or the path of a directory.' })
      .superRefine((place, context) => {
        const problem = areaProblem(place);
        if (problem !== undefined) {
          context.addIssue({ code: 'custom', message: problem });
        }
      }),
    z.strictObject({
      path: directory.describe('A directory that is a copy or a mount, relative to this file.'),
      as: urlSchema.describe(
        'The URL that checkpoints use for this directory: "s3://my-bucket", or "file:///opt/flink/checkpoints".',
      ),
    }),
    z.strictObject({
      bucket: bucketUrl.describe('The bucket, with an optional prefix: "s3://my-bucket/flink".'),
      owner: text(/^[0-9]{12}$/, 'Write the 12 digits of an AWS account in quotes, such as "123456789012".')
        .optional()
        .describe(
          'The AWS account that must own the bucket, 12 digits. S3 refuses every request if another account owns it. Default: any owner.',
        ),
      requesterPays: z
        .boolean()
        .optional()
        .describe('Whether you pay for the requests, where the bucket is a requester-pays bucket. Default: false.'),
      region: text(/^[a-z0-9-]+$/, 'Write the name of a region, such as "eu-central-1".')
        .optional()
        .describe('The region of the bucket. Default: as for the AWS CLI, else looked up.'),
      endpoint: text(/^https?:\/\/[^/]/, 'Write it as "http://localhost:9000" or "https://s3.example.org".')
        .refine((url) => URL.canParse(url), { error: 'Write it as "http://localhost:9000".' })
        .optional()
        .describe('The endpoint of the S3-compatible store that holds the bucket. Default: AWS.'),
      pathStyle: z
        .boolean()
        .optional()
        .describe('Whether the store addresses buckets as endpoint/bucket. Default: false.'),
      kmsKey: text(KMS_KEY_ARN, KMS_KEY_ADVICE)
        .optional()
        .describe(
          'ARN of the KMS key that encrypts the bucket. A deployment grants its roles the use of this key. Default: none.',
        ),
      versioned: z
        .boolean({ error: 'Write true or false.' })
        .optional()
        .describe(
          'Whether the bucket keeps versions. Only then may the role of `undo` remove delete markers. Default: synthesis asks the bucket; if it gets no answer, false.',
        ),
    }),
  ],
  {
    error:
      'Write "s3://bucket/prefix", the path of a directory, {"path": "./copy", "as": "s3://my-bucket"} or {"bucket": "s3://my-bucket", "owner": "123456789012"}.',
  },
);

export const areaEntrySchema = z.codec(writtenSchema, z.custom<AreaEntry>(), {
  decode: (entry): AreaEntry => {
    if (typeof entry === 'string') {
      return entry.startsWith('s3://') ? { kind: 's3', url: entry } : { kind: 'directory', path: entry };
    }
    if ('path' in entry) {
      return { kind: 'directory', path: entry.path, as: entry.as };
    }
    const { bucket, ...settings } = entry;
    return { kind: 's3', url: bucket, ...given(settings) };
  },
  encode: (entry) => {
    if (entry.kind === 'directory') {
      return entry.as === undefined ? entry.path : { path: entry.path, as: entry.as };
    }
    const { kind: _, url, ...settings } = entry;
    return Object.keys(settings).length === 0 ? url : { bucket: url, ...settings };
  },
});

/** Without the settings that are not there. */
function given(
  settings: { readonly [Name in keyof BucketSettings]: BucketSettings[Name] | undefined },
): BucketSettings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

function areaProblem(place: string): string | undefined {
  const point = accessPointOf(place);
  if (point !== null && !isListable(point)) {
    return insteadOf(point);
  }
  const [, named] = /^arn:aws[a-z-]*:s3:::(.+)$/s.exec(place) ?? [];
  if (named !== undefined) {
    return `Write it as a URL: "s3://${named}".`;
  }
  if (!ANY_URL.test(place)) {
    return undefined;
  }
  if (/^s3[anp]:\/\//.test(place)) {
    return `Write it as "s3://${place.slice(6)}": s3a, s3n and s3p mean the same to the steward.`;
  }
  if (/^file:/.test(place)) {
    return 'Write the path of the directory instead of a URL.';
  }
  const bucket = /^s3:\/\/([^/]+)/.exec(place)?.[1];
  if (bucket === undefined) {
    return 'Write "s3://bucket/prefix" or the path of a directory: the steward can scan nothing else.';
  }
  return bucket.endsWith('--x-s3')
    ? 'Use a general purpose bucket: directory buckets are not supported, because they list keys in no order.'
    : undefined;
}
