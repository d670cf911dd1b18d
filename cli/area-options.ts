import { type Command, InvalidArgumentError } from 'commander';
import { loadConfig } from '#config/load-config.ts';
import type { AreaEntry } from '#config/steward-config.ts';
import type { AreaComparison } from '#core/area/compare-areas.ts';
import type { SurveyProgress } from '#steward/documents.ts';
import { Notes } from '#steward/notes.ts';
import type { BucketConnection } from '#steward/open-area.ts';
import { openSteward, type Steward } from '#steward/steward.ts';
import { entriesOf } from './area-entries.ts';
import { type ChosenLedger, chooseLedger, type LedgerOptions } from './choose-ledger.ts';
import { UsageError } from './errors.ts';
import type { Io } from './io.ts';
import { keepHeapLeanest } from './lean-heap.ts';
import { type Output, refuseHarmfulOutputs, refuseTwins } from './local-places.ts';
import type { TypedArea } from './next-command.ts';
import { complain } from './print/complaint.ts';
import { ProgressLine } from './progress-line.ts';
import { compareWithConfigured } from './typed-part.ts';

/** The options that every command on an area has, and what they lead to. */

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

export interface Preparing {
  readonly assumeQuarantined?: boolean | undefined;
  /** What the command is going to write, if it may. */
  readonly outputs?: readonly Output[];
  /** Whether the command's own document shows the notes: then they are not printed beside it. @default false */
  readonly showsNotes?: boolean;
}

/** The steward that the arguments and the configuration lead to, with what the command line knows besides. */
export interface PreparedArea {
  readonly steward: Steward;
  readonly entries: readonly AreaEntry[];
  readonly ledger: ChosenLedger | null;
  readonly typed: TypedArea;
  /** How what was typed lies to the configured area; null where only one of them is there. */
  readonly beside: AreaComparison | null;
  /** Null where nobody watches. */
  readonly progress: ProgressLine | null;
  /** To be called when the survey has ended, however it has. */
  readonly endProgress: () => void;
}

/** Opens the area that the arguments, or else the configuration, name. */
export async function prepareArea(
  places: readonly string[],
  options: AreaOptions,
  io: Io,
  { assumeQuarantined = false, outputs = [], showsNotes = false }: Preparing = {},
): Promise<PreparedArea> {
  const config = await loadConfig(options.config, io.cwd);
  const now = options.now?.getTime();
  const notes = new Notes(showsNotes ? undefined : (sentence) => complain(`Note: ${sentence}`, io));
  const entries = entriesOf(places, options, config, io.cwd);
  const bucket = entries.find(({ kind }) => kind === 's3');
  if (bucket?.kind === 's3' && now !== undefined) {
    throw new UsageError(`--now sets the clock of local directories, and ${bucket.url} has a clock of its own.`);
  }
  if (now !== undefined && config.flinkRest.length > 0) {
    notes.add(
      '--now sets the clock of a copy, but the clusters of flinkRest are asked which jobs run today; what runs counts as running in the copy too.',
    );
  }
  await refuseTwins(entries, io.cwd);
  await refuseHarmfulOutputs(outputs, entries, io.cwd);
  const ledger = chooseLedger(options, places.length === 0 ? config.ledger : undefined, entries, io.cwd);
  const opened = await openSteward({
    config,
    entries,
    ledger: ledger?.place ?? null,
    cwd: io.cwd,
    clock: io.clock,
    ...(now === undefined ? {} : { areaClock: () => now }),
    connection: options,
    notes,
    signal: io.signal,
  });
  const beside = await compareWithConfigured(places, entries, config, io.cwd);
  const progress = io.redraws === true && options.json !== true ? new ProgressLine(io) : null;
  const input = {
    ...opened.input,
    assumeQuarantined,
    onProgress: (far: SurveyProgress) => {
      keepHeapLeanest(far);
      progress?.show(far);
    },
  };
  const endProgress = (): void => progress?.erase();
  return { steward: { ...opened, input }, entries, ledger, typed: { places, options }, beside, progress, endProgress };
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
