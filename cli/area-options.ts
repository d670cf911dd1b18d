import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { openArea, urlPath } from '#adapters/open-area.ts';
import { ProtectPatterns } from '#config/glob.ts';
import { loadConfig } from '#config/load-config.ts';
import { type AreaEntry, configWarnings, notYetUsed, type StewardConfig } from '#config/steward-config.ts';
import { judgeAll, type Verdicts } from '#core/collect/judge.ts';
import { type Totals, tally } from '#core/collect/totals.ts';
import type { FlinkPath } from '#core/flink/state-path.ts';
import { type Survey, survey } from '#operations/survey.ts';
import { UsageError } from './errors.ts';
import type { Io } from './io.ts';

/** The options that every command on an area has, and what they lead to. */

export interface AreaOptions {
  readonly as?: string;
  readonly config?: string;
  readonly now?: Date;
  readonly json?: true;
  readonly debug?: true;
}

export function addAreaOptions(command: Command): Command {
  return addCommonOptions(
    command
      .option('--as <url>', 'what a local directory stands for: s3://my-bucket, file:///opt/flink/checkpoints', oneName)
      .option('--config <file>', 'configuration (default: ./steward.json, if there)')
      .option('--now <time>', 'set the clock, ISO 8601: 2027-03-01T00:00:00Z', parseTime),
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

/** Surveys and judges the area that the arguments, or else the configuration, name. */
export async function judgeArea(
  places: readonly string[],
  options: AreaOptions,
  io: Io,
  assumeQuarantined = false,
): Promise<JudgedArea> {
  const config = await loadConfig(options.config, io.cwd);
  for (const sentence of configWarnings(config)) {
    io.err(`Note: ${sentence}\n`);
  }
  const unused = notYetUsed(config);
  if (unused.length > 0) {
    io.err(
      `Note: this version checks these keys of the configuration, but does not act on them: ${unused.join(', ')}.\n`,
    );
  }
  const now = options.now?.getTime();
  const clock = now === undefined ? io.clock : (): number => now;
  const { locations, aliases } = await openArea(entriesOf(places, options, config, io.cwd), io.cwd, clock);
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
      'No location is named. Name a directory that holds Flink checkpoints, or give "area" in steward.json.',
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
  if (/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(place)) {
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

function parseTime(text: string): Date {
  const time = new Date(text);
  if (!/^\d{4}-\d{2}-\d{2}/.test(text) || Number.isNaN(time.getTime())) {
    throw new InvalidArgumentError('Write a time as 2027-03-01T00:00:00Z.');
  }
  return time;
}
