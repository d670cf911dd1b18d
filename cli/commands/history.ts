import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { existingLedger } from '#cli/under-lease.ts';
import { Area } from '#core/area/area.ts';
import { budgetFor } from '#core/signals/gauges.ts';
import { outlookOf } from '#core/signals/outlook.ts';
import { loggedDeletions } from '#operations/ledger/audit-log.ts';
import { readAllHistories } from '#operations/ledger/job-histories.ts';
import { newestRuns, readRun } from '#operations/ledger/run-records.ts';
import { readState } from '#operations/ledger/state.ts';
import { findGone } from '#operations/report/gone-object.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { type AreaOptions, addAreaOptions, type PreparedArea, prepareArea } from '../area-options.ts';
import { STATUS, type Status, UsageError } from '../errors.ts';
import type { Io } from '../io.ts';
import { nextCommand } from '../next-command.ts';
import type { JobOverTime } from '../print/growth.ts';
import { printDeletionsOf, printHistory, printRunDeletions } from '../print/history.ts';

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
        'The runs on record in the ledger, the newest first; of one run, each object that it deleted and why.',
      )
      .argument('[location...]', 'the area (default: "area" of steward.json)')
      .option('--run <run>', 'one run, with all that it deleted')
      .option('--object <object>', 'what runs did to one object: its path below the location, or its URL')
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
      const { store } = await existingLedger(prepared);
      if (options.run !== undefined) {
        io.out(await ofRun(store, options.run, prepared, io));
      } else if (options.object !== undefined) {
        io.out(await ofObject(store, options.object, prepared, io));
      } else {
        const runs = await newestRuns(store, options.limit);
        const state = await readState(store);
        const jobs = await overTime(store, prepared, io.clock());
        io.out(
          options.json
            ? `${JSON.stringify({ runs, state, jobs: jobs.map(viewOf) }, null, 2)}\n`
            : printHistory(store.name, runs, state, jobs, prepared.typed, io),
        );
      }
      finish(STATUS.well);
    });
}

/** Of jobs that have not ended, as of now: nobody looks at the area here. */
async function overTime(store: LedgerStore, { config }: PreparedArea, now: number): Promise<readonly JobOverTime[]> {
  const histories = await readAllHistories(store);
  return histories
    .filter(({ ended }) => !ended)
    .map((history) => ({
      name: history.label,
      outlook: outlookOf(history, { now, budget: budgetFor(history.label, config.signals.budget) }),
    }));
}

function viewOf({ name, outlook }: JobOverTime): object {
  return { label: name, outlook };
}

async function ofRun(store: LedgerStore, run: string, { typed }: PreparedArea, io: Io): Promise<string> {
  const record = RUN.test(run) ? await readRun(store, run) : null;
  const deletions = [];
  for await (const deletion of RUN.test(run) ? loggedDeletions(store, run) : []) {
    deletions.push(deletion);
  }
  if (record === null && deletions.length === 0) {
    throw new UsageError(
      `${run}: no run of that name is on record in ${store.name}. All runs are shown by: ${nextCommand(['history'], typed)}`,
    );
  }
  return typed.options.json
    ? `${JSON.stringify({ run: record, deletions }, null, 2)}\n`
    : printRunDeletions(run, record, deletions, typed, io);
}

async function ofObject(store: LedgerStore, object: string, { input, typed }: PreparedArea, io: Io): Promise<string> {
  const area = new Area(
    input.locations.map((location) => location.area),
    [],
    input.aliases,
  );
  const gone = await findGone(area, store, [object]);
  if (gone === null) {
    throw new UsageError(
      `${object}: no run on record in ${store.name} deleted an object of that name. Write its path below the location, or its URL as references have it.`,
    );
  }
  return typed.options.json ? `${JSON.stringify(gone, null, 2)}\n` : printDeletionsOf(gone, typed, io);
}

/** As names of runs may look: part of a path in the ledger. */
const RUN = /^[\w-]+$/;

function parseLimit(text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text)) {
    throw new InvalidArgumentError('Write a number from 1 to 99999.');
  }
  return Number(text);
}
