import { shellWord } from '../shell-word.ts';

/** A rule that takes live state, as its bucket names it. */
export interface TakingRule {
  /** `s3://bucket` */
  readonly bucket: string;
  readonly id: string | null;
  /** In the configuration, from 1. */
  readonly position: number;
  /** Epoch milliseconds: from when on it breaks a checkpoint or savepoint; null where none is known that it breaks. */
  readonly from: number | null;
}

/**
 * The command that disables one rule and leaves all others as they are. S3 takes a whole configuration only, so the
 * present one is read and written back.
 */
export function disablingCommand({ bucket, id, position }: TakingRule, region: string | null): string {
  const name = bucket.replace(/^s3:\/\//, '');
  const at = region === null ? '' : ` --region ${shellWord(region)}`;
  const rule = id === null ? `.Rules[${position - 1}]` : `(.Rules[] | select(.ID == ${JSON.stringify(id)}))`;
  // What an older client did not print is not written either.
  const size = 'TransitionDefaultMinimumObjectSize';
  const program = `${rule}.Status = "Disabled" | {Bucket: ${JSON.stringify(name)}, LifecycleConfiguration: {Rules}} + (if .${size} then {${size}} else {} end)`;
  const read = `aws s3api get-bucket-lifecycle-configuration --bucket ${shellWord(name)}${at}`;
  const write = `aws s3api put-bucket-lifecycle-configuration --cli-input-json file://disabled.json${at}`;
  return `${read} | jq ${shellWord(program)} > disabled.json && ${write}`;
}
