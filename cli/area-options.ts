import { type Command, InvalidArgumentError } from 'commander';
import type { BucketConnection } from '#steward/open-area.ts';
import type { LedgerOptions } from './choose-ledger.ts';

/** The options that every command on an area has. */

export interface AreaOptions extends BucketConnection, LedgerOptions {
  readonly as?: string;
  readonly config?: string;
  readonly now?: Date;
  readonly json?: true;
  readonly debug?: true;
}

export function addAreaOptions(command: Command): Command {
  return addStoreOptions(
    command
      .option('--as <url>', 'what a local directory stands for: s3://my-bucket, file:///opt/flink/checkpoints', oneName)
      .option('--config <file>', 'configuration (default: ./steward.json, if there)')
      .option(
        '--ledger <place>',
        'where the steward keeps what it must remember: a directory or s3://bucket/prefix (default: .steward beside a local area)',
      )
      .option(
        '--now <time>',
        'judge a local copy as of when it was made, and count ages from then, with --execute too (ISO 8601: 2027-03-01T00:00:00Z)',
        parseTime,
      ),
  );
}

/** How a bucket is reached, and the common options. */
export function addStoreOptions(command: Command): Command {
  return addCommonOptions(
    command
      .option('--endpoint <url>', 'of an S3-compatible store: http://localhost:9000', parseEndpoint)
      .option('--region <name>', 'of the bucket (default: as for the AWS CLI, else looked up)')
      .option('--path-style', 'address buckets as endpoint/bucket')
      .option('--requester-pays', 'accept to be billed, for a bucket that has its readers pay'),
  );
}

export function addCommonOptions(command: Command): Command {
  return command
    .option('--json', 'print one JSON document on stdout, and nothing else')
    .option('--debug', 'add stack traces to failures');
}

function oneName(url: string, earlier: string | undefined): string {
  if (earlier !== undefined) {
    throw new InvalidArgumentError(
      'It is given twice, and a directory stands for one place only. Further names of that place go into "aliases" in steward.json.',
    );
  }
  return url;
}

function parseEndpoint(url: string): string {
  if (!/^https?:\/\/[^/]/.test(url) || !URL.canParse(url)) {
    throw new InvalidArgumentError('Write it as http://localhost:9000 or https://s3.example.org.');
  }
  return url;
}

/** A time on the command line. */
export function parseTime(text: string): Date {
  const time = new Date(text);
  if (!/^\d{4}-\d{2}-\d{2}/.test(text) || Number.isNaN(time.getTime())) {
    throw new InvalidArgumentError('Write a time as 2027-03-01T00:00:00Z.');
  }
  return time;
}
