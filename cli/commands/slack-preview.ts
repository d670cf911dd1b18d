import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { decodeText } from '#config/decode-text.ts';
import { parseJson } from '#config/json-text.ts';
import type { AlarmChange } from '#core/slack/alarm-change.ts';
import { type InAlarm, type Telling, WHOLE } from '#core/slack/telling.ts';
import type { BucketConnection } from '#steward/open-area.ts';
import { openLedger } from '#steward/open-ledger.ts';
import { alarmsOfDocument, contributorsOf, NotificationError } from '#steward/slack/alarm-notification.ts';
import { type MessageSources, messageOf } from '#steward/slack/message-of.ts';
import { savepointsIn } from '#steward/slack/savepoints-in.ts';
import { addStoreOptions } from '../area-options.ts';
import { configOf } from '../config-of.ts';
import { connectionOf } from '../connection.ts';
import { STATUS, type Status, UsageError } from '../errors.ts';
import type { Io } from '../io.ts';
import { note } from '../print/stderr.ts';
import { systemFailure } from '../system-failure.ts';

interface PreviewOptions extends BucketConnection {
  readonly contributors?: string;
  readonly ledger?: string;
  readonly config?: string;
  readonly json?: true;
}

/** What the thin app calls its stack. */
const DEFAULT_STACK = 'FlinkSteward';

export function addSlackPreview(program: Command, io: Io, finish: (status: Status) => void): void {
  addStoreOptions(
    program
      .command('slack-preview')
      .summary('the Slack message for an alarm')
      .description(
        "Prints the blocks of the Slack message for a CloudWatch alarm notification, to paste into Slack's Block Kit Builder. Nothing is posted. With --ledger the message is the one that the deployment would post, with the numbers of the job's history; without it no service is asked.",
      )
      .argument(
        '<event>',
        'a JSON file: the SNS event as Lambda receives it, one SNS notification, or the alarm itself',
      )
      .option(
        '--contributors <file>',
        'for an alarm over many jobs, the series that are in alarm: a file as "aws cloudwatch describe-alarm-contributors" prints it',
      )
      .option('--ledger <place>', 'the ledger of the deployment: s3://bucket, or a directory (or STEWARD_LEDGER)')
      .option('--config <file>', 'configuration file (or STEWARD_CONFIG; default: ./steward.json, if it exists)'),
  )
    .addHelpText(
      'after',
      `
Examples:
  steward slack-preview event.json
  steward slack-preview event.json --ledger s3://my-ledger/flink
  steward slack-preview alarm.json --contributors contributors.json --json | jq '.blocks'`,
    )
    .action(async (file: string, options: PreviewOptions) => {
      const document = await read(file, io.cwd);
      const active =
        options.contributors === undefined
          ? contributorsIn(document, file)
          : contributorsIn(await read(options.contributors, io.cwd), options.contributors);
      const changes = changesIn(document, file);
      const { alarm, kind, state } = changes[0];
      const { series, telling } = tellingOf(changes, active);
      const message = await messageOf(changes[0], telling, series, await sourcesOf(options, io));
      io.out(
        `${JSON.stringify(options.json ? { alarm, kind, state, ...message } : { blocks: message.blocks }, null, 2)}\n`,
      );
      finish(STATUS.well);
    });
}

async function read(file: string, cwd: string): Promise<unknown> {
  try {
    return parseJson(decodeText(await readFile(resolve(cwd, file)), file), file);
  } catch (error) {
    if (error instanceof Error && 'code' in error) {
      throw new UsageError(`${file} can't be read: ${systemFailure(error, 'no such file')}.`, { cause: error });
    }
    throw error;
  }
}

/** All changes in the file. Several changes must be of one alarm and one state, one for each job. */
function changesIn(document: unknown, file: string): readonly [AlarmChange, ...AlarmChange[]] {
  const [first, ...others] = inFile(file, () => alarmsOfDocument(document));
  if (first === undefined || others.some(({ alarm, state }) => alarm !== first.alarm || state !== first.state)) {
    throw new UsageError(
      `${file} contains changes of several alarms, and each of them becomes a message of its own. Preview one at a time.`,
    );
  }
  return [first, ...others];
}

function contributorsIn(document: unknown, file: string): readonly InAlarm[] {
  return inFile(file, () => contributorsOf(document));
}

function inFile<T>(file: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof NotificationError)) throw error;
    throw new UsageError(`${file}: ${error.message} See docs/slack.md for its form.`, { cause: error });
  }
}

/** The series that are in alarm, each as news, so that the preview shows all of them. */
function tellingOf(changes: readonly [AlarmChange, ...AlarmChange[]], active: readonly InAlarm[]) {
  const inChanges: readonly InAlarm[] = changes.flatMap(({ contributor, reason, at }) =>
    contributor === null ? [] : [{ ...contributor, reason, since: at }],
  );
  const series = [...inChanges, ...active.filter(({ id }) => inChanges.every((one) => one.id !== id))];
  const news = series.length === 0 ? [WHOLE] : series.map(({ id }) => id);
  return { series, telling: { news, others: [], began: new Map(), told: new Map() } satisfies Telling };
}

/** What the function that posts to Slack knows too, as far as it is typed. */
async function sourcesOf(options: PreviewOptions, io: Io): Promise<MessageSources> {
  const { signals, prices, area, states } = await configOf(options.config, io);
  return {
    services: {
      clock: io.clock,
      connection: connectionOf(options, io),
      log: (_, sentence) => note(sentence, io),
    },
    ledger: options.ledger === undefined ? null : await openLedger(options.ledger, io.cwd, connectionOf(options, io)),
    currency: prices?.currency ?? 'USD',
    stack: DEFAULT_STACK,
    savepoints: savepointsIn(area),
    signsReport: signals.slack?.reportLink ?? false,
    readsStates: states !== undefined,
    runbook: signals.runbookUrl,
    dashboard: undefined,
  };
}
