import { BUCKET_NAME_PATTERN, KMS_KEY_ARN } from '#config/aws-names.ts';

/** What people say of a deployment without the CDK: each parameter with what it takes, and how it refuses all else. */

export interface TemplateParameter {
  readonly label: string;
  readonly description: string;
  /** @default - it must be given */
  readonly default?: string;
  readonly allowedValues?: readonly string[];
  readonly allowedPattern?: string;
  readonly maxLength?: number;
  /** Follows "Parameter NAME " in what CloudFormation says. */
  readonly constraintDescription: string;
}

/** Folders of a prefix: as many as the roles can name those above. */
export const MOST_FOLDERS = 5;
/** Of a prefix: with it, each role still has its statements in one policy. */
export const LONGEST_PREFIX = 200;
/** Of the ARN of a key. Those of AWS are shorter. */
export const LONGEST_KEY = 200;
/** What means itself in IAM, in filters of notifications, in JSON and in paths: of `a/..` the steward would read another folder. */
const FOLDER = '(?!\\.{1,2}(?:/|$))[A-Za-z0-9_.-]+';

export const TEMPLATE_PARAMETERS = {
  Bucket: {
    label: 'Bucket with the checkpoints',
    description:
      'Name of the bucket with the checkpoints, in this account and region. The stack changes none of its settings.',
    allowedPattern: BUCKET_NAME_PATTERN,
    constraintDescription:
      'must be only the name of a bucket, such as my-flink-state, without s3://. For a prefix, use the parameter Prefix.',
  },
  Prefix: {
    label: 'Folder in the bucket',
    description: `Folder in that bucket with the checkpoints and savepoints, such as flink/checkpoints, up to ${MOST_FOLDERS} folders deep. Empty: the whole bucket.`,
    default: '',
    allowedPattern: `^(?:${FOLDER}(?:/${FOLDER}){0,${MOST_FOLDERS - 1}})?$`,
    maxLength: LONGEST_PREFIX,
    constraintDescription: `must be empty or a folder such as flink/checkpoints: without a slash at its ends, up to ${MOST_FOLDERS} folders deep, ${LONGEST_PREFIX} characters long, of letters, digits, "_", "." and "-". For other folders, or several, deploy with the CDK.`,
  },
  Mode: {
    label: 'Mode',
    description:
      'observe: plans every night, and deletes nothing by itself. collect: plans every night, and deletes what the plan lists. Start with observe.',
    default: 'observe',
    allowedValues: ['observe', 'collect'],
    constraintDescription: 'must be observe or collect.',
  },
  BucketKmsKey: {
    label: 'KMS key of the bucket',
    description:
      'ARN of the KMS key that encrypts the bucket. The key policy must let IAM policies of this account allow its use. Empty: no such key.',
    default: '',
    allowedPattern: `^(?:${KMS_KEY_ARN.source.slice(1, -1)})?$`,
    maxLength: LONGEST_KEY,
    constraintDescription:
      'must be empty or the ARN of the key itself, such as arn:aws:kms:eu-central-1:123456789012:key/1234abcd-…, not an alias.',
  },
  BucketVersioned: {
    label: 'Bucket keeps versions',
    description: 'true: the bucket keeps versions. Only then undo has the right to put back deleted objects.',
    default: 'false',
    allowedValues: ['false', 'true'],
    constraintDescription: 'must be false or true.',
  },
  AlarmMail: {
    label: 'Mail for alarms',
    description:
      'Mail address that receives the alarms, once it has confirmed the subscription. Empty: nobody, until somebody subscribes to the topic.',
    default: '',
    allowedPattern: '^(?:[^\\s@]+@[^\\s@]+)?$',
    constraintDescription: 'must be empty or one mail address.',
  },
  SlackSecretName: {
    label: 'Secret with the Slack webhook',
    description:
      'Name of the secret in Secrets Manager that holds the URL of a Slack webhook, for alarms. Empty: no Slack.',
    default: '',
    allowedPattern: '^(?:[A-Za-z0-9/_+=.@-]{1,512})?$',
    constraintDescription:
      'must be empty or the name of a secret, not its ARN: letters, digits and "/_+=.@-". Put the URL of the webhook into the secret.',
  },
  DropArea: {
    label: 'May drop the present bucket or folder',
    description:
      'true: an update may change Bucket or Prefix so that the present bucket or folder is no longer part of the area. Set it back to false afterwards.',
    default: 'false',
    allowedValues: ['false', 'true'],
    constraintDescription: 'must be false or true.',
  },
  AssetBucket: {
    label: 'Bucket with the code',
    description: 'Name of the bucket, in this region, into which the files of the archive were copied.',
    allowedPattern: BUCKET_NAME_PATTERN,
    constraintDescription: 'must be only the name of a bucket, without s3:// and without a prefix.',
  },
  AssetPrefix: {
    label: 'Folder with the code',
    description: 'Folder in that bucket into which the files were copied.',
    default: 'flink-steward',
    allowedPattern: `^${FOLDER}(?:/${FOLDER})*$`,
    constraintDescription: 'must be a folder such as flink-steward, without a slash at its ends.',
  },
} as const satisfies Readonly<Record<string, TemplateParameter>>;
export type ParameterName = keyof typeof TEMPLATE_PARAMETERS;

/** How consoles show them. */
export const PARAMETER_GROUPS: readonly { readonly label: string; readonly parameters: readonly ParameterName[] }[] = [
  {
    label: 'What it scans, and whether it deletes',
    parameters: ['Bucket', 'Prefix', 'BucketKmsKey', 'BucketVersioned', 'Mode', 'DropArea'],
  },
  { label: 'Who receives alarms', parameters: ['AlarmMail', 'SlackSecretName'] },
  { label: 'Where the code is', parameters: ['AssetBucket', 'AssetPrefix'] },
];
