import type { Command } from 'commander';
import { tidyingPolicy } from '#config/tidying.ts';
import { jobsOf } from '#core/insight/jobs.ts';
import { audit, stateNotes } from '#operations/audit.ts';
import { checkBuckets } from '#operations/rules.ts';
import { type AreaOptions, addAreaOptions } from '../area-options.ts';
import { refuseEmptiness } from '../emptiness.ts';
import { type Status, statusOfArea } from '../errors.ts';
import { askOptions, type Io } from '../io.ts';
import { judgeArea } from '../judge-area.ts';
import { readLifecycleFile } from '../lifecycle-file.ts';
import { printAudit } from '../print/audit.ts';

interface AuditOptions extends AreaOptions {
  readonly lifecycle?: string;
}

export function addAudit(program: Command, io: Io, finish: (status: Status) => void): void {
  addAreaOptions(
    program
      .command('audit')
      .summary('per job: what is live, what could go, what can be restored')
      .description(
        'Reads every checkpoint and savepoint of the locations and says, per job, which bytes are live, reclaimable, young or unknown, where it can be restored from, and what is damaged. Changes nothing.',
      )
      .argument(
        '[location...]',
        'buckets (s3://bucket/prefix) or directories with Flink checkpoints (default: "area" of steward.json)',
      )
      .option(
        '--lifecycle <file>',
        'judge the rules that "aws s3api get-bucket-lifecycle-configuration" printed (default: what the bucket itself says)',
      ),
  )
    .addHelpText(
      'after',
      `
Examples:
  steward audit s3://my-bucket/flink
  steward audit /mnt/flink
  steward audit ./copy --as s3://my-bucket
  steward audit ./copy --as s3://my-bucket --lifecycle rules.json
  steward audit ./copy --as s3://my-bucket --json | jq '.jobs[] | {label, reclaimable: .groups.reclaimable.bytes}'`,
    )
    .action(async (places: string[], options: AuditOptions) => {
      const rules = options.lifecycle === undefined ? null : await readLifecycleFile(options.lifecycle, io.cwd);
      const judged = await judgeArea(places, options, io);
      const { survey, totals, config, billing } = judged;
      refuseEmptiness(survey);
      const jobs = jobsOf(survey, survey.area, totals, config.labels);
      const asked = rules === null ? judged.buckets : [];
      const buckets = await checkBuckets(survey, jobs, asked, tidyingPolicy(config), askOptions(io));
      const known = { damage: judged.damage, notes: judged.state === null ? [] : stateNotes(judged.state) };
      const report = audit(survey, totals, config.labels, rules, billing, buckets, known);
      io.out(options.json ? `${JSON.stringify(report, null, 2)}\n` : printAudit(report, io));
      finish(statusOfArea(report.undecidable, report.findings.length > 0));
    });
}
