import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { defaultConfig } from '#config/steward-config.ts';
import { type ProposedConfiguration, proposeConfiguration } from '#steward/init/init.ts';
import type { BucketConnection } from '#steward/open-area.ts';
import { entriesOf } from '../area-entries.ts';
import { addStoreOptions } from '../area-options.ts';
import { type Answers, askPlaces, askRest, asksYes, nothingNamed } from '../ask.ts';
import { connectionOf } from '../connection.ts';
import { STATUS, type Status, UsageError } from '../errors.ts';
import type { Io } from '../io.ts';
import { nextCommand, type TypedArea } from '../next-command.ts';
import { printInit } from '../print/init.ts';
import { progressOf } from '../progress-line.ts';
import { writeReport } from '../write-report.ts';

interface InitOptions extends BucketConnection {
  readonly out: string;
  readonly flinkRest: readonly string[];
  readonly ledger?: string;
  readonly force?: true;
  readonly print?: true;
  readonly json?: true;
}

const DEFAULT_FILE = 'steward.json';

export function addInit(program: Command, io: Io, finish: (status: Status) => void): void {
  addStoreOptions(
    program
      .command('init')
      .summary('write steward.json for your own bucket')
      .description(
        'Searches buckets and directories for checkpoints, savepoints, changelogs and high-availability storage. Reads some of the checkpoints, to see which files they reference elsewhere. Writes steward.json, with a comment on each entry that says why it is there. It lists folders, with at most 500 requests for each bucket, and writes nothing but that file. On a terminal, it asks for what is not given.',
      )
      .argument('[location...]', 'buckets (s3://bucket, s3://bucket/prefix) or directories')
      .option('--out <file>', 'the file to write', DEFAULT_FILE)
      .option('--force', 'replace the file if it exists')
      .option('--print', 'print the file, and write nothing')
      .option(
        '--ledger <place>',
        'where the steward keeps its records: a directory or s3://another-bucket/prefix (or STEWARD_LEDGER)',
      )
      .addOption(
        new Option('--flink-rest <url...>', "addresses of Flink's REST endpoints, for the names of jobs")
          .argParser(addAddress)
          .default([], 'none'),
      ),
  )
    .addHelpText(
      'after',
      `
Examples:
  steward init s3://my-bucket
  steward init s3://my-bucket/flink --flink-rest http://jobmanager:8081 --print
  steward init ./checkpoints --out checkpoints.json`,
    )
    .action(async (places: string[], options: InitOptions) => {
      const isQuiet = options.print === true;
      if (!isQuiet) refuseExisting(options, io, 'nothing was searched and nothing was written');
      const given = { places, flinkRest: options.flinkRest };
      const asks = places.length === 0 && options.json !== true && io.ask !== undefined;
      if (places.length === 0 && !asks) throw nothingNamed();
      const asked: Answers = asks ? await askAll(given, io) : given;
      const progress = progressOf(options, io);
      const proposed = await proposeConfiguration({
        entries: entriesOf(asked.places, {}, defaultConfig(), io.cwd),
        cwd: io.cwd,
        folder: dirname(resolve(io.cwd, options.out)),
        clock: io.clock,
        connection: connectionOf({ ...options, ...endpointOf(options, io.environment) }, io),
        flinkRest: asked.flinkRest,
        ledger: options.ledger,
        signal: io.signal,
        onLooked: (folders) => progress?.showLooked(folders),
      }).finally(() => progress?.erase());
      if (isQuiet && options.json !== true) {
        io.out(proposed.text);
        return finish(STATUS.well);
      }
      const next = nextCommands(options, proposed.configuration.ledger);
      const report = printInit(proposed, { file: options.out, next: isQuiet ? [] : next }, io);
      if (asks) io.err(report.found);
      const isWritten = !isQuiet && (!asks || (await asksYes(`Write ${options.out}?`, io)));
      if (isWritten) {
        // People may take long to answer.
        refuseExisting(options, io, 'nothing was written');
        await writeReport(options.out, proposed.text, io);
      }
      if (options.json === true) io.out(`${JSON.stringify(viewOf(proposed, options, isWritten, next), null, 2)}\n`);
      else io.out(`${asks ? '' : report.found}${isWritten ? report.written : 'Nothing was written.\n'}`);
      finish(STATUS.well);
    });
}

async function askAll({ flinkRest }: Answers, io: Io): Promise<Answers> {
  const places = await askPlaces(io);
  return { places, flinkRest: flinkRest.length > 0 ? flinkRest : await askRest(io, addressOf) };
}

/** What the environment says of the store goes into the file as well: another shell may not have it. */
export function endpointOf(
  { endpoint }: Pick<InitOptions, 'endpoint'>,
  environment: Io['environment'] = {},
): { readonly endpoint?: string } {
  const { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: ignored, AWS_ENDPOINT_URL: all } = environment;
  const usual = ignored === 'true' ? undefined : environment.AWS_ENDPOINT_URL_S3 || all;
  const known = endpoint ?? usual;
  return known !== undefined && URL.canParse(known) ? { endpoint: known } : {};
}

/** @throws UsageError */
function refuseExisting({ out, force }: InitOptions, { cwd }: Io, follows: string): void {
  if (force === true || !existsSync(resolve(cwd, out))) return;
  throw new UsageError(
    `${out} exists, so ${follows}. Replace it with --force, write another file with --out FILE, or only print the file with --print. To check the existing file: ${nextCommand(['doctor'], typedFor(out))}`,
  );
}

/** What a command is given that reads the file. */
function typedFor(out: string): TypedArea {
  return { places: [], options: out === DEFAULT_FILE ? {} : { config: out } };
}

/** The file says how the buckets of the area are reached. A ledger in a bucket is reached by the options alone. */
function nextCommands(
  { out, endpoint, region, pathStyle }: InitOptions,
  ledger: string | undefined,
): readonly { readonly words: string; readonly command: string }[] {
  const isRemote = endpoint !== undefined && ledger?.startsWith('s3://') === true;
  const options = { ...typedFor(out).options, ...(isRemote ? { endpoint, region, pathStyle } : {}) };
  const typed = { places: [], options };
  return [
    { words: 'Check rights, clocks, lifecycle rules and more:', command: nextCommand(['doctor'], typed) },
    { words: 'See what is in the area. This changes nothing:', command: nextCommand(['audit'], typed) },
  ];
}

function viewOf(
  proposed: ProposedConfiguration,
  { out, print }: InitOptions,
  written: boolean,
  next: ReturnType<typeof nextCommands>,
): object {
  const { at, found, proposal, configuration, text, notes, requests } = proposed;
  const { area, protect, outside, copies, aliases, labels } = proposal;
  const written_ = configuration.area ?? [];
  return {
    at,
    file: print === true ? null : out,
    written,
    found,
    reasons: [
      ...area.map(({ why, unsure }, index) => ({ key: 'area', entry: written_[index], why, unsure })),
      ...protect.map(({ pattern, why, unsure }) => ({ key: 'protect', entry: pattern, why, unsure })),
      ...outside.map(({ url, why, unsure }) => ({ key: 'outside', entry: url, why, unsure })),
      ...copies.map(({ from, to, why, unsure }) => ({ key: 'copies', entry: { [from]: to }, why, unsure })),
      ...aliases.map(({ from, to, why, unsure }) => ({ key: 'aliases', entry: { [from]: to }, why, unsure })),
      ...labels.map(({ path, job, unsure }) => ({ key: 'labels', entry: { path, job }, why: null, unsure })),
    ],
    notes,
    configuration,
    text,
    requests,
    next: next.map(({ command }) => command),
  };
}

function addAddress(address: string, earlier: readonly string[]): readonly string[] {
  const problem = addressOf(address);
  if (problem !== null) throw new InvalidArgumentError(problem);
  return [...earlier, address];
}

/** What is wrong with an address; null where nothing is. */
function addressOf(address: string): string | null {
  const isAddress = /^https?:\/\/[^/]/.test(address) && URL.canParse(address);
  return isAddress ? null : 'Give an address such as http://jobmanager:8081.';
}
