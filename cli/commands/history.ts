import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { isoTime } from '#core/iso-time.ts';
import type { GoneObject } from '#steward/explain.ts';
import { deletionsOf, jobsOverTime, type RecordedRun, recordedRun, recordedRuns } from '#steward/history.ts';
import type { WholeHistory } from '#steward/stack/whole-answers.ts';
import { type AreaOptions, addAreaOptions } from '../area-options.ts';
import { requireLedger } from '../choose-ledger.ts';
import { AS_IT_IS, completeSaid } from '../complete-commands.ts';
import { STATUS, type Status, UsageError } from '../errors.ts';
import type { Io } from '../io.ts';
import type { TypedArea } from '../next-command.ts';
import { namesOf } from '../object-names.ts';
import { answerAs, offersCsv } from '../output-format.ts';
import { prepareArea } from '../prepare-area.ts';
import type { JobOverTime } from '../print/growth.ts';
import { printDeletionsOf, printHistory, printRunDeletions } from '../print/history.ts';
import { parseSince, type Since, timeSince } from '../since-option.ts';
import { answered } from '../stack/answered.ts';
import { askable } from '../stack/askable.ts';
import { DELETION_COLUMNS, RUN_COLUMNS } from '../tables/history.ts';

interface HistoryOptions extends AreaOptions {
  readonly run?: string;
  readonly object?: string;
  readonly limit?: number;
  readonly since?: Since;
}

/** How many runs are shown where nothing says how many. */
const USUAL_RUNS = 20;
const MOST_RUNS = 99_999;

export function addHistory(program: Command, io: Io, finish: (status: Status) => void): void {
  askable(
    offersCsv(
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
          .option('--limit <number>', `how many runs to show (default: ${USUAL_RUNS}, or all with --since)`, parseLimit)
          .option(
            '--since <time>',
            'show only runs that began since this time: ISO 8601, or how long ago (7d, 24h)',
            parseSince,
          ),
      ),
    ),
    { options: ['run', 'object', 'limit', 'since'] },
  )
    .addHelpText(
      'after',
      `
Examples:
  steward history s3://my-bucket/flink --ledger s3://my-ledger/flink
  steward history s3://my-bucket/flink --ledger s3://my-ledger/flink --since 7d
  steward history s3://my-bucket/flink --ledger s3://my-ledger/flink --run 20270301T093100000Z-81b2e
  steward history --object s3://my-bucket/flink/…/shared/04fe4974-8426-4aff-af5a-b824654aa5c6`,
    )
    .action(async (places: string[], options: HistoryOptions) => {
      const { run, object, since, limit = since === undefined ? USUAL_RUNS : MOST_RUNS, ...others } = options;
      if ((run ?? object) !== undefined && since !== undefined) {
        throw new UsageError(
          `--since selects runs, so it can't be used with ${run === undefined ? '--object' : '--run'}.`,
        );
      }
      const typed = { places, options: others };
      const from = since === undefined ? undefined : timeSince(since, options.now?.getTime() ?? io.clock());
      const event = {
        action: 'history',
        ...(run !== undefined
          ? { run }
          : object !== undefined
            ? { object }
            : { limit, ...(from === undefined ? {} : { since: isoTime(from) }) }),
      } as const;
      const found = await answered(typed, event, io, async () => {
        const prepared = await prepareArea(places, options, io);
        const steward = requireLedger(prepared.steward);
        if (run !== undefined) return await recordedRun(steward, run);
        if (object !== undefined) {
          const gone = await deletionsOf(steward, await namesOf(object, prepared, io.cwd));
          return { gone, ledger: steward.ledger.name };
        }
        const recorded = await recordedRuns(steward, limit, from);
        return { ...recorded, ledger: steward.ledger.name, jobs: await jobsOverTime(steward) };
      });
      if ('gone' in found) io.out(ofObject(found, object ?? '', typed, io));
      else io.out('runs' in found ? ofAll(found, typed, io, from) : ofRun(found, typed, io));
      finish(STATUS.well);
    });
}

function ofAll(found: WholeHistory, typed: TypedArea, io: Io, since: number | undefined): string {
  const { runs, state, jobs } = found;
  return answerAs(typed.options, {
    document: () => ({ runs, state, jobs: jobs.map(viewOf) }),
    text: () => printHistory(found, typed, io, since),
    columns: RUN_COLUMNS,
    rows: completeSaid(runs, io.complete ?? AS_IT_IS),
  });
}

function viewOf({ name, outlook }: JobOverTime): object {
  return { label: name, outlook };
}

function ofRun({ run, record, deletions }: RecordedRun, typed: TypedArea, io: Io): string {
  return answerAs(typed.options, {
    document: () => ({ run: record, deletions }),
    text: () => printRunDeletions({ run, record, deletions }, typed, io),
    columns: DELETION_COLUMNS,
    rows: deletions,
  });
}

function ofObject(
  { gone, ledger }: { readonly gone: GoneObject | null; readonly ledger: string },
  name: string,
  typed: TypedArea,
  io: Io,
): string {
  if (gone === null) {
    throw new UsageError(
      `${name}: no run recorded in ${ledger} deleted an object of that name. Write its path below the location, or its URL as checkpoints reference it.`,
    );
  }
  return answerAs(typed.options, {
    document: () => gone,
    text: () => printDeletionsOf(gone, typed, io),
    columns: DELETION_COLUMNS,
    rows: gone.deletions,
  });
}

function parseLimit(text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text)) {
    throw new InvalidArgumentError('Write a number from 1 to 99999.');
  }
  return Number(text);
}
