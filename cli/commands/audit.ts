import type { Command } from 'commander';
import { maskSecrets } from '#core/secrets.ts';
import { reportOf } from '#report/model/report-of.ts';
import { renderReport } from '#report/render.ts';
import { auditArea, isUnclear, JOB_ORDERS, type JobOrder, jobColumns, openMetrics, sortJobs } from '#steward/audit.ts';
import { emptiness } from '#steward/empty-area.ts';
import { knownStates } from '#steward/known-states.ts';
import { auditWithOperators, withOperatorsOfLargest } from '#steward/operators.ts';
import { type AreaOptions, addAreaOptions } from '../area-options.ts';
import { completeSaid } from '../complete-commands.ts';
import { refuseEmptiness, refuseEmpty } from '../empty-area.ts';
import { STATUS, type Status, statusOfArea } from '../errors.ts';
import type { Io } from '../io.ts';
import { judgeArea } from '../judge-area.ts';
import { readLifecycleFile } from '../lifecycle-file.ts';
import { answerAs, offersCsv } from '../output-format.ts';
import { printAudit } from '../print/audit.ts';
import { complainOf } from '../print/problems.ts';
import { remark } from '../print/stderr.ts';
import { paragraph, printable } from '../print/text.ts';
import { sortOption } from '../sort-option.ts';
import { answered } from '../stack/answered.ts';
import { askable } from '../stack/askable.ts';
import { writeReport } from '../write-report.ts';

interface AuditOptions extends AreaOptions {
  readonly lifecycle?: string;
  readonly html?: string;
  readonly job?: string;
  readonly openmetrics?: string;
  readonly sort?: JobOrder;
}

export function addAudit(program: Command, io: Io, finish: (status: Status) => void): void {
  askable(
    offersCsv(
      addAreaOptions(
        program
          .command('audit')
          .summary('per job: live and reclaimable bytes, and restore points')
          .description(
            'Reads every checkpoint and savepoint in the area. Reports for each job how many bytes are live, reclaimable, young or unknown, what it can be restored from, and what is damaged. Changes nothing.',
          )
          .argument(
            '[location...]',
            'buckets (s3://bucket/prefix) or directories with Flink checkpoints (default: "area" of steward.json)',
          )
          .option(
            '--lifecycle <file>',
            'judge the lifecycle rules in this file, as "aws s3api get-bucket-lifecycle-configuration" prints them (default: those of the bucket)',
          )
          .option('--html <file>', 'also write the report as one HTML page, which works offline')
          .option(
            '--openmetrics <file>',
            'also write the numbers for Prometheus, as the textfile collector of node_exporter reads them (name the file *.prom)',
          )
          .option(
            '--job <job>',
            'only this job, and its state by operator: its label, its id, or the first digits of its id (at least four)',
          )
          .addOption(
            sortOption(
              JOB_ORDERS,
              'sort the jobs, the largest first; by age, the longest silent first; by restore-point, those without one first, then the oldest',
            ),
          ),
      ),
    ),
    { options: ['job', 'openmetrics', 'sort'] },
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
  steward audit s3://my-bucket/flink --job orders-cdc
  steward audit s3://my-bucket/flink --sort reclaimable --format csv > jobs.csv
  steward audit s3://my-bucket/flink --openmetrics /var/lib/node_exporter/textfile/flink-steward.prom
  steward audit ./copy --as s3://my-bucket --json | jq '.jobs[] | {"label": .label, "reclaimable": .groups.reclaimable.bytes}'`,
    )
    .action(async (places: string[], options: AuditOptions) => {
      const lifecycle = options.lifecycle === undefined ? null : await readLifecycleFile(options.lifecycle, io.cwd);
      const { html, job, openmetrics, sort, ...others } = options;
      const typed = { places, options: others };
      const whereReportIs =
        html === undefined ? null : `The report was written to ${printable(html)}. Open it in a browser.`;
      const local = async () => {
        const outputs = [
          ...(html === undefined ? [] : [{ option: '--html', file: html }]),
          ...(openmetrics === undefined ? [] : [{ option: '--openmetrics', file: openmetrics }]),
        ];
        const judged = await judgeArea(places, options, io, { outputs, showsNotes: true });
        const { survey, verdicts, totals, steward } = judged;
        // The HTML page itself reports an empty area and its likely cause.
        if (html === undefined) refuseEmptiness(survey);
        const { report, histories } = await auditArea(steward, judged, { lifecycle, signal: io.signal });
        if (html !== undefined) {
          const { labels } = steward.config;
          const states = await knownStates(steward, judged);
          const audit = await withOperatorsOfLargest(steward, judged, report, io.signal);
          const document = reportOf({ survey, verdicts, totals, labels, audit, histories, states });
          const complete = (text: string) => maskSecrets(io.complete?.(text) ?? text);
          const page = await renderReport(completeSaid(document, complete));
          await writeReport(html, page, io);
        }
        const chosen = await auditWithOperators(steward, judged, report, job ?? null, io.signal);
        return { report: chosen, empty: emptiness(survey) };
      };
      const found = await answered(typed, { action: 'audit', job }, io, local, { showsNotes: true });
      const { empty } = found;
      const report = sort === undefined ? found.report : { ...found.report, jobs: sortJobs(found.report.jobs, sort) };
      if (whereReportIs !== null && (options.json || options.format === 'csv' || empty !== null))
        remark(whereReportIs, io);
      refuseEmpty(empty);
      if (openmetrics !== undefined) await writeReport(openmetrics, openMetrics(report), io);
      if (options.format === 'csv') complainOf(report, io);
      io.out(
        answerAs(options, {
          document: () => report,
          text: () =>
            `${printAudit(report, io, typed)}${whereReportIs === null || io.isQuiet ? '' : paragraph(whereReportIs, io)}`,
          columns: jobColumns(report),
          rows: report.jobs,
        }),
      );
      const rulesRead = report.buckets.length > 0 ? report.buckets : [{ judgement: report.lifecycle, ...lifecycle }];
      finish(
        rulesRead.some(isUnclear) ? STATUS.undecidable : statusOfArea(report.undecidable, report.findings.length > 0),
      );
    });
}
