import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { openArea, urlPath } from '#adapters/open-area.ts';
import type { S3Connection } from '#adapters/s3/s3-client.ts';
import { ProtectPatterns } from '#config/glob.ts';
import { loadConfig } from '#config/load-config.ts';
import { type AreaEntry, configWarnings, notYetUsed, type StewardConfig } from '#config/steward-config.ts';
import { judgeAll, type Verdicts } from '#core/collect/judge.ts';
import { type Totals, tally } from '#core/collect/totals.ts';
import type { FlinkPath } from '#core/flink/state-path.ts';
import { type Survey, survey } from '#operations/survey.ts';
import { UsageError } from './errors.ts';
import { idlePatterns } from './idle-patterns.ts';
import type { Io } from './io.ts';
import { type Output, refuseHarmfulOutputs, refuseTwins } from './local-places.ts';
import { complain } from './print/complaint.ts';

/** The options that every command on an area has, and what they lead to. */

export interface AreaOptions extends S3Connection {
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
        '--now <time>',
        'judge a local copy as of when it was made, and count ages from then (ISO 8601: 2027-03-01T00:00:00Z)',
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
      .option('--path-style', 'address buckets as endpoint/bucket'),
  );
}

export function addCommonOptions(command: Command): Command {
  return command
    .option('--json', 'print one JSON document on stdout, and nothing else')
    .option('--debug', 'add stack traces to failures');
}

export interface JudgedArea {
  readonly survey: Survey;
  readonly verdicts: Verdicts;
  readonly totals: Totals;
  readonly config: StewardConfig;
}

export interface Judging {
  readonly assumeQuarantined?: boolean | undefined;
  /** What the command is going to write, if it may. */
  readonly outputs?: readonly Output[];
}

/** Surveys and judges the area that the arguments, or else the configuration, name. */
export async function judgeArea(
  places: readonly string[],
  options: AreaOptions,
  io: Io,
  { assumeQuarantined = false, outputs = [] }: Judging = {},
): Promise<JudgedArea> {
  const config = await loadConfig(options.config, io.cwd);
  for (const sentence of configWarnings(config)) {
    complain(`Note: ${sentence}`, io);
  }
  const unused = notYetUsed(config);
  if (unused.length > 0) {
    complain(
      `Note: this version checks these keys of the configuration, but does not act on them: ${unused.join(', ')}.`,
      io,
    );
  }
  const now = options.now?.getTime();
  const clock = now === undefined ? io.clock : (): number => now;
  const entries = entriesOf(places, options, config, io.cwd);
  const bucket = entries.find(({ kind }) => kind === 's3');
  if (bucket?.kind === 's3' && now !== undefined) {
    throw new UsageError(`--now sets the clock of local directories, and ${bucket.url} has a clock of its own.`);
  }
  await refuseTwins(entries, io.cwd);
  await refuseHarmfulOutputs(outputs, entries, io.cwd);
  const { locations, aliases } = await openArea(entries, io.cwd, clock, options);
  const patterns = new ProtectPatterns(config.protect);
  const surveyed = await survey({
    locations,
    outside: config.outside.map((url) => urlPath(url, 'outside')),
    aliases: [...aliases, ...aliasesOf(config)],
    rules: config.collect,
    deadJobs: config.deadJobs,
    protects: (key) => patterns.matches(key),
    clock,
    assumeQuarantined,
  });
  const verdicts = judgeAll(surveyed);
  if (surveyed.objects.size > 0) {
    for (const pattern of idlePatterns(patterns, surveyed)) {
      complain(
        `Note: protect: ${JSON.stringify(pattern)} matches nothing here; if it was to keep something, check how it is written.`,
        io,
      );
    }
  }
  return { survey: surveyed, verdicts, totals: tally(surveyed, verdicts), config };
}

function entriesOf(
  places: readonly string[],
  { as }: AreaOptions,
  config: StewardConfig,
  cwd: string,
): readonly AreaEntry[] {
  if (places.length === 0 && config.area.length === 0) {
    throw new UsageError(
      'No location is named. Name a bucket (s3://bucket/prefix) or a directory that holds Flink checkpoints, or give "area" in steward.json.',
    );
  }
  const entries: readonly AreaEntry[] =
    places.length === 0 ? config.area : places.map((place) => entryOf(place, config, cwd));
  if (as === undefined) {
    return entries;
  }
  const [only, ...others] = entries;
  if (only === undefined || others.length > 0) {
    throw new UsageError(
      '--as says what one directory stands for, but several locations are named. Say it in steward.json: "area": [{"path": "./copy", "as": "s3://my-bucket"}, …].',
    );
  }
  if (only.kind === 's3') {
    throw new UsageError(
      `--as is for local directories, and ${only.url} is a bucket. If it has another name, use "aliases" in steward.json.`,
    );
  }
  return [{ ...only, as }];
}

/** A directory that the configuration knows keeps the name that it has there. */
function entryOf(place: string, config: StewardConfig, cwd: string): AreaEntry {
  if (place === '') {
    throw new UsageError(
      'A location is the empty text, which names nothing (an unset variable?). Name a directory that holds Flink checkpoints.',
    );
  }
  if (/^s3[anp]?:\/\//.test(place)) {
    return { kind: 's3', url: place };
  }
  if (/^[A-Za-z][A-Za-z0-9+.-]+:\//.test(place)) {
    throw new UsageError(`${place}: name a local directory by its path, or a bucket as s3://bucket/prefix.`);
  }
  const path = resolve(cwd, place);
  const known = config.area.find((entry) => entry.kind === 'directory' && entry.path === path);
  return { ...known, kind: 'directory', path: place };
}

function aliasesOf(config: StewardConfig): readonly { readonly from: FlinkPath; readonly to: FlinkPath }[] {
  return Object.entries(config.aliases).map(([from, to]) => ({
    from: urlPath(from, 'aliases'),
    to: urlPath(to, 'aliases'),
  }));
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

function parseTime(text: string): Date {
  const time = new Date(text);
  if (!/^\d{4}-\d{2}-\d{2}/.test(text) || Number.isNaN(time.getTime())) {
    throw new InvalidArgumentError('Write a time as 2027-03-01T00:00:00Z.');
  }
  return time;
}
