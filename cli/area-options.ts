import { type Command, InvalidArgumentError } from 'commander';
import type { BucketConnection } from '#steward/open-area.ts';
import type { LedgerOptions } from './choose-ledger.ts';
import { addLevelOptions } from './log-level.ts';
import { addFormatOptions, type FormatOptions } from './output-format.ts';

/** The options that every command on an area has. */

export interface AreaOptions extends BucketConnection, LedgerOptions, FormatOptions {
  readonly as?: string;
  readonly config?: string;
  readonly now?: Date;
  readonly debug?: true;
  /** The stack that is asked in place of locations. */
  readonly stack?: string;
}

export function addAreaOptions(command: Command): Command {
  return addStoreOptions(
    command
      .option(
        '--as <url>',
        'the URL under which checkpoints reference a local directory: s3://my-bucket, file:///opt/flink/checkpoints',
        oneName,
      )
      .option('--config <file>', 'configuration file (or STEWARD_CONFIG; default: ./steward.json, if it exists)')
      .option(
        '--ledger <place>',
        'where the steward keeps its records between runs: a directory or s3://bucket/prefix (or STEWARD_LEDGER; default: .steward next to a local area)',
      )
      .option(
        '--now <time>',
        'the current time for every age check of a local copy, also with --execute (ISO 8601: 2027-03-01T00:00:00Z)',
        parseTime,
      ),
  );
}

/** The options for access to a bucket, and the common options. */
export function addStoreOptions(command: Command): Command {
  return addCommonOptions(
    command
      .option(
        '--endpoint <url>',
        'the endpoint of an S3-compatible store: http://localhost:9000 (or STEWARD_ENDPOINT)',
        parseEndpoint,
      )
      .option('--region <name>', 'the region of the bucket (default: as for the AWS CLI, otherwise looked up)')
      .option('--path-style', 'address buckets as endpoint/bucket (or STEWARD_PATH_STYLE=true)')
      .option('--requester-pays', 'accept the charges of a requester-pays bucket'),
  );
}

export function addCommonOptions(command: Command): Command {
  return addLevelOptions(addFormatOptions(command))
    .option('--debug', 'add stack traces to errors')
    .option('--no-color', 'print without colors (or NO_COLOR)');
}

function oneName(url: string, earlier: string | undefined): string {
  if (earlier !== undefined) {
    throw new InvalidArgumentError(
      'It was given twice, but a directory has one URL only. Set other names of this URL as "aliases" in steward.json.',
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
