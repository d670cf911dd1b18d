import type { Command } from 'commander';
import type { StewardConfig } from '#config/steward-config.ts';
import { checkRules, hasBuckets, isUnclear } from '#steward/lifecycle-rules.ts';
import type { Steward } from '#steward/steward.ts';
import { type AreaOptions, addAreaOptions } from '../area-options.ts';
import { awsReach } from '../aws-reach.ts';
import { refuseEmptiness, refuseEmpty } from '../empty-area.ts';
import { STATUS, type Status, statusOfArea, UsageError } from '../errors.ts';
import type { Io } from '../io.ts';
import { judgeArea } from '../judge-area.ts';
import { bucketOfFile, readLifecycleFile } from '../lifecycle-file.ts';
import { jobNamesById } from '../print/job-names.ts';
import { printRules } from '../print/rules.ts';
import { answered, isStarted } from '../stack/answered.ts';
import { askable } from '../stack/askable.ts';
import { addLint } from './rules-lint.ts';

interface RulesOptions extends AreaOptions {
  readonly lifecycle?: string;
}

/**
 * Adds `rules`, a group of commands.
 *
 * @param version of the program.
 */
export function addRules(program: Command, io: Io, finish: (status: Status) => void, version: string): void {
  const rules = program
    .command('rules')
    .summary('the lifecycle rules of the buckets: what they break, and what they should be')
    .description('The S3 lifecycle rules of the buckets: what they do to live state, and what they should be.');
  addCheck(rules, io, finish);
  addLint(rules, io, finish, version);
}

function addCheck(rules: Command, io: Io, finish: (status: Status) => void): void {
  askable(
    addAreaOptions(
      rules
        .command('check')
        .summary('what each lifecycle rule deletes and when, which rules are missing, and a safe replacement')
        .description(
          'Reads the lifecycle configuration of each bucket and checks every rule against what checkpoints and savepoints need: which objects it deletes, and when. Shows which rules are missing, and prints a configuration that deletes nothing that is needed, as JSON and for Terraform. Changes nothing.',
        )
        .argument(
          '[location...]',
          'buckets (s3://bucket/prefix) with Flink checkpoints (default: "area" of steward.json)',
        )
        .option(
          '--lifecycle <file>',
          'check the lifecycle rules in this file, as "aws s3api get-bucket-lifecycle-configuration" prints them; also for a copy of the bucket',
        ),
    ),
  )
    .addHelpText(
      'after',
      `
Examples:
  steward rules check s3://my-bucket/flink
  steward rules check s3://my-bucket/flink --json | jq '.buckets[0].replacement.json' > safe-rules.json
  steward rules check s3://my-bucket/flink --json | jq -r '.buckets[0].replacement.terraform' > rules.tf
  steward rules check ./copy --as s3://my-bucket --lifecycle rules.json

Exit status: 1 if a rule deletes live state, today or later; 3 if rules or checkpoints could not be read, or are not understood.`,
    )
    .action(async (places: string[], options: RulesOptions) => {
      const lifecycle = options.lifecycle === undefined ? null : await readLifecycleFile(options.lifecycle, io.cwd);
      const typed = { places, options };
      let config: StewardConfig | null = null;
      const answer = await answered(typed, { action: 'rules' }, io, async () => {
        const judged = await judgeArea(places, options, io);
        const { survey, steward } = judged;
        config = steward.config;
        refuseEmptiness(survey);
        const stores = survey.area.locations.map(({ store }) => store);
        if (lifecycle === null) requireBuckets(steward, survey.area.locations);
        const ofFile =
          lifecycle === null || options.lifecycle === undefined
            ? undefined
            : [bucketOfFile(options.lifecycle, lifecycle, stores)];
        return { ...(await checkRules(steward, judged, ofFile, io.signal)), empty: null };
      });
      // Nothing is executed by a check.
      if (isStarted(answer)) return;
      const { report, jobs, empty } = answer;
      refuseEmpty(empty);
      const reachOf = (bucket: string): string => awsReach(bucket, options, config);
      io.out(
        options.json ? `${JSON.stringify(report, null, 2)}\n` : printRules(report, io, jobNamesById(jobs), reachOf),
      );
      const isUnread = report.buckets.some((bucket) => bucket.judgement === null || isUnclear(bucket));
      finish(isUnread ? STATUS.undecidable : statusOfArea(report.undecidable, report.findings.length > 0));
    });
}

/** @throws UsageError if all locations are directories, which have no lifecycle rules. */
function requireBuckets(steward: Steward, locations: readonly { readonly name: string }[]): void {
  if (hasBuckets(steward)) return;
  const places = locations.map(({ name }) => name).join(', ');
  throw new UsageError(
    `${places}: a directory has no lifecycle rules, so there is nothing to check. Give the bucket itself, or for a copy the rules of its bucket: --as s3://my-bucket --lifecycle rules.json.`,
  );
}
