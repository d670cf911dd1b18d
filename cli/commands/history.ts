import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { Names } from '#steward/declarations.ts';
import { deletionsOf, jobsOverTime, recordedRun, recordedRuns } from '#steward/history.ts';
import type { LedgeredSteward } from '#steward/steward.ts';
import { type AreaOptions, addAreaOptions } from '../area-options.ts';
import { requireLedger } from '../choose-ledger.ts';
import { STATUS, type Status, UsageError } from '../errors.ts';
import type { Io } from '../io.ts';
import type { TypedArea } from '../next-command.ts';
import { namesOf } from '../object-names.ts';
import { prepareArea } from '../prepare-area.ts';
import type { JobOverTime } from '../print/growth.ts';
import { printDeletionsOf, printHistory, printRunDeletions } from '../print/history.ts';
import { withAdvice } from '../refusals.ts';

interface HistoryOptions extends AreaOptions {
  readonly run?: string;
  readonly object?: string;
  readonly limit: number;
}

export function addHistory(program: Command, io: Io, finish: (status: Status) => void): void {
  addAreaOptions(
    program
      .command('history')
      .summary('what earlier runs found and did')
      .description(
        'Lists the runs that the ledger has recorded, newest first. With --run, lists every object that one run deleted, and why.',
      )
      .argument('[location...]', 'the area (default: "area" of steward.json)')
      .option(
        '--run <run>',
        'one run, by its name or the beginning of it (four characters or more), with every object that it deleted',
      )
      .option(
        '--object <object>',
        'what runs did to one object, given by its path, its URL, or the end of its path (chk-42, a file name)',
      )
      .option('--limit <number>', 'how many runs to show', parseLimit, 20),
  )
    .addHelpText(
      'after',
      `
Examples:
  steward history s3://my-bucket/flink --ledger s3://my-ledger/flink
  steward history s3://my-bucket/flink --ledger s3://my-ledger/flink --run 20270301T093100000Z-81b2e
  steward history --object s3://my-bucket/flink/…/shared/04fe4974-8426-4aff-af5a-b824654aa5c6`,
    )
    .action(async (places: string[], options: HistoryOptions) => {
      const prepared = await prepareArea(places, options, io);
      const steward = requireLedger(prepared.steward);
      const { typed } = prepared;
      io.out(
        await withAdvice(typed, async () => {
          if (options.run !== undefined) return await ofRun(steward, options.run, typed, io);
          if (options.object !== undefined)
            return await ofObject(steward, await namesOf(options.object, prepared, io.cwd), typed, io);
          return await ofAll(steward, options.limit, typed, io);
        }),
      );
      finish(STATUS.well);
    });
}

async function ofAll(steward: LedgeredSteward, limit: number, typed: TypedArea, io: Io): Promise<string> {
  const { runs, newestDeleting, state } = await recordedRuns(steward, limit);
  const jobs = await jobsOverTime(steward);
  return typed.options.json
    ? `${JSON.stringify({ runs, state, jobs: jobs.map(viewOf) }, null, 2)}\n`
    : printHistory({ ledger: steward.ledger.name, runs, newestDeleting, state, jobs }, typed, io);
}

function viewOf({ name, outlook }: JobOverTime): object {
  return { label: name, outlook };
}

async function ofRun(steward: LedgeredSteward, name: string, typed: TypedArea, io: Io): Promise<string> {
  const { run, record, deletions } = await recordedRun(steward, name);
  return typed.options.json
    ? `${JSON.stringify({ run: record, deletions }, null, 2)}\n`
    : printRunDeletions({ run, record, deletions }, typed, io);
}

async function ofObject(steward: LedgeredSteward, names: Names, typed: TypedArea, io: Io): Promise<string> {
  const gone = await deletionsOf(steward, names);
  if (gone === null) {
    throw new UsageError(
      `${names[0]}: no run recorded in ${steward.ledger.name} deleted an object of that name. Write its path below the location, or its URL as checkpoints reference it.`,
    );
  }
  return typed.options.json ? `${JSON.stringify(gone, null, 2)}\n` : printDeletionsOf(gone, typed, io);
}

function parseLimit(text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text)) {
    throw new InvalidArgumentError('Write a number from 1 to 99999.');
  }
  return Number(text);
}
