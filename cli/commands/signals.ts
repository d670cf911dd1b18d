import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { decodeText } from '#config/decode-text.ts';
import { parseHistoryLines } from '#config/history-lines.ts';
import { loadConfig } from '#config/load-config.ts';
import { alarmThresholds } from '#config/signals.ts';
import { isoTime } from '#core/iso-time.ts';
import { ALARMS, RUNBOOK } from '#core/signals/alarms.ts';
import { CAUSE_SENTENCES } from '#core/signals/causes.ts';
import { replayJob, spanOf, spreadOfAlarms } from '#core/signals/replay.ts';
import { addCommonOptions, parseTime } from '../area-options.ts';
import { STATUS, type Status, UsageError } from '../errors.ts';
import type { Io } from '../io.ts';
import { answerAs, type FormatOptions, offersCsv } from '../output-format.ts';
import { printSignals, type ReplayReport } from '../print/signals.ts';
import { systemFailure } from '../system-failure.ts';
import { ALARM_COLUMNS } from '../tables/signals.ts';

interface SignalsOptions extends FormatOptions {
  readonly history: string;
  readonly config?: string;
  readonly now?: Date;
}

export function addSignals(program: Command, io: Io, finish: (status: Status) => void): void {
  offersCsv(
    addCommonOptions(
      program
        .command('signals')
        .summary('replay recorded events: which alarms would have fired, and when')
        .description(
          'Replays recorded events of jobs and shows which alarms would have fired, when, and when they would have recovered. Budgets and thresholds are those of "signals" in steward.json. The order of the lines does not matter, and duplicate lines are ignored.',
        )
        .requiredOption('--history <file>', 'the events, one JSON object per line: see docs/signals.md')
        .option('--config <file>', 'configuration file (or STEWARD_CONFIG; default: ./steward.json, if it exists)')
        .option('--now <time>', 'the end of the replay, as ISO 8601 (default: the last event)', parseTime),
    ),
  )
    .addHelpText(
      'after',
      `
Examples:
  steward signals --history orders.ndjson
  steward signals --history orders.ndjson --now 2027-03-01T00:00:00Z --json

Exit status: 1 if an alarm would have fired.`,
    )
    .action(async (options: SignalsOptions) => {
      const { signals, collect } = await loadConfig(options.config, io.cwd);
      const thresholds = alarmThresholds({ signals });
      const events = parseHistoryLines(await read(options.history, io.cwd), options.history);
      const span = spanOf(events);
      if (span === null) {
        throw new UsageError(
          `${options.history} contains no event, so there is nothing to replay. Write one event per line.`,
        );
      }
      const until = options.now?.getTime() ?? span.until;
      if (until < span.from) {
        throw new UsageError(
          `${options.history}: the first event is at ${isoTime(span.from)}, after --now, so there is nothing to replay. Give a later time.`,
        );
      }
      const settings = { thresholds, budgets: signals.budget, deadAfter: collect.deadAfter, until };
      const jobs = events.map((job) => replayJob(job, settings));
      const report = {
        history: options.history,
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

async function read(file: string, cwd: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(resolve(cwd, file));
  } catch (error) {
    throw new UsageError(
      `${file} can't be read: ${systemFailure(error, 'no such file')}. Give a file with one event per line.`,
      { cause: error },
    );
  }
  return decodeText(bytes, file);
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
