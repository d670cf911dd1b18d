import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { readLifecycleDocument } from '#config/lifecycle-document.ts';
import { audit } from '#operations/audit.ts';
import { type AreaOptions, addAreaOptions, judgeArea } from '../area-options.ts';
import { refuseEmptiness } from '../emptiness.ts';
import { type Status, statusOfArea, UsageError } from '../errors.ts';
import type { Io } from '../io.ts';
import { printAudit } from '../print/audit.ts';
import { systemFailure } from '../system-failure.ts';

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
      .option('--lifecycle <file>', 'judge the rules that "aws s3api get-bucket-lifecycle-configuration" printed'),
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
      const rules = options.lifecycle === undefined ? null : await readRules(options.lifecycle, io.cwd);
      const { survey, totals, config } = await judgeArea(places, options, io, { assumeQuarantined: true });
      const report = audit(survey, totals, config.labels, rules);
      refuseEmptiness(survey);
      io.out(options.json ? `${JSON.stringify(report, null, 2)}\n` : printAudit(report, io));
      finish(statusOfArea(report.undecidable, report.findings.length > 0));
    });
}

async function readRules(file: string, cwd: string): Promise<ReturnType<typeof readLifecycleDocument>> {
  let text: string;
  try {
    text = await readFile(resolve(cwd, file), 'utf8');
  } catch (error) {
    throw new UsageError(
      `${file} can't be read: ${systemFailure(error, 'no such file')}. Write it with: aws s3api get-bucket-lifecycle-configuration --bucket BUCKET > ${file}`,
      { cause: error },
    );
  }
  return readLifecycleDocument(text, file);
}
