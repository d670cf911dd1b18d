import type { Command } from 'commander';
import { ConfigError } from '#config/config-error.ts';
import { lifecyclePolicy } from '#config/lifecycle-policy.ts';
import { UnknownFile } from '#config/rule-files/read-rules-file.ts';
import type { StewardConfig } from '#config/steward-config.ts';
import { bucketPlace } from '#core/lint/option-places.ts';
import type { NamedPlace } from '#core/lint/state-places.ts';
import { type AreaOptions, addStoreOptions } from '../area-options.ts';
import { configOf } from '../config-of.ts';
import { type Status, statusOfArea, UsageError } from '../errors.ts';
import type { Io } from '../io.ts';
import { offersSarif } from '../output-format.ts';
import { printLint } from '../print/lint.ts';
import { sarifOf } from '../print/sarif.ts';
import { type GivenFile, readGiven } from '../rule-files/given-file.ts';
import { type LintedFileView, lintGiven, lintReport } from '../rule-files/lint-report.ts';
import { LiveForecast } from '../rule-files/live-forecast.ts';

interface LintOptions extends AreaOptions {
  readonly flink?: readonly string[];
  readonly live?: true;
  readonly ignoreUnknown?: true;
}

/** @param version of the program. */
export function addLint(rules: Command, io: Io, finish: (status: Status) => void, version: string): void {
  offersSarif(
    addStoreOptions(
      rules
        .command('lint')
        .summary('what lifecycle rules would do that a plan or template is about to set')
        .description(
          'Reads lifecycle rules from files that are still to be applied, and says which of them would delete or archive Flink state, after how long, and what to write in their place. Needs no access to any bucket. Changes nothing.',
        )
        .argument(
          '<file...>',
          'what "terraform show -json" prints of a plan, a CloudFormation template (JSON or YAML), a folder cdk.out, what "aws s3api get-bucket-lifecycle-configuration" prints; - is stdin',
        )
        .option(
          '--flink <url>',
          'a place with Flink state: s3://bucket/prefix; may be repeated (default: "area" of steward.json, otherwise guessed from names)',
          (url: string, earlier: readonly string[] = []) => [...earlier, url],
        )
        .option('--live', 'also show what the rules would do to what is in the buckets now, which needs credentials')
        .option('--ignore-unknown', 'pass over files that contain nothing of this kind, as hooks give them')
        .option('--config <file>', 'configuration file (or STEWARD_CONFIG; default: ./steward.json, if it exists)'),
    ),
  )
    .addHelpText(
      'after',
      `
Examples:
  terraform show -json plan | steward rules lint -
  steward rules lint template.yaml --flink s3://my-bucket/flink
  steward rules lint cdk.out --format sarif > lint.sarif

Exit status: 1 if a rule would delete or archive Flink state; 2 if a file can't be read; 3 if a file does not tell enough to decide about some rule, also where others would.`,
    )
    .action(async (names: string[], options: LintOptions) => {
      const config = await configOf(options.config, io);
      const now = io.clock();
      const lint = { told: toldPlaces(options, config), policy: lifecyclePolicy(config), now };
      const live = new LiveForecast(options, io);
      const given = (await Promise.all(names.map((name) => readGiven(name, io)))).flat();
      const { files, ignored } = await lintAll(given, options.ignoreUnknown === true, (file) =>
        lintGiven(file, lint, (linted) => live.of(linted)),
      );
      const report = lintReport(files, ignored, now);
      io.out(printed(report));
      finish(statusOfArea(report.undecided, report.findings.length > 0));

      function printed(found: typeof report): string {
        if (options.json) return `${JSON.stringify(found, null, 2)}\n`;
        return options.format === 'sarif'
          ? `${JSON.stringify(sarifOf(found, version), null, 2)}\n`
          : printLint(found, io, live.jobNames);
      }
    });
}

interface LintedFiles {
  readonly files: readonly LintedFileView[];
  /** Names of files that were passed over. */
  readonly ignored: readonly string[];
}

/** @throws ConfigError with the problems of all files, so that nobody mends one to find the next one */
async function lintAll(
  given: readonly GivenFile[],
  ignoresUnknown: boolean,
  lint: (file: GivenFile) => Promise<LintedFileView>,
): Promise<LintedFiles> {
  const files: LintedFileView[] = [];
  const ignored: string[] = [];
  const problems: string[] = [];
  for (const file of given) {
    try {
      files.push(await lint(file));
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      const isPassedOver = ignoresUnknown && (error instanceof UnknownFile || !mentionsRules(file));
      if (isPassedOver) ignored.push(file.name);
      else problems.push(error.message);
    }
  }
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
  return { files, ignored };
}

/** Hooks give charts too, which are no YAML before they are rendered: what can't be parsed may be passed over. */
function mentionsRules({ bytes }: GivenFile): boolean {
  return /AWS::S3::Bucket|aws_s3_bucket|lifecycle/i.test(new TextDecoder().decode(bytes));
}

/** The places with Flink state that somebody has named; null where nobody has. */
function toldPlaces({ flink }: LintOptions, config: StewardConfig): readonly NamedPlace[] | null {
  if (flink !== undefined) return flink.map((url) => ({ ...placeOfUrl(url), by: '--flink' }));
  const urls = config.area.flatMap((entry) => (entry.kind === 's3' ? [entry.url] : (entry.as ?? [])));
  const places = urls.flatMap((url) => {
    const place = bucketPlace(url);
    return place === null ? [] : [{ ...place, by: 'steward.json' }];
  });
  return places.length === 0 ? null : places;
}

function placeOfUrl(url: string): Omit<NamedPlace, 'by'> {
  const place = bucketPlace(url);
  if (place === null) {
    throw new UsageError(`--flink is '${url}', which is no bucket. Write it as s3://bucket/prefix.`);
  }
  return place;
}
