import type { Command } from 'commander';
import { admit, executionOf, type PlanHead, refuseSpentPlan } from '#steward/plans.ts';
import { requireLedger } from '../choose-ledger.ts';
import type { Status } from '../errors.ts';
import type { Io } from '../io.ts';
import { OpenPlan } from '../open-plan.ts';
import { prepareArea } from '../prepare-area.ts';
import type { RunTitle } from '../print/run.ts';
import { reportRun, reportRunView } from '../report-run.ts';
import { runArea } from '../run-area.ts';
import { answered, isStarted, never } from '../stack/answered.ts';
import { askBeforeFirst } from '../stack/ask-before-first.ts';
import { askable } from '../stack/askable.ts';
import { follow } from '../stack/follow.ts';
import { type ActingOptions, addActing } from './collect.ts';

export function addApply(program: Command, io: Io, finish: (status: Status) => void): void {
  askable(
    addActing(
      program
        .command('apply')
        .summary('delete the objects of a plan that are still garbage')
        .description(
          'Scans the area again and deletes those objects of the plan that are still garbage and have not changed. A plan can be executed once, within a day, on the same area and with the same ledger. Without --execute this is a dry run.',
        )
        .argument('<plan>', 'the file that "steward plan --out" wrote; of a deployment the id that its plan prints')
        .argument('[location...]', 'the locations of the plan (default: those in the plan, or "area" of steward.json)'),
    ),
    { words: 1, options: ['execute', 'accept'] },
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
      const { stack } = options;
      if (stack === undefined) {
        finish(await applyHere(file, places, options, io));
        return;
      }
      const typed = { places, options };
      const { accept, execute } = options;
      const event = { action: 'apply', plan: file, accept } as const;
      const look = () => answered(typed, event, io, never);
      await askBeforeFirst(stack, typed, { deletes: true, look }, io);
      const answer = await answered(typed, { ...event, execute }, io, never);
      if (isStarted(answer)) {
        finish(await follow(stack, answer, typed, io));
        return;
      }
      finish(reportRunView(titleOf(file, answer.planned, options), answer.run, typed, io));
    });
}

function titleOf(file: string, planned: number, { execute }: ActingOptions): RunTitle {
  const executes = execute === true;
  return { title: `Execution of ${file} on`, words: ['apply', file], planned: () => planned, executes };
}

async function applyHere(file: string, places: readonly string[], options: ActingOptions, io: Io): Promise<Status> {
  const plan = await OpenPlan.open(file, io.cwd);
  const prepared = await prepareArea(...placesOf(places, plan.head, options), io);
  const steward = requireLedger(prepared.steward);
  await admit(steward, plan.head, file);
  await refuseSpentPlan(steward, plan.head, file);
  let planned = 0;
  const counted = async function* (): AsyncGenerator<string> {
    // It is read once more where a person is asked between.
    planned = 0;
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
      yes: options.yes === true,
      accept: options.accept ?? [],
      retires: false,
      ...executionOf(steward, { head: plan.head, entries: counted }, file),
    },
    io,
  );
  return reportRun(titleOf(file, planned, options), report, prepared, io);
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
