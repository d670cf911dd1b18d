import type { Command } from 'commander';
import { reportOf } from '#report/model/report-of.ts';
import { renderReport } from '#report/render.ts';
import { auditArea } from '#steward/audit.ts';
import { type AreaOptions, addAreaOptions } from '../area-options.ts';
import { emptiness, refuseEmptiness } from '../emptiness.ts';
import { type Status, statusOfArea } from '../errors.ts';
import type { Io } from '../io.ts';
import { judgeArea } from '../judge-area.ts';
import { readLifecycleFile } from '../lifecycle-file.ts';
import { printAudit } from '../print/audit.ts';
import { complain } from '../print/complaint.ts';
import { paragraph, printable } from '../print/text.ts';
import { writeReport } from '../write-report.ts';

interface AuditOptions extends AreaOptions {
  readonly lifecycle?: string;
  readonly html?: string;
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
      )
      .option('--html <file>', 'write a report to look at: one page that any browser opens, without a network'),
  )
    .addHelpText(
      'after',
      `
Examples:
  steward audit s3://my-bucket/flink
  steward audit /mnt/flink
  steward audit ./copy --as s3://my-bucket
  steward audit ./copy --as s3://my-bucket --lifecycle rules.json
  steward audit s3://my-bucket/flink --html report.html
  steward audit ./copy --as s3://my-bucket --json | jq '.jobs[] | {label, reclaimable: .groups.reclaimable.bytes}'`,
    )
    .action(async (places: string[], options: AuditOptions) => {
      const lifecycle = options.lifecycle === undefined ? null : await readLifecycleFile(options.lifecycle, io.cwd);
      const { html } = options;
      const outputs = html === undefined ? [] : [{ option: '--html', file: html }];
      const judged = await judgeArea(places, options, io, { outputs, showsNotes: true });
      const { survey, verdicts, totals, steward } = judged;
      // A page says of an empty area that it is empty, and what may be wrong.
      if (html === undefined) refuseEmptiness(survey);
      const { report, histories } = await auditArea(steward, judged, { lifecycle, signal: io.signal });
      const told = html === undefined ? null : `The report is in ${printable(html)}: open it in a browser.`;
      if (html !== undefined) {
        const { labels } = steward.config;
        const page = await renderReport(reportOf({ survey, verdicts, totals, labels, audit: report, histories }));
        await writeReport(html, page, io);
      }
      if (told !== null && (options.json || emptiness(survey) !== null)) complain(told, io);
      refuseEmptiness(survey);
      const text = options.json
        ? `${JSON.stringify(report, null, 2)}\n`
        : `${printAudit(report, io)}${told === null ? '' : paragraph(told, io)}`;
      io.out(text);
      finish(statusOfArea(report.undecidable, report.findings.length > 0));
    });
}
