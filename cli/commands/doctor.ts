import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { type DoctorReport, examine, type Finding } from '#steward/doctor/doctor.ts';
import { type AreaOptions, addAreaOptions } from '../area-options.ts';
import { STATUS, type Status } from '../errors.ts';
import type { Io } from '../io.ts';
import type { TypedArea } from '../next-command.ts';
import { noteLeftOut } from '../part-of-area.ts';
import { prepareArea } from '../prepare-area.ts';
import { commandOf, printDoctor } from '../print/doctor.ts';

interface DoctorOptions extends AreaOptions {
  readonly write?: true;
}

export function addDoctor(program: Command, io: Io, finish: (status: Status) => void): void {
  addAreaOptions(
    program
      .command('doctor')
      .summary('check everything that runs need, and say what to do')
      .description(
        'Checks the configuration, the credentials and the ledger. For each location, checks the region, rights, clock, versioning, lifecycle rules and marker. Prints one row for each check, with what to do. Lists what is around the area if the last such listing is older than a week, and records that in the ledger, if there is one. Without --write, it changes nothing else.',
      )
      .argument(
        '[location...]',
        'buckets (s3://bucket/prefix) or directories with Flink checkpoints (default: "area" of steward.json)',
      )
      .option('--write', "also test writing and deleting, with the steward's own objects"),
  )
    .addHelpText(
      'after',
      `
Examples:
  steward doctor s3://my-bucket/flink --ledger s3://my-ledger/flink
  steward doctor --write

Exit status: 1 if something is wrong, 3 if something could not be checked; warnings are 0.`,
    )
    .action(async (places: string[], options: DoctorOptions) => {
      const prepared = await prepareArea(places, options, io, { showsNotes: true });
      noteLeftOut(prepared);
      const { steward, progress, endProgress, typed } = prepared;
      let report: DoctorReport;
      try {
        report = await examine(steward, {
          configFile: configFileOf(options, io),
          write: options.write === true,
          signal: io.signal,
          onListedOutside: (objects) => progress?.showOutside(objects),
        });
      } finally {
        endProgress();
      }
      io.out(
        options.json
          ? `${JSON.stringify(viewOf(report, typed), null, 2)}\n`
          : printDoctor(report, { typed, write: options.write === true }, io),
      );
      finish(statusOfFindings(report.findings));
    });
}

function configFileOf({ config }: AreaOptions, { cwd }: Io): string | null {
  return config ?? (existsSync(join(cwd, 'steward.json')) ? 'steward.json' : null);
}

function statusOfFindings(findings: readonly Finding[]): Status {
  if (findings.some(({ state }) => state === 'not-checked')) return STATUS.undecidable;
  return findings.some(({ state }) => state === 'wrong') ? STATUS.findings : STATUS.well;
}

function viewOf({ at, area, findings }: DoctorReport, typed: TypedArea): object {
  return {
    at,
    area,
    checks: findings.map((each) => ({
      ...each,
      command: each.command === null ? null : commandOf(each.command, typed),
    })),
  };
}
