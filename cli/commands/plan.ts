import { resolve } from 'node:path';
import type { Command } from 'commander';
import { plan, planLines, verdictLines } from '#operations/plan.ts';
import { type AreaOptions, addAreaOptions, judgeArea } from '../area-options.ts';
import { refuseEmptiness } from '../emptiness.ts';
import { type Status, statusOfArea } from '../errors.ts';
import type { Io } from '../io.ts';
import { printPlan } from '../print/plan.ts';
import { writeLines } from '../write-lines.ts';

interface PlanOptions extends AreaOptions {
  readonly verdicts?: string;
  readonly out?: string;
  readonly assumeQuarantined?: true;
}

export function addPlan(program: Command, io: Io, finish: (status: Status) => void): void {
  addAreaOptions(
    program
      .command('plan')
      .summary('the verdict on every object, and why')
      .description(
        'Judges every object of the locations: what would be deleted, what is kept, and by which rule. Deletes nothing. No earlier run is remembered yet, so garbage is shown as quarantined unless --assume-quarantined is given.',
      )
      .argument(
        '[location...]',
        'buckets (s3://bucket/prefix) or directories with Flink checkpoints (default: "area" of steward.json)',
      )
      .option('--verdicts <file>', 'write one line of JSON for each object (not into a location)')
      .option('--out <file>', 'write the plan: one line of JSON for each object that would be deleted')
      .option('--assume-quarantined', 'look ahead: as if all garbage had served its quarantine'),
  )
    .addHelpText(
      'after',
      `
Examples:
  steward plan s3://my-bucket/flink
  steward plan ./copy --as s3://my-bucket --assume-quarantined
  steward plan ./copy --as s3://my-bucket --assume-quarantined --verdicts verdicts.ndjson
  jq -r 'select(.verdict == "delete") | .key' verdicts.ndjson`,
    )
    .action(async (places: string[], options: PlanOptions) => {
      const { assumeQuarantined } = options;
      const outputs = [
        { option: '--verdicts', file: options.verdicts },
        { option: '--out', file: options.out },
      ].flatMap(({ option, file }) => (file === undefined ? [] : [{ option, file }]));
      const { survey, verdicts, totals, config } = await judgeArea(places, options, io, { assumeQuarantined, outputs });
      const files: string[] = [];
      if (options.verdicts !== undefined) {
        await writeLines(resolve(io.cwd, options.verdicts), verdictLines(survey, verdicts));
        files.push(`${options.verdicts} (all verdicts)`);
      }
      if (options.out !== undefined) {
        await writeLines(resolve(io.cwd, options.out), planLines(survey, verdicts, assumeQuarantined));
        files.push(`${options.out} (the plan)`);
      }
      refuseEmptiness(survey);
      const report = plan(survey, verdicts, totals, config.labels);
      io.out(options.json ? `${JSON.stringify(report, null, 2)}\n` : printPlan(report, files, io));
      finish(statusOfArea(report.undecidable, report.findings.length > 0 || report.breakers.length > 0));
    });
}
