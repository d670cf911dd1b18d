/** Names of AWS, by the rules of the services that give them. */

/** S3 user guide, "General purpose bucket naming rules". */
const BUCKET = /^(?!xn--|sthree-|amzn-s3-demo-)(?!.*\.\.)(?![0-9]+(?:\.[0-9]+){3}$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/** Ends of names that S3 gives to what is no general purpose bucket. */
const NO_BUCKET = /(?:-s3alias|--ol-s3|--op-s3|\.mrap|--x-s3|--table-s3)$/;

/** Both of these in one, as CloudFormation and Terraform take it too. */
export const BUCKET_NAME_PATTERN = `^(?!.*${NO_BUCKET.source})${BUCKET.source.slice(1)}`;

/** Whether S3 lets a general purpose bucket have this name today. Some that were made before 2018 have others. */
export function isBucketName(name: string): boolean {
  return BUCKET.test(name) && !NO_BUCKET.test(name);
}

/** The key itself, not an alias: IAM knows only keys. */
export const KMS_KEY_ARN = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key\/[A-Za-z0-9-]+$/;
export const KMS_KEY_ADVICE = 'Write the ARN of the key itself, such as "arn:aws:kms:eu-central-1:123456789012:key/…".';

/** Region and account of an ARN. */
export function placeOfArn(arn: string): { readonly region: string; readonly account: string } {
  const [, , , region = '', account = ''] = arn.split(':');
  return { region, account };
}

/** CloudFormation user guide, "Stack name": how its console and API check it. */
export const STACK_NAME = /^[A-Za-z][A-Za-z0-9-]{0,127}$/;

/** Days for which CloudWatch Logs keeps logs: its API reference, "PutRetentionPolicy". */
export const LOG_RETENTION_DAYS: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];
