import type { Command } from 'commander';
import { admit, executionOf, type PlanHead, refuseSpentPlan } from '#steward/plans.ts';
import { requireLedger } from '../choose-ledger.ts';
import type { Status } from '../errors.ts';
import type { Io } from '../io.ts';
import { OpenPlan } from '../open-plan.ts';
import { prepareArea } from '../prepare-area.ts';
import { reportRun } from '../report-run.ts';
import { runArea } from '../run-area.ts';
import { type ActingOptions, addActing } from './collect.ts';

export function addApply(program: Command, io: Io, finish: (status: Status) => void): void {
  addActing(
    program
      .command('apply')
      .summary('delete the objects of a plan that are still garbage')
      .description(
        'Scans the area again and deletes those objects of the plan that are still garbage and have not changed. A plan can be executed once, within a day, on the same area and with the same ledger. Without --execute this is a dry run.',
      )
      .argument('<plan>', 'the file that "steward plan --out" wrote')
      .argument('[location...]', 'the locations of the plan (default: those in the plan, or "area" of steward.json)'),
  )
    .addHelpText(
      'after',
      `
Examples:
  steward plan s3://my-bucket/flink --ledger s3://my-ledger/flink --out plan.ndjson
  steward apply plan.ndjson
  steward apply plan.ndjson --execute`,
    )
    .action(async (file: string, places: string[], options: ActingOptions) => {
      const plan = await OpenPlan.open(file, io.cwd);
      const prepared = await prepareArea(...placesOf(places, plan.head, options), io);
      const steward = requireLedger(prepared.steward);
      await admit(steward, plan.head, file);
      await refuseSpentPlan(steward, plan.head, file);
      let planned = 0;
      const counted = async function* (): AsyncGenerator<string> {
        for await (const line of plan.entries()) {
          planned++;
          yield line;
        }
      };
      const report = await runArea(
        prepared,
        {
          command: 'apply',
          execute: options.execute === true,
          accept: options.accept ?? [],
          retires: false,
          ...executionOf(steward, { head: plan.head, entries: counted }, file),
        },
        io,
      );
      const title = { title: `Execution of ${file} on`, words: ['apply', file], planned: () => planned };
      finish(await reportRun(title, report, prepared, io));
    });
}

/** The locations on the command line; without any, those of the configuration, or else those of the plan. */
function placesOf(
  places: readonly string[],
  { locations, ledgerPlace }: PlanHead,
  options: ActingOptions,
): [readonly string[], ActingOptions] {
  const ledger = options.ledger ?? ledgerPlace;
  const withLedger = ledger === null ? options : { ...options, ledger };
  const [only, ...others] = locations;
  if (places.length > 0 || options.config !== undefined || only === undefined) {
    return [places, withLedger];
  }
  const as = others.length === 0 && 'path' in only && only.as !== null ? { as: only.as } : {};
  return [
    locations.map((location) => ('bucket' in location ? location.bucket : location.path)),
    { ...withLedger, ...as },
  ];
}
