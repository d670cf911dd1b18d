import type { Command } from 'commander';
import { alarmThresholds } from '#config/signals.ts';
import { isoTime } from '#core/iso-time.ts';
import { ALARMS, RUNBOOK } from '#core/signals/alarms.ts';
import { CAUSE_SENTENCES } from '#core/signals/causes.ts';
import { replayJob, spanOf, spreadOfAlarms } from '#core/signals/replay.ts';
import { type AreaOptions, addAreaOptions } from '../area-options.ts';
import { configOf } from '../config-of.ts';
import { STATUS, type Status, UsageError } from '../errors.ts';
import type { Io } from '../io.ts';
import { answerAs, offersCsv } from '../output-format.ts';
import { printSignals, type ReplayReport } from '../print/signals.ts';
import { eventsOfFile, eventsOfLedger } from '../replayed-events.ts';
import { ALARM_COLUMNS } from '../tables/signals.ts';

interface SignalsOptions extends AreaOptions {
  readonly history?: string;
}

/** In this command, `--now` ends the replay. */
function describeNow(command: Command): void {
  const now = command.options.find(({ long }) => long === '--now');
  if (now !== undefined) {
    now.description =
      'the end of the replay, as ISO 8601 (default: the present for a ledger, the last event for a file)';
  }
}

export function addSignals(program: Command, io: Io, finish: (status: Status) => void): void {
  const command = offersCsv(
    addAreaOptions(
      program
        .command('signals')
        .summary('replay recorded events: which alarms would have fired, and when')
        .description(
          'Replays the history of jobs that runs have recorded in the ledger, or the events in a file. Shows which alarms would have fired, and when they would have recovered. Budgets and thresholds are those of "signals" in steward.json. Does not read the area.',
        )
        .argument('[location...]', 'the area whose ledger is replayed (default: "area" of steward.json)')
        .option(
          '--history <file>',
          'the file to replay in place of the ledger: one JSON object per line (see docs/signals.md), or a file history/*.ndjson.gz of a ledger',
        ),
    ),
  );
  describeNow(command);
  command
    .addHelpText(
      'after',
      `
Examples:
  steward signals
  steward signals --ledger s3://my-ledger/flink
  steward signals --history orders.ndjson --now 2027-03-01T00:00:00Z --json

Exit status: 1 if an alarm would have fired.`,
    )
    .action(async (places: string[], options: SignalsOptions) => {
      const { now, history, ...others } = options;
      const config = await configOf(options.config, io);
      const { signals, collect } = config;
      const thresholds = alarmThresholds({ signals });
      if (history !== undefined && places.length > 0) {
        throw new UsageError(
          '--history replays a file in place of a ledger, so leave out the locations, or --history.',
        );
      }
      const { source, events } =
        history === undefined
          ? await eventsOfLedger({ places, options: others }, config, io)
          : await eventsOfFile(history, io.cwd);
      const span = spanOf(events);
      if (span === null) {
        throw new UsageError(`${source} contains no event, so there is nothing to replay. Write one event per line.`);
      }
      // Of jobs that run, the time since the last event counts too.
      const until = now?.getTime() ?? (history === undefined ? Math.max(span.until, io.clock()) : span.until);
      if (until < span.from) {
        throw new UsageError(
          `${source}: the first event is at ${isoTime(span.from)}, after --now, so there is nothing to replay. Give a later time.`,
        );
      }
      const settings = { thresholds, budgets: signals.budget, deadAfter: collect.deadAfter, until };
      const jobs = events.map((job) => replayJob(job, settings));
      const report = {
        history: source,
        from: span.from,
        until,
        thresholds,
        jobs,
        spread: spreadOfAlarms(jobs),
      };
      io.out(
        answerAs(options, {
          document: () => documentOf(report),
          text: () => printSignals(report, io),
          columns: ALARM_COLUMNS,
          rows: jobs.flatMap(({ job, episodes }) => episodes.map((episode) => ({ job, ...episode }))),
        }),
      );
      finish(jobs.some(({ episodes }) => episodes.length > 0) ? STATUS.findings : STATUS.well);
    });
}

function documentOf({ history, from, until, thresholds, jobs, spread }: ReplayReport): object {
  return {
    history,
    from: isoTime(from),
    until: isoTime(until),
    thresholds,
    jobs: jobs.map(({ job, ended, episodes, gauges }) => ({
      job,
      ended,
      alarms: episodes.map(({ alarm, fired, recovered, value, threshold, cause, budget }) => {
        const kind = ALARMS.find(({ id }) => id === alarm);
        return {
          alarm,
          title: kind?.title,
          fired: isoTime(fired),
          recovered: recovered === null ? null : isoTime(recovered),
          metric: kind?.source.metric,
          value,
          threshold,
          cause,
          causeText: cause === null ? null : CAUSE_SENTENCES[cause],
          budget,
          runbook: `${RUNBOOK}#${kind?.runbook}`,
        };
      }),
      gauges,
    })),
    spread: Object.fromEntries(spread),
  };
}
